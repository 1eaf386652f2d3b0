package project_test

import (
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/project"
	"ostoja/internal/testrig"
)

// draft is a project of an office that runs for the year of the world's time.
func draft(unitID string) project.Draft {
	return project.Draft{Name: "Szkolenia funkcjonariuszy", Short: "Szkolenia", Number: "FAMI.1/2026", UnitID: unitID, FirstDay: "2026-01-01", LastDay: "2026-12-31", Partners: []string{"Fundacja Przystań"}}
}

// make makes a project with halves of a year and one fund that pays 75 %.
func made(t *testing.T, w *testrig.World) string {
	t.Helper()
	ctx := t.Context()
	projectID := testrig.Must(w.Projects.Create(ctx, w.Coordinator, draft(w.Office)))(t)
	w.OK(w.Projects.SplitPeriods(ctx, w.Coordinator, projectID, 6))
	w.OK(w.Projects.SetShares(ctx, w.Coordinator, projectID, []project.Share{{FundID: "amif-2021", Share: 7500}}))
	return projectID
}

func TestAProjectOfAnOffice(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		projectID := made(t, w)
		p := testrig.Must(w.Projects.Page(ctx, w.Coordinator, projectID))(t)
		if len(p.Periods) != 2 || p.Periods[0].LastDay != "2026-06-30" || p.Periods[1].FirstDay != "2026-07-01" || p.Periods[0].Open || len(p.Shares) != 1 || len(p.Partners) != 1 || !p.MayWrite {
			t.Fatalf("%+v", p)
		}
		// The name is taken now; one that somebody wrote at a training is taken over.
		w.Refused("a second one", second(w.Projects.Create(ctx, w.Coordinator, draft(w.Office))), errs.ErrInvalid)
		d := draft(w.Office)
		d.Name, d.LastDay, d.Edition = "Nowa nazwa", "2026-11-30", p.Edition
		w.Refused("an end before the last period's", w.Projects.Edit(ctx, w.Coordinator, projectID, d), errs.ErrInvalid)
		d.LastDay = "2027-03-31"
		w.OK(w.Projects.Edit(ctx, w.Coordinator, projectID, d))
		w.Refused("an edit of what it was before", w.Projects.Edit(ctx, w.Coordinator, projectID, d), errs.ErrConflict)
		w.Refused("a period before the project", w.Projects.AddPeriod(ctx, w.Coordinator, projectID, "2025-12-31"), errs.ErrInvalid)
		w.Refused("a period after it", w.Projects.AddPeriod(ctx, w.Coordinator, projectID, "2027-04-01"), errs.ErrInvalid)
		w.OK(w.Projects.AddPeriod(ctx, w.Coordinator, projectID, "2027-03-31"))
		w.Refused("one more than there is time for", w.Projects.AddPeriod(ctx, w.Coordinator, projectID, "2027-03-31"), errs.ErrInvalid)
		w.OK(w.Projects.DropPeriod(ctx, w.Coordinator, projectID))
		w.Refused("shares over 100 %", w.Projects.SetShares(ctx, w.Coordinator, projectID, []project.Share{{FundID: "amif-2021", Share: 7500}, {FundID: "isf-2021", Share: 2501}}), errs.ErrInvalid)
		w.Refused("a fund that there is not", w.Projects.SetShares(ctx, w.Coordinator, projectID, []project.Share{{FundID: "nobody", Share: 1}}), errs.ErrInvalid)
		w.Refused("a closed fund", w.Projects.SetShares(ctx, w.Coordinator, projectID, []project.Share{{FundID: "erf-2008", Share: 1}}), errs.ErrInvalid)
	})
}

func second[T any](_ T, err error) error { return err }

// TestWhoKeepsProjects: the office's coordinators and nobody else; whoever may not read one does not find it.
func TestWhoKeepsProjects(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		projectID := made(t, w)
		reads := map[string]bool{"administrator": true, "coordinator": true, "reviewer": true}
		writes := map[string]bool{"administrator": true, "coordinator": true}
		for name, actor := range w.Everybody() {
			p, err := w.Projects.Page(ctx, actor, projectID)
			if reads[name] != (err == nil) || err == nil && p.MayWrite != writes[name] {
				t.Errorf("%s: %v, may write %v", name, err, p.MayWrite)
			}
			list := testrig.Must(w.Projects.List(ctx, actor))(t)
			if (len(list) > 0) != reads[name] {
				t.Errorf("%s sees %d projects", name, len(list))
			}
			if writes[name] {
				continue
			}
			for what, err := range map[string]error{
				"funds": w.Projects.SetShares(ctx, actor, projectID, nil), "periods": w.Projects.AddPeriod(ctx, actor, projectID, "2026-12-31"),
				"open": w.Projects.OpenPeriod(ctx, actor, projectID, projectID, "bo tak"), "targets": w.Projects.SetTargets(ctx, actor, projectID, project.Annex{}, nil),
				"part":  w.Projects.AddPart(ctx, actor, projectID, project.Part{Kind: project.Course, SubjectID: testrig.SmallCourse, Share: 100}),
				"staff": w.Projects.SetStaff(ctx, actor, projectID, w.Learner.PersonID, true), "edit": w.Projects.Edit(ctx, actor, projectID, draft(w.Office)),
			} {
				if err == nil {
					t.Errorf("%s: %s is not refused", name, what)
				}
			}
		}
		// Who keeps projects of one service makes none for another.
		w.Refused("an office of others", second(w.Projects.Create(ctx, w.GuardCoordinator, draft(w.Police))), errs.ErrInvalid)
	})
}

