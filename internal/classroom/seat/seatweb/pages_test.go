package seatweb_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/classroom/classroomweb"
	"ostoja/internal/db"
	"ostoja/internal/identity"
	"ostoja/internal/testrig"
)

const day = 24 * time.Hour

// plan makes a training in the guard that takes applications, with a room of so many seats.
func plan(w *testrig.World, seats int, delegation bool) (trainingID string) {
	w.T.Helper()
	from := testrig.Start.Add(20 * day)
	make := w.Classroom.Maker(classroom.Draft{Title: "Szkolenie w Terespolu", Place: "Terespol", HeldFrom: from, HeldUntil: from.Add(3 * time.Hour), UnitID: w.Guard})
	w.OK(w.DB.Update(w.T.Context(), func(tx *db.Tx) (err error) {
		if trainingID, err = make(w.T.Context(), tx, w.GuardCoordinator); err != nil {
			return err
		}
		if err := db.Exec(w.T.Context(), tx, `UPDATE training SET sign_up = 'approved', delegation = ? WHERE id = ?`, delegation, trainingID); err != nil {
			return err
		}
		return db.Exec(w.T.Context(), tx, `UPDATE training_session SET capacity = ?, access_notes = 'Winda z prawej' WHERE training_id = ?`, seats, trainingID)
	}))
	return trainingID
}

func due(w *testrig.World) {
	w.T.Helper()
	w.Clock.Advance(11 * time.Minute)
	w.OK(w.Seats.SendDue(w.T.Context()))
}

var linked = regexp.MustCompile(`/app/l/[A-Za-z0-9_-]{43}\?lang=pl`)

