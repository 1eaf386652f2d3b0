package onpaper_test

import (
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/evidence"
	"ostoja/internal/measurement/onpaper"
)

// TestTheReportSaysHowMuchWasReadTwice: with its whole, after the batch is handed in, of the reader's own people, and not of a few.
func TestTheReportSaysHowMuchWasReadTwice(t *testing.T) {
	each(t, 11, func(w *world) {
		report := func(a access.Actor, by evidence.Dimension) evidence.Report {
			w.T.Helper()
			q := evidence.Query{Family: w.Test.Family, By: by}
			if by != "" {
				q.Group = w.Unit
			}
			r, err := w.Evidence.Report(w.Ctx, a, q)
			w.No(err)
			return r
		}
		w.prepare(before, 0)
		w.Clock.Advance(26 * time.Hour)
		w.all(w.Admin, before, 1, func(string) int { return 4 })
		_, err := w.s.Draw(w.Ctx, w.Admin, w.m.ID, before, w.Clock.Now())
		w.No(err)
		if r := report(w.Admin, ""); r.Twice != (onpaper.Twice{}) {
			w.T.Errorf("before the second reading: %+v", r.Twice)
		}
		w.all(w.Second, before, 2, func(string) int { return 4 })
		w.prepare(after, 0)
		w.Clock.Advance(3 * 24 * time.Hour)
		w.whole(after, w.Clock.Now(), func(string) int { return 9 })
		want := onpaper.Twice{People: 11, Sheets: 22, Read: 4}
		for _, h := range append(w.grid(before, 1).Rows, w.grid(after, 1).Rows...) {
			if h.Drawn {
				want.Cells += len(h.Questions)
			}
		}
		if r := report(w.Admin, ""); r.Small || r.Twice != want || want.Cells == 0 {
			w.T.Errorf("small %v, %+v and not %+v", r.Small, r.Twice, want)
		}
		if r := report(w.Admin, evidence.ByService); r.Twice != (onpaper.Twice{}) {
			w.T.Errorf("of one group: %+v", r.Twice)
		}
		elsewhere := w.Within(access.Coordinator, w.NewUnit("", "Inna służba"))
		got, err := onpaper.TwiceOf(w.Ctx, w.DB, elsewhere, []string{w.m.TestID}, nil)
		if err != nil || got != (onpaper.Twice{}) {
			w.T.Errorf("another unit's coordinator reads %+v, %v", got, err)
		}
	})
}
