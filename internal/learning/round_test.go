package learning_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/learning/learningtest"
)

// rounds returns a person's rounds of the small course, in order, as the latest counted negative.
func rounds(w *learningtest.World, personID string) (list []int) {
	w.T.Helper()
	type row struct {
		Round  int
		Latest bool
	}
	rows, err := db.All[row](w.T.Context(), w.DB, `SELECT round, latest FROM enrolment WHERE person_id = ? AND course_id = 'small' ORDER BY round`, personID)
	if err != nil {
		w.T.Fatal(err)
	}
	for _, r := range rows {
		if r.Latest {
			r.Round = -r.Round
		}
		list = append(list, r.Round)
	}
	return list
}

// TestOneRoundIsTheLatest holds after a second round, for nobody else, and when many ask for it at once.
func TestOneRoundIsTheLatest(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, a, other, coordinator := w.T.Context(), w.Person(), w.Person(), w.Person(access.Coordinator)
		e := w.Enrol(a)
		w.Enrol(other)
		if got := rounds(w, a.PersonID); !slices.Equal(got, []int{-1}) {
			w.T.Errorf("after the first: %v", got)
		}
		if err := w.Learning.Withdraw(ctx, coordinator, e.ID); err != nil {
			w.T.Fatal(err)
		}
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				if _, err := w.Learning.Enrol(ctx, a, "small", "pl"); err != nil {
					w.T.Error(err)
				}
				if _, err := w.Learning.EnrolMany(ctx, coordinator, "small", []string{a.PersonID}); err != nil {
					w.T.Error(err)
				}
			})
		}
		group.Wait()
		if got := rounds(w, a.PersonID); !slices.Equal(got, []int{1, -2}) {
			w.T.Errorf("after the second: %v", got)
		}
		if got := rounds(w, other.PersonID); !slices.Equal(got, []int{-1}) {
			w.T.Errorf("somebody else's: %v", got)
		}
		if err := w.DB.Update(ctx, func(tx *db.Tx) error {
			return db.Exec(ctx, tx, `UPDATE enrolment SET latest = TRUE WHERE person_id = ?`, a.PersonID)
		}); !db.IsUnique(err) {
			w.T.Errorf("two latest rounds: %v", err)
		}
	})
}

func TestNobodyIsRemindedTwice(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, a, other, coordinator := w.T.Context(), w.Person(), w.Person(), w.Person(access.Coordinator)
		e, o := w.Enrol(a), w.Enrol(other)
		const week = 7 * 24 * time.Hour
		remind := func(enrolmentID string) (noted bool) {
			w.T.Helper()
			err := w.DB.Update(ctx, func(tx *db.Tx) (err error) {
				noted, err = w.Learning.Reminded(ctx, tx, enrolmentID, w.Clock.Now().Add(-week))
				return err
			})
			if err != nil {
				w.T.Fatal(err)
			}
			return noted
		}
		if !remind(e.ID) || remind(e.ID) || !remind(o.ID) {
			w.T.Error("each is reminded once")
		}
		w.Clock.Advance(week - time.Microsecond)
		if remind(e.ID) {
			w.T.Error("reminded within a week")
		}
		w.Clock.Advance(time.Microsecond)
		if !remind(e.ID) {
			w.T.Error("not reminded after a week")
		}
		// Another round of the same person counts: here the first, which was withdrawn.
		if err := w.Learning.Withdraw(ctx, coordinator, e.ID); err != nil {
			w.T.Fatal(err)
		}
		if w.Clock.Advance(2 * week); remind(e.ID) {
			w.T.Error("reminded of a round that was withdrawn")
		}
		w.Exec(`UPDATE enrolment SET reminded_at = ? WHERE id = ?`, w.Clock.Now().Add(-time.Hour), e.ID)
		second := w.Enrol(a)
		if second.Round != 2 || remind(second.ID) {
			w.T.Errorf("reminded of round %d an hour after another", second.Round)
		}
		if w.Clock.Advance(week); !remind(second.ID) {
			w.T.Error("the second round is not reminded of")
		}
		w.Exec(`UPDATE enrolment SET passed_at = ? WHERE id = ?`, w.Clock.Now(), o.ID)
		if w.Clock.Advance(2 * week); remind(o.ID) || remind("none") {
			w.T.Error("reminded of a round that was passed, or of none")
		}
	})
}
