package evidence_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/evidence"
	"ostoja/internal/gain"
	"ostoja/internal/measurement"
	"ostoja/internal/testrig/measured"
)

// goldenHalves are the twelve of docs/evidence.md, of whom the first six began with A.
func goldenHalves(m measurement.Measurement) []measured.Planted {
	list := measured.GoldenLearners(m)
	for i := range list {
		list[i].First = []string{"A", "B"}[i/6]
	}
	return list
}

func lostWith(m measurement.Measurement, scores ...float64) (list []measured.Planted) {
	for _, pre := range scores {
		list = append(list, measured.Planted{Measurement: m, Region: "06", Sex: "f", Lang: "pl", Pre: pre, Post: missing, Closed: true})
	}
	return list
}

func TestTheLostAndTheFormComeOutOfTheStore(t *testing.T) {
	each(t, func(w *world) {
		m := w.Attach()
		w.Plant(slices.Concat(goldenHalves(m), lostWith(m, 30, 35, 40, 25), []measured.Planted{{Measurement: m, Region: "06", Sex: "f", Lang: "pl", Pre: 5, Post: missing}})...)
		r := w.Report(measurement.Months3)
		c := r.Forms
		if c == nil || c.FirstA != 6 || c.FirstB != 6 {
			w.T.Fatalf("%+v", c)
		}
		near(w.T, "form effect", c.FormEffect.Value, 2.50, 0.005)
		near(w.T, "its lower bound", c.FormEffect.Low, -1.10, 0.005)
		near(w.T, "gain free of it", c.FreeOfForm.Value, 26.67, 0.005)
		near(w.T, "its upper bound", c.FreeOfForm.High, 30.27, 0.005)
		// Four are too few for their scores: what is told needs none of them. Who can still sit the test after is not lost.
		a := r.Group.Attrition
		if !r.Group.AttritionHidden || a.Lost != 4 || !gain.IsMissing(a.MeanPre) || !gain.IsMissing(a.Regression.Value) || !gain.IsMissing(a.Worst) {
			w.T.Errorf("of four: %+v", a)
		}
		near(w.T, "if they gained nothing", a.NothingGained, 20.00, 0.005)
		if r.Trainings != nil {
			w.T.Errorf("one course is pooled: %+v", r.Trainings)
		}
		w.Plant(lostWith(m, 20)...)
		r = w.Report(measurement.Months3)
		var pairs []gain.Pair
		for _, p := range measured.GoldenLearners(m) {
			pairs = append(pairs, gain.Pair{Pre: p.Pre, Post: p.Post})
		}
		if want := gain.AttritionOf(pairs, []float64{30, 35, 40, 25, 20}); r.Group.AttritionHidden || r.Group.Attrition.Lost != 5 {
			w.T.Errorf("of five: %+v", r.Group.Attrition)
		} else {
			near(w.T, "mean before of the lost", r.Group.Attrition.MeanPre, 30, 1e-9)
			near(w.T, "regression", r.Group.Attrition.Regression.Value, want.Regression.Value, 1e-9)
			near(w.T, "its lower bound", r.Group.Attrition.Regression.Low, want.Regression.Low, 1e-9)
		}
		narrow, err := w.Evidence.Report(w.Ctx, w.Admin, evidence.Query{Family: w.Test.Family, By: evidence.ByRegion, Group: "06"})
		w.No(err)
		if narrow.Forms != nil || narrow.FollowUp != nil || narrow.Group.AttritionHidden || narrow.Group.Attrition.Lost != 5 {
			w.T.Errorf("of the region: %+v, %+v", narrow.Forms, narrow.Group.Attrition)
		}
	})
}

