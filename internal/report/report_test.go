package report_test

import (
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/approval"
	"ostoja/internal/classroom"
	"ostoja/internal/errs"
	"ostoja/internal/list"
	"ostoja/internal/project"
	"ostoja/internal/project/fund"
	"ostoja/internal/report"
	"ostoja/internal/testrig"
)

// programme is a project in two periods, the second of which is not over yet.
type programme struct {
	*testrig.World
	id    string
	class *testrig.Class
}

const amif = "amif-2021"

func begin(t *testing.T, w *testrig.World) *programme {
	t.Helper()
	ctx := t.Context()
	p := &programme{World: w}
	p.id = testrig.Must(w.Projects.Create(ctx, w.Coordinator, project.Draft{Name: "Szkolenia funkcjonariuszy", UnitID: w.Office, FirstDay: "2026-01-01", LastDay: "2026-12-31"}))(t)
	w.OK(w.Projects.AddPeriod(ctx, w.Coordinator, p.id, "2026-10-22"))
	w.OK(w.Projects.AddPeriod(ctx, w.Coordinator, p.id, "2026-12-31"))
	w.OK(w.Projects.SetShares(ctx, w.Coordinator, p.id, []project.Share{{FundID: amif, Share: 7500}}))
	w.OK(w.Projects.AddPart(ctx, w.Coordinator, p.id, project.Part{Kind: project.Course, SubjectID: testrig.SmallCourse, Share: 100}))
	return p
}

// training adds a training of today to the project, which pays a share of it, and people who are there for both of its half days.
func (p *programme) training(t *testing.T, share int, people ...access.Actor) {
	t.Helper()
	at := p.Clock.Now().Add(time.Hour)
	p.class = p.Class(p.Coordinator, p.Office, classroom.ContentDraft{Title: "Szkolenie"}, "Warszawa",
		testrig.Hours{From: at, Until: at.Add(3 * time.Hour)}, testrig.Hours{From: at.Add(4 * time.Hour), Until: at.Add(7 * time.Hour)})
	p.OK(p.Projects.AddPart(t.Context(), p.Coordinator, p.id, project.Part{Kind: project.Training, SubjectID: p.class.ID, Share: share}))
	p.class.Seat(people...)
	p.Clock.Advance(10 * time.Hour)
	for _, a := range people {
		p.class.Present(0, a, 180)
		p.class.Present(1, a, 180)
	}
	p.class.Close(0, 1)
}

func (p *programme) sheet(t *testing.T, actor access.Actor, period int) (report.Table, report.Sheet) {
	t.Helper()
	table := testrig.Must(p.Reports.Table(t.Context(), actor, p.id, period))(t)
	if len(table.Sheets) != 1 {
		t.Fatalf("%d sheets", len(table.Sheets))
	}
	return table, table.Sheets[0]
}

func row(t *testing.T, x report.Sheet, indicator string) report.Row {
	t.Helper()
	for _, r := range x.Rows {
		if r.Indicator.ID == indicator {
			return r
		}
	}
	t.Fatalf("no row %s", indicator)
	return report.Row{}
}

