package evidence_test

import (
	"math"
	"testing"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/gain"
	"ostoja/internal/item"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement"
	"ostoja/internal/testrig/measured"
)

// fillAnswers fills a sitting before of form A for each of the shares: of the first item, which nobody answered where it is missing,
// and always 1 of the second. One that is nothing at all has no answer rows.
func (w *world) fillAnswers(m measurement.Measurement, shares []float64, empty int) {
	w.T.Helper()
	form := w.Test.Forms[0]
	list := make([]measured.Planted, len(shares)+empty)
	for i := range list {
		list[i] = measured.Planted{Measurement: m, Pre: missing, Post: missing}
	}
	ids := w.Plant(list...)
	w.No(w.DB.Update(w.Ctx, func(tx *db.Tx) error {
		for i, participantID := range ids {
			f := measurement.Filled{ParticipantID: participantID, Wave: measurement.Before, State: measurement.Done, FormID: form.ID, At: measured.Start.Add(time.Duration(i) * time.Minute), Percent: 50}
			if i < len(shares) {
				f.Versions, f.Answers, f.Shares = form.Items[1:2], []item.Answer{{Chosen: []string{"a"}}}, []float64{1}
				if !gain.IsMissing(shares[i]) {
					option := form.Versions[0].Content.Options[0].ID
					if shares[i] == 0 {
						option = form.Versions[0].Content.Options[1].ID
					}
					f.Versions, f.Answers, f.Shares = form.Items[:2], append([]item.Answer{{Chosen: []string{option}}}, f.Answers...), append([]float64{shares[i]}, f.Shares...)
				}
			}
			if err := w.Measurements.FillSitting(w.Ctx, tx, f); err != nil {
				return err
			}
		}
		return nil
	}))
}

// What is not answered is worth 0 in the facility that forms are balanced by, as it is in the item analysis; sittings of which no
// answers are kept are in neither.
func TestUnansweredItemsCountAlikeEverywhere(t *testing.T) {
	each(t, func(w *world) {
		m := w.Attach()
		shares := make([]float64, 40)
		for i := range shares {
			shares[i] = missing
			if i%4 == 0 {
				shares[i] = 1
			}
		}
		w.fillAnswers(m, shares, 20)
		a, err := w.Evidence.AnalyseForm(w.Ctx, w.Admin, &w.Test, "A", []measurement.Wave{measurement.Before})
		w.No(err)
		if a.N != 40 || math.Abs(a.Items[0].Facility-.25) > 1e-9 || a.Most {
			w.T.Errorf("%d sittings, facility %v", a.N, a.Items[0].Facility)
		}
		// The same items on both forms of a test are balanced by the same number; here only A was sat, so compare with one whose items were.
		test := w.Test
		test.Forms = []itembank.Form{{Versions: w.Test.Forms[0].Versions[:1]}, {Versions: w.Test.Forms[0].Versions[1:2]}}
		b, err := w.Bank.Balance(w.Ctx, &test)
		w.No(err)
		if math.Abs(b.Facility-.75) > 1e-9 {
			w.T.Errorf("the facilities are %v apart, not 0.75", b.Facility)
		}
	})
}

// The score of one person, or of a few, who chose an option is nobody's business.
func TestFewWhoChoseAreNotShown(t *testing.T) {
	each(t, func(w *world) {
		m := w.Attach()
		w.fillAnswers(m, []float64{1, 1, 1, 1, 1, 1, 0, 0, 0, 0}, 0)
		a, err := w.Evidence.AnalyseForm(w.Ctx, w.Admin, &w.Test, "A", []measurement.Wave{measurement.Before})
		w.No(err)
		c := a.Items[0].Choices
		if c[0].N != 6 || gain.IsMissing(c[0].Rest) || c[1].N != 4 || !gain.IsMissing(c[1].Rest) {
			w.T.Errorf("%+v", c)
		}
	})
}
