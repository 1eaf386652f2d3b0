package project

import (
	"context"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/text"
)

// Subjects knows what can belong to a project.
type Subjects interface {
	// Titles returns what subjects of a kind are called, by id. It MUST leave out what there is not.
	Titles(ctx context.Context, q db.Querier, kind Kind, ids []string) (map[string]text.Translated, error)
	// Offered returns what of a kind the actor may add to a project, by id.
	Offered(ctx context.Context, q db.Querier, actor access.Actor, kind Kind) (map[string]text.Translated, error)
}

// Funds knows the rule sets of funds.
type Funds interface {
	// Indicators returns the ids of a fund's indicators, in their order, and whether there is such a fund that still takes reports.
	Indicators(ctx context.Context, q db.Querier, fundID string) (ids []string, open bool, err error)
}

// Deps are what the service needs.
type Deps struct {
	DB       *db.DB
	Clock    clock.Clock
	Zone     *time.Location
	Subjects Subjects
	Funds    Funds
}

// Path is the address of a project's page, or of one below it.
func Path(projectID string, below ...string) string {
	return strings.Join(append([]string{"/app/projects/" + projectID}, below...), "/")
}

// Service keeps projects.
type Service struct{ Deps }

// New returns a Service.
func New(d Deps) *Service { return &Service{d} }

// Today is the day of the zone.
func (s *Service) Today() string { return s.Clock.Now().In(s.Zone).Format(time.DateOnly) }

// List returns the projects of the actor's offices, the latest first, and to who reads everywhere those that are names alone.
func (s *Service) List(ctx context.Context, actor access.Actor) (_ []Project, err error) {
	defer errs.Wrap(&err, "project.List")
	return s.ListIn(ctx, s.DB, actor)
}

// ListIn is [Service.List] within a transaction.
func (s *Service) ListIn(ctx context.Context, q db.Querier, actor access.Actor) (_ []Project, err error) {
	defer errs.Wrap(&err, "project.ListIn")
	return visible(ctx, q, actor, access.ProjectsRead, "")
}

// Page is a project with what stands beside it.
type Page struct {
	Project
	Partners []string
	Shares   []Share
	Periods  []Period
	Annexes  []Annex
	Targets  []Target // of all annexes
	MayWrite bool
	MaySign  bool
}

// Current returns the period that holds a day, else the last one that began before it; nil if there is none.
func (p Page) Current(today string) *Period {
	for i := len(p.Periods) - 1; i >= 0; i-- {
		if p.Periods[i].FirstDay <= today {
			return &p.Periods[i]
		}
	}
	return nil
}

// reportedWithin is how many days after its end a period is what a project is opened for: funds wait no longer for a report.
const reportedWithin = 60

// Awaited returns the period whose report is due: the one that ended last, if that was lately and its report is not made; nil if there is none.
func (p Page) Awaited(today string) *Period {
	for i := len(p.Periods) - 1; i >= 0; i-- {
		x := &p.Periods[i]
		if x.LastDay >= today {
			continue
		}
		last, ok := day(x.LastDay)
		if !ok || last.AddDate(0, 0, reportedWithin).Format(time.DateOnly) < today || !x.FrozenAt.IsZero() {
			return nil
		}
		return x
	}
	return nil
}

// TargetsOn returns the targets that hold on a day, by fund and indicator.
func (p Page) TargetsOn(d string) map[[2]string]Target {
	byKey := map[[2]string]Target{}
	number, ok := InForce(p.Annexes, d)
	for _, t := range p.Targets {
		if ok && t.Annex == number {
			byKey[[2]string{t.FundID, t.Indicator}] = t
		}
	}
	return byKey
}

// Page returns a project; one of an office that the actor does not read is not found.
func (s *Service) Page(ctx context.Context, actor access.Actor, projectID string) (p Page, err error) {
	defer errs.Wrap(&err, "project.Page")
	err = s.DB.View(ctx, func(tx *db.Tx) (err error) {
		p, err = s.In(ctx, tx, actor, projectID)
		return err
	})
	return p, err
}

