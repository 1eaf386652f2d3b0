package report_test

import (
	"testing"

	"ostoja/internal/classroom/attendance"
	"ostoja/internal/list"
	"ostoja/internal/project"
	"ostoja/internal/project/fund"
	"ostoja/internal/report"
	"ostoja/internal/testrig"
	"ostoja/internal/testrig/modelled"
)

// model plants the model programme, two of whose trainings another project shares.
func model(t *testing.T, w *testrig.World) (projectID, otherID string) {
	t.Helper()
	otherID = testrig.Must(w.Projects.Create(t.Context(), w.Coordinator, project.Draft{Name: "Drugi projekt", UnitID: w.Office, FirstDay: "2026-01-01", LastDay: "2026-12-31"}))(t)
	w.OK(w.Projects.AddPeriod(t.Context(), w.Coordinator, otherID, "2026-12-31"))
	w.OK(w.Projects.SetShares(t.Context(), w.Coordinator, otherID, []project.Share{{FundID: "isf-2021", Share: 10000}}))
	return modelled.Plant(t, modelled.Place{
		App: w.App, DB: w.DB, Clock: w.Clock, Coordinator: w.Coordinator, Office: w.Office, CourseID: testrig.SmallCourse, OtherID: otherID,
		Units: map[string]string{"terespol": w.Terespol, "chelm": w.Chelm, "office": w.Office},
	}), otherID
}

// TestTheModelProgramme: every figure of every period, and since the beginning, is what figures.py counts from the files alone.
func TestTheModelProgramme(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, want := t.Context(), modelled.Read(t)
		projectID, otherID := model(t, w)
		for number := range modelled.Periods {
			number++
			table := testrig.Must(w.Reports.Table(ctx, w.Coordinator, projectID, number))(t)
			for _, x := range table.Sheets {
				of := want.AMIF
				if x.Rules.ID == modelled.Model {
					of = want.Model
				}
				figuresAgree(t, x, of, want, number)
			}
			_, coverages, err := w.Reports.Coverages(ctx, w.Coordinator, projectID, number)
			w.OK(err)
			proofsAgree(t, coverages, want, number)
		}
		_, coverages, err := w.Reports.Coverages(ctx, w.Coordinator, projectID, 0)
		w.OK(err)
		proofsAgree(t, coverages, want, 0)
		// Of a training that two projects share, both count the people; the days are split.
		_, shared, err := w.Reports.Coverages(ctx, w.Coordinator, otherID, 0)
		w.OK(err)
		if shared[0].People == 0 {
			t.Error("the other project counts nobody")
		}
	})
}

func figuresAgree(t *testing.T, x report.Sheet, of map[int]modelled.Figures, want modelled.Expected, number int) {
	t.Helper()
	sum := modelled.Figures{}
	var said struct{ Answered, Useful, Asked, Yes, No int }
	admitted := 0
	for n := 1; n <= number; n++ {
		f, r := of[n], want.Reactions[n]
		sum.Participants, sum.Participations, sum.PersonDays = sum.Participants+f.Participants, sum.Participations+f.Participations, sum.PersonDays+f.PersonDays
		sum.Certificates, sum.Trainings = sum.Certificates+f.Certificates, sum.Trainings+f.Trainings
		said.Answered, said.Useful, said.Asked, said.Yes, said.No = said.Answered+r.Answered, said.Useful+r.Useful, said.Asked+r.Asked, said.Yes+r.Yes, said.No+r.No
		admitted += want.Guardians[n]
	}
	now, r := of[number], want.Reactions[number]
	if x.Active != now.Active || x.Whole != sum.Participants || x.People.N != float64(now.Participants) {
		t.Errorf("%s %d: active %d, whole %d, people %+v; want %+v, %+v", x.Rules.ID, number, x.Active, x.Whole, x.People, now, sum)
	}
	for _, row := range x.Rows {
		var period, whole float64
		switch row.Indicator.ID {
		case "participants":
			period, whole = float64(now.Participants), float64(sum.Participants)
		case "participations":
			period, whole = float64(now.Participations), float64(sum.Participations)
		case "days":
			period, whole = now.PersonDays, sum.PersonDays
		case "certificates":
			period, whole = float64(now.Certificates), float64(sum.Certificates)
		case "trainings":
			period, whole = float64(now.Trainings), float64(sum.Trainings)
		case "useful":
			period, whole = float64(r.Useful), float64(said.Useful)
		case "useful-percent":
			whole = 100 * float64(said.Useful) / float64(said.Answered)
			if r.Answered > 0 {
				period = 100 * float64(r.Useful) / float64(r.Answered)
			}
		case "used-later":
			period, whole = float64(r.Yes), float64(said.Yes)
			if row.Cumulative.Low != float64(said.Yes) || row.Cumulative.High != float64(said.Asked-said.No) {
				t.Errorf("%s %d: bounds %+v, want %+v", x.Rules.ID, number, row.Cumulative, said)
			}
		case "guardians":
			period, whole = float64(want.Guardians[number]), float64(admitted)
		default:
			t.Errorf("%s is not checked", row.Indicator.ID)
		}
		if !near(row.Period.N, period) || !near(row.Cumulative.N, whole) {
			t.Errorf("%s %s, period %d: %v and %v, want %v and %v", x.Rules.ID, row.Indicator.ID, number, row.Period.N, row.Cumulative.N, period, whole)
		}
	}
}