// TestPeriodsAreLocked: what belongs to a period is changed only while somebody has it open, whose name and reason everybody reads.
func TestPeriodsAreLocked(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		projectID := made(t, w)
		first := testrig.Must(w.Projects.Page(ctx, w.Coordinator, projectID))(t).Periods[0]
		w.Refused("without a reason", w.Projects.OpenPeriod(ctx, w.Coordinator, projectID, first.ID, "  "), errs.ErrInvalid)
		w.OK(w.Projects.OpenPeriod(ctx, w.Coordinator, projectID, first.ID, "sprawozdanie za półrocze"))
		w.Refused("twice", w.Projects.OpenPeriod(ctx, w.Coordinator, projectID, first.ID, "jeszcze raz"), errs.ErrConflict)
		p := testrig.Must(w.Projects.Page(ctx, w.Reviewer, projectID))(t)
		if x := p.Periods[0]; !x.Open || x.Reason != "sprawozdanie za półrocze" || x.OpenedBy == "" || !x.OpenedAt.Equal(w.Clock.Now()) {
			t.Errorf("%+v", x)
		}
		w.Refused("taking away one before the last", w.Projects.OpenPeriod(ctx, w.Coordinator, projectID, projectID, "x"), errs.ErrNotFound)
		w.OK(w.Projects.LockPeriod(ctx, w.Coordinator, projectID, first.ID))
		acts := testrig.Must(project.Acts(ctx, w.DB, first.ID))(t)
		if len(acts) != 2 || acts[0].Act != "locked" || acts[1].By == "" {
			t.Errorf("%+v", acts)
		}
	})
}

// TestTargetsHaveVersions: an annex holds from its day; what a report was made of is not changed by a later one.
func TestTargetsHaveVersions(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		projectID := made(t, w)
		target := func(n float64) []project.Target {
			return []project.Target{{FundID: "amif-2021", Indicator: "participants", Target: n}}
		}
		set := func(number int, since, note string, targets []project.Target) error {
			return w.Projects.SetTargets(ctx, w.Coordinator, projectID, project.Annex{Number: number, Since: since, Note: note}, targets)
		}
		w.OK(set(0, "", "", target(400)))
		w.OK(set(0, "", "", target(410))) // the agreement may be put right while nothing rests on it
		w.Refused("an indicator that the fund does not ask for", set(1, "2026-07-01", "aneks", []project.Target{{FundID: "amif-2021", Indicator: "nobody", Target: 1}}), errs.ErrInvalid)
		w.Refused("a fund that does not pay", set(1, "2026-07-01", "aneks", []project.Target{{FundID: "isf-2021", Indicator: "participants", Target: 1}}), errs.ErrInvalid)
		w.Refused("without a reason", set(1, "2026-07-01", "", target(500)), errs.ErrInvalid)
		w.Refused("outside the project", set(1, "2027-07-01", "aneks", target(500)), errs.ErrInvalid)
		w.Refused("below nothing", set(1, "2026-07-01", "aneks", target(-1)), errs.ErrInvalid)
		w.OK(set(1, "2026-07-01", "aneks nr 1", target(500)))
		w.Refused("one that is there", set(1, "2026-08-01", "aneks", target(600)), errs.ErrConflict)
		w.Refused("the agreement, which an annex rests on", set(0, "", "", target(1)), errs.ErrInvalid)
		p := testrig.Must(w.Projects.Page(ctx, w.Coordinator, projectID))(t)
		key := [2]string{"amif-2021", "participants"}
		if a, b := p.TargetsOn("2026-06-30")[key].Target, p.TargetsOn("2026-07-01")[key].Target; a != 410 || b != 500 {
			t.Errorf("%v, %v", a, b)
		}
		w.OK(w.DB.Update(ctx, func(tx *db.Tx) error { return w.Projects.Frozen(ctx, tx, p.Periods[1].ID, w.Clock.Now()) }))
		w.Refused("a target changed after the report was made", set(2, "2026-09-01", "aneks", target(1)), errs.ErrInvalid)
		w.Refused("the fund of a target", w.Projects.SetShares(ctx, w.Coordinator, projectID, nil), errs.ErrInvalid)
	})
}

