package course_test

import (
	"slices"
	"testing"

	"ostoja/courses"
	"ostoja/internal/course"
	"ostoja/internal/course/bankcheck"
	"ostoja/internal/course/programme"
	"ostoja/internal/item"
)

// socialWelfare is the programme for social welfare as of the day on which it was written; there is nothing to say of it.
func socialWelfare(t *testing.T) *course.Course {
	t.Helper()
	c, faults := shipped(t, courses.SocialWelfare, 29)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return c
}

// names returns the names of all documents of a programme.
func names(p *programme.Programme) (list []string) {
	for _, b := range p.Blocks() {
		if b.Guided() {
			list = append(list, "guide/"+b.ID)
		}
	}
	for _, name := range p.Handouts() {
		list = append(list, "handouts/"+name)
	}
	for _, name := range p.Cases() {
		list = append(list, "cases/"+name, "answers/"+name)
	}
	return append(list, "slides")
}

// What a fund is told of the programme is what it holds: two days, twelve hours, eight cases of which two are false alarms.
func TestTheShippedProgrammeIsWhatItSays(t *testing.T) {
	c := socialWelfare(t)
	p := c.Programme
	if p.Hours() != 12 || p.MinutesPerHour != 45 || len(p.Days) != 2 || len(p.Sessions()) != 4 || p.Card == "" {
		t.Errorf("%g hours of %d minutes, %d days, %d sessions, card %q", p.Hours(), p.MinutesPerHour, len(p.Days), len(p.Sessions()), p.Card)
	}
	alarms := 0
	for _, name := range p.Cases() {
		if c.Document("cases/"+name, "pl").FalseAlarm {
			alarms++
		}
	}
	if slides := len(c.Document("slides", "pl").Parts); len(p.Cases()) != 8 || alarms != 2 || slides < 40 {
		t.Errorf("%d cases, %d false alarms, %d slides", len(p.Cases()), alarms, slides)
	}
	for _, kind := range []string{"documents-held", "movement-restricted", "child-working", "representative-unclear", "forced-marriage", "forced-crime"} {
		if len(c.Indicators()[kind]) == 0 {
			t.Errorf("no case is about %s", kind)
		}
	}
}

// Every text is there in both languages, each in its own, with its facts in place.
func TestEveryTextOfTheShippedProgrammeIsWhole(t *testing.T) {
	c := socialWelfare(t)
	for _, name := range names(c.Programme) {
		for _, lang := range c.Languages {
			d := c.Document(name, lang)
			if d == nil || len(d.Parts) == 0 {
				t.Errorf("%s is missing in %q", name, lang)
				continue
			}
			text := d.Title
			for _, p := range d.Parts {
				text += "\n" + p.Title + "\n" + p.HTML
			}
			whole(t, name, lang, text, "{")
		}
	}
}

// People are people in the cases: the word of the law stands in the texts that speak of the law.
func TestTheShippedCasesCallNobodyAVictim(t *testing.T) {
	c := socialWelfare(t)
	for _, name := range c.Programme.Cases() {
		for _, lang := range c.Languages {
			namesNoVictim(t, "the case "+name, lang, c.Document("cases/"+name, lang).Parts[0].HTML)
		}
	}
}

// The three forms are parallel item by item, say why each choice is what it is, and give nothing away.
func TestTheShippedFormsAreParallel(t *testing.T) {
	c := socialWelfare(t)
	if len(c.Competences) != 1 || len(c.Competences[0].Forms) != 3 {
		t.Fatalf("%d tests", len(c.Competences))
	}
	forms := c.Competences[0].Forms
	for i, itemID := range forms[0].Items {
		a := c.Item(itemID)
		for _, f := range forms[1:] {
			if b := c.Item(f.Items[i]); b.Objective != a.Objective || b.Level != a.Level || b.Type != a.Type || len(b.Options) != len(a.Options) {
				t.Errorf("%s is not parallel to %s", b.ID, a.ID)
			}
		}
	}
	applied := 0
	for _, itemID := range c.ItemIDs() {
		it := c.Item(itemID)
		if it.Applied() {
			applied++
		}
		if slices.ContainsFunc(it.Options, func(o item.Option) bool { return o.Feedback.In("pl") == "" || o.Feedback.In("en") == "" }) {
			t.Errorf("%s does not say of each choice why", itemID)
		}
	}
	if n := len(forms[0].Items); n < 12 || 2*applied < len(c.ItemIDs()) {
		t.Errorf("%d items a form, %d applied of %d", n, applied, len(c.ItemIDs()))
	}
	if notes := bankcheck.Check(c).Notes; len(notes) > 0 {
		t.Errorf("the bank gives away: %v", notes)
	}
}
