package freeze_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/errs"
	"ostoja/internal/project"
	"ostoja/internal/report/freeze"
	"ostoja/internal/testrig"
)

const amif = "amif-2021"

// programme is a project of two periods whose first is over, with a training of twelve people in it.
type programme struct {
	*testrig.World
	id      string
	periods []project.Period
	guard   access.Actor // who was at the training
}

var publisher = freeze.Publisher{Ref: "XX-TEST-0001", Type: "10"}

func begin(t *testing.T, w *testrig.World) *programme {
	t.Helper()
	ctx := t.Context()
	p := &programme{World: w}
	p.id = testrig.Must(w.Projects.Create(ctx, w.Coordinator, project.Draft{
		Name: "Szkolenia <i> funkcjonariuszy", Number: "AMIF/12/2026", UnitID: w.Office, FirstDay: "2026-01-01", LastDay: "2027-12-31", Partners: []string{"Fundacja Przykład"},
	}))(t)
	w.OK(w.Projects.AddPeriod(ctx, w.Coordinator, p.id, "2026-10-31"))
	w.OK(w.Projects.AddPeriod(ctx, w.Coordinator, p.id, "2026-12-31"))
	w.OK(w.Projects.SetShares(ctx, w.Coordinator, p.id, []project.Share{{FundID: amif, Share: 7500}}))
	before := 2.0
	w.OK(w.Projects.SetTargets(ctx, w.Coordinator, p.id, project.Annex{}, []project.Target{{FundID: amif, Indicator: "participants", Target: 40, Baseline: &before}}))
	p.periods = testrig.Must(w.Projects.Page(ctx, w.Coordinator, p.id))(t).Periods
	var people []access.Actor
	for i := range 6 {
		name := string(rune('A' + i))
		people = append(people, w.Person("Gwidon", "Graniczny"+name, w.Terespol), w.Person("Piotr", "Policyjny"+name, w.Chelm))
	}
	p.guard = people[0]
	p.training(people...)
	return p
}

// training adds a training of now to the project, at which people are.
func (p *programme) training(people ...access.Actor) {
	p.T.Helper()
	at := p.Clock.Now().Add(time.Hour)
	c := p.Class(p.Coordinator, p.Office, classroom.ContentDraft{Title: "Szkolenie"}, "Warszawa", testrig.Hours{From: at, Until: at.Add(3 * time.Hour)})
	p.OK(p.Projects.AddPart(p.T.Context(), p.Coordinator, p.id, project.Part{Kind: project.Training, SubjectID: c.ID, Share: 50}))
	c.Seat(people...)
	p.Clock.Advance(5 * time.Hour)
	for _, a := range people {
		c.Present(0, a, 180)
	}
	c.Close(0)
}

// approve brings all figures of a period to be approved, which the coordinator handed in and the administrator approves.
func (p *programme) approve(period int) {
	p.T.Helper()
	ctx, x := p.T.Context(), p.periods[period-1]
	p.OK(p.Projects.OpenPeriod(ctx, p.Coordinator, p.id, x.ID, "sprawozdanie"))
	testrig.Must(p.Reports.HandIn(ctx, p.Coordinator, p.id, x.ID))(p.T)
	p.OK(p.Projects.LockPeriod(ctx, p.Coordinator, p.id, x.ID))
	testrig.Must(p.Reports.Approve(ctx, p.Admin, p.id, x.ID))(p.T)
}

// freeze freezes a period by the coordinator and returns the report and its package.
func (p *programme) freeze(period int) (freeze.Frozen, []byte) {
	p.T.Helper()
	ctx := p.T.Context()
	frozenID := testrig.Must(p.Freeze.Ask(ctx, p.Coordinator, p.id, p.periods[period-1].ID, publisher))(p.T)
	p.Letters() // does the jobs
	f, content, err := p.Freeze.Download(ctx, p.Reviewer, p.id, frozenID, "")
	p.OK(err)
	return f, content
}

