package evidence_test

import (
	"testing"

	"ostoja/internal/db/dbtest"
	"ostoja/internal/evidence"
	"ostoja/internal/measurement"
)

// TestNoFailureIsSilent: a report of which something could not be read is an error, never one of fewer people.
func TestNoFailureIsSilent(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	m := w.Attach()
	a := w.Person("Zofia", "Uczestna")
	w.Enrol(a)
	w.Sit(w.Task(a, measurement.Before), 8)
	only := func(_ any, err error) error { return err }
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "report", Do: func() error {
			return only(w.Evidence.Report(w.Ctx, w.Admin, evidence.Query{Family: w.Test.Family}))
		}},
		{Name: "report of a group", Do: func() error {
			return only(w.Evidence.Report(w.Ctx, w.Admin, evidence.Query{Family: w.Test.Family, Wave: measurement.Week, By: evidence.ByService, Group: w.Unit}))
		}},
		{Name: "analysis", Do: func() error {
			return only(w.Evidence.AnalyseForm(w.Ctx, w.Admin, &w.Test, "A", []measurement.Wave{measurement.Before}))
		}},
		{Name: "plan", Do: func() error { return only(w.Evidence.Plan(w.Ctx, w.Admin, m.TestID)) }},
		{Name: "headlines", Do: func() error {
			return only(w.Evidence.Headlines(w.Ctx, []string{m.TestID}, []measurement.Tally{{TestID: m.TestID}}))
		}},
	})
}