// TestAPersonCountsOnce: whatever somebody took, in whichever periods and under however many accounts, they count once, in the period in which they were first seen; own
// staff never do; days and participations count as often as they happened.
func TestAPersonCountsOnce(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		p := begin(t, w)
		w.Pass(w.Learner, testrig.SmallCourse) // by e-learning, now
		p.training(t, 50, w.Learner, w.OtherLearner, w.PoliceLearner)
		_, x := p.sheet(t, w.Coordinator, 2)
		if got := row(t, x, "participants"); got.Period.N != 3 || got.Cumulative.N != 3 {
			t.Errorf("participants %+v, %+v", got.Period, got.Cumulative)
		}
		if x.Active != 3 || x.Whole != 3 {
			t.Errorf("active %d, of all %d", x.Active, x.Whole)
		}
		_, before := p.sheet(t, w.Coordinator, 1)
		if got := row(t, before, "participants"); got.Period.N != 0 || got.Cumulative.N != 0 {
			t.Errorf("before: %+v", got)
		}
		// Two accounts are one person, because a human says so, until that is taken back.
		w.OK(w.Projects.DecidePair(ctx, w.Coordinator, w.Learner.PersonID, w.OtherLearner.PersonID, true))
		if _, x = p.sheet(t, w.Coordinator, 2); x.Whole != 2 {
			t.Errorf("%d people with a pair that is one", x.Whole)
		}
		w.OK(w.Projects.ReopenPair(ctx, w.Coordinator, w.Learner.PersonID, w.OtherLearner.PersonID))
		// Own staff are not counted, under whichever account.
		w.OK(w.Projects.SetStaff(ctx, w.Coordinator, p.id, w.PoliceLearner.PersonID, true))
		if _, x = p.sheet(t, w.Coordinator, 2); x.Whole != 2 {
			t.Errorf("%d people with own staff", x.Whole)
		}
		w.OK(w.Projects.DecidePair(ctx, w.Coordinator, w.OtherLearner.PersonID, w.PoliceLearner.PersonID, true))
		if _, x = p.sheet(t, w.Coordinator, 2); x.Whole != 1 {
			t.Errorf("%d people with the other account of own staff", x.Whole)
		}
	})
}

// TestWhoMayOpenAFigure: names are for who may see the people; to others they are a number.
func TestWhoMayOpenAFigure(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		p := begin(t, w)
		p.training(t, 100, w.Learner, w.OtherLearner, w.PoliceLearner)
		people, n, others, err := w.Reports.People(ctx, w.Coordinator, p.id, report.Filter{FundID: amif, Period: 2, Window: list.Window{Page: 1, Size: 10}})
		w.OK(err)
		if n != 3 || others != 0 || people[0].Name == "" || people[0].SubjectID != p.class.ID || !people[0].Enrolment || people[0].Cert || people[0].Signature {
			t.Errorf("%d, %d others, %+v", n, others, people)
		}
		if _, n, _, err = w.Reports.People(ctx, w.Coordinator, p.id, report.Filter{FundID: amif, Hole: fund.ProofSignature, Window: list.Window{Page: 1, Size: 10}}); n != 3 || err != nil {
			t.Errorf("%d without a signature, %v", n, err)
		}
		for name, actor := range w.Everybody() {
			_, _, _, err := w.Reports.People(ctx, actor, p.id, report.Filter{FundID: amif})
			_, _, cov := w.Reports.Coverages(ctx, actor, p.id, 0)
			_, tab := w.Reports.Table(ctx, actor, p.id, 0)
			if may := name == "administrator" || name == "coordinator" || name == "reviewer"; may != (err == nil) || may != (cov == nil) || may != (tab == nil) {
				t.Errorf("%s: %v, %v, %v", name, err, cov, tab)
			}
		}
		_, coverage, err := w.Reports.Coverages(ctx, w.Reviewer, p.id, 2)
		w.OK(err)
		if c := coverage[0]; c.People != 3 || c.Complete != 0 || c.With[fund.ProofEnrolment] != 3 || c.With[fund.ProofNotice] != 0 {
			t.Errorf("%+v", c)
		}
	})
}