// files unpacks a package with the standard library.
func files(t *testing.T, content []byte) map[string][]byte {
	t.Helper()
	z := testrig.Must(zip.NewReader(bytes.NewReader(content), int64(len(content))))(t)
	list := map[string][]byte{}
	for _, f := range z.File {
		r := testrig.Must(f.Open())(t)
		list[f.Name] = testrig.Must(io.ReadAll(r))(t)
		_ = r.Close()
	}
	return list
}

func november(w *testrig.World) { w.Until(time.Date(2026, 11, 5, 9, 0, 0, 0, time.UTC)) }

// TestTwoPeopleSign: nothing is frozen that is not over, locked and approved, nor by who approved or may not sign; frozen, it stays so.
func TestTwoPeopleSign(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		p := begin(t, w)
		first := p.periods[0]
		ask := func(a access.Actor) error {
			_, err := w.Freeze.Ask(ctx, a, p.id, first.ID, publisher)
			return err
		}
		refused := func(what string, a access.Actor, category error, key string) {
			t.Helper()
			err := ask(a)
			w.Refused(what, err, category)
			if !strings.Contains(err.Error(), key) {
				t.Errorf("%s: %v", what, err)
			}
		}
		november(w)
		waits := func(a access.Actor, want int) {
			t.Helper()
			if list := testrig.Must(w.Freeze.ToFreeze(ctx, a))(t); len(list) != want || want > 0 && (list[0].PeriodID != first.ID || list[0].ProjectID != p.id) {
				t.Errorf("waits to be frozen: %+v", list)
			}
		}
		waits(w.Coordinator, 0)
		refused("drafts", w.Coordinator, errs.ErrConflict, "fault.approved")
		w.OK(w.Projects.OpenPeriod(ctx, w.Coordinator, p.id, first.ID, "sprawozdanie"))
		testrig.Must(w.Reports.HandIn(ctx, w.Coordinator, p.id, first.ID))(t)
		testrig.Must(w.Reports.Approve(ctx, w.Admin, p.id, first.ID))(t)
		refused("an open period", w.Coordinator, errs.ErrConflict, "fault.open")
		waits(w.Coordinator, 0) // it is still open
		w.OK(w.Projects.LockPeriod(ctx, w.Coordinator, p.id, first.ID))
		waits(w.Coordinator, 1)
		for _, a := range []access.Actor{w.Admin, w.Reviewer, w.PoliceCoordinator, w.Learner} {
			waits(a, 0)
		}
		refused("by who approved", w.Admin, errs.ErrForbidden, "fault.two-people")
		refused("by who reads", w.Reviewer, errs.ErrForbidden, "fault.sign")
		refused("by somebody else's coordinator", w.PoliceCoordinator, errs.ErrNotFound, "")
		_, err := w.Freeze.Ask(ctx, w.Coordinator, p.id, p.periods[1].ID, publisher)
		w.Refused("a period that runs", err, errs.ErrConflict)
		for _, ref := range []string{"PL", "PL-KRS", "PL KRS-1", "PL-KRS-1/2"} {
			_, err := w.Freeze.Ask(ctx, w.Coordinator, p.id, first.ID, freeze.Publisher{Ref: ref, Type: "10"})
			w.Refused(ref, err, errs.ErrInvalid)
		}
		f, _ := p.freeze(1)
		if f.State != freeze.Done || f.Number != 1 || len(f.ApprovedBy) != 1 || f.ApprovedBy[0] != w.Admin.PersonID || f.FrozenBy != w.Coordinator.PersonID || f.Rules[amif] != 1 {
			t.Errorf("%+v", f)
		}
		waits(w.Coordinator, 0)
		refused("twice", w.Coordinator, errs.ErrConflict, "fault.frozen")
		_, err = w.Reports.GiveBack(ctx, w.Coordinator, p.id, first.ID)
		w.Refused("given back", err, errs.ErrConflict)
		if x := testrig.Must(w.Projects.Page(ctx, w.Coordinator, p.id))(t).Periods[0]; x.FrozenAt.IsZero() {
			t.Error("the period is not marked")
		}
	})
}

