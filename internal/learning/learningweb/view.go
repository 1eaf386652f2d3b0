package learningweb

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"ostoja/internal/course"
	"ostoja/internal/item"
	"ostoja/internal/itemweb"
	"ostoja/internal/lang"
	"ostoja/internal/learning"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

type lessonView struct {
	learning.LessonVisit
	form      *web.Form
	wrongItem string
	again     string // item to be answered again
}

type scenarioView struct {
	learning.ScenarioVisit
	form *web.Form
}

type attemptView struct {
	learning.AttemptVisit
	form *web.Form
}

// kindOf returns the tag's kind for an enrolment's state.
func kindOf(s learning.State) ui.Kind {
	switch s {
	case learning.Passed:
		return ui.Success
	case learning.Invited, learning.Finished:
		return ui.Waiting
	case learning.InProgress:
		return ui.Info
	}
	return ui.Plain
}

// requirementKey returns the key of a requirement's text.
func requirementKey(k learning.RequirementKind) string { return "learning.finish." + string(k) }

// resume returns the part to go on with: the last one opened if it is not done, else the first that is not done.
func resume(o learning.Overview) *course.Part {
	parts := o.Course.Parts()
	for i := range parts {
		if parts[i].Key() == o.LastPart && o.Progress.Done[o.LastPart].IsZero() {
			return &parts[i]
		}
	}
	for i := range parts {
		if o.Progress.Done[parts[i].Key()].IsZero() {
			return &parts[i]
		}
	}
	return nil
}

// partByKey returns the part with a key; nil if the course has none.
func partByKey(c *course.Published, key string) *course.Part {
	parts := c.Parts()
	for i := range parts {
		if parts[i].Key() == key {
			return &parts[i]
		}
	}
	return nil
}

// position returns the place of a part in the course, from 1.
func position(c *course.Published, key string) int {
	return 1 + slices.IndexFunc(c.Parts(), func(p course.Part) bool { return p.Key() == key })
}

// minutesOf adds up the minutes of a module's lessons.
func minutesOf(c *course.Published, m course.Module, lang string) int {
	n := 0
	for _, p := range m.Parts {
		if l := c.Lesson(p.Lesson, lang); l != nil {
			n += l.Minutes
		}
	}
	return n
}

// lessonFor returns the lesson that teaches an objective first, to send somebody back to who missed it.
func lessonFor(c *course.Published, objective, lang string) *course.Lesson {
	for _, p := range c.Parts() {
		if l := c.Lesson(p.Lesson, lang); l != nil && slices.Contains(l.Objectives, objective) {
			return l
		}
	}
	return nil
}

func itoa(n int) string { return strconv.Itoa(n) }

func hasOffers(offers []learning.Offer, mine bool) bool {
	return slices.ContainsFunc(offers, func(o learning.Offer) bool { return (o.Enrolment != nil) == mine })
}

func offerPath(o learning.Offer) string {
	if o.Enrolment != nil && o.Enrolment.State() != learning.Withdrawn {
		return learnPath(o.Enrolment.ID)
	}
	return "/app/courses/" + o.Course.ID
}

// offerLang returns the language in which a course is shown in the catalogue.
func offerLang(ctx context.Context, o learning.Offer) string {
	if o.Enrolment != nil {
		return o.Enrolment.Lang
	}
	if tag := lang.From(ctx).Tag(); o.Course.HasLanguage(tag) {
		return tag
	}
	return o.Course.Languages[0]
}

func stateKey(s learning.State) string { return "learning.state." + string(s) }

func languageNames(ctx context.Context, tags []string) string {
	var names []string
	for _, o := range languageOptions(ctx, tags) {
		names = append(names, o.Label)
	}
	return strings.Join(names, ", ")
}

// languageOptions returns languages by their own names, a tag where we have no name.
func languageOptions(ctx context.Context, tags []string) []ui.Option {
	var list []ui.Option
	for _, tag := range tags {
		o := ui.Option{Value: tag, Label: tag}
		if key := "language." + tag; lang.From(ctx).Has(key) {
			o.Label = lang.T(ctx, key)
		}
		list = append(list, o)
	}
	return list
}

func partKindKey(p course.Part) string {
	if p.Scenario != "" {
		return "learning.overview.scenario"
	}
	return "learning.overview.lesson"
}

func partStateKey(p learning.Progress, part course.Part) string {
	switch {
	case !p.Done[part.Key()].IsZero():
		return "learning.overview.done"
	case !p.Opened[part.Key()].IsZero():
		return "learning.overview.opened"
	}
	return "learning.overview.to-do"
}