// TestAFigureIsSignedByTwo: what one hands in another approves; it stays as it was, and what is counted otherwise later is said.
func TestAFigureIsSignedByTwo(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		p := begin(t, w)
		p.training(t, 100, w.Learner, w.OtherLearner)
		table, _ := p.sheet(t, w.Coordinator, 2)
		first, running := table.Periods[0], table.Periods[1]
		entry := report.Entry{FundID: amif, Indicator: "participants", Narrative: "Pierwsze szkolenie było w październiku."}
		w.Refused("in a locked period", w.Reports.Write(ctx, w.Coordinator, p.id, first.ID, entry), errs.ErrConflict)
		w.OK(w.Projects.OpenPeriod(ctx, w.Coordinator, p.id, first.ID, "sprawozdanie"))
		w.OK(w.Projects.OpenPeriod(ctx, w.Coordinator, p.id, running.ID, "sprawozdanie"))
		w.OK(w.Reports.Write(ctx, w.Coordinator, p.id, first.ID, entry))
		w.Refused("of what it was before", w.Reports.Write(ctx, w.Coordinator, p.id, first.ID, entry), errs.ErrConflict)
		_, err := w.Reports.HandIn(ctx, w.Coordinator, p.id, running.ID)
		w.Refused("before its end", err, errs.ErrConflict)
		w.OK(w.Projects.LockPeriod(ctx, w.Coordinator, p.id, first.ID))
		_, err = w.Reports.OpenAndHandIn(ctx, w.Coordinator, p.id, first.ID, "")
		w.Refused("without a reason", err, errs.ErrInvalid)
		_, err = w.Reports.OpenAndHandIn(ctx, w.Reviewer, p.id, first.ID, "sprawozdanie")
		w.Refused("by who reads alone", err, errs.ErrForbidden)
		_, err = w.Reports.OpenAndHandIn(ctx, w.Coordinator, p.id, running.ID, "sprawozdanie")
		w.Refused("of an open period", err, errs.ErrConflict)
		n := testrig.Must(w.Reports.OpenAndHandIn(ctx, w.Coordinator, p.id, first.ID, "sprawozdanie za kwartał"))(t)
		if page := testrig.Must(w.Projects.Page(ctx, w.Coordinator, p.id))(t); page.Periods[0].Open {
			t.Error("what was opened to hand in stays open")
		}
		_, err = w.Reports.OpenAndHandIn(ctx, w.Coordinator, p.id, first.ID, "jeszcze raz")
		w.Refused("with nothing to hand in", err, errs.ErrConflict)
		if page := testrig.Must(w.Projects.Page(ctx, w.Coordinator, p.id))(t); page.Periods[0].Open {
			t.Error("a period in which nothing was handed in stays open")
		}
		_, x := p.sheet(t, w.Coordinator, 1)
		if n != len(x.Rows) {
			t.Errorf("%d of %d figures", n, len(x.Rows))
		}
		r := row(t, x, "participants")
		if r.Figure.State != report.HandedIn || r.Figure.Value == nil || *r.Figure.Value != 0 || r.Changed() || r.Figure.HandedName == "" || r.Figure.Narrative == "" {
			t.Errorf("%+v", r.Figure)
		}
		asked := func(who access.Actor) (waiting, asks []approval.Request) {
			waiting, asks, err := w.Approvals.Read(ctx, who)
			w.OK(err)
			return waiting, asks
		}
		if waiting, _ := asked(w.Admin); len(waiting) != 1 || waiting[0].Kind != approval.Figures || waiting[0].Path != "/app/projects/"+p.id+"?period=1" || !strings.HasSuffix(waiting[0].Title, " (1)") {
			t.Errorf("the second person is asked for %+v", waiting)
		}
		if waiting, _ := asked(w.Reviewer); len(waiting) > 0 {
			t.Errorf("who may not sign is asked for %+v", waiting)
		}
		entry.Edition = r.Figure.Edition
		w.Refused("after it was handed in", w.Reports.Write(ctx, w.Coordinator, p.id, first.ID, entry), errs.ErrConflict)
		_, err = w.Reports.Approve(ctx, w.Coordinator, p.id, first.ID)
		w.Refused("by the same person", err, errs.ErrForbidden)
		_, err = w.Reports.Approve(ctx, w.Reviewer, p.id, first.ID)
		w.Refused("by who may not sign", err, errs.ErrForbidden)
		testrig.Must(w.Reports.Approve(ctx, w.Admin, p.id, first.ID))(t)
		if _, x = p.sheet(t, w.Coordinator, 1); row(t, x, "participants").Figure.State != report.Approved {
			t.Errorf("%+v", row(t, x, "participants").Figure)
		}
		if waiting, _ := asked(w.Admin); len(waiting) > 0 {
			t.Errorf("what was approved still waits: %+v", waiting)
		}
		if _, asks := asked(w.Coordinator); len(asks) != 1 || asks[0].Outcome != approval.Approved {
			t.Errorf("who handed in is told %+v", asks)
		}
		testrig.Must(w.Reports.GiveBack(ctx, w.Admin, p.id, first.ID))(t)
		testrig.Must(w.Reports.OpenAndHandIn(ctx, w.Coordinator, p.id, first.ID, "poprawka"))(t)
		testrig.Must(w.Reports.GiveBack(ctx, w.Admin, p.id, first.ID))(t)
		if _, asks := asked(w.Coordinator); len(asks) != 2 || asks[1].Outcome != approval.Returned {
			t.Errorf("who handed in is told %+v", asks)
		}
		// A fund comes later, and another hands in its figures: whoever handed in the first approves none of them, and is not asked to.
		testrig.Must(w.Reports.OpenAndHandIn(ctx, w.Coordinator, p.id, first.ID, "jeszcze raz"))(t)
		w.OK(w.Projects.SetShares(ctx, w.Coordinator, p.id, []project.Share{{FundID: amif, Share: 7500}, {FundID: "isf-2021", Share: 1500}}))
		testrig.Must(w.Reports.OpenAndHandIn(ctx, w.Admin, p.id, first.ID, "drugi fundusz"))(t)
		if waiting, _ := asked(w.Coordinator); len(waiting) > 0 {
			t.Errorf("who handed in the first figures is asked for %+v", waiting)
		}
	})
}