// TestWhatChangesMeanwhileStopsTheWork: a figure given back, or a right taken away, between the asking and the work freezes nothing, and says so.
func TestWhatChangesMeanwhileStopsTheWork(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		p := begin(t, w)
		november(w)
		p.approve(1)
		frozenID := testrig.Must(w.Freeze.Ask(ctx, w.Coordinator, p.id, p.periods[0].ID, freeze.Publisher{}))(t)
		_, err := w.Freeze.Ask(ctx, w.Coordinator, p.id, p.periods[0].ID, freeze.Publisher{})
		w.Refused("twice at once", err, errs.ErrConflict)
		_, _, err = w.Freeze.Download(ctx, w.Coordinator, p.id, frozenID, "")
		w.Refused("before it is done", err, errs.ErrNotFound)
		testrig.Must(w.Reports.GiveBack(ctx, w.Admin, p.id, p.periods[0].ID))(t)
		w.Letters()
		_, f, err := w.Freeze.One(ctx, w.Coordinator, p.id, frozenID)
		w.OK(err)
		if f.State != freeze.Failed || f.Fault != "reportfreeze.fault.approved" {
			t.Errorf("%+v", f)
		}
		// Once mended, it can be asked for again and gets the number that the first try did not use.
		w.OK(w.Projects.OpenPeriod(ctx, w.Coordinator, p.id, p.periods[0].ID, "poprawka"))
		testrig.Must(w.Reports.HandIn(ctx, w.Coordinator, p.id, p.periods[0].ID))(t)
		w.OK(w.Projects.LockPeriod(ctx, w.Coordinator, p.id, p.periods[0].ID))
		testrig.Must(w.Reports.Approve(ctx, w.Admin, p.id, p.periods[0].ID))(t)
		if f, _ := p.freeze(1); f.Number != 1 || f.State != freeze.Done {
			t.Errorf("%+v", f)
		}
	})
}

// TestTheSameDataGiveTheSameBytes: made again by another node, on another day, a package has the bytes of the one that is kept.
func TestTheSameDataGiveTheSameBytes(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		p := begin(t, w)
		november(w)
		p.approve(1)
		f, content := p.freeze(1)
		w.Clock.Advance(40 * time.Hour)
		again := testrig.Must(w.Node().Freeze.Rebuild(t.Context(), w.Reviewer, p.id, f.ID))(t)
		if bytes.Equal(content, again) {
			return
		}
		before, after := files(t, content), files(t, again)
		for name := range before {
			if !bytes.Equal(before[name], after[name]) {
				t.Errorf("%s has other bytes", name)
			}
		}
		t.Error("the archive has other bytes")
	})
}

// TestCorrectedSince: what is counted otherwise after a report was frozen stands in the next one, and the old package stays.
func TestCorrectedSince(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		p := begin(t, w)
		november(w)
		p.approve(1)
		f, content := p.freeze(1)
		// One of those counted turns out to be own staff, and further people come in the second period.
		people := testrig.Must(freeze.Verify(content, w.Freeze.Fingerprint()))(t).Document.Funds[0].People
		p.training(w.OtherLearner)
		w.OK(w.Projects.SetStaff(ctx, w.Coordinator, p.id, p.guard.PersonID, true))
		w.Until(time.Date(2027, 1, 5, 9, 0, 0, 0, time.UTC))
		p.approve(2)
		_, second := p.freeze(2)
		d := testrig.Must(freeze.Verify(second, w.Freeze.Fingerprint()))(t).Document
		found := map[string]freeze.Correction{}
		for _, c := range d.Corrected {
			if c.Indicator == "participants" {
				found[c.Of] = c
			}
		}
		if len(found) != 2 || *found[freeze.OfPeriod].Was != float64(people.Period) || *found[freeze.OfPeriod].Is != float64(people.Period-1) || found[freeze.OfCumulative].Report != 1 {
			t.Errorf("%+v", d.Corrected)
		}
		if _, kept, err := w.Freeze.Download(ctx, w.Reviewer, p.id, f.ID, ""); err != nil || !bytes.Equal(kept, content) {
			t.Errorf("the first package changed, %v", err)
		}
	})
}
