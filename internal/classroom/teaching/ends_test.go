package teaching_test

import (
	"testing"
	"time"

	"ostoja/internal/classroom/teaching"
	"ostoja/internal/db"
	"ostoja/internal/testrig"
)

// An observation ends three years after it was written, and who was observed reads so.
func TestObservationsEnd(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		c, ctx := newClass(w), t.Context()
		w.Clock.Advance(time.Hour)
		testrig.Must(c.write(w.PoliceTrainer))(t)
		list := testrig.Must(w.Keeping.Mine(ctx, w.GuardTrainer))(t)
		if len(list) != 1 || list[0].Kind != teaching.Kept || !list[0].Until.Equal(w.Clock.Now().AddDate(0, 0, 3*365)) {
			t.Fatalf("%+v", list)
		}
		count := func() int {
			return testrig.Must(db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM teaching_observation`))(t)
		}
		w.Clock.Advance(3*365*24*time.Hour - time.Microsecond)
		w.OK(w.Keeping.EraseDue(ctx))
		if count() != 1 {
			t.Error("erased before its time")
		}
		w.Clock.Advance(time.Microsecond)
		w.OK(w.Keeping.EraseDue(ctx))
		if count() != 0 {
			t.Error("kept after its time")
		}
	})
}
