package learningweb

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"ostoja/internal/clock"
	"ostoja/internal/course"
	"ostoja/internal/course/scenario"
	"ostoja/internal/item"
	"ostoja/internal/itemweb"
	"ostoja/internal/lang"
	"ostoja/internal/learning"
	"ostoja/internal/quiz"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

type lessonView struct {
	learning.LessonVisit
	form      *web.Form
	wrongItem string
	newer     []quiz.Newer // an answer that was given elsewhere meanwhile
	again     string       // item to be answered again
}

type scenarioView struct {
	learning.ScenarioVisit
	form *web.Form
}

type attemptView struct {
	learning.AttemptVisit
	form *web.Form // nil, or what was sent
	quiz.Outcome
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

// kind is how the player shows a kind of part.
type kind struct {
	sign string                                            // before a title in contents; the words beside it say the same
	path func(enrolmentID string, part course.Part) string // of its page
}

// kinds are how the player shows the kinds of parts; their names are the texts learning.overview.KIND.
var kinds = map[course.Kind]kind{
	course.KindLesson:   {"○", pathByID},
	course.KindScenario: {"◇", pathByID},
	course.KindTest:     {"○", func(enrolmentID string, part course.Part) string { return learnPath(enrolmentID, string(part.Kind())) }},
}

func pathByID(enrolmentID string, part course.Part) string {
	return learnPath(enrolmentID, string(part.Kind()), part.ID())
}

// partPath returns the address of a part's page.
func partPath(enrolmentID string, part course.Part) string {
	return kinds[part.Kind()].path(enrolmentID, part)
}

// resume returns the part to go on with: the last one opened if something of it is left, else the first of which something is;
// nil if nothing is.
func resume(o learning.Overview) course.Part {
	if last := o.Course.Part(o.LastPart); last != nil && !learning.PartDone(o.Course.Course, last, o.Progress) {
		return last
	}
	for _, part := range o.Course.Parts() {
		if !learning.PartDone(o.Course.Course, part, o.Progress) {
			return part
		}
	}
	return nil
}

// minutesOf adds up the minutes of a module's parts.
func minutesOf(m course.Module, lang string) int {
	n := 0
	for _, part := range m.Parts {
		n += part.Minutes(lang)
	}
	return n
}

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
		list = append(list, ui.Option{Value: tag, Label: lang.From(ctx).Language(tag)})
	}
	return list
}

func partKindKey(part course.Part) string { return "learning.overview." + string(part.Kind()) }

func partStateKey(c *course.Course, p learning.Progress, part course.Part) string {
	switch {
	case learning.PartDone(c, part, p):
		return "learning.overview.done"
	case !p.Opened[part.Key()].IsZero():
		return "learning.overview.opened"
	}
	return "learning.overview.to-do"
}

func shownCounters(v scenarioView) bool {
	return slices.ContainsFunc(v.Scenario.Counters, func(c scenario.Counter) bool { return c.Show })
}

// lastChoice returns the choice that led to where the run stands; nil at the start.
func lastChoice(v scenarioView) *scenario.Choice {
	if len(v.Run.Path) == 0 {
		return nil
	}
	return v.Scenario.Choice(v.Run.Path[len(v.Run.Path)-1])
}

// effectOf says what a choice cost and changed, as far as the story shows that: "5 min · Trust +1".
func effectOf(p *lang.Printer, v scenarioView, c *scenario.Choice) string {
	var list []string
	if v.Scenario.Minutes > 0 && c.Minutes > 0 {
		list = append(list, p.T("learning.scenario.took", "Minutes", c.Minutes))
	}
	for _, counter := range v.Scenario.Counters {
		if !counter.Show {
			continue
		}
		if by := c.Change[counter.ID]; by > 0 {
			list = append(list, counter.Label.In(v.Lang)+" +"+strconv.Itoa(by))
		} else if by < 0 {
			list = append(list, counter.Label.In(v.Lang)+" −"+strconv.Itoa(-by))
		}
	}
	return strings.Join(list, " · ")
}

