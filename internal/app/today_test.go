package app_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/identity"
	"ostoja/internal/keeping/owndata"
	"ostoja/internal/testrig"
	"ostoja/internal/today/todayweb"
)

// waitsFor says whether a row of somebody's first page leads to an address.
func waitsFor(w *testrig.World, actor access.Actor, href string) bool {
	page := w.Status(w.Browse(actor).Get(todayweb.Path), http.StatusOK)
	return page.Find(`.tasks a[href="`+href+`"]`).Length() > 0
}

// onlyFor fails unless those of the cast, and nobody else of it, find a row that leads to an address.
func onlyFor(w *testrig.World, href string, names ...string) {
	w.T.Helper()
	for name, actor := range w.Everybody() {
		if actor.PersonID == "" || !actor.Has(access.Work) {
			continue
		}
		if got, want := waitsFor(w, actor, href), slices.Contains(names, name); got != want {
			w.T.Errorf("%s finds %s: %v, want %v", name, href, got, want)
		}
	}
}

// A request about data waits for the office of the person's unit.
func TestTodayOfRequests(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		w.OK(w.OwnData.Ask(ctx, w.Learner, owndata.Correct, "Nazwisko jest inne."))
		onlyFor(w, "/app/data-requests", "administrator", "coordinator", "coordinator of the guard", "coordinator of Terespol")
		page := w.Status(w.Browse(w.TerespolCoordinator).Get(todayweb.Path), http.StatusOK)
		if said := page.Text("main"); !strings.Contains(said, "Odpowiedz na 1 prośbę o dane osobowe") || !strings.Contains(said, "do 23 lis") {
			t.Errorf("%s", said)
		}
	})
}

// Who has not opened a course for two weeks is work for those who may remind them.
func TestTodayOfCourses(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		testrig.Must(w.Learning.EnrolMany(t.Context(), w.Coordinator, testrig.SmallCourse, []string{w.Learner.PersonID, w.PoliceLearner.PersonID}))(t)
		href := "/app/desk/" + testrig.SmallCourse + "/people?picked=all&stalled=14"
		onlyFor(w, href)
		w.Clock.Advance(15 * 24 * time.Hour)
		onlyFor(w, href, "administrator", "coordinator", "coordinator of the guard", "coordinator of Terespol", "coordinator of the police")
		for actor, want := range map[*access.Actor]string{&w.Coordinator: "2 osoby nie zaglądały", &w.GuardCoordinator: "1 osoba nie zaglądała"} {
			if said := w.Browse(*actor).Get(todayweb.Path).Text("main"); !strings.Contains(said, want) {
				t.Errorf("nothing says %q: %s", want, said)
			}
		}
	})
}

// Facts of the public site whose day is near wait for whoever keeps them, and no longer once they are confirmed.
func TestTodayOfFacts(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		const href = "/app/site/facts?due=1"
		onlyFor(w, href)
		testrig.Must(w.Site.ImportBundle(t.Context(), access.System, true))(t)
		onlyFor(w, href, "administrator", "coordinator", "author", "second author") // as they come, nobody has confirmed some
		var ids []string
		for _, f := range testrig.Must(w.Site.Facts(t.Context(), w.Author))(t) {
			ids = append(ids, f.ID)
		}
		testrig.Must(w.Site.Confirm(t.Context(), w.Author, ids, "Zespół"))(t)
		onlyFor(w, href)
		for begun := w.Clock.Now(); !waitsFor(w, w.Author, href); w.Clock.Advance(7 * 24 * time.Hour) { // a fact's day is told two weeks before
			if w.Clock.Now().Sub(begun) > 365*24*time.Hour {
				t.Fatalf("none of %d facts is ever due", len(ids))
			}
		}
	})
}

