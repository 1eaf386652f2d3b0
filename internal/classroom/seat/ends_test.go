package seat_test

import (
	"testing"
	"time"

	"ostoja/internal/classroom/seat"
	"ostoja/internal/classroom/seat/ends"
	"ostoja/internal/db"
	"ostoja/internal/testrig"
)

// Why somebody did not come, and whom a request went to, is forgotten a quarter after the training; who had which seat is not.
func TestReasonsAndAddressesEnd(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, trainingID := t.Context(), plan(w, 10, 2)
		must := func(_ seat.Outcome, err error) { t.Helper(); w.OK(err) }
		must(w.Seats.Add(ctx, w.GuardCoordinator, trainingID, ids(w.Learner, w.OtherLearner), true))
		w.OK(w.Seats.Cancel(ctx, w.Learner, trainingID, "Chore dziecko"))
		exec(w, `UPDATE booking SET superior = 'naczelniczka@example.org' WHERE training_id = ?`, trainingID)
		held := testrig.Must(db.One[time.Time](ctx, w.DB, `SELECT held_until FROM training WHERE id = ?`, trainingID))(t)
		count := func(statement string) int { t.Helper(); return testrig.Must(db.One[int](ctx, w.DB, statement))(t) }
		words := func() int {
			return count(`SELECT COUNT(*) FROM booking WHERE reason <> '' OR superior <> ''`) + count(`SELECT COUNT(*) FROM booking_event WHERE reason <> '' OR before <> ''`)
		}
		standing := func() [4]int {
			return [4]int{
				count(`SELECT COUNT(*) FROM booking WHERE state = 'confirmed'`), count(`SELECT COUNT(*) FROM booking WHERE state = 'cancelled'`),
				count(`SELECT COUNT(*) FROM booking_event`), count(`SELECT COUNT(*) FROM audit WHERE action LIKE 'seat.%'`),
			}
		}
		before, there := standing(), words()
		w.Clock.Advance(held.Add(90*day - time.Microsecond).Sub(w.Clock.Now()))
		w.OK(w.Keeping.EraseDue(ctx))
		if words() != there || there < 3 {
			t.Fatalf("before the end there are %d, there were %d", words(), there)
		}
		w.Clock.Advance(time.Microsecond)
		w.OK(w.Keeping.EraseDue(ctx))
		if n := words(); n != 0 {
			t.Errorf("%d are left", n)
		}
		if standing() != before || before[0] != 1 || before[1] != 1 {
			t.Errorf("what was booked changed: %v, was %v", standing(), before)
		}
		if n := count(`SELECT COUNT(*) FROM audit WHERE action = 'keeping.erase' AND object = 'kept:booking-words'`); n != 1 {
			t.Errorf("%d entries in the record of acts", n)
		}
	})
}

// Who waits for a date reads until when, can say so again, and is forgotten two years after the last time.
func TestInterestEnds(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		w.OK(w.Seats.SetInterest(ctx, w.Learner, "", true))
		w.OK(w.Seats.SetInterest(ctx, w.OtherLearner, "", true))
		w.Clock.Advance(day)
		w.OK(w.Seats.SetInterest(ctx, w.OtherLearner, "", true))
		w.Clock.Advance(2*365*day - day)
		w.OK(w.Keeping.EraseDue(ctx))
		for who, want := range map[string]int{w.Learner.PersonID: 0, w.OtherLearner.PersonID: 1} {
			if n := testrig.Must(db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM training_interest WHERE person_id = ?`, who))(t); n != want {
				t.Errorf("%d, not %d", n, want)
			}
		}
		list := testrig.Must(w.Keeping.Mine(ctx, w.Learner))(t)
		if len(list) != 1 || list[0].Kind != ends.Interest || list[0].ErasedAt.IsZero() {
			t.Errorf("was there, erased: %+v", list)
		}
		w.OK(w.Seats.SetInterest(ctx, w.OtherLearner, "", false))
		if list := testrig.Must(w.Keeping.Mine(ctx, w.OtherLearner))(t); len(list) != 1 || !list[0].ErasedAt.Equal(w.Clock.Now()) {
			t.Errorf("taken back: %+v", list)
		}
	})
}