// In is [Service.Page] within a transaction.
func (s *Service) In(ctx context.Context, q db.Querier, actor access.Actor, projectID string) (p Page, err error) {
	if p.Project, err = one(ctx, q, actor, access.ProjectsRead, projectID); err != nil {
		return p, err
	}
	if !p.Dated() {
		p.MayWrite = actor.Has(access.ProjectsWrite)
		return p, nil
	}
	p.MayWrite, p.MaySign = actor.May(access.ProjectsWrite, p.UnitPath), actor.May(access.ProjectsSign, p.UnitPath)
	err = p.fill(ctx, q)
	return p, err
}

// Create makes a project of an office, or takes over the name that somebody wrote before.
func (s *Service) Create(ctx context.Context, actor access.Actor, d Draft) (projectID string, err error) {
	defer errs.Wrap(&err, "project.Create")
	d = d.cleaned()
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		f := d.check(nil)
		if err := s.checkOffice(ctx, tx, actor, d.UnitID, &f); err != nil {
			return err
		}
		taken, err := db.All[Project](ctx, tx, selectProjects+`WHERE p.name = ?`, d.Name)
		if err != nil {
			return err
		}
		if len(taken) > 0 && taken[0].Dated() {
			f.Add("name", "project.fault.name-taken")
		}
		if err := f.Err(); err != nil {
			return err
		}
		if projectID, err = Named(ctx, tx, d.Name, s.Clock.Now()); err != nil {
			return err
		}
		if err := write(ctx, tx, projectID, d); err != nil {
			return err
		}
		if err := insertAnnex(ctx, tx, Annex{ProjectID: projectID, Since: d.FirstDay, At: s.Clock.Now(), ActorID: actor.PersonID}); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, projectID, "created", nil)
	})
	return projectID, err
}

// checkOffice finds whether the actor may keep projects of a unit.
func (s *Service) checkOffice(ctx context.Context, tx *db.Tx, actor access.Actor, unitID string, f *errs.Fields) error {
	paths, err := db.All[string](ctx, tx, `SELECT path FROM identity_unit WHERE id = ?`, unitID)
	if err == nil && (len(paths) == 0 || !actor.May(access.ProjectsWrite, paths[0])) {
		f.Add("unit", "project.fault.unit")
	}
	return err
}

