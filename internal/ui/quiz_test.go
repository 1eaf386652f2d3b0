package ui_test

import (
	"testing"

	"ostoja/internal/ui"
)

func TestChoiceList(t *testing.T) {
	q := ui.Question{Name: "item.a", Number: 3, HTML: "<p>Why?</p>", Hint: "Choose one", Error: "Choose", Lang: "pl"}
	d := render(t, ui.ChoiceList(q, false, []ui.Choice{{Value: "x", HTML: "X"}, {Value: "y", HTML: "Y", Chosen: true}}))
	group := one(t, d, "fieldset")
	attr(t, group, "aria-labelledby", "f-item.a-text")
	attr(t, group, "aria-describedby", "f-item.a-hint f-item.a-error")
	attr(t, d.Find("input").First(), "id", ui.FieldID("item.a")) // where the error summary leads
	attr(t, one(t, d, "input[checked][type=radio]"), "value", "y")
	attr(t, d.Find(".question-text"), "lang", "pl")
	if d.Find(".verdict").Length() != 0 {
		t.Error("an answer that is not marked has no verdict")
	}
	if n := render(t, ui.ChoiceList(q, true, []ui.Choice{{Value: "x"}})).Find("input[type=checkbox]").Length(); n != 1 {
		t.Error("several can be chosen")
	}
}

func TestVerdictsAreWords(t *testing.T) {
	for mark, want := range map[ui.Verdict]string{ui.Right: "Right", ui.Partly: "Partly right", ui.Wrong: "Not right"} {
		q := ui.Question{Name: "item.a", HTML: "?", Mark: mark, Locked: true, Feedback: "<p>Because.</p>"}
		d := render(t, ui.ChoiceList(q, false, []ui.Choice{{Value: "x", HTML: "X", Chosen: true, Mark: ui.Wrong, Feedback: "<p>No.</p>"}}))
		if got := text(d.Find(".answer .verdict")); got != want {
			t.Errorf("%s: %q", mark, got)
		}
		if text(d.Find(".answer .prose")) != "Because." || text(d.Find(".choice .verdict")) != "Not right" {
			t.Error("the explanation and the option's verdict are there")
		}
		attr(t, one(t, d, "input"), "aria-describedby", "f-item.a-note")
		if _, ok := one(t, d, "fieldset").Attr("disabled"); !ok {
			t.Error("a locked question can be changed")
		}
	}
}

func TestOrderList(t *testing.T) {
	q := ui.Question{Name: "item.o", HTML: "?"}
	steps := []ui.Step{{Value: "a", HTML: "A", Place: 2}, {Value: "b", HTML: "B"}}
	d := render(t, ui.OrderList(q, steps))
	attr(t, one(t, d, "select[name='item.o.a'] option[selected]"), "value", "2")
	if d.Find("select[name='item.o.b'] option").Length() != 3 || d.Find("select[name='item.o.b'] option[selected]").Length() != 0 {
		t.Error("a step without a place shows none")
	}
	if d.Find("[data-order] button[type=button][data-move][aria-label]").Length() != 4 {
		t.Error("each step can be moved up and down")
	}
	q.Mark, q.Locked = ui.Wrong, true
	d = render(t, ui.OrderList(q, []ui.Step{{Value: "a", HTML: "A", Place: 1, Mark: ui.Wrong, Right: "2"}}))
	if got := text(d.Find(".part-verdict")); got != "Not right Right place: 2" || d.Find("button").Length() != 0 {
		t.Errorf("marked step %q", got)
	}
}

func TestMatchList(t *testing.T) {
	q := ui.Question{Name: "item.m", HTML: "?"}
	rights := []ui.Option{{Value: "a", Label: "one"}, {Value: "b", Label: "two"}}
	d := render(t, ui.MatchList(q, []ui.Match{{Value: "a", HTML: "A", Chosen: "b", Mark: ui.Wrong, Right: "one"}}, rights))
	attr(t, one(t, d, "select[name='item.m.a'] option[selected]"), "value", "b")
	if got := text(d.Find(".part-verdict")); got != "Not right Right answer: one" {
		t.Errorf("marked pair %q", got)
	}
}

// WCAG 3.1.2: what is in another language than the page says so at every place, and nothing else does.
func TestTheLanguageOfAQuestionIsSaidWhereItDiffers(t *testing.T) {
	for lang, want := range map[string]int{"": 0, "pl": 8} {
		q := ui.Question{Name: "i", HTML: "?", Lang: lang}
		n := render(t, ui.ChoiceList(q, false, []ui.Choice{{Value: "x", HTML: "X", Feedback: "no"}})).Find("[lang]").Length() +
			render(t, ui.OrderList(q, []ui.Step{{Value: "a", HTML: "A"}})).Find("[lang]").Length() +
			render(t, ui.MatchList(q, []ui.Match{{Value: "a", HTML: "A"}}, []ui.Option{{Value: "a", Label: "one"}})).Find("[lang]").Length()
		if n != want {
			t.Errorf("language %q: said at %d places, not %d", lang, n, want)
		}
	}
}

func TestTypedAnswers(t *testing.T) {
	d := render(t, ui.NumberAnswer(ui.Question{Name: "item.n", HTML: "How many?"}, "3,5", "days"))
	attr(t, one(t, d, "input"), "inputmode", "decimal")
	attr(t, one(t, d, "input"), "aria-labelledby", "f-item.n-text")
	attr(t, one(t, render(t, ui.TextAnswer(ui.Question{Name: "item.t", HTML: "?"}, "KCIK")), "input"), "value", "KCIK")
}

func TestClockAndSaving(t *testing.T) {
	d := render(t, ui.Clock("Time left", "24:59", 1499))
	attr(t, one(t, d, "[data-seconds]"), "data-seconds", "1499")
	attr(t, one(t, d, "[data-spoken]"), "role", "status")
	attr(t, one(t, render(t, ui.SaveState()), "[data-saved]"), "role", "status")
}