// The whole way: invited by the office, accepted by the letter's link without signing in, delegated by the superior's, confirmed with an
// entry for the calendar. Looking uses nothing up, and a second answer is told what was answered.
func TestFromTheInvitationToTheSeat(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		trainingID := plan(w, 5, true)
		office := w.Browse(w.GuardCoordinator)
		people := "/app/trainings/" + trainingID + "/people"
		if page := office.Get(people + "/invite?q=Źródło"); page.Status != http.StatusOK || !strings.Contains(page.Body, "Źródło Zofia") {
			t.Fatalf("%d %s", page.Status, page.Body)
		}
		if page := office.Get(people + "/invite"); !strings.Contains(page.Body, `name="anyway"`) || regexp.MustCompile(`<input[^>]*name="anyway"[^>]*checked`).MatchString(page.Body) {
			t.Errorf("who has another training then is taken unless somebody looks: %s", page.Body)
		}
		if page := office.Post(people+"/sign-ups", url.Values{"act": {"invite"}, "person": {w.Learner.PersonID}}); page.Status != http.StatusSeeOther {
			t.Fatalf("inviting: %d", page.Status)
		}
		before := len(w.Letters())
		w.OK(w.Seats.SendDue(t.Context()))
		if n := len(w.Letters()); n != before {
			t.Error("the letter left before it could be undone")
		}
		due(w)
		invitation := w.LastLetter()
		if strings.Contains(invitation.Subject, "Zofia") || !strings.Contains(invitation.Body, "Winda z prawej") || len(invitation.Calendar) != 0 {
			t.Errorf("%+v", invitation)
		}
		link := linked.FindString(invitation.Body)
		nobody := w.Browse(access.Actor{})
		for range 2 {
			if page := nobody.Get(link); page.Status != http.StatusOK || !strings.Contains(page.Body, `value="yes"`) {
				t.Fatalf("%d %s", page.Status, page.Body)
			}
		}
		other := w.Browse(w.OtherLearner)
		if page := other.Get(link); !strings.Contains(page.Body, "Ten odnośnik jest dla kogoś innego") && !strings.Contains(page.Body, "for somebody else") || strings.Contains(page.Body, "Źródło") {
			t.Errorf("another reads %s", page.Body)
		}
		other.Post(link, url.Values{"answer": {"yes"}, "superior": {"szef@example.org"}})
		path, _, _ := strings.Cut(link, "?")
		for _, superior := range []string{"", "szef", "zofia.zrodlo@example.org"} {
			if page := nobody.Post(path, url.Values{"answer": {"yes"}, "superior": {superior}}); page.Status != http.StatusUnprocessableEntity {
				t.Errorf("the superior %q: %d", superior, page.Status)
			}
		}
		if page := nobody.Post(path, url.Values{"answer": {"yes"}, "superior": {"szef@example.org"}}); page.Status != http.StatusSeeOther {
			t.Fatalf("accepting: %d", page.Status)
		}
		if page := nobody.Get(link); strings.Contains(page.Body, `value="yes"`) || !strings.Contains(page.Body, "czeka na zgodę osoby przełożonej") {
			t.Errorf("after the answer: %s", page.Body)
		}
		request := w.LastLetter()
		if request.To != "szef@example.org" || !strings.Contains(request.Body, "Zofia Źródło") || strings.Contains(request.Subject, "Zofia") {
			t.Fatalf("%+v", request)
		}
		delegation := linked.FindString(request.Body)
		path, _, _ = strings.Cut(delegation, "?")
		if page := w.Browse(w.Learner).Post(path, url.Values{"answer": {"yes"}}); page.Status != http.StatusSeeOther {
			t.Errorf("delegating oneself: %d", page.Status)
		}
		if page := nobody.Post(path, url.Values{"answer": {"no"}}); page.Status != http.StatusUnprocessableEntity {
			t.Errorf("a refusal without a reason: %d", page.Status)
		}
		if page := nobody.Get(delegation); !strings.Contains(page.Body, `value="yes"`) {
			t.Fatalf("%s", page.Body)
		}
		nobody.Post(path, url.Values{"answer": {"yes"}})
		if page := nobody.Get(delegation); strings.Contains(page.Body, `value="yes"`) || !strings.Contains(page.Body, "miejsce potwierdzone") {
			t.Errorf("after the consent: %s", page.Body)
		}
		due(w)
		confirmed := w.LastLetter()
		if len(confirmed.Calendar) != 1 || confirmed.Calendar[0].Method != "REQUEST" || !strings.Contains(confirmed.Calendar[0].Text, "SEQUENCE:1") {
			t.Fatalf("%+v", confirmed)
		}
		w.Browse(w.Learner).Post("/app/my-trainings/"+trainingID, url.Values{"act": {"cancel"}, "reason": {"choroba"}})
		due(w)
		cancelled := w.LastLetter()
		if len(cancelled.Calendar) != 1 || cancelled.Calendar[0].Method != "CANCEL" || !strings.Contains(cancelled.Calendar[0].Text, "SEQUENCE:2") {
			t.Errorf("%+v", cancelled)
		}
		if page := nobody.Get("/app/l/" + strings.Repeat("x", 43)); page.Status != http.StatusGone {
			t.Errorf("no link: %d", page.Status)
		}
	})
}

// Who is refused on which page; a clerk's right opens the acts of that right alone.
func TestWhoIsRefused(t *testing.T) {
	w := testrig.New(t)
	trainingID := plan(w, 5, false)
	people := "/app/trainings/" + trainingID + "/people"
	role := func(r access.Role) []identity.RoleDraft { return []identity.RoleDraft{{Role: r, UnitID: w.Guard}} }
	clerk, helper := w.Person("Sylwia", "Zapisowa", w.Guard, role(access.SignUpClerk)...), w.Person("Urszula", "Uczestnicza", w.Guard, role(access.ParticipantsClerk)...)
	form := url.Values{"act": {"invite"}, "person": {w.Learner.PersonID}}
	add := url.Values{"act": {"add"}, "person": {w.Learner.PersonID}}
	for name, x := range map[string]struct {
		a                        access.Actor
		list, invite, add, place int
	}{
		"learner":             {w.Learner, 403, 403, 403, 403},
		"coordinator":         {w.GuardCoordinator, 200, 303, 303, 200},
		"another coordinator": {w.PoliceCoordinator, 404, 404, 404, 404},
		"reviewer":            {w.Reviewer, 200, 403, 403, 403},
		"trainer":             {w.GuardTrainer, 200, 403, 403, 403},
		"sign-up clerk":       {clerk, 200, 303, 403, 200},
		"participants' clerk": {helper, 200, 403, 303, 403},
		"editor":              {w.GuardEditor, 403, 403, 403, 403},
	} {
		b := w.Browse(x.a)
		if got := b.Get(people).Status; got != x.list {
			t.Errorf("%s reads the list: %d", name, got)
		}
		if got := b.Post(people+"/sign-ups", form).Status; got != x.invite {
			t.Errorf("%s invites: %d", name, got)
		}
		if got := b.Post(people+"/participants", add).Status; got != x.add {
			t.Errorf("%s adds: %d", name, got)
		}
		if got := b.Get("/app/trainings/" + trainingID + "/places").Status; got != x.place {
			t.Errorf("%s gives places: %d", name, got)
		}
	}
	for _, path := range []string{"/app/my-trainings", "/app/my-places", "/app/account/calendar", people} {
		if got := w.Browse(access.Actor{}).Get(path).Status; got != http.StatusSeeOther {
			t.Errorf("nobody reads %s: %d", path, got)
		}
	}
	if got := w.Browse(w.PoliceLearner).Get("/app/my-places/" + trainingID + "/" + w.Terespol).Status; got != http.StatusNotFound {
		t.Errorf("a unit's places: %d", got)
	}
}