// Edit changes what an office wrote about its project.
func (s *Service) Edit(ctx context.Context, actor access.Actor, projectID string, d Draft) (err error) {
	defer errs.Wrap(&err, "project.Edit")
	d = d.cleaned()
	return s.change(ctx, actor, projectID, "edited", nil, func(tx *db.Tx, p Page) error {
		f := d.check(p.Periods)
		if err := s.checkOffice(ctx, tx, actor, d.UnitID, &f); err != nil {
			return err
		}
		others, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM project WHERE name = ? AND id <> ?`, d.Name, projectID)
		if err != nil {
			return err
		}
		if others > 0 {
			f.Add("name", "project.fault.name-taken")
		}
		if err := f.Err(); err != nil {
			return err
		}
		if d.Edition != p.Edition {
			return errs.Conflict("project.changed-meanwhile")
		}
		return write(ctx, tx, projectID, d)
	})
}

// change does something to a dated project of the actor's office, and records it.
func (s *Service) change(ctx context.Context, actor access.Actor, projectID, act string, detail map[string]any, do func(tx *db.Tx, p Page) error) error {
	return s.DB.Update(ctx, func(tx *db.Tx) error { return s.changed(ctx, tx, actor, projectID, act, detail, do) })
}

func (s *Service) changed(ctx context.Context, tx *db.Tx, actor access.Actor, projectID, act string, detail map[string]any, do func(tx *db.Tx, p Page) error) error {
	p, err := s.mine(ctx, tx, actor, projectID)
	if err != nil {
		return err
	}
	if err := do(tx, p); err != nil {
		return err
	}
	return s.record(ctx, tx, actor, projectID, act, detail)
}

// mine returns a dated project that the actor may change; it is locked until the transaction ends.
func (s *Service) mine(ctx context.Context, tx *db.Tx, actor access.Actor, projectID string) (p Page, err error) {
	// A row that is written waits for whoever writes the same one (PostgreSQL); on SQLite there is one writer anyway.
	if err := db.Exec(ctx, tx, `UPDATE project SET edition = edition WHERE id = ?`, projectID); err != nil {
		return p, err
	}
	if p.Project, err = one(ctx, tx, actor, access.ProjectsRead, projectID); err != nil {
		return p, err
	}
	if !p.Dated() || !actor.May(access.ProjectsWrite, p.UnitPath) {
		return p, errs.Forbidden("error.forbidden")
	}
	p.MayWrite, p.MaySign = true, actor.May(access.ProjectsSign, p.UnitPath)
	err = p.fill(ctx, tx)
	return p, err
}

// Mine returns a dated project that the actor may change, and holds it until the transaction ends. It is for the areas that keep something beside it.
func (s *Service) Mine(ctx context.Context, tx *db.Tx, actor access.Actor, projectID string) (_ Page, err error) {
	defer errs.Wrap(&err, "project.Mine")
	return s.mine(ctx, tx, actor, projectID)
}

func (s *Service) record(ctx context.Context, tx *db.Tx, actor access.Actor, projectID, act string, detail any) error {
	return audit.Record(ctx, tx, s.Clock.Now(), actor.PersonID, "project."+act, "project:"+projectID, detail)
}

// SetShares says which funds pay, and how much of the cost.
func (s *Service) SetShares(ctx context.Context, actor access.Actor, projectID string, shares []Share) (err error) {
	defer errs.Wrap(&err, "project.SetShares")
	return s.change(ctx, actor, projectID, "funds", map[string]any{"funds": len(shares)}, func(tx *db.Tx, p Page) error {
		f := checkShares(shares)
		for _, x := range shares {
			_, open, err := s.Funds.Indicators(ctx, tx, x.FundID)
			if err != nil {
				return err
			}
			had := slices.ContainsFunc(p.Shares, func(old Share) bool { return old.FundID == x.FundID })
			if !open && !had {
				f.Add("share-"+x.FundID, "project.fault.fund")
			}
		}
		for _, old := range p.Shares { // what was promised to a fund cannot lose it
			kept := slices.ContainsFunc(shares, func(x Share) bool { return x.FundID == old.FundID })
			if !kept && slices.ContainsFunc(p.Targets, func(t Target) bool { return t.FundID == old.FundID }) {
				f.Add("share-"+old.FundID, "project.fault.fund-promised")
			}
		}
		if err := f.Err(); err != nil {
			return err
		}
		if err := db.Exec(ctx, tx, `DELETE FROM project_fund WHERE project_id = ?`, projectID); err != nil {
			return err
		}
		for _, x := range shares {
			if err := db.Exec(ctx, tx, `INSERT INTO project_fund (project_id, fund_id, share) VALUES (?, ?, ?)`, projectID, x.FundID, x.Share); err != nil {
				return err
			}
		}
		return nil
	})
}

// SplitPeriods makes periods of so many months each, where there are none yet.
func (s *Service) SplitPeriods(ctx context.Context, actor access.Actor, projectID string, months int) (err error) {
	defer errs.Wrap(&err, "project.SplitPeriods")
	return s.change(ctx, actor, projectID, "periods", map[string]any{"months": months}, func(tx *db.Tx, p Page) error {
		if len(p.Periods) > 0 || months < 1 || months > 36 {
			return errs.Conflict("project.changed-meanwhile")
		}
		first := p.FirstDay
		for i, last := range Split(p.FirstDay, p.LastDay, months) {
			if err := insertPeriod(ctx, tx, Period{ID: id.New(), ProjectID: projectID, Number: i + 1, FirstDay: first, LastDay: last}); err != nil {
				return err
			}
			first = NextDay(last)
		}
		return nil
	})
}

// AddPeriod adds the period that follows upon those there are, up to a last day.
func (s *Service) AddPeriod(ctx context.Context, actor access.Actor, projectID, last string) (err error) {
	defer errs.Wrap(&err, "project.AddPeriod")
	return s.change(ctx, actor, projectID, "periods", nil, func(tx *db.Tx, p Page) error {
		first, f := checkNext(p.Project, p.Periods, last)
		if err := f.Err(); err != nil {
			return err
		}
		return insertPeriod(ctx, tx, Period{ID: id.New(), ProjectID: projectID, Number: len(p.Periods) + 1, FirstDay: first, LastDay: last})
	})
}

// DropPeriod takes away the last period, as long as it was never opened: nothing can be written in it then.
func (s *Service) DropPeriod(ctx context.Context, actor access.Actor, projectID string) (err error) {
	defer errs.Wrap(&err, "project.DropPeriod")
	return s.change(ctx, actor, projectID, "periods", nil, func(tx *db.Tx, p Page) error {
		if len(p.Periods) == 0 {
			return errs.Conflict("project.changed-meanwhile")
		}
		last := p.Periods[len(p.Periods)-1]
		acts, err := Acts(ctx, tx, last.ID)
		if err != nil {
			return err
		}
		if len(acts) > 0 || !last.FrozenAt.IsZero() {
			return errs.Conflict("project.fault.period-used")
		}
		return db.Exec(ctx, tx, `DELETE FROM project_period WHERE id = ?`, last.ID)
	})
}

// Act is something that was done to a period.
type Act struct {
	Act    string // opened | locked
	Reason string
	At     time.Time
	By     string // name
}

// Acts returns what was done to a period, the latest first.
func Acts(ctx context.Context, q db.Querier, periodID string) ([]Act, error) {
	return db.All[Act](ctx, q, `
		SELECT a.act, a.reason, a.at, COALESCE(p.given_name || ' ' || p.family_name, '') AS by
		FROM project_period_act a LEFT JOIN identity_person p ON p.id = a.actor_id WHERE a.period_id = ? ORDER BY a.at DESC, a.id DESC`, periodID)
}

// OpenPeriod opens a locked period, with a reason that everybody reads who enters something in it.
func (s *Service) OpenPeriod(ctx context.Context, actor access.Actor, projectID, periodID, reason string) (err error) {
	defer errs.Wrap(&err, "project.OpenPeriod")
	return s.turn(ctx, actor, projectID, periodID, true, reason)
}

// LockPeriod locks it again.
func (s *Service) LockPeriod(ctx context.Context, actor access.Actor, projectID, periodID string) (err error) {
	defer errs.Wrap(&err, "project.LockPeriod")
	return s.turn(ctx, actor, projectID, periodID, false, "")
}

func (s *Service) turn(ctx context.Context, actor access.Actor, projectID, periodID string, open bool, reason string) error {
	return s.DB.Update(ctx, func(tx *db.Tx) error { return s.Turn(ctx, tx, actor, projectID, periodID, open, reason) })
}

// Turn opens a period, with a reason, or locks it, within what another area does in it.
func (s *Service) Turn(ctx context.Context, tx *db.Tx, actor access.Actor, projectID, periodID string, open bool, reason string) (err error) {
	defer errs.Wrap(&err, "project.Turn")
	act := map[bool]string{true: "opened", false: "locked"}[open]
	reason = text.Clean(reason)
	return s.changed(ctx, tx, actor, projectID, "period-"+act, map[string]any{"period": periodID}, func(tx *db.Tx, p Page) error {
		if !slices.ContainsFunc(p.Periods, func(x Period) bool { return x.ID == periodID }) {
			return errs.NotFound("error.not-found")
		}
		var f errs.Fields
		if open && reason == "" {
			f.Add("reason", "project.fault.reason")
		}
		if len([]rune(reason)) > mostReason {
			f.Add("reason", "project.fault.long", "Most", mostReason)
		}
		if err := f.Err(); err != nil {
			return err
		}
		n, err := db.Changed(ctx, tx, `UPDATE project_period SET open = ? WHERE id = ? AND open = ?`, open, periodID, !open)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.Conflict("project.changed-meanwhile")
		}
		return db.Exec(ctx, tx, `INSERT INTO project_period_act (id, period_id, act, reason, at, actor_id) VALUES (?, ?, ?, ?, ?, ?)`,
			id.New(), periodID, act, reason, s.Clock.Now(), actor.PersonID)
	})
}

// Writable returns a period of a project that the actor may write in, and refuses a locked one by name: what belongs to a period is changed only
// while it is open. It is for the areas that keep such things.
func (s *Service) Writable(ctx context.Context, tx *db.Tx, actor access.Actor, projectID, periodID string) (p Page, x Period, err error) {
	if p, err = s.mine(ctx, tx, actor, projectID); err != nil {
		return p, x, err
	}
	i := slices.IndexFunc(p.Periods, func(x Period) bool { return x.ID == periodID })
	if i < 0 {
		return p, x, errs.NotFound("error.not-found")
	}
	if !p.Periods[i].Open {
		return p, x, errs.Conflict("project.fault.locked", "Number", p.Periods[i].Number)
	}
	return p, p.Periods[i], nil
}

// Frozen notes that a period's report was made, so that what it was made of is not changed unseen.
func (s *Service) Frozen(ctx context.Context, tx *db.Tx, periodID string, at time.Time) (err error) {
	defer errs.Wrap(&err, "project.Frozen")
	return db.Exec(ctx, tx, `UPDATE project_period SET frozen_at = ? WHERE id = ?`, at, periodID)
}

// SetTargets writes targets: of the agreement (number 0), as long as no report rests on them, or as a new annex.
func (s *Service) SetTargets(ctx context.Context, actor access.Actor, projectID string, a Annex, targets []Target) (err error) {
	defer errs.Wrap(&err, "project.SetTargets")
	a.ProjectID, a.Note, a.At, a.ActorID = projectID, text.Clean(a.Note), s.Clock.Now(), actor.PersonID
	return s.change(ctx, actor, projectID, "targets", map[string]any{"annex": a.Number}, func(tx *db.Tx, p Page) error {
		var f errs.Fields
		if a.Number == 0 {
			f = s.checkAgreement(p)
			a.Since = p.FirstDay
		} else {
			f = checkAnnex(p.Project, p.Annexes, p.Periods, a)
			if a.Number != len(p.Annexes) {
				return errs.Conflict("project.changed-meanwhile")
			}
		}
		if err := s.checkTargets(ctx, tx, p, targets, &f); err != nil {
			return err
		}
		if err := f.Err(); err != nil {
			return err
		}
		if a.Number > 0 {
			if err := insertAnnex(ctx, tx, a); err != nil {
				return err
			}
		} else if err := db.Exec(ctx, tx, `DELETE FROM project_target WHERE project_id = ? AND annex = 0`, projectID); err != nil {
			return err
		}
		for _, t := range targets {
			if err := db.Exec(ctx, tx, `INSERT INTO project_target (project_id, annex, fund_id, indicator, target, baseline) VALUES (?, ?, ?, ?, ?, ?)`,
				projectID, a.Number, t.FundID, t.Indicator, t.Target, t.Baseline); err != nil {
				return err
			}
		}
		return nil
	})
}

// checkAgreement refuses to change the first targets once an annex or a report rests on them.
func (s *Service) checkAgreement(p Page) (f errs.Fields) {
	frozen := slices.ContainsFunc(p.Periods, func(x Period) bool { return !x.FrozenAt.IsZero() })
	if len(p.Annexes) > 1 || frozen {
		f.Add("since", "project.fault.agreement-used")
	}
	return f
}

// checkTargets finds targets of what no fund of the project asks, or below nothing.
func (s *Service) checkTargets(ctx context.Context, tx *db.Tx, p Page, targets []Target, f *errs.Fields) error {
	known := map[[2]string]bool{}
	for _, share := range p.Shares {
		ids, _, err := s.Funds.Indicators(ctx, tx, share.FundID)
		if err != nil {
			return err
		}
		for _, i := range ids {
			known[[2]string{share.FundID, i}] = true
		}
	}
	for _, t := range targets {
		field := TargetField(t.FundID, t.Indicator)
		switch {
		case !known[[2]string{t.FundID, t.Indicator}]:
			f.Add(field, "project.fault.indicator")
		case t.Target < 0 || t.Target > mostTarget || t.Baseline != nil && (*t.Baseline < 0 || *t.Baseline > mostTarget):
			f.Add(field, "project.fault.target")
		}
	}
	return nil
}

const mostTarget = 1e9

// TargetField is the name of the field in which the target of an indicator is typed.
func TargetField(fundID, indicator string) string { return "target-" + fundID + "-" + indicator }

// Dated returns the ids of all projects that an office has taken over, for the program's own work.
func (s *Service) Dated(ctx context.Context) (_ []string, err error) {
	defer errs.Wrap(&err, "project.Dated")
	return db.All[string](ctx, s.DB, `SELECT id FROM project WHERE unit_id IS NOT NULL ORDER BY id`)
}