func endKey(e item.Rating) string { return "learning.scenario.end-" + string(e) }

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
		Lapsed: slices.Contains(v.Attempt.Lapsed, it.ID),
	}
	return q
}

// questions returns the questions as they stand in the form.
func (v attemptView) questions(ctx context.Context) []itemweb.Question {
	list := make([]itemweb.Question, len(v.Items))
	for i, it := range v.Items {
		list[i] = testQuestion(v, it, i+1).After(ctx, v.form, v.Outcome)
	}
	return list
}

// sheet is the form of the attempt.
func (v attemptView) sheet(ctx context.Context) itemweb.Sheet {
	s := itemweb.Sheet{Action: learnPath(v.ID, "test", v.Attempt.ID), Questions: v.questions(ctx), Sure: itemweb.Unfinished(v.Outcome)}
	if !v.Attempt.ClosesAt.IsZero() {
		p := lang.From(ctx)
		s.Clock = ui.Clock(p.T("learning.test.time-left"), p.T("learning.test.until", "Time", p.Clock(v.Attempt.ClosesAt)), secondsLeft(v.AttemptVisit))
	}
	return s
}

func objectiveBars(ctx context.Context, v learning.AttemptVisit) []ui.Bar {
	var bars []ui.Bar
	for _, r := range byObjective(v) {
		bars = append(bars, ui.Bar{Label: r.objective.Text.In(v.Lang), Value: r.percent, Of: 100, Text: lang.From(ctx).Percent(r.percent, 0)})
	}
	return bars
}

// askedLang returns the language in which an attempt is shown: the enrolment's, unless the version asked was not given in it.
func askedLang(v learning.AttemptVisit) string {
	if v.Asked.HasLanguage(v.Lang) {
		return v.Lang
	}
	return v.Asked.Languages[0]
}

// checkQuestion returns a practice item. Its options are shuffled by the enrolment's id, the same on every visit.
func checkQuestion(ctx context.Context, v lessonView, itemID string) itemweb.Question {
	seed := int64(0)
	for _, b := range []byte(v.ID) {
		seed = seed*31 + int64(b)
	}
	q := itemweb.Question{Item: v.Course.Item(itemID).Shuffled(seed), Texts: v.Course, Lang: v.Lang, Seed: seed, Answer: v.Progress.Checks[itemID].Answer}
	if v.wrongItem == itemID && len(v.newer) > 0 {
		return q.After(ctx, nil, quiz.Outcome{Newer: v.newer})
	}
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

// checksOpenKey names what is said of a lesson in which practice items are open.
func checksOpenKey(v lessonView) string {
	if v.Course.Completion.Checks == course.Right {
		return "learning.lesson.checks-wrong"
	}
	return "learning.lesson.checks-open"
}

// dueStyles are those of a day that is over.
var dueStyles = []string{"tasks.css"}

// dueDays returns how many days are left until the day of an enrolment that is under way; ok is false where there is no day, or it
// matters no more.
func dueDays(p *lang.Printer, e learning.Enrolment, now time.Time) (n int, ok bool) {
	if e.DueAt.IsZero() || e.State() == learning.Passed || e.State() == learning.Withdrawn {
		return 0, false
	}
	return clock.DaysBetween(now, e.DueAt, p.Zone()), true
}

// dueText says the day of an enrolment and how far it is: "do 15 grudnia 2026, za 12 dni"; "" where there is none.
func dueText(p *lang.Printer, e learning.Enrolment, now time.Time) string {
	n, ok := dueDays(p, e, now)
	switch {
	case !ok:
		return ""
	case n < 0:
		return p.N("learning.due.over", -n, "Day", p.Date(e.DueAt))
	case n == 0:
		return p.T("learning.due.today", "Day", p.Date(e.DueAt))
	}
	return p.N("learning.due.ahead", n, "Day", p.Date(e.DueAt))
}

// dueKind is grey beyond seven days, amber within, solid amber past.
func dueKind(p *lang.Printer, e learning.Enrolment, now time.Time) ui.Kind {
	switch n, _ := dueDays(p, e, now); {
	case n < 0:
		return ui.Late
	case n <= 7:
		return ui.Waiting
	}
	return ui.Plain
}
