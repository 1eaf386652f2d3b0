package seat_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom/seat"
	"ostoja/internal/errs"
	"ostoja/internal/testrig"
)

// TestPeopleAreMoved: who is moved has lost the seat in one training and has one in the other, and gets one letter; where there is no seat for all, nobody has lost theirs; one
// undo takes both back.
func TestPeopleAreMoved(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, by := t.Context(), w.GuardCoordinator
		from, to, small := plan(w, 20, 2), plan(w, 25, 2), plan(w, 30, 1)
		_, err := w.Seats.Add(ctx, by, from, ids(w.Learner, w.OtherLearner), false)
		w.OK(err)
		w.Clock.Advance(time.Hour)
		w.OK(w.Seats.SendDue(ctx))
		targets := testrig.Must(w.Seats.Targets(ctx, by, from))(t)
		if len(targets) != 2 || targets[0].ID != to || targets[1].ID != small {
			t.Errorf("%+v", targets)
		}
		states := func(want ...seat.State) {
			t.Helper()
			for i, x := range []struct {
				trainingID string
				who        access.Actor
			}{{from, w.Learner}, {from, w.OtherLearner}, {to, w.Learner}, {to, w.OtherLearner}, {small, w.Learner}, {small, w.OtherLearner}} {
				if got := stateOf(w, x.trainingID, x.who); got != want[i] {
					t.Errorf("%d: %q, not %q", i, got, want[i])
				}
			}
			sound(w)
		}
		start := []seat.State{seat.Confirmed, seat.Confirmed, seat.None, seat.None, seat.None, seat.None}
		move := func(a access.Actor, to string, reason string, people ...access.Actor) (seat.Outcome, error) {
			return w.Seats.Move(ctx, a, from, to, ids(people...), reason, false)
		}
		for name, err := range map[string]error{
			"without a reason": second(move(by, to, " ", w.Learner)), "to nowhere": second(move(by, "", "x", w.Learner)), "to itself": second(move(by, from, "x", w.Learner)),
		} {
			if !errors.Is(err, errs.ErrInvalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := move(by, small, "zmiana", w.Learner, w.OtherLearner); !errors.Is(err, errs.ErrConflict) {
			t.Errorf("more than there are seats: %v", err)
		}
		if _, err := move(by, to, "zmiana", w.Learner, w.PoliceLearner); !errors.Is(err, errs.ErrConflict) {
			t.Errorf("who is not on the list: %v", err)
		}
		states(start...)
		for name, a := range w.Everybody() {
			if name == "administrator" || name == "coordinator" || a.PersonID == by.PersonID || strings.Contains(name, "participants") {
				continue
			}
			if _, err := move(a, to, "zmiana", w.Learner); !errors.Is(err, errs.ErrForbidden) && !errors.Is(err, errs.ErrNotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		states(start...)
		letters := len(w.Letters())
		o := testrig.Must(move(by, to, "zmiana służby", w.Learner))(t)
		if o.Done != 1 || o.Act == "" {
			t.Errorf("%+v", o)
		}
		states(seat.Cancelled, seat.Confirmed, seat.Confirmed, seat.None, seat.None, seat.None)
		testrig.Must(w.Seats.Undo(ctx, by, from, o.Act))(t)
		states(start...)
		w.Clock.Advance(time.Hour)
		w.OK(w.Seats.SendDue(ctx))
		if n := len(w.Letters()) - letters; n != 0 {
			t.Errorf("%d letters of what was undone", n)
		}
		testrig.Must(move(by, to, "zmiana służby", w.Learner))(t)
		w.Clock.Advance(time.Hour)
		w.OK(w.Seats.SendDue(ctx))
		sent := w.Letters()[letters:]
		if len(sent) != 1 || !strings.Contains(sent[0].Body, "zmiana służby") || !strings.Contains(sent[0].Body, "Szkolenie 25") {
			t.Errorf("%d letters: %+v", len(sent), sent)
		}
		if _, err := w.Seats.Undo(ctx, by, from, o.Act); err == nil {
			t.Error("undone twice")
		}
	})
}

// TestWhoIsElsewhereIsMovedOnlyAnyway: and until somebody says so, keeps the seat that they have.
func TestWhoIsElsewhereIsMovedOnlyAnyway(t *testing.T) {
	w := testrig.New(t)
	ctx, by := t.Context(), w.GuardCoordinator
	from, to, other := plan(w, 20, 2), plan(w, 25, 2), plan(w, 25, 2)
	for _, trainingID := range []string{from, other} {
		_, err := w.Seats.Add(ctx, by, trainingID, ids(w.Learner), false)
		w.OK(err)
	}
	o, err := w.Seats.Move(ctx, by, from, to, ids(w.Learner), "zmiana", false)
	if err != nil || o.Done != 0 || len(o.Overlaps) != 1 || stateOf(w, from, w.Learner) != seat.Confirmed {
		t.Errorf("%+v, %v", o, err)
	}
	o, err = w.Seats.Move(ctx, by, from, to, ids(w.Learner), "zmiana", true)
	if err != nil || o.Done != 1 || stateOf(w, to, w.Learner) != seat.Confirmed {
		t.Errorf("%+v, %v", o, err)
	}
}
