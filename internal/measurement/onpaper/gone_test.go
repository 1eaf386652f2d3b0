package onpaper_test

import (
	"testing"
	"time"
)

// TestSheetsOfWhoLeft: who is taken out or blocked after the sheets were printed wrote on theirs all the same. It is typed, told apart in
// words, and counts; and nobody who has a sheet goes without a trace.
func TestSheetsOfWhoLeft(t *testing.T) {
	each(t, 6, func(w *world) {
		w.prepare(before, 0)
		people, err := w.Measurements.Participants(w.Ctx, w.Admin, w.m.ID)
		w.No(err)
		gone, err := w.Measurements.TakeOut(w.Ctx, w.Admin, w.m.ID, people[0].ID, true)
		w.No(err)
		if gone {
			t.Error("somebody with a printed sheet left no trace")
		}
		w.No(w.App.Identity.Block(w.Ctx, w.Admin, people[1].PersonID))
		w.Clock.Advance(5 * time.Hour)
		rows := w.grid(before, 1).Rows
		if len(rows) != 6 || !rows[0].Out || rows[0].Blocked || !rows[1].Blocked || rows[1].Out || rows[2].Out || rows[2].Blocked {
			t.Fatalf("%+v", rows)
		}
		w.whole(before, w.Clock.Now(), func(string) int { return 4 })
		if x := w.wave(before); x.Entered != 6 {
			t.Errorf("%+v", x)
		}
		if n := measuredAll[int](w, `SELECT SUM(before) FROM result_tally WHERE measurement_id = ?`, w.m.ID); n[0] != 6 {
			t.Errorf("%d results", n[0])
		}
		w.prepare(after, 0) // nobody who left is asked again
		if rows := w.grid(after, 1).Rows; len(rows) != 4 {
			t.Errorf("%d sheets for the test after", len(rows))
		}
	})
}