// TestAPartOfTwoProjects: what projects pay together for one thing does not exceed the whole, and each says that the other pays, too.
func TestAPartOfTwoProjects(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		a := made(t, w)
		d := draft(w.Office)
		d.Name = "Drugi projekt"
		b := testrig.Must(w.Projects.Create(ctx, w.Coordinator, d))(t)
		w.OK(w.Projects.SetShares(ctx, w.Coordinator, b, []project.Share{{FundID: "amif-2021", Share: 5000}}))
		course := func(share int) project.Part {
			return project.Part{Kind: project.Course, SubjectID: testrig.SmallCourse, Share: share, Document: "FK/12/2026"}
		}
		w.OK(w.Projects.AddPart(ctx, w.Coordinator, a, course(60)))
		w.Refused("more than is left", w.Projects.AddPart(ctx, w.Coordinator, b, course(41)), errs.ErrInvalid)
		w.OK(w.Projects.AddPart(ctx, w.Coordinator, b, course(40)))
		w.Refused("no share", w.Projects.AddPart(ctx, w.Coordinator, b, course(0)), errs.ErrInvalid)
		w.Refused("what there is not", w.Projects.AddPart(ctx, w.Coordinator, b, project.Part{Kind: project.Course, SubjectID: "nobody", Share: 1}), errs.ErrInvalid)
		c := w.Class(w.Coordinator, w.Office, classroom.ContentDraft{Title: "Szkolenie 1"}, "Warszawa", testrig.Hours{From: testrig.Start.Add(time.Hour), Until: testrig.Start.Add(3 * time.Hour)})
		w.OK(w.Projects.AddPart(ctx, w.Coordinator, a, project.Part{Kind: project.Training, SubjectID: c.ID, Share: 100}))
		parts := testrig.Must(w.Projects.Parts(ctx, w.Coordinator, a))(t)
		if len(parts) != 2 || parts[0].Kind != project.Training || parts[0].Title.In("pl") != "Szkolenie 1" || parts[0].Shared() {
			t.Fatalf("%+v", parts)
		}
		if x := parts[1]; len(x.Elsewhere) != 1 || x.Elsewhere[0].Share != 40 || !x.Elsewhere[0].SameFund || x.Over() != 0 || x.Document != "FK/12/2026" {
			t.Errorf("%+v", x)
		}
		for _, o := range testrig.Must(w.Projects.Offers(ctx, w.Coordinator, a))(t) {
			if o.SubjectID == testrig.SmallCourse || o.SubjectID == c.ID {
				t.Errorf("%v is offered again", o)
			}
		}
		w.OK(w.Projects.DropPart(ctx, w.Coordinator, a, project.Training, c.ID))
		w.Refused("twice", w.Projects.DropPart(ctx, w.Coordinator, a, project.Training, c.ID), errs.ErrNotFound)
	})
}

// TestTwoAccountsOfOnePerson: they are proposed by name, a human says what they are, and takes it back.
func TestTwoAccountsOfOnePerson(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		one, two := twice(t, w)
		open, _ := pairs(t, w, w.Coordinator)
		if len(open) != 1 || open[0].First.PersonID != min(one.PersonID, two.PersonID) {
			t.Fatalf("%+v", open)
		}
		if open, _ := pairs(t, w, w.GuardCoordinator); len(open) != 0 {
			t.Errorf("a coordinator is shown people of another service: %+v", open)
		}
		w.Refused("people of others", w.Projects.DecidePair(ctx, w.GuardCoordinator, one.PersonID, two.PersonID, true), errs.ErrNotFound)
		w.Refused("by who keeps no projects", w.Projects.DecidePair(ctx, w.Reviewer, one.PersonID, two.PersonID, true), errs.ErrForbidden)
		w.Refused("one account", w.Projects.DecidePair(ctx, w.Coordinator, one.PersonID, one.PersonID, true), errs.ErrNotFound)
		w.OK(w.Projects.DecidePair(ctx, w.Coordinator, two.PersonID, one.PersonID, true))
		open, decided := pairs(t, w, w.Coordinator)
		if len(open) != 0 || len(decided) != 1 || !decided[0].Same || decided[0].By == "" {
			t.Errorf("%+v, %+v", open, decided)
		}
		w.OK(w.Projects.ReopenPair(ctx, w.Coordinator, one.PersonID, two.PersonID))
		if open, _ := pairs(t, w, w.Coordinator); len(open) != 1 {
			t.Errorf("%+v", open)
		}
	})
}

