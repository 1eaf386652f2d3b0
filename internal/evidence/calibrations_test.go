package evidence_test

import (
	"testing"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/item"
	"ostoja/internal/measurement"
	"ostoja/internal/testrig/measured"
)

// sitPairs fills sittings before of form A, of which every second knows the first two items and the others neither.
func (w *world) sitPairs(m measurement.Measurement, n int) {
	w.T.Helper()
	form := w.Test.Forms[0]
	list := make([]measured.Planted, n)
	for i := range list {
		list[i] = measured.Planted{Measurement: m, Pre: missing, Post: missing}
	}
	ids := w.Plant(list...)
	w.No(w.DB.Update(w.Ctx, func(tx *db.Tx) error {
		for i, participantID := range ids {
			share := float64(i % 2)
			if err := w.Measurements.FillSitting(w.Ctx, tx, measurement.Filled{
				ParticipantID: participantID, Wave: measurement.Before, State: measurement.Done, FormID: form.ID, At: measured.Start.Add(time.Duration(i) * time.Minute), Percent: 50,
				Versions: form.Items[:2], Answers: []item.Answer{{Chosen: []string{"a"}}, {Chosen: []string{"a"}}}, Shares: []float64{share, share},
			}); err != nil {
				return err
			}
		}
		return nil
	}))
}

// A report says how many items are not known well enough yet, and says so anew as soon as one more form is handed in.
func TestAReportSaysHowWellItsItemsAreKnown(t *testing.T) {
	each(t, func(w *world) {
		m := w.Attach()
		matched := make([]measured.Planted, 20)
		for i := range matched {
			matched[i] = measured.Planted{Measurement: m, Pre: 40, Post: 60 + float64(i%3)}
		}
		w.Plant(matched...)
		open := func() (open, all int) {
			w.T.Helper()
			r := w.Report(measurement.Months3)
			return r.Items.Open, r.Items.Items
		}
		w.sitPairs(m, 99)
		for range 2 {
			if n, all := open(); n != all || all == 0 {
				w.T.Errorf("99 answers: %d of %d items are open", n, all)
			}
		}
		w.sitPairs(m, 1)
		if n, all := open(); n != all-2 {
			w.T.Errorf("100 answers: %d of %d items are open", n, all)
		}
	})
}
