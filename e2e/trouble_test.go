package e2e

import (
	"fmt"
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/course"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/item"
)

// doParts does everything in the course but the test, through the service.
func (p *programme) doParts(a access.Actor, enrolmentID string) {
	p.t.Helper()
	ctx, s := p.t.Context(), p.app.Learning
	c, err := p.app.Courses.Current(ctx, "border-guard")
	if err != nil {
		p.t.Fatal(err)
	}
	for _, part := range c.Parts() {
		if part.Kind() == course.KindLesson {
			for _, segment := range c.Lesson(part.ID(), "pl").Segments {
				for _, itemID := range segment.Check {
					if _, err := s.AnswerCheck(ctx, a, enrolmentID, part.ID(), itemID, fields(c.Item(itemID))); err != nil {
						p.t.Fatal(err)
					}
				}
			}
			if _, err := s.FinishLesson(ctx, a, enrolmentID, part.ID()); err != nil {
				p.t.Fatal(err)
			}
			continue
		}
		if err := s.BeginScenario(ctx, a, enrolmentID, part.ID()); err != nil {
			p.t.Fatal(err)
		}
		way, _ := c.Scenarios[part.ID()].Way(item.Good)
		for step, choice := range way {
			if err := s.Choose(ctx, a, enrolmentID, part.ID(), step, choice); err != nil {
				p.t.Fatal(err)
			}
		}
	}
}

// fields returns the form that answers an item rightly.
func fields(it *item.Item) map[string][]string {
	a, form := it.RightAnswer("pl"), map[string][]string{}
	switch it.Type {
	case item.Order:
		for i, step := range a.Chosen {
			form[it.FieldName(step)] = []string{fmt.Sprint(i + 1)}
		}
	case item.Match:
		for left, right := range a.Pairs {
			form[it.FieldName(left)] = []string{right}
		}
	case item.Number:
		form[it.FieldName("")] = []string{fmt.Sprint(*a.Number)}
	case item.ShortText:
		form[it.FieldName("")] = []string{a.Text}
	default:
		form[it.FieldName("")] = a.Chosen
	}
	return form
}

// TestSessionEndsInTheMiddleOfATest: what was typed is kept, and sent after signing in again. The Back button and a second
// tab change nothing of what was submitted.
func TestSessionEndsInTheMiddleOfATest(t *testing.T) {
	p := start(t, dbtest.SQLite(t))
	personID, mail := p.officer()
	b := openBrowser(t, p.base, 360, true) // without scripts, so that nothing was saved on the way
	b.open(p.letterLink(mail, 0))
	b.fill("password", password)
	b.pressSelector(`document.querySelector("main form button.action")`, "the invitation's button")
	enrolment := strings.TrimPrefix(eval[string](b, `location.pathname`), "/app/learn/")
	actor := access.Actor{PersonID: personID, Grants: []access.Grant{{Role: access.Learner}}}
	p.doParts(actor, enrolment)
	c, err := p.app.Courses.Current(t.Context(), "border-guard")
	if err != nil {
		t.Fatal(err)
	}
	b.open("/app/learn/" + enrolment + "/test")
	b.press("Rozpocznij test")
	attempt := eval[string](b, `location.pathname`)
	b.answerAll(c)
	if err := p.app.Identity.EndOthers(t.Context(), actor, ""); err != nil {
		t.Fatal(err)
	}
	b.press("Oddaj test")
	b.see("Sesja wygasła")
	b.clean("signed out in the middle of a test")
	b.fill("name", mail)
	b.fill("password", password)
	b.pressSelector(`document.querySelector("main form button.action")`, "sign in")
	b.see("Twoje odpowiedzi są bezpieczne")
	b.clean("kept answers")
	b.press("Wyślij teraz")
	b.see("Test zaliczony")
	b.open(attempt) // the Back button, or a second tab
	b.see("Test zaliczony")
	if got := eval[string](b, `location.pathname`); got != attempt+"/result" {
		t.Errorf("a submitted test is open at %s", got)
	}
}