// The office takes an application, undoes it, and takes it again; who is taken out learns why.
func TestTheListIsKept(t *testing.T) {
	w := testrig.New(t)
	trainingID := plan(w, 1, false)
	people := "/app/trainings/" + trainingID + "/people"
	own := "/app/my-trainings/" + trainingID
	for _, a := range []access.Actor{w.Learner, w.OtherLearner} {
		b := w.Browse(a)
		if page := b.Get("/app/my-trainings"); !strings.Contains(page.Body, own) {
			t.Fatalf("not offered: %s", page.Body)
		}
		b.Post(own, url.Values{"act": {"apply"}})
		w.Clock.Advance(time.Minute)
	}
	office := w.Browse(w.GuardCoordinator)
	both := url.Values{"act": {"approve"}, "person": {w.Learner.PersonID, w.OtherLearner.PersonID}}
	page := office.Post(people+"/sign-ups", both)
	where := page.Header.Get("Location")
	_, act, _ := strings.Cut(where, "act=")
	if page := office.Get(where); !strings.Contains(page.Body, act) || !strings.Contains(page.Body, "1. na liście rezerwowej") {
		t.Errorf("%s", page.Body)
	}
	if page := w.Browse(w.OtherLearner).Get(own); !strings.Contains(page.Body, "number 1 on the waiting list") {
		t.Errorf("%s", page.Body)
	}
	office.Post(people+"/undo", url.Values{"undo": {act}})
	if page := office.Get(people); strings.Count(page.Body, "czeka na decyzję") < 2 {
		t.Errorf("not undone: %s", page.Body)
	}
	office.Post(people+"/sign-ups", both)
	out := url.Values{"act": {"take-out"}, "person": {w.Learner.PersonID}}
	if page := office.Post(people+"/participants", out); page.Status != http.StatusOK || !strings.Contains(page.Body, `name="reason"`) {
		t.Errorf("no reason was asked for: %d", page.Status)
	}
	out["asked"] = []string{"1"}
	if page := office.Post(people+"/participants", out); page.Status != http.StatusUnprocessableEntity {
		t.Errorf("taken out without a reason: %d", page.Status)
	}
	out["reason"] = []string{"zmiana służby"}
	office.Post(people+"/participants", out)
	to := plan(w, 3, false)
	moved := url.Values{"act": {"move"}, "person": {w.OtherLearner.PersonID}}
	page = office.Post(people+"/participants", moved)
	if page.Status != http.StatusOK || page.Find(`input[type=radio][name=to][value="`+to+`"]`).Length() != 1 {
		t.Errorf("it is not asked where to: %d %s", page.Status, page.Text("main"))
	}
	moved.Set("asked", "1")
	if page := office.Post(people+"/participants", moved); page.Status != http.StatusUnprocessableEntity || page.Find("#f-to-error").Length() != 1 {
		t.Errorf("moved nowhere: %d %s", page.Status, page.Text("main"))
	}
	moved.Set("to", to)
	if page := office.Post(people+"/participants", moved); page.Status != http.StatusSeeOther {
		t.Errorf("not moved: %d %s", page.Status, page.Text("main"))
	}
	if page := office.Get(classroomweb.Path(to, "people")); !strings.Contains(page.Text("main table"), "miejsce potwierdzone") {
		t.Errorf("not there: %s", page.Text("main"))
	}
	due(w)
	letters := 0
	for _, l := range w.Letters() {
		if strings.Contains(l.Body, "zmiana służby") {
			letters++
		}
	}
	if letters != 1 {
		t.Errorf("%d letters with the reason", letters)
	}
}

