package freeze_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"ostoja/internal/list"
	"ostoja/internal/report"
	"ostoja/internal/report/freeze"
	"ostoja/internal/testrig"
	"ostoja/internal/testrig/modelled"
)

// TestTheModelProgrammeIsFrozen: the packages of the model programme say what was counted without the program, have the same bytes when they are made again, and a person
// who turns out to be own staff is named in the next one as corrected since, without a change of the first.
func TestTheModelProgrammeIsFrozen(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, want := t.Context(), modelled.Read(t)
		p := &programme{World: w, id: modelled.Plant(t, modelled.Place{
			App: w.App, DB: w.DB, Clock: w.Clock, Coordinator: w.Coordinator, Office: w.Office, CourseID: testrig.SmallCourse,
			Units: map[string]string{"terespol": w.Terespol, "chelm": w.Chelm, "office": w.Office},
		})}
		p.periods = testrig.Must(w.Projects.Page(ctx, w.Coordinator, p.id))(t).Periods
		p.approve(1)
		f, first := p.freeze(1)
		if again := testrig.Must(w.Node().Freeze.Rebuild(ctx, w.Reviewer, p.id, f.ID))(t); !bytes.Equal(first, again) {
			t.Error("made again, the package has other bytes")
		}
		var d freeze.Document
		w.OK(json.Unmarshal(files(t, first)["report.json"], &d))
		for _, x := range d.Funds {
			of := want.AMIF[1]
			if x.ID == modelled.Model {
				of = want.Model[1]
			}
			says(t, x, map[string]float64{"participants": float64(of.Participants), "participations": float64(of.Participations), "days": of.PersonDays, "certificates": float64(of.Certificates), "trainings": float64(of.Trainings)})
		}
		// Somebody who passed the course in April, and took nothing else.
		found, _, _, err := w.Reports.People(ctx, w.Coordinator, p.id, report.Filter{FundID: modelled.AMIF, Period: 1, Text: "Osoba e065", Window: list.Window{Page: 1, Size: 10}})
		w.OK(err)
		if len(found) != 1 {
			t.Fatalf("%d people", len(found))
		}
		w.OK(w.Projects.SetStaff(ctx, w.Coordinator, p.id, found[0].PersonID, true))
		p.approve(2)
		_, second := p.freeze(2)
		d = testrig.Must(freeze.Verify(second, w.Freeze.Fingerprint()))(t).Document
		corrected := map[string]int{}
		for _, c := range d.Corrected {
			if c.Indicator == "participants" && c.Of == freeze.OfPeriod && *c.Was == *c.Is+1 {
				corrected[c.Fund]++
			}
		}
		if corrected[modelled.AMIF] != 1 || corrected[modelled.Model] != 1 {
			t.Errorf("corrected: %+v", d.Corrected)
		}
		for _, x := range d.Funds {
			of := want.AMIF
			if x.ID == modelled.Model {
				of = want.Model
			}
			for _, i := range x.Indicators {
				if i.ID == "participants" && (*i.Period != float64(of[2].Participants) || *i.Cumulative != float64(of[1].Participants+of[2].Participants-1)) {
					t.Errorf("%s: %v and %v", x.ID, *i.Period, *i.Cumulative)
				}
			}
		}
		if _, kept, err := w.Freeze.Download(ctx, w.Reviewer, p.id, f.ID, ""); err != nil || !bytes.Equal(kept, first) {
			t.Errorf("the first package changed, %v", err)
		}
	})
}

func says(t *testing.T, x freeze.Fund, want map[string]float64) {
	t.Helper()
	for _, i := range x.Indicators {
		if n, ok := want[i.ID]; ok && (i.Period == nil || *i.Period != n) {
			t.Errorf("%s %s: %v, want %v", x.ID, i.ID, i.Period, n)
		}
	}
}
