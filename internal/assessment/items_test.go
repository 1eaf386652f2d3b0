package assessment_test

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/assessment"
	"ostoja/internal/course"
	"ostoja/internal/db"
)

// fillAnswers fills a sitting before of form A for each of the shares: of the first item, which nobody answered where it is missing,
// and always 1 of the second. One that is nothing at all has no answer rows.
func (w *world) fillAnswers(m assessment.Measurement, shares []float64, empty int) {
	w.t.Helper()
	form := w.test.Forms[0]
	list := make([]planted, len(shares)+empty)
	for i := range list {
		list[i] = planted{measurement: m, pre: missing, post: missing}
	}
	ids := w.plant(list...)
	w.no(w.d.Update(w.ctx, func(tx *db.Tx) error {
		for i, participantID := range ids {
			f := assessment.Filled{ParticipantID: participantID, Wave: assessment.Before, State: assessment.Done, FormID: form.ID, At: start.Add(time.Duration(i) * time.Minute), Percent: 50}
			if i < len(shares) {
				f.Versions, f.Answers, f.Shares = form.Items[1:2], []course.Answer{{Chosen: []string{"a"}}}, []float64{1}
				if !assessment.IsMissing(shares[i]) {
					option := form.Versions[0].Content.Options[0].ID
					if shares[i] == 0 {
						option = form.Versions[0].Content.Options[1].ID
					}
					f.Versions, f.Answers, f.Shares = form.Items[:2], append([]course.Answer{{Chosen: []string{option}}}, f.Answers...), append([]float64{shares[i]}, f.Shares...)
				}
			}
			if err := w.s.FillSitting(w.ctx, tx, f); err != nil {
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
		m := w.attach()
		shares := make([]float64, 40)
		for i := range shares {
			shares[i] = missing
			if i%4 == 0 {
				shares[i] = 1
			}
		}
		w.fillAnswers(m, shares, 20)
		a, err := w.s.AnalyseForm(w.ctx, w.admin, &w.test, "A", []assessment.Wave{assessment.Before})
		w.no(err)
		if a.N != 40 || math.Abs(a.Items[0].Facility-.25) > 1e-9 || a.Most {
			w.t.Errorf("%d sittings, facility %v", a.N, a.Items[0].Facility)
		}
		// The same items on both forms of a test are balanced by the same number; here only A was sat, so compare with one whose items were.
		test := w.test
		test.Forms = []assessment.Form{{Versions: w.test.Forms[0].Versions[:1]}, {Versions: w.test.Forms[0].Versions[1:2]}}
		b, err := w.s.Balance(w.ctx, &test)
		w.no(err)
		if math.Abs(b.Facility-.75) > 1e-9 {
			w.t.Errorf("the facilities are %v apart, not 0.75", b.Facility)
		}
	})
}

// The score of one person, or of a few, who chose an option is nobody's business.
func TestFewWhoChoseAreNotShown(t *testing.T) {
	each(t, func(w *world) {
		m := w.attach()
		w.fillAnswers(m, []float64{1, 1, 1, 1, 1, 1, 0, 0, 0, 0}, 0)
		a, err := w.s.AnalyseForm(w.ctx, w.admin, &w.test, "A", []assessment.Wave{assessment.Before})
		w.no(err)
		c := a.Items[0].Choices
		if c[0].N != 6 || assessment.IsMissing(c[0].Rest) || c[1].N != 4 || !assessment.IsMissing(c[1].Rest) {
			w.t.Errorf("%+v", c)
		}
	})
}

// Two people who review the same item at once make one entry in the audit; two who make an item of the same code, one item.
func TestTheBankAtTheSameTime(t *testing.T) {
	each(t, func(w *world) {
		v := w.write("", draft("sygnal-1"))
		actors := []access.Actor{w.second, w.staff("Olga", "Trzecia"), w.staff("Ewa", "Czwarta"), w.staff("Jan", "Piąty")}
		var at sync.WaitGroup
		var mu sync.Mutex
		reviewed, made := 0, 0
		for i, actor := range actors {
			at.Go(func() {
				n, err := w.s.Review(w.ctx, actor, []string{v.ID}, assessment.Approved, "")
				_, isNew, writeErr := w.s.WriteItem(w.ctx, actor, "", func() assessment.Draft {
					d := draft("sygnal-2")
					d.Question["pl"] = fmt.Sprint("Co zauważasz? ", i)
					return d
				}())
				mu.Lock()
				defer mu.Unlock()
				if reviewed += n; err != nil {
					w.t.Error(err)
				}
				if isNew {
					made++
				} else {
					w.refuses("a code that is taken", writeErr, "id", "assessment.item.taken")
				}
			})
		}
		at.Wait()
		entries, err := db.One[int](w.ctx, w.d, `SELECT COUNT(*) FROM audit WHERE action = 'item.review' AND object = ?`, "item:"+v.ItemID)
		if err != nil || reviewed != 1 || entries != 1 || made != 1 {
			w.t.Errorf("%d reviews, %d entries, %d items, %v", reviewed, entries, made, err)
		}
	})
}

func TestTooManyItemsAtOnce(t *testing.T) {
	each(t, func(w *world) {
		drafts := slices.Repeat([]assessment.Draft{draft("sygnal-1")}, assessment.MostTaken+1)
		_, err := w.s.Take(w.ctx, w.admin, drafts)
		w.refuses("a file of too many items", err, "file", "assessment.import.too-many")
	})
}