// A calendar is followed at an address that is shown once; a new one ends it, and there is nothing to guess.
func TestTheCalendarIsFollowed(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		trainingID := plan(w, 5, false)
		_, err := w.Seats.Add(t.Context(), w.GuardCoordinator, trainingID, []string{w.Learner.PersonID}, false)
		w.OK(err)
		b := w.Browse(w.Learner)
		address := regexp.MustCompile(`/calendar/[A-Za-z0-9_-]{43}`)
		first := address.FindString(b.Post("/app/account/calendar", url.Values{"act": {"renew"}}).Body)
		nobody := w.Browse(access.Actor{})
		page := nobody.Get(first)
		if page.Status != http.StatusOK || !strings.HasPrefix(page.Header.Get("Content-Type"), "text/calendar") || !strings.Contains(page.Body, "SUMMARY:Szkolenie w Terespolu") || strings.Contains(page.Body, "Zofia") {
			t.Fatalf("%d %s", page.Status, page.Body)
		}
		if page := b.Get("/app/account/calendar"); address.MatchString(page.Body) {
			t.Error("the address is shown again")
		}
		second := address.FindString(b.Post("/app/account/calendar", url.Values{"act": {"renew"}}).Body)
		for path, want := range map[string]int{first: 404, second: 200, "/calendar/" + strings.Repeat("x", 43): 404} {
			if got := nobody.Get(path).Status; got != want {
				t.Errorf("%d, want %d", got, want)
			}
		}
		b.Post("/app/account/calendar", url.Values{"act": {"end"}})
		if got := nobody.Get(second).Status; got != http.StatusNotFound {
			t.Errorf("after the end: %d", got)
		}
	})
}

// A superior gives a unit's places to its people, who have a seat at once; what is left over is not theirs to give.
func TestAUnitsPlacesAreGivenOut(t *testing.T) {
	w := testrig.New(t)
	trainingID := plan(w, 5, true)
	office := w.Browse(w.GuardCoordinator)
	places := "/app/trainings/" + trainingID + "/places"
	for field, form := range map[string]url.Values{
		"places": {"unit": {w.Terespol}, "places": {"x"}, "until": {"2026-11-01"}}, "until": {"unit": {w.Terespol}, "places": {"1"}, "until": {"2026-10-01"}},
		"unit": {"unit": {"x"}, "places": {"1"}, "until": {"2026-11-01"}},
	} {
		if page := office.Post(places, form); page.Status != http.StatusUnprocessableEntity || !strings.Contains(page.Body, "f-"+field) {
			t.Errorf("a bad %s: %d", field, page.Status)
		}
	}
	if page := office.Post(places, url.Values{"unit": {w.Terespol}, "places": {"1"}, "until": {"2026-11-01"}}); page.Status != http.StatusSeeOther {
		t.Fatalf("%d", page.Status)
	}
	superior := w.Browse(w.TerespolCoordinator)
	unit := "/app/my-places/" + trainingID + "/" + w.Terespol
	if page := superior.Get("/app/my-places"); !strings.Contains(page.Body, unit) {
		t.Errorf("%s", page.Body)
	}
	if page := superior.Get(unit); !strings.Contains(page.Body, "Źródło Zofia") || strings.Contains(page.Body, "Święty") || strings.Contains(page.Body, "checked") {
		t.Errorf("%s", page.Body)
	}
	superior.Post(unit, url.Values{"person": {w.Learner.PersonID}})
	if page := w.Browse(w.Learner).Get("/app/my-trainings"); !strings.Contains(page.Body, "miejsce potwierdzone") {
		t.Errorf("%s", page.Body)
	}
	page := superior.Get(superior.Post(unit, url.Values{"person": {w.TerespolCoordinator.PersonID}}).Header.Get("Location"))
	if !strings.Contains(page.Body, "Pominięte: 1") {
		t.Errorf("a second person on one place: %s", page.Body)
	}
}
