package identityweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/testrig"
)

// Whoever takes in a list for a course is led to the page for enrolling, with the people of the list ticked: new ones and those already known,
// and nobody of a faulty row. The page is theirs alone, for as long as the file is kept.
func TestAListForACourse(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		b := w.Browse(w.TerespolCoordinator)
		form := w.Status(b.Get("/app/people/import?course="+testrig.SmallCourse), http.StatusOK).Form("main form")
		if form.Get("course") != testrig.SmallCourse {
			t.Fatalf("the course is not chosen: %v", form)
		}
		form.Set("unit", w.Terespol)
		known := testrig.Must(w.Identity.Person(ctx, w.TerespolCoordinator, w.Learner.PersonID))(t)
		list := "imię;nazwisko;e-mail\nAnna;Nowa;anna.nowa@example.org\n" + known.GivenName + ";" + known.FamilyName + ";" + known.Mail + "\nJan;Zły;nie-adres\n"
		p := w.Status(b.Upload("/app/people/import", form, "lista.csv", list), http.StatusOK)
		preview := p.Find("input[name=preview]").First().AttrOr("value", "")
		if said := p.Text("main"); !strings.Contains(said, "Potem zapisz na kurs") {
			t.Errorf("the preview is silent about the course: %s", said)
		}
		w.Status(b.Post("/app/people/import/confirm", url.Values{"preview": {preview}}), http.StatusSeeOther) // to the faulty row
		p = w.Status(b.Get("/app/people/import?preview="+preview), http.StatusOK)
		enrol, there := p.Find(`main a[href*="/enrol?import="]`).Attr("href")
		if !there {
			t.Fatalf("nothing leads on: %s", p.Text("main"))
		}
		p = w.Status(b.Get(enrol), http.StatusOK)
		if n := p.Find("main input[name=person][checked]").Length(); n != 2 || p.Find("main input[name=person]").Length() != 2 {
			t.Fatalf("%d are ticked: %s", n, p.Text("main"))
		}
		w.Status(b.Post("/app/desk/"+testrig.SmallCourse+"/enrol", p.Form(`main form:has(input[name=person])`)), http.StatusSeeOther)
		if n := testrig.Must(db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM enrolment WHERE course_id = ?`, testrig.SmallCourse))(t); n != 2 {
			t.Errorf("%d are enrolled", n)
		}
		for who, actor := range w.Everybody() {
			if p := w.Browse(actor).Get(enrol); actor.PersonID != w.TerespolCoordinator.PersonID && p.Status == http.StatusOK && p.Find("main input[name=person]").Length() > 0 {
				t.Errorf("%s sees whom the list was about", who)
			}
		}
		w.Clock.Advance(2 * time.Hour)
		w.OK(w.Roster.Forget(ctx))
		if n := testrig.Must(db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM import_taken`))(t); n != 0 {
			t.Errorf("%d are still known", n)
		}
	})
}

// A list that is for no course leads to the list of people, keeps nobody for later, and offers no courses to who may enrol nobody.
func TestAListForNoCourse(t *testing.T) {
	w := testrig.New(t)
	b := w.Browse(w.TerespolCoordinator)
	p := w.Status(b.Upload("/app/people/import", url.Values{"unit": {w.Terespol}, "lang": {"pl"}}, "lista.csv", "imię;nazwisko;e-mail\nAnna;Nowa;anna.nowa@example.org\n"), http.StatusOK)
	done := w.Status(b.Post("/app/people/import/confirm", url.Values{"preview": {p.Find("input[name=preview]").First().AttrOr("value", "")}}), http.StatusSeeOther)
	if to := done.Header.Get("Location"); !strings.HasPrefix(to, "/app/people?") {
		t.Errorf("led to %s", to)
	}
	if n := testrig.Must(db.One[int](t.Context(), w.DB, `SELECT COUNT(*) FROM import_taken`))(t); n != 0 {
		t.Errorf("%d are kept", n)
	}
}
