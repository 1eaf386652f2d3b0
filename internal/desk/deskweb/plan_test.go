package deskweb_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/mail"
	"ostoja/internal/testrig"
)

// TestLettersAreSeenBeforeTheyAreSent: how many, to whom, in which words, and who gets paper; looking does nothing, and what is done then is
// what was said.
func TestLettersAreSeenBeforeTheyAreSent(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, course := t.Context(), "/app/desk/"+testrig.SmallCourse
		unit := testrig.Must(db.One[string](ctx, w.DB, `SELECT unit_id FROM identity_person WHERE id = ?`, w.Learner.PersonID))(t)
		d := testrig.Draft("Bez", "Adresu", unit)
		d.Mail, d.ServiceNumber = "", "SG-12345"
		paperID := testrig.Must(w.Identity.Add(ctx, w.Admin, d, false))(t)
		b := w.Browse(w.GuardCoordinator)
		count := func(q string) int { return testrig.Must(db.One[int](ctx, w.DB, q))(t) }
		for _, act := range []struct {
			name   string
			chosen url.Values
			due    int
		}{
			{"enrol", url.Values{"person": {w.Learner.PersonID, paperID, "none"}}, 2},
			{"remind", url.Values{"all": {"1"}}, 1},
		} {
			if act.name == "remind" {
				w.Clock.Advance(30 * 24 * 3600e9)
				b = w.Browse(w.GuardCoordinator)
			}
			asked := url.Values{"act": {act.name}}
			for name, values := range act.chosen {
				asked[name] = values
			}
			rows, letters := count(`SELECT COUNT(*) FROM enrolment`), count(`SELECT COUNT(*) FROM mail`)
			page := w.Status(b.Post(course+"/letters", asked), http.StatusOK)
			text := page.Text("main")
			if page.Find("input[name=n]").AttrOr("value", "") != strconv.Itoa(act.due) || !strings.Contains(text, "Adresu") || !strings.Contains(text, "Dzień dobry") || !strings.Contains(text, mail.Blank) {
				t.Errorf("%s: %s", act.name, text)
			}
			if count(`SELECT COUNT(*) FROM enrolment`) != rows || count(`SELECT COUNT(*) FROM mail`) != letters {
				t.Errorf("%s: looking did something", act.name)
			}
			pdf := w.Status(b.Post(course+"/paper", asked), http.StatusOK)
			if pdf.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(pdf.Body, "%PDF") {
				t.Errorf("%s: %v", act.name, pdf.Header)
			}
			act.chosen.Set("sure", "1")
			act.chosen.Set("n", "77")
			if p := b.Post(course+"/"+act.name, act.chosen); p.Status != http.StatusOK || p.Find(".notice").Length() == 0 || count(`SELECT COUNT(*) FROM mail`) != letters {
				t.Errorf("%s: another number was said: %d", act.name, p.Status)
			}
			act.chosen.Set("n", strconv.Itoa(act.due))
			w.Status(b.Post(course+"/"+act.name, act.chosen), http.StatusSeeOther)
			if n := count(`SELECT COUNT(*) FROM mail`) - letters; n != 1 {
				t.Errorf("%s: %d letters", act.name, n)
			}
		}
		if n := count(`SELECT COUNT(*) FROM audit WHERE action = 'person.export' AND detail LIKE '%pdf%'`); n != 2 {
			t.Errorf("%d records of paper", n)
		}
		// Nobody is written to on paper who is not to be.
		for _, form := range []url.Values{{"act": {"enrol"}, "person": {w.Learner.PersonID}}, {"act": {"remind"}}, {"act": {"enrol"}}} {
			w.Status(b.Post(course+"/paper", form), http.StatusSeeOther)
		}
		for _, at := range []string{"/letters", "/paper"} {
			w.Status(b.Post(course+at, url.Values{"act": {"erase"}, "all": {"1"}}), http.StatusNotFound)
			w.Status(b.Post("/app/desk/none"+at, url.Values{"act": {"remind"}, "all": {"1"}}), http.StatusNotFound)
		}
	})
}

// TestAllOnAllPagesAreShownFirst: what is done to people whom nobody has seen is said before it is done, with names and number; who was ticked one by
// one was seen.
func TestAllOnAllPagesAreShownFirst(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, b := t.Context(), w.Browse(w.TerespolCoordinator)
		course := "/app/desk/" + testrig.SmallCourse
		count := func(text string) int { return testrig.Must(db.One[int](ctx, w.DB, text))(t) }
		everybody := url.Values{"all": {"1"}}
		p := w.Status(b.Post(course+"/enrol", everybody), http.StatusOK)
		if n := count(`SELECT COUNT(*) FROM enrolment`); n != 0 || p.Find(`main form[action$="/enrol"] input[name=sure]`).Length() != 1 {
			t.Fatalf("%d are enrolled unseen: %s", n, p.Text("main"))
		}
		w.Status(b.Post(course+"/enrol", p.Form(`main form[action$="/enrol"]`)), http.StatusSeeOther)
		enrolled := count(`SELECT COUNT(*) FROM enrolment`)
		if enrolled == 0 {
			t.Fatal("nobody is enrolled by who confirmed")
		}
		letters := count(`SELECT COUNT(*) FROM mail`)
		p = w.Status(b.Post(course+"/remind", everybody), http.StatusOK)
		if n := count(`SELECT COUNT(*) FROM mail`); n != letters {
			t.Errorf("%d letters unseen: %s", n-letters, p.Text("main"))
		}
		w.Status(b.Post(course+"/remind", p.Form(`main form[action$="/remind"]`)), http.StatusSeeOther)
		if n := count(`SELECT COUNT(*) FROM mail`); n <= letters {
			t.Error("nobody is reminded by who confirmed")
		}
		w.Status(b.Post(course+"/remind", everybody), http.StatusSeeOther) // of nobody, the act says why
	})
}

// TestWhoPlansLetters: of people beyond one's reach nobody is named, whoever asks.
func TestWhoPlansLetters(t *testing.T) {
	w := testrig.New(t)
	path := testrig.Must(db.One[string](t.Context(), w.DB, `SELECT u.path FROM identity_person p JOIN identity_unit u ON u.id = p.unit_id WHERE p.id = ?`, w.Learner.PersonID))(t)
	for who, actor := range w.Everybody() {
		p, err := w.Desk.PlanEnrolment(t.Context(), actor, testrig.SmallCourse, []string{w.Learner.PersonID}, false)
		if may := actor.May(access.DeskWrite, path); (len(p.Due) == 1) != may {
			t.Errorf("%s: %v %v", who, p.Due, err)
		}
		if err != nil {
			w.Refused(who, err, errs.ErrForbidden)
		}
	}
}