// twice makes two accounts of one name, at two services.
func twice(t *testing.T, w *testrig.World) (one, two access.Actor) {
	t.Helper()
	d := testrig.Draft("Dominika", "Podwójna", w.Chelm)
	d.Mail = "druga@example.org"
	return w.Person("Dominika", "Podwójna", w.Terespol), access.Actor{PersonID: testrig.Must(w.Identity.Add(t.Context(), access.System, d, false))(t)}
}

func pairs(t *testing.T, w *testrig.World, actor access.Actor) (open, decided []project.Pair) {
	t.Helper()
	open, decided, err := w.Projects.Pairs(t.Context(), actor)
	w.OK(err)
	return open, decided
}

// TestNoFailingStatementIsSilent: whichever statement fails, the act fails, and nothing of it is stored.
func TestNoFailingStatementIsSilent(t *testing.T) {
	w := testrig.New(t)
	ctx := t.Context()
	projectID := made(t, w)
	p := testrig.Must(w.Projects.Page(ctx, w.Coordinator, projectID))(t)
	one, two := twice(t, w)
	d := draft(w.Office)
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "create", Do: func() error { d := d; d.Name = "Trzeci"; return second(w.Projects.Create(ctx, w.Coordinator, d)) }},
		{Name: "edit", Do: func() error { d := d; d.Edition = p.Edition; return w.Projects.Edit(ctx, w.Coordinator, projectID, d) }},
		{Name: "funds", Do: func() error {
			return w.Projects.SetShares(ctx, w.Coordinator, projectID, []project.Share{{FundID: "amif-2021", Share: 7000}, {FundID: "isf-2021", Share: 10}})
		}},
		{Name: "open", Do: func() error { return w.Projects.OpenPeriod(ctx, w.Coordinator, projectID, p.Periods[0].ID, "powód") }},
		{Name: "targets", Do: func() error {
			return w.Projects.SetTargets(ctx, w.Coordinator, projectID, project.Annex{Number: 1, Since: "2026-02-01", Note: "aneks"}, []project.Target{{FundID: "amif-2021", Indicator: "participants", Target: 1}})
		}},
		{Name: "part", Do: func() error {
			return w.Projects.AddPart(ctx, w.Coordinator, projectID, project.Part{Kind: project.Course, SubjectID: testrig.SmallCourse, Share: 10})
		}},
		{Name: "parts", Do: func() error { return second(w.Projects.Parts(ctx, w.Coordinator, projectID)) }},
		{Name: "staff", Do: func() error { return w.Projects.SetStaff(ctx, w.Coordinator, projectID, w.Learner.PersonID, true) }},
		{Name: "pair", Do: func() error { return w.Projects.DecidePair(ctx, w.Coordinator, one.PersonID, two.PersonID, true) }},
		{Name: "pairs", Do: func() error { _, _, err := w.Projects.Pairs(ctx, w.Coordinator); return err }},
	})
}

// TestTheProgrammeOfGuardiansIsAPart: an office's programme for guardians belongs to a project as a number of people admitted, which names nobody; it is offered to who keeps
// the office's projects, and to nobody who only reads them.
func TestTheProgrammeOfGuardiansIsAPart(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		projectID := made(t, w)
		offices := 0
		for _, o := range testrig.Must(w.Projects.Offers(ctx, w.Coordinator, projectID))(t) {
			if o.Kind == project.Guardians {
				offices++
				if o.SubjectID != w.Office || o.Title.In("pl") != "Biuro programu" {
					t.Errorf("%+v", o)
				}
			}
		}
		if offices != 1 {
			t.Errorf("%d offices", offices)
		}
		for _, actor := range []access.Actor{w.Reviewer, w.GuardCoordinator, w.Learner} {
			w.Refused("offers", second(w.Projects.Offers(ctx, actor, projectID)), errs.ErrNotFound)
		}
		w.OK(w.Projects.AddPart(ctx, w.Coordinator, projectID, project.Part{Kind: project.Guardians, SubjectID: w.Office, Share: 100}))
		w.Refused("a service, which keeps no register", w.Projects.AddPart(ctx, w.Coordinator, projectID, project.Part{Kind: project.Guardians, SubjectID: w.Police, Share: 100}), errs.ErrInvalid)
		if parts := testrig.Must(w.Projects.Parts(ctx, w.Coordinator, projectID))(t); len(parts) != 1 || parts[0].Title.In("pl") != "Biuro programu" {
			t.Errorf("%+v", parts)
		}
		o := w.GuardianOffice()
		o.Guardian("Helena", "Kuratorska")
		from, until := w.Clock.Now().Add(-time.Hour), w.Clock.Now().Add(time.Hour)
		for unitID, want := range map[string]int{w.Office: 1, w.Police: 0} {
			if n := testrig.Must(w.Guardians.Admitted(ctx, w.DB, unitID, from, until))(t); n != want {
				t.Errorf("%d admitted in %s", n, unitID)
			}
		}
	})
}