// TestBreakdownsTellOfNobodyAlone: groups are told of once five are alike in each, whoever looks; the sum of a breakdown is who was told of, and who waits is counted.
func TestBreakdownsTellOfNobodyAlone(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		p := begin(t, w)
		var guards, police []access.Actor
		for i := range 6 {
			name := string(rune('A' + i))
			guards = append(guards, w.Person("Gwidon", "Graniczny"+name, w.Terespol))
			police = append(police, w.Person("Piotr", "Policyjny"+name, w.Chelm))
		}
		splits := func() map[fund.Breakdown]report.Split {
			w.OK(w.Reports.Tell(ctx))
			_, x := p.sheet(t, w.Reviewer, 2)
			by := map[fund.Breakdown]report.Split{}
			for _, s := range x.Splits {
				sum := 0
				for _, g := range s.Groups {
					sum += g.N
					if g.N < 5 {
						t.Errorf("%s %s: %d people", s.By, g.Key, g.N)
					}
				}
				if sum != s.Told || s.Waiting() < 0 {
					t.Errorf("%s adds up to %d of %d told, %d wait", s.By, sum, s.Told, s.Waiting())
				}
				by[s.By] = s
			}
			return by
		}
		p.training(t, 100, append(guards[:5:5], police[0])...)
		if s := splits()[fund.ByService]; s.Told != 5 || s.Waiting() != 1 || len(s.Groups) != 1 || s.Groups[0].Name != "Straż Graniczna" {
			t.Errorf("%+v", s)
		}
		p.training(t, 100, guards[5], police[1])
		if s := splits()[fund.ByService]; s.Told != 5 || s.Waiting() != 3 {
			t.Errorf("one more of each: %+v", s)
		}
		p.training(t, 100, police[2:]...)
		if s := splits()[fund.ByService]; s.Told != 11 || s.Waiting() != 1 || len(s.Groups) != 2 {
			t.Errorf("%+v", s)
		}
		// Who is not counted any more, after having been told of, is said as a number and stays where they were.
		w.OK(w.Projects.SetStaff(ctx, w.Coordinator, p.id, guards[0].PersonID, true))
		if s := splits()[fund.ByService]; s.Told != 11 || s.Gone != 1 || s.Waiting() != 1 || s.All != 11 {
			t.Errorf("%+v", s)
		}
		w.OK(w.Projects.SetStaff(ctx, w.Coordinator, p.id, guards[0].PersonID, false))
		if s := splits()[fund.ByService]; s.Gone != 0 || s.All != 12 {
			t.Errorf("%+v", s)
		}
	})
}
