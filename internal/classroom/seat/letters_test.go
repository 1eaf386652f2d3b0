package seat_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"ostoja/internal/classroom"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/mail"
	"ostoja/internal/testrig"
)

// sent returns the letters that leave within an hour.
func sent(w *testrig.World) []mail.Message {
	w.T.Helper()
	before := len(w.Letters())
	w.Clock.Advance(time.Hour)
	w.OK(w.Seats.SendDue(w.T.Context()))
	return w.Letters()[before:]
}

func changed(w *testrig.World, trainingID, text string, args ...any) {
	w.T.Helper()
	w.OK(w.DB.Update(w.T.Context(), func(tx *db.Tx) error {
		if err := db.Exec(w.T.Context(), tx, text, args...); err != nil {
			return err
		}
		return w.Seats.SessionsChanged(w.T.Context(), tx, trainingID)
	}))
}

func methods(l mail.Message) (list []string) {
	for _, e := range l.Calendar {
		list = append(list, e.Method)
	}
	return list
}

// A move is told once, with a newer entry for the calendar, and not at all if it is moved back; two trainings of one person are one
// letter; a cancelled training takes its entry out, with the reason.
func TestWhoIsToldOfAChangeAndWhen(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		one, other := plan(w, 20, 5), plan(w, 30, 5)
		for _, trainingID := range []string{one, other} {
			_, err := w.Seats.Add(ctx, w.GuardCoordinator, trainingID, ids(w.Learner), false)
			w.OK(err)
		}
		letters := sent(w)
		if len(letters) != 1 || len(letters[0].Calendar) != 2 || !strings.Contains(letters[0].Body, "Szkolenie 20") || !strings.Contains(letters[0].Body, "Szkolenie 30") {
			t.Fatalf("%+v", letters)
		}
		const move = `UPDATE training_session SET starts_at = starts_at + ?, ends_at = ends_at + ?, sequence = sequence + 1 WHERE training_id = ?`
		hour := time.Hour.Microseconds()
		changed(w, one, move, hour, hour, one)
		changed(w, one, move, -hour, -hour, one)
		if letters := sent(w); len(letters) != 0 {
			t.Errorf("told of what changed back: %+v", letters)
		}
		changed(w, one, move, hour, hour, one)
		changed(w, one, move, hour, hour, one)
		letters = sent(w)
		if len(letters) != 1 || len(letters[0].Calendar) != 1 || letters[0].Calendar[0].Method != "REQUEST" || !strings.Contains(letters[0].Calendar[0].Text, "SEQUENCE:2") ||
			!strings.Contains(letters[0].Body, "10:00–13:00") {
			t.Fatalf("%+v", letters)
		}
		exec(w, `UPDATE training SET cancelled_at = ?, cancel_reason = 'brak sali' WHERE id = ?`, w.Clock.Now(), one)
		changed(w, one, `UPDATE training_session SET cancelled_at = ? WHERE training_id = ?`, w.Clock.Now(), one)
		w.OK(w.DB.Update(ctx, func(tx *db.Tx) error {
			return w.Seats.Rescheduled(ctx, tx, classroom.Rescheduled{TrainingIDs: []string{one}, Kind: classroom.ActCancelled, Note: "brak sali"})
		}))
		letters = sent(w)
		if len(letters) != 1 || strings.Join(methods(letters[0]), " ") != "CANCEL" || !strings.Contains(letters[0].Calendar[0].Text, "SEQUENCE:3") || !strings.Contains(letters[0].Body, "brak sali") {
			t.Fatalf("%+v", letters)
		}
		if letters := sent(w); len(letters) != 0 {
			t.Errorf("told twice: %+v", letters)
		}
		sound(w)
	})
}

// A larger room is offered to who waits at once.
func TestALargerRoomMovesTheQueueUp(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		trainingID := plan(w, 20, 1)
		o, err := w.Seats.Invite(t.Context(), w.GuardCoordinator, trainingID, ids(w.Learner, w.OtherLearner), false)
		w.OK(err)
		if o.Waiting != 1 {
			t.Fatalf("%+v", o)
		}
		changed(w, trainingID, `UPDATE training_session SET capacity = 2 WHERE training_id = ?`, trainingID)
		if got := stateOf(w, trainingID, w.OtherLearner); got != "offered" {
			t.Errorf("%s", got)
		}
		if taken, err := w.Seats.List(t.Context(), w.GuardCoordinator, trainingID); err != nil || len(taken) != 2 {
			t.Errorf("%+v, %v", taken, err)
		}
		sound(w)
	})
}

// Who has a seat is enrolled in the course before, without a letter of its own; who was enrolled by mistake and undone is not.
func TestTheCourseBefore(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		trainingID := plan(w, 20, 5)
		exec(w, `UPDATE training SET course_id = ? WHERE id = ?`, testrig.SmallCourse, trainingID)
		_, err := w.Seats.Add(ctx, w.GuardCoordinator, trainingID, ids(w.Learner), false)
		w.OK(err)
		o, err := w.Seats.Add(ctx, w.GuardCoordinator, trainingID, ids(w.OtherLearner), false)
		w.OK(err)
		_, err = w.Seats.Undo(ctx, w.GuardCoordinator, trainingID, o.Act)
		w.OK(err)
		letters := sent(w)
		if len(letters) != 1 || !strings.Contains(letters[0].Body, "/app/courses") {
			t.Errorf("%+v", letters)
		}
		enrolled, err := db.All[string](ctx, w.DB, `SELECT person_id FROM learning_latest WHERE course_id = ?`, testrig.SmallCourse)
		w.OK(err)
		if len(enrolled) != 1 || enrolled[0] != w.Learner.PersonID {
			t.Errorf("enrolled: %v", enrolled)
		}
	})
}

// Whatever the database refuses in the middle of an act undoes it whole.
func TestAnActThatFailsChangesNothing(t *testing.T) {
	w := testrig.New(t)
	trainingID := plan(w, 20, 1)
	_, err := w.Seats.Invite(t.Context(), w.GuardCoordinator, trainingID, ids(w.Learner, w.OtherLearner), false)
	w.OK(err)
	ctx := context.Background()
	dbtest.Failing(t, w.DB, func() error { return w.Seats.Cancel(ctx, w.Learner, trainingID, "choroba") })
	sound(w)
	if a, b := stateOf(w, trainingID, w.Learner), stateOf(w, trainingID, w.OtherLearner); a != "cancelled" || b != "offered" {
		t.Errorf("%s and %s", a, b)
	}
}
