package actweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/act"
	"ostoja/internal/learning"
	"ostoja/internal/testrig"
)

const people = "/app/desk/" + testrig.SmallCourse + "/people"

// enrolled enrols the guard's two learners, and returns the act's address.
func enrolled(w *testrig.World) (path string) {
	w.T.Helper()
	n, err := w.Learning.EnrolMany(w.T.Context(), w.GuardCoordinator, testrig.SmallCourse, []string{w.Learner.PersonID, w.OtherLearner.PersonID})
	if n != 2 || err != nil {
		w.T.Fatal(n, err)
	}
	list := testrig.Must(w.Acts.Open(w.T.Context(), w.GuardCoordinator, learning.ObjectOf(testrig.SmallCourse)))(w.T)
	return "/app/acts/" + list[0].ID
}

// The notice says what was done to how many, until when it can be undone, and how many letters wait; its buttons do what they say.
func TestTheNoticeAfterAnAct(t *testing.T) {
	w := testrig.New(t)
	b := w.Browse(w.GuardCoordinator)
	path := enrolled(w)
	p := b.Get(people)
	notice := p.Text(".notice.undo")
	until := w.Clock.Now().Add(act.UndoFor).In(testrig.Must(time.LoadLocation("Europe/Warsaw"))(t)).Format("15:04")
	for _, part := range []string{"Zapisano na kurs 2 osoby.", "2 listy czekają do " + until, "Cofnij do " + until, "Wyślij teraz 2 listy"} {
		if !strings.Contains(notice, part) {
			t.Errorf("the notice %q does not say %q", notice, part)
		}
	}
	if w.Browse(w.Coordinator).Get(people).Find(".notice.undo").Length() != 0 {
		t.Error("somebody else is told of it")
	}
	if to := b.Post(path+"/undo", url.Values{"back": {people}}); to.Status != http.StatusSeeOther || to.Header.Get("Location") != people {
		t.Errorf("%d, led to %s", to.Status, to.Header.Get("Location"))
	}
	if p := b.Get(people); p.Find(".notice.undo").Length() != 0 || !strings.Contains(p.Text(".notice"), "2 listy nie zostaną wysłane") || p.Find("tbody tr").Length() != 0 {
		t.Errorf("undone: %q", p.Text(".notice"))
	}
	w.Status(b.Post(path+"/undo", url.Values{}), http.StatusConflict)
	path = enrolled(w)
	before := len(w.Letters())
	if to := b.Post(path+"/send", url.Values{"back": {"https://elsewhere.example"}}); to.Header.Get("Location") != path || len(w.Letters()) != before+2 {
		t.Errorf("sent: led to %s, %d letters", to.Header.Get("Location"), len(w.Letters())-before)
	}
	if said := b.Get(path).Text("main"); !strings.Contains(said, "Wysłano 2 listy") || !strings.Contains(said, "nie można już cofnąć") {
		t.Errorf("%q", said)
	}
	w.Status(b.Post(path+"/undo", url.Values{}), http.StatusConflict)
}

// What was not taken back is said on the act's page, with why.
func TestWhatStaysIsSaid(t *testing.T) {
	w := testrig.New(t)
	b := w.Browse(w.GuardCoordinator)
	path := enrolled(w)
	e := testrig.Must(w.Learning.Latest(t.Context(), w.Learner.PersonID, testrig.SmallCourse))(t)
	testrig.Must(w.Learning.Lesson(t.Context(), w.Learner, e.ID, "one"))(t)
	if to := b.Post(path+"/undo", url.Values{"back": {people}}); to.Header.Get("Location") != path {
		t.Fatalf("%d, led to %s", to.Status, to.Header.Get("Location"))
	}
	if said := b.Get(path).Text("main"); !strings.Contains(said, "Cofnięto 1 pozycję") || !strings.Contains(said, "osoba zaczęła już kurs: 1") {
		t.Errorf("%q", said)
	}
}

func TestWhoSeesAnAct(t *testing.T) {
	w := testrig.New(t)
	path := enrolled(w)
	for who, a := range w.Everybody() {
		want, post := http.StatusNotFound, http.StatusNotFound
		switch {
		case a.PersonID == "":
			want, post = http.StatusSeeOther, http.StatusUnauthorized
		case a.PersonID == w.GuardCoordinator.PersonID, a.Everywhere(access.DeskWrite):
			continue // may
		case a.Has(access.DeskWrite):
			want, post = http.StatusOK, http.StatusForbidden // knows of it, and is told who may
		}
		b := w.Browse(a)
		if p := b.Get(path); p.Status != want || p.Find("main form[action*='/acts/']").Length() != 0 {
			t.Errorf("%s: %d, want %d", who, p.Status, want)
		}
		for _, what := range []string{"/undo", "/send"} {
			if p := b.Post(path+what, url.Values{}); p.Status != post {
				t.Errorf("%s%s: %d, want %d", who, what, p.Status, post)
			}
		}
	}
	w.Status(w.Browse(w.Coordinator).Get("/app/acts/none"), http.StatusNotFound)
	w.Clock.Advance(time.Hour)
	if p := w.Browse(w.GuardCoordinator).Get(path); p.Find("main form[action*='/acts/']").Length() != 0 {
		t.Error("what is over can be undone")
	}
}

func TestNoFailureIsHidden(t *testing.T) {
	w := testrig.New(t)
	b := w.Browse(w.GuardCoordinator)
	path := enrolled(w)
	b.Fragile(t, []string{path, people})
	b.FragileForm(t, path+"/undo", url.Values{"back": {people}})
	b.FragileForm(t, enrolled(w)+"/send", url.Values{})
}

// TestWhatIsNoFormIsRefused: what nobody can read is no empty form.
func TestWhatIsNoFormIsRefused(t *testing.T) { testrig.New(t).Unreadable("/app/acts") }