// near allows for sums of shares in another order.
func near(a, b float64) bool { return a-b < 1e-9 && b-a < 1e-9 }

func proofsAgree(t *testing.T, list []report.Coverage, want modelled.Expected, number int) {
	t.Helper()
	if len(list) != 2 {
		t.Fatalf("%d coverages", len(list))
	}
	for _, c := range list {
		of := want.AMIF
		if c.Rules.ID == modelled.Model {
			of = want.Model
		}
		x := of[number]
		if c.People != x.Participants || c.Complete != x.Complete {
			t.Errorf("%s %d: %d people, %d complete; want %d and %d", c.Rules.ID, number, c.People, c.Complete, x.Participants, x.Complete)
		}
		for _, proof := range []fund.Proof{fund.ProofNotice, fund.ProofEnrolment, fund.ProofSignature, fund.ProofTest, fund.ProofCertificate} {
			if c.With[proof] != x.Proofs[string(proof)] {
				t.Errorf("%s %d: %s of %d, want %d", c.Rules.ID, number, proof, c.With[proof], x.Proofs[string(proof)])
			}
		}
	}
}

// TestALateCorrection: what is corrected of a room after a period was handed in changes neither what was handed in nor any other period; the page says that it is counted
// otherwise now.
func TestALateCorrection(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		projectID, _ := model(t, w)
		period := testrig.Must(w.Projects.Page(ctx, w.Coordinator, projectID))(t).Periods[0]
		w.OK(w.Projects.OpenPeriod(ctx, w.Coordinator, projectID, period.ID, "sprawozdanie"))
		testrig.Must(w.Reports.HandIn(ctx, w.Coordinator, projectID, period.ID))(t)
		w.OK(w.Projects.LockPeriod(ctx, w.Coordinator, projectID, period.ID))
		before := rowsOf(t, w, projectID)
		one, _, _, err := w.Reports.People(ctx, w.Coordinator, projectID, report.Filter{FundID: modelled.AMIF, Period: 1, Text: "Osoba p031", Window: list.Window{Page: 1, Size: 10}})
		w.OK(err)
		if len(one) != 1 || one[0].Kind != project.Training {
			t.Fatalf("%+v", one)
		}
		for _, session := range testrig.Must(w.Classroom.Sessions(ctx, w.Coordinator, one[0].SubjectID))(t) {
			testrig.Must(w.Attendance.Save(ctx, w.Coordinator, session.ID, "", []attendance.Change{{Who: one[0].AccountID, State: attendance.Absent, Seen: attendance.Present}}))(t)
		}
		after := rowsOf(t, w, projectID)
		for n := range before {
			for i, was := range before[n] {
				is, changes := after[n][i], map[string]bool{"participants": true, "participations": true, "days": true, "certificates": was.Period.N != after[n][i].Period.N}[was.Indicator.ID]
				if n == 0 && (is.Changed() != changes || was.Figure.Value != nil && *is.Figure.Value != *was.Figure.Value) {
					t.Errorf("%s: changed %v, handed in %v, then %v", is.Indicator.ID, is.Changed(), was.Figure.Value, is.Figure.Value)
				}
				if n > 0 && was.Period.N != is.Period.N {
					t.Errorf("%s of period %d: %v, then %v", is.Indicator.ID, n+1, was.Period.N, is.Period.N)
				}
				if is.Indicator.ID == "participants" && is.Cumulative.N != was.Cumulative.N-1 {
					t.Errorf("since the beginning, period %d: %v, then %v", n+1, was.Cumulative.N, is.Cumulative.N)
				}
			}
		}
	})
}

// rowsOf are the rows of the fund that has all figures, of each period.
func rowsOf(t *testing.T, w *testrig.World, projectID string) (list [][]report.Row) {
	t.Helper()
	for n := range modelled.Periods {
		for _, x := range testrig.Must(w.Reports.Table(t.Context(), w.Coordinator, projectID, n+1))(t).Sheets {
			if x.Rules.ID == modelled.Model {
				list = append(list, x.Rows)
			}
		}
	}
	return list
}