// What happened since somebody's last visit on an earlier day is told all day, to those whom it concerns, and never on the first.
func TestTodayTellsWhatIsNew(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		main := func(actor access.Actor) string {
			return w.Status(w.Browse(actor).Get(todayweb.Path), http.StatusOK).Text("main")
		}
		const heading = "Od poprzedniej wizyty"
		w.Clock.Advance(time.Minute)
		for _, actor := range []access.Actor{w.Coordinator, w.TerespolCoordinator, w.PoliceCoordinator} {
			if said := main(actor); strings.Contains(said, heading) {
				t.Errorf("on the first visit: %s", said)
			}
		}
		w.Clock.Advance(time.Hour)
		testrig.Must(w.Identity.Add(ctx, w.TerespolCoordinator, identity.Draft{GivenName: "Anna", FamilyName: "Nowa", Mail: "anna.nowa@example.org", UnitID: w.Terespol, Lang: "pl"}, false))(t)
		if said := main(w.Coordinator); strings.Contains(said, heading) {
			t.Errorf("still the first day: %s", said)
		}
		w.Clock.Advance(24 * time.Hour)
		for range 2 { // however often they look
			for actor, news := range map[*access.Actor]bool{&w.Coordinator: true, &w.TerespolCoordinator: true, &w.PoliceCoordinator: false} {
				if said := main(*actor); strings.Contains(said, "1 nowa osoba na liście osób") != news {
					t.Errorf("news %v: %s", news, said)
				}
			}
			w.Clock.Advance(10 * time.Minute)
		}
		w.Clock.Advance(24 * time.Hour)
		if said := main(w.Coordinator); strings.Contains(said, heading) {
			t.Errorf("old news: %s", said)
		}
	})
}

// A fresh administrator is led through what is missing; each step goes when what it asks for is there, and all of it when nothing is missing.
func TestSettingUp(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		b := w.Browse(w.Admin) // the letter of an invitation never left: the cast came in by links
		page := w.Status(b.Get(todayweb.Path), http.StatusOK)
		if n := page.Find(".today-setup .tasks > li").Length(); n != 3 || !strings.Contains(page.Text("#set-up"), "2 z 5") || page.Find(".button.action").Length() != 1 {
			t.Errorf("%d steps are open: %s", n, page.Text(".today-setup"))
		}
		if page := w.Browse(w.Coordinator).Get(todayweb.Path); page.Find(".today-setup").Length() != 0 {
			t.Error("a coordinator sets up")
		}
		for name, actor := range w.Everybody() {
			want := http.StatusForbidden
			switch {
			case actor.PersonID == "":
				want = http.StatusUnauthorized
			case actor.Has(access.SystemOperate):
				continue
			}
			if got := w.Browse(actor).Post(todayweb.LetterPath, url.Values{}).Status; got != want {
				t.Errorf("%s: %d, want %d", name, got, want)
			}
		}
		w.Status(b.Post(todayweb.LetterPath, url.Values{}), http.StatusSeeOther)
		if page := b.Get(todayweb.Path); page.Find(`.today-setup form[action="`+todayweb.LetterPath+`"]`).Length() != 1 {
			t.Error("the step is over before the server took the letter")
		}
		if m := w.LastLetter(); m.Subject != "List próbny: poczta działa" || m.To != testrig.Must(w.Identity.Participant(t.Context(), w.DB, w.Admin.PersonID))(t).Mail {
			t.Errorf("%+v", m)
		}
		if page := b.Get(todayweb.Path); page.Find(`.today-setup form[action="`+todayweb.LetterPath+`"]`).Length() != 0 || !strings.Contains(page.Text("#set-up"), "3 z 5") {
			t.Errorf("the letter was taken: %s", page.Text(".today-setup"))
		}
		testrig.Must(w.Site.ImportBundle(t.Context(), access.System, true))(t)
		w.OK(w.DB.Update(t.Context(), func(tx *db.Tx) error { // only the command writes it, in a process of its own
			return db.Exec(t.Context(), tx, `INSERT INTO setting (name, value) VALUES ('backup.made', '2026-10-22T08:00:00Z')`)
		}))
		if page := b.Get(todayweb.Path); page.Find(".today-setup").Length() != 0 {
			t.Errorf("all is there: %s", page.Text(".today-setup"))
		}
	})
}

// In an empty installation nothing is there, and a second administrator counts once they have come in.
func TestSettingUpFromNothing(t *testing.T) {
	testrig.EachEmpty(t, func(t *testing.T, w *testrig.World) {
		office := w.Unit("", identity.Office, "Biuro", "B")
		first := w.Person("Ada", "Pierwsza", office, identity.RoleDraft{Role: access.Administrator})
		if page := w.Browse(first).Get(todayweb.Path); page.Find(".today-setup .tasks > li").Length() != 5 || page.Find(".today-setup details").Length() != 0 {
			t.Errorf("%s", page.Text("main"))
		}
		w.Person("Ewa", "Druga", office, identity.RoleDraft{Role: access.Editor})
		if page := w.Browse(first).Get(todayweb.Path); page.Find(".today-setup .tasks > li").Length() != 4 || page.Find(`.today-setup a[href="/app/people/new"]`).Length() != 0 {
			t.Errorf("%s", page.Text("main"))
		}
	})
}