// Whom the follow-up lost is told where they are five or more, and so is what that does to what was found then.
func TestWhomTheFollowUpLost(t *testing.T) {
	each(t, func(w *world) {
		m := w.Attach()
		list := slices.Concat(goldenHalves(m), lostWith(m, 30, 35, 20, 25, 40))
		for i := range list[:12] {
			list[i].Closed = true
		}
		w.Plant(list...)
		f := w.Report(measurement.Months3).FollowUp
		if f != nil { // three of the twelve whom the follow-up missed are too few
			w.T.Errorf("twelve less nine are three: %+v", f)
		}
		for _, pre := range []float64{40, 45, 50} {
			w.Plant(measured.Planted{Measurement: m, Region: "06", Sex: "f", Lang: "pl", Pre: pre, Post: pre + 25, Later: measured.At3(missing), Closed: true, First: "B"})
		}
		if f = w.Report(measurement.Months3).FollowUp; f == nil || f.Attrition.Lost != 11 || f.Attrition.Matched != 9 {
			w.T.Fatalf("%+v", f)
		}
		near(w.T, "against before", f.Difference.Value, 72.2222-52.7778, 0.0001)
		near(w.T, "mean before of the lost", f.Attrition.MeanPre, (50+50+55+30+35+20+25+40+40+45+50)/11.0, 1e-9)
		if other := w.Report(measurement.Months6).FollowUp; other != nil {
			w.T.Errorf("of a follow-up that nobody sat: %+v", other)
		}
	})
}

// Trainings are weighed by how sure each is, and not by how many they are.
func TestTrainingsArePooled(t *testing.T) {
	each(t, func(w *world) {
		w.Approve()
		var list []measured.Planted
		for k, m := range []measurement.Measurement{w.Trained("Pierwsze", "A", w.Unit), w.Trained("Drugie", "A", w.Unit)} {
			for i := range 6 {
				list = append(list, measured.Planted{Measurement: m, Region: "06", Sex: "f", Lang: "pl", Pre: 40, Post: 60 + float64(10*k) + float64((1+k)*(i%2)), First: "A"})
			}
		}
		w.Plant(list...)
		r := w.Report(measurement.Months3)
		if r.Trainings == nil || r.Trainings.K != 2 {
			w.T.Fatalf("%+v", r.Trainings)
		}
		near(w.T, "pooled", r.Trainings.Value, (20.5+31.0/4)/1.25, 1e-9)
		if r.Forms != nil {
			w.T.Errorf("everybody began with A: %+v", r.Forms)
		}
		if len(r.Topics) == 0 || r.Topics[0].Moved.Up != 12 || r.Topics[0].Moved.N != 12 {
			w.T.Errorf("who moved over the cut: %+v", r.Topics)
		}
	})
}

// What a measurement needs is told of the spread that was found, within the reader's reach, or else of an assumed one.
func TestThePlanOfAMeasurement(t *testing.T) {
	each(t, func(w *world) {
		m := w.Attach()
		var list []measured.Planted
		for i := range 20 {
			list = append(list, measured.Planted{Measurement: m, Region: "06", Sex: "f", Lang: "pl", Pre: 40, Post: 60 + float64(i%2)*10})
		}
		assumed := evidence.Plan{SD: evidence.AssumedSpread, Small: 73, Large: 20}
		plan := func(actor access.Actor, want evidence.Plan) {
			w.T.Helper()
			got, err := w.Evidence.Plan(w.Ctx, actor, m.TestID)
			w.No(err)
			if got.From != want.From || got.Small != want.Small || got.Large != want.Large || math.Abs(got.SD-want.SD) > 1e-6 {
				w.T.Errorf("%+v, not %+v", got, want)
			}
		}
		plan(w.Admin, assumed)
		w.Plant(list[1:]...)
		plan(w.Admin, assumed) // nineteen are too few
		w.Plant(list[0])
		plan(w.Admin, evidence.Plan{From: 20, SD: math.Sqrt(500.0 / 19), Small: 11, Large: 5})
		plan(w.Within(access.Coordinator, w.NewUnit("", "Inna")), assumed)
		plan(access.Actor{}, assumed)
		if _, err := w.Evidence.Plan(w.Ctx, w.Admin, "none"); !errors.Is(err, errs.ErrNotFound) {
			w.T.Errorf("of no test: %v", err)
		}
	})
}
