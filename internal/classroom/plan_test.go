package classroom_test

import (
	"errors"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/testrig"
)

// make makes a training of one session in the guard, from tomorrow on, and returns its id.
func trained(t *testing.T, w *testrig.World) (trainingID string) {
	t.Helper()
	d := classroom.Draft{Title: "Szkolenie", Place: "Terespol", UnitID: w.Guard, HeldFrom: testrig.Start.Add(day), HeldUntil: testrig.Start.Add(day + 6*time.Hour)}
	w.OK(w.DB.Update(t.Context(), func(tx *db.Tx) (err error) {
		trainingID, err = w.Classroom.Maker(d)(t.Context(), tx, w.GuardCoordinator)
		return err
	}))
	return trainingID
}

// Rights follow the unit; who teaches sees the training and keeps its roll whichever their unit, who observes only sees it, and
// nobody does more for it.
func TestWhoMayInATraining(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		trainingID := trained(t, w)
		all := []access.Permission{access.TrainingsRead, access.TrainingsWrite, access.SignUps, access.Participants, access.Attendance}
		may := func(a access.Actor) (s string) {
			about, err := w.Classroom.About(ctx, a, trainingID)
			if errors.Is(err, errs.ErrNotFound) {
				return "none"
			}
			w.OK(err)
			for _, p := range all {
				s += map[bool]string{true: "1", false: "0"}[about.Allowed[p]]
			}
			return s
		}
		set := func(part string) {
			w.OK(w.DB.Update(ctx, func(tx *db.Tx) error {
				if err := db.Exec(ctx, tx, `DELETE FROM training_trainer`); err != nil || part == "" {
					return err
				}
				return db.Exec(ctx, tx, `INSERT INTO training_trainer (training_id, person_id, part) VALUES (?, ?, ?)`, trainingID, w.PoliceTrainer.PersonID, part)
			}))
		}
		for _, c := range []struct {
			who   string
			actor access.Actor
			part  string
			want  string
		}{
			{"everywhere", w.Coordinator, "", "11111"},
			{"the unit's", w.GuardCoordinator, "", "11111"},
			{"below", w.TerespolCoordinator, "", "none"},
			{"the other service", w.PoliceCoordinator, "", "none"},
			{"a trainer of the unit", w.GuardTrainer, "", "10001"},
			{"a trainer of another", w.PoliceTrainer, "", "none"},
			{"who leads it", w.PoliceTrainer, "lead", "10001"},
			{"who teaches with them", w.PoliceTrainer, "co", "10001"},
			{"who observes", w.PoliceTrainer, "observer", "10000"},
			{"a reviewer", w.Reviewer, "", "10000"},
			{"a learner", w.Learner, "lead", "none"},
			{"nobody", access.Actor{}, "", "none"},
		} {
			set(c.part)
			if got := may(c.actor); got != c.want {
				t.Errorf("%s: %s, want %s", c.who, got, c.want)
			}
		}
		set("observer")
		if _, err := w.Classroom.Open(ctx, w.DB, w.PoliceTrainer, access.Attendance, trainingID); !errors.Is(err, errs.ErrForbidden) {
			t.Errorf("what is seen and not allowed: %v", err)
		}
	})
}

// A training that is made by its days has one session, which goes with them; two who change it wait for each other.
func TestATrainingOfOneSession(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		trainingID, from := trained(t, w), testrig.Start.Add(2*day)
		w.OK(w.Classroom.Change(ctx, w.GuardCoordinator, trainingID, classroom.Draft{Title: "Szkolenie", Place: "Medyka", HeldFrom: from, HeldUntil: from.Add(time.Hour)}))
		sessions := testrig.Must(w.Classroom.Sessions(ctx, w.GuardTrainer, trainingID))(t)
		if len(sessions) != 1 || !sessions[0].StartsAt.Equal(from) || !sessions[0].EndsAt.Equal(from.Add(time.Hour)) || sessions[0].Place != "Medyka" || sessions[0].Sequence != 1 || !sessions[0].Held() {
			t.Errorf("%+v", sessions)
		}
		if places, limited := classroom.Places(sessions); places != 0 || limited {
			t.Errorf("%d seats, %t", places, limited)
		}
		held := func(id string) error {
			return w.DB.Update(ctx, func(tx *db.Tx) error { return classroom.Held(ctx, tx, id) })
		}
		before := testrig.Must(w.Classroom.Plan(ctx, w.GuardTrainer, trainingID))(t).Revision
		w.OK(held(trainingID))
		if after := testrig.Must(w.Classroom.Plan(ctx, w.GuardTrainer, trainingID))(t); after.Revision != before+1 || after.HourMinutes != 45 || len(after.Langs) != 1 {
			t.Errorf("%+v", after)
		}
		w.Refused("a training that there is not", held("none"), errs.ErrNotFound)
	})
}

func TestPlaces(t *testing.T) {
	n := func(i int) *int { return &i }
	off := testrig.Start
	for _, c := range []struct {
		sessions []classroom.Session
		places   int
		limited  bool
	}{
		{nil, 0, true},
		{[]classroom.Session{{}}, 0, false},
		{[]classroom.Session{{Capacity: n(20)}, {Capacity: n(12)}, {}}, 12, true},
		{[]classroom.Session{{Capacity: n(20)}, {Capacity: n(12), CancelledAt: off}}, 20, true},
		{[]classroom.Session{{Capacity: n(20), CancelledAt: off}}, 0, true},
	} {
		if places, limited := classroom.Places(c.sessions); places != c.places || limited != c.limited {
			t.Errorf("%+v: %d, %t", c.sessions, places, limited)
		}
	}
}
