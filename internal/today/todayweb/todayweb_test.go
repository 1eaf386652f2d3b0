package todayweb_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/guardian"
	"ostoja/internal/identity"
	"ostoja/internal/testrig"
	"ostoja/internal/today/todayweb"
)

// Sign-in leads everybody who works here to today, and learners to their courses; nobody else gets in.
func TestTheFirstPage(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		for name, actor := range w.Everybody() {
			page := w.Browse(actor).Get(todayweb.Path)
			want := http.StatusOK
			switch {
			case actor.PersonID == "":
				want = http.StatusSeeOther
			case !actor.Has(access.Work):
				want = http.StatusForbidden
			}
			if page.Status != want {
				t.Errorf("%s: status %d, want %d", name, page.Status, want)
			}
			if actor.PersonID == "" {
				continue
			}
			first := todayweb.Path
			if !actor.Has(access.Work) {
				first = "/app/courses"
			}
			if to := w.Status(w.Browse(actor).Get("/app/"), http.StatusSeeOther).Header.Get("Location"); to != first {
				t.Errorf("%s begins at %s, want %s", name, to, first)
			}
			if want == http.StatusOK && page.Find(`.nav a.current[href="`+todayweb.Path+`"]`).Length() != 1 {
				t.Errorf("%s: today is not the menu's current word", name)
			}
		}
	})
}

// Seven tasks stand open and the others behind a press; the first has the page's one filled button; the sentence counts them.
func TestRowsOfToday(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		for _, name := range []string{"Sąd Rejonowy w Trzecim Mieście", "Sąd Rejonowy w Czwartym Mieście"} {
			testrig.Must(w.Guardians.AddCourt(ctx, o.Coordinator, guardian.Court{Name: name}))(t)
		}
		page := w.Status(w.Browse(o.Coordinator).Get(todayweb.Path), http.StatusOK)
		if open, all := page.Find(".today > div > ol.tasks > li").Length(), page.Find("ol.tasks > li").Length(); open != 7 || all != 8 {
			t.Errorf("%d of %d rows stand open", open, all)
		}
		if page.Find("main .button.action").Length() != 1 || page.Find("ol.tasks > li:first-child .button.action").Length() != 1 {
			t.Error("the first row's button alone is filled")
		}
		if said := page.Text(".today-status"); !strings.Contains(said, "Piątek, 23 października 2026") || !strings.Contains(said, "8 spraw, 4 po terminie") {
			t.Errorf("the sentence: %q", said)
		}
		if n := page.Find(`.tasks a[href="/app/guardians/roster?court=` + o.NearCourt + `"]`).Length(); n != 2 {
			t.Errorf("%d rows lead to the court's duty", n)
		}
		for _, court := range testrig.Must(w.Guardians.Courts(ctx))(t) {
			w.OK(w.Guardians.CloseCourt(ctx, o.Coordinator, court.ID, court.Edition, true))
		}
		page = w.Status(w.Browse(o.Coordinator).Get(todayweb.Path), http.StatusOK)
		if !strings.Contains(page.Text("main"), "Nic nie czeka.") || page.Find(".tasks").Length() != 0 {
			t.Errorf("%s", page.Text("main"))
		}
	})
}

// Lists to close and applications wait for those who may close and decide, and for nobody else; the next training is shown to all who may see it.
func TestTrainingsOfToday(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		hours := func(days int) testrig.Hours {
			from := testrig.Start.Add(time.Duration(days) * 24 * time.Hour)
			return testrig.Hours{From: from, Until: from.Add(4 * time.Hour)}
		}
		held := w.Class(w.GuardCoordinator, w.Guard, classroom.ContentDraft{Title: "Rozpoznawanie"}, "Sala", hours(1))
		held.Seat(w.Learner, w.OtherLearner)
		next := w.Class(w.GuardCoordinator, w.Guard, classroom.ContentDraft{Title: "Rozmowa"}, "Sala pod Dębem", hours(9))
		w.OK(w.Classroom.SaveSignUp(t.Context(), w.GuardCoordinator, next.ID, next.Edition(), classroom.SignUpDraft{SignUp: classroom.Approved}))
		testrig.Must(w.Seats.Apply(t.Context(), w.Learner, next.ID, ""))(t)
		w.Clock.Advance(3 * 24 * time.Hour)
		clerk := w.Person("Hala", "Otwarta", w.Guard, identity.RoleDraft{Role: access.HallClerk, UnitID: w.Guard})
		who := w.Everybody()
		who["hall clerk"] = clerk
		for name, actor := range who {
			if actor.PersonID == "" || !actor.Has(access.Work) {
				continue
			}
			page := w.Status(w.Browse(actor).Get(todayweb.Path), http.StatusOK)
			closes := actor.May(access.Attendance, w.GuardCoordinator.Path)
			decides := actor.May(access.SignUps, w.GuardCoordinator.Path)
			sees := actor.May(access.TrainingsRead, w.GuardCoordinator.Path)
			if got := page.Find(`.tasks a[href="/app/hall/`+held.Sessions[0]+`"]`).Length() == 1; got != closes {
				t.Errorf("%s: the list is there: %v, want %v", name, got, closes)
			}
			if got := page.Find(`.tasks a[href="/app/trainings/`+next.ID+`/people"]`).Length() == 1; got != decides {
				t.Errorf("%s: the application is there: %v, want %v", name, got, decides)
			}
			if got := page.Find(`.coming a[href="/app/trainings/`+next.ID+`"]`).Length() == 1; got != sees {
				t.Errorf("%s: the training is there: %v, want %v", name, got, sees)
			}
		}
		page := w.Browse(w.GuardCoordinator).Get(todayweb.Path)
		for _, words := range []string{"Zamknij listę obecności: Rozpoznawanie", "2 osoby bez oznaczenia", "2 dni po terminie", "Rozpatrz 1 zgłoszenie: Rozmowa", "Sala pod Dębem, 08:00–12:00"} {
			if !strings.Contains(page.Text("main"), words) {
				t.Errorf("nothing says %q: %s", words, page.Text("main"))
			}
		}
		held.Close(0)
		if page := w.Browse(w.GuardCoordinator).Get(todayweb.Path); strings.Contains(page.Text("main"), "Zamknij listę") {
			t.Errorf("a closed list waits: %s", page.Text("main"))
		}
	})
}