// missing returns links to what a requirement still asks for, each page once.
func missing(o learning.Overview, r learning.Requirement) []ui.NavItem {
	var list []ui.NavItem
	add := func(label, href string) {
		if !slices.ContainsFunc(list, func(n ui.NavItem) bool { return n.Href == href }) {
			list = append(list, ui.NavItem{Label: label, Href: href})
		}
	}
	for _, key := range r.Missing {
		switch r.Kind {
		case learning.NeedTestPass, learning.NeedTestTaken:
			add(o.Course.Test().Title.In(o.Lang), learnPath(o.ID, "test"))
		case learning.NeedChecks:
			for _, p := range o.Course.Parts() {
				if l := o.Course.Lesson(p.Lesson, o.Lang); l != nil && l.HasCheck(key) {
					add(l.Title, partPath(o.ID, p))
				}
			}
		default:
			if p := partByKey(o.Course, key); p != nil {
				add(o.Course.PartTitle(*p, o.Lang), partPath(o.ID, *p))
			}
		}
	}
	return list
}

func shownCounters(v scenarioView) bool {
	return slices.ContainsFunc(v.Scenario.Counters, func(c course.Counter) bool { return c.Show })
}

// lastChoice returns the choice that led to where the run stands; nil at the start.
func lastChoice(v scenarioView) *course.Choice {
	if len(v.Run.Path) == 0 {
		return nil
	}
	return v.Scenario.Choice(v.Run.Path[len(v.Run.Path)-1])
}

func endKey(e course.Ending) string { return "learning.scenario.end-" + string(e) }

func ratingKey(r item.Rating) string { return "learning.scenario." + string(r) }

func ratingKind(r item.Rating) ui.Kind {
	switch r {
	case item.Good:
		return ui.Success
	case item.Fair:
		return ui.Waiting
	case item.Poor:
		return ui.Danger
	}
	return ui.Plain
}

func testQuestion(v attemptView, it *item.Item, number int) itemweb.Question {
	q := itemweb.Question{
		Item: it, Texts: v.Asked, Lang: askedLang(v.AttemptVisit), Seed: v.Attempt.Seed, Number: number, Answer: v.Answers[it.ID],
	}
	if v.form != nil {
		q.Form, q.Error = v.form, v.form.Error(it.FieldName(""))
	}
	return q
}

func objectiveBars(ctx context.Context, v learning.AttemptVisit) []ui.Bar {
	var bars []ui.Bar
	for _, r := range byObjective(v) {
		bars = append(bars, ui.Bar{Label: r.text, Value: r.percent, Of: 100, Text: lang.From(ctx).Percent(r.percent, 0)})
	}
	return bars
}

// toReview returns the lessons that teach the objectives of which less was known than the test asks.
func toReview(v learning.AttemptVisit) []*course.Lesson {
	var list []*course.Lesson
	sums, counts := map[string]float64{}, map[string]float64{}
	for _, it := range v.Items {
		sums[it.Objective] += v.Shares[it.ID]
		counts[it.Objective]++
	}
	for _, o := range v.Asked.Objectives {
		if n := counts[o.ID]; n > 0 && 100*sums[o.ID]/n < v.Test.Pass {
			if l := lessonFor(v.Course, o.ID, v.Lang); l != nil {
				list = append(list, l)
			}
		}
	}
	return list
}

// askedLang returns the language in which an attempt is shown: the enrolment's, unless the version asked was not given in it.
func askedLang(v learning.AttemptVisit) string {
	if v.Asked.HasLanguage(v.Lang) {
		return v.Lang
	}
	return v.Asked.Languages[0]
}

// checkQuestion returns a practice item. Its options are shuffled by the enrolment's id, the same on every visit.
func checkQuestion(v lessonView, itemID string) itemweb.Question {
	seed := int64(0)
	for _, b := range []byte(v.ID) {
		seed = seed*31 + int64(b)
	}
	q := itemweb.Question{Item: v.Course.Item(itemID).Shuffled(seed), Texts: v.Course, Lang: v.Lang, Seed: seed, Answer: v.Progress.Checks[itemID].Answer}
	if v.wrongItem == itemID && v.form != nil {
		q.Form = v.form
		if errors := v.form.Errors(); len(errors) > 0 {
			q.Error = errors[0].Text
		}
	}
	return q
}

// taskKey names the texts of a test that awaits: all follow-ups share theirs.
func taskKey(wave string) string {
	if wave == "before" || wave == "after" {
		return wave
	}
	return "later"
}

// measureFirst says whether a test is to be sat or declined before the course begins.
func measureFirst(o learning.Overview, tasks []Task) bool {
	return o.StartedAt.IsZero() && slices.ContainsFunc(tasks, func(t Task) bool { return t.Wave == "before" })
}
