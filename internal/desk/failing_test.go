package desk_test

import (
	"iter"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/desk"
	"ostoja/internal/testrig"
)

// TestNoFailureIsSilent: whatever statement fails, whoever looks or acts is told, and nothing of what was done stays.
func TestNoFailureIsSilent(t *testing.T) {
	w := testrig.New(t)
	ctx, s, who, course := t.Context(), w.Desk, w.GuardCoordinator, testrig.SmallCourse
	w.Pass(w.Learner, course)
	e := w.Enrol(w.OtherLearner, course)
	only := func(_ any, err error) error { return err }
	filter := desk.Filter{Unit: w.Guard, Figure: desk.Invited}
	page := desk.Page{Number: 1, Size: 20}
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "home", Do: func() error { return only(s.Home(ctx, who)) }},
		{Name: "course", Do: func() error { return only(s.Course(ctx, course)) }},
		{Name: "overview", Do: func() error { return only(s.Overview(ctx, who, course, filter)) }},
		{Name: "behind", Do: func() error {
			c, err := s.Course(ctx, course)
			if err != nil {
				return err
			}
			return only(s.Behind(ctx, who, c))
		}},
		{Name: "people", Do: func() error {
			_, _, err := s.People(ctx, who, course, filter, desk.Sort{}, page)
			return err
		}},
		{Name: "each person", Do: func() error {
			return s.EachPerson(ctx, who, course, filter, desk.Sort{}, func(rows iter.Seq2[desk.Person, error]) error {
				for _, err := range rows {
					if err != nil {
						return err
					}
				}
				return nil
			})
		}},
		{Name: "record an export", Do: func() error { return s.RecordExport(ctx, who, course, 3, "csv") }},
		{Name: "months", Do: func() error { return only(s.Months(ctx, course)) }},
		{Name: "units", Do: func() error { return only(s.Units(ctx, who, access.DeskRead)) }},
		{Name: "candidates", Do: func() error {
			_, _, err := s.Candidates(ctx, who, course, desk.CandidateFilter{Unit: w.Guard}, page)
			return err
		}},
		{Name: "their ids", Do: func() error { return only(s.CandidateIDs(ctx, who, course, desk.CandidateFilter{Unit: w.Guard})) }},
		{Name: "late", Do: func() error {
			_, _, err := s.Late(ctx, who, course)
			return err
		}},
		{Name: "chosen", Do: func() error { return only(s.Chosen(ctx, who, course, desk.Selection{All: true})) }},
		{Name: "history", Do: func() error { return only(s.History(ctx, who, w.Learner.PersonID)) }},
		{Name: "remind", Do: func() error {
			w.Clock.Advance(30 * 24 * time.Hour)
			return only(s.Remind(ctx, who, course, desk.Selection{Enrolments: []string{e.ID}}))
		}},
	})
}
