// Package retain keeps the evidence of projects for as long as their funds want it, and not a day longer.
//
// Goals: for how long, and counted from what, is a fund's rule and data; the days come from the project. Evidence of a person is kept until the last end of all funds of all projects that count
// them, and an end that nobody knows yet is no end: it is work to do, and never guessed. When the time has come, what was reported stays as it was and nobody can be found in it any more. The person
// and their office read which fund holds what, why, and until when. Limits: courses and certificates are the account's and end with it; photographs of sheets have their own rule
// (package attendance).
package retain

import (
	"context"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/keeping"
	"ostoja/internal/project"
	"ostoja/internal/report"
)

// The kinds of what is kept.
const (
	Evidence keeping.Kind = "report-evidence"
	Checks   keeping.Kind = "spot-check"
)

// Deps are what the service needs.
type Deps struct {
	DB       *db.DB
	Clock    clock.Clock
	Zone     *time.Location
	Keeping  *keeping.Service
	Projects *project.Service
	Reports  *report.Service
	Rules    report.Rules
	// Forget erases what is kept of accounts in trainings as evidence. It MUST NOT touch what reports count of others.
	Forget func(ctx context.Context, tx *db.Tx, accounts, trainings []string) error
}

// Service keeps evidence.
type Service struct{ Deps }

// New returns a Service, and tells keeping how evidence ends.
func New(d Deps) *Service {
	s := &Service{d}
	d.Keeping.On(Evidence, s.erase)
	d.Keeping.OnAge(Checks, s.sweepChecks)
	return s
}

// terms returns until when each fund wants the evidence of each project kept.
func (s *Service) terms(ctx context.Context, q db.Querier) (pages []project.Page, byProject map[string][]Term, err error) {
	list, err := s.Projects.ListIn(ctx, q, access.System)
	if err != nil {
		return nil, nil, err
	}
	anchors, err := s.Projects.Anchors(ctx, q)
	if err != nil {
		return nil, nil, err
	}
	byProject = map[string][]Term{}
	for _, x := range list {
		if !x.Dated() {
			continue
		}
		p, err := s.Projects.In(ctx, q, access.System, x.ID)
		if err != nil {
			return nil, nil, err
		}
		pages = append(pages, p)
		for _, share := range p.Shares {
			set, _, err := s.Rules.Of(ctx, q, share.FundID, 0)
			if err != nil {
				return nil, nil, err
			}
			var entered project.AnchorDay
			if i := slices.IndexFunc(anchors, func(a project.AnchorDay) bool { return a.ProjectID == p.ID && a.FundID == share.FundID }); i >= 0 {
				entered = anchors[i]
			}
			byProject[p.ID] = append(byProject[p.ID], Of(p.Project, set, entered))
		}
		if len(p.Shares) == 0 { // a project without a fund holds what it has until somebody says who pays
			byProject[p.ID] = []Term{{ProjectID: p.ID, Project: p.Name, Missing: Rule}}
		}
	}
	return pages, byProject, nil
}

// Of returns what holds a person's evidence, the last end first. None: nothing holds it.
func (s *Service) Of(ctx context.Context, q db.Querier, personID string) (list []Term, err error) {
	defer errs.Wrap(&err, "retain.Of")
	_, accounts, err := s.Projects.AccountsOf(ctx, q, personID)
	if err != nil {
		return nil, err
	}
	pages, terms, err := s.terms(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, p := range pages {
		held, err := s.Reports.Holds(ctx, q, p, accounts...)
		if err != nil {
			return nil, err
		}
		if len(held) > 0 {
			list = append(list, terms[p.ID]...)
		}
	}
	slices.SortStableFunc(list, func(a, b Term) int {
		last, _ := Last([]Term{a, b})
		switch {
		case a.Known() == b.Known() && a.Until == b.Until:
			return 0
		case last.ProjectID == a.ProjectID && last.FundID == a.FundID:
			return -1
		}
		return 1
	})
	return list, nil
}

// Follow sets the end of each person's evidence anew: it is the periodic work, since people join, days are entered, rules are confirmed and accounts are joined.
func (s *Service) Follow(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "retain.Follow")
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		pages, terms, err := s.terms(ctx, tx)
		if err != nil {
			return err
		}
		held := map[string][]Term{} // by account
		for _, p := range pages {
			accounts, err := s.Reports.Holds(ctx, tx, p)
			if err != nil {
				return err
			}
			for _, account := range accounts {
				held[account] = append(held[account], terms[p.ID]...)
			}
		}
		if err := s.join(ctx, tx, held); err != nil {
			return err
		}
		return s.write(ctx, tx, held)
	})
}

// join gives all accounts of one person what holds any of them.
func (s *Service) join(ctx context.Context, q db.Querier, held map[string][]Term) error {
	type as struct{ PersonID, CountsAs string }
	same, err := db.All[as](ctx, q, `SELECT person_id, counts_as FROM project_counted_as ORDER BY person_id`)
	if err != nil {
		return err
	}
	group := map[string][]string{}
	for _, x := range same {
		if len(group[x.CountsAs]) == 0 {
			group[x.CountsAs] = []string{x.CountsAs}
		}
		group[x.CountsAs] = append(group[x.CountsAs], x.PersonID)
	}
	for _, accounts := range group {
		var all []Term
		for _, account := range accounts {
			all = append(all, held[account]...)
		}
		for _, account := range accounts {
			if len(all) > 0 {
				held[account] = all
			}
		}
	}
	return nil
}

// write notes ends with keeping, where they changed.
func (s *Service) write(ctx context.Context, tx *db.Tx, held map[string][]Term) error {
	entries, err := s.Keeping.Under(ctx, tx, Evidence)
	if err != nil {
		return err
	}
	now := s.Clock.Now()
	for account, list := range held {
		last, ok := Last(list)
		before, there := entries[account]
		delete(entries, account)
		switch {
		case !ok || !last.Known():
			if there {
				if err := keeping.Drop(ctx, tx, Evidence, account); err != nil {
					return err
				}
			}
		case !there || !before.Equal(last.Ends(s.Zone)):
			if err := keeping.Keep(ctx, tx, keeping.Entry{Kind: Evidence, Ref: account, PersonID: account, Since: now, Until: last.Ends(s.Zone)}); err != nil {
				return err
			}
		}
	}
	for account := range entries { // nothing holds them any more: they were taken out of a list, or a training out of a project
		if err := keeping.Drop(ctx, tx, Evidence, account); err != nil {
			return err
		}
	}
	return nil
}

// erase ends the evidence of a person. What holds them is asked again: since the entry was written somebody may have been at another training, or a day may have been taken back.
func (s *Service) erase(ctx context.Context, tx *db.Tx, personID string) error {
	list, err := s.Of(ctx, tx, personID)
	if err != nil || len(list) == 0 {
		return err
	}
	last, _ := Last(list)
	now := s.Clock.Now()
	switch {
	case !last.Known():
		return keeping.Drop(ctx, tx, Evidence, personID)
	case last.Ends(s.Zone).After(now):
		return keeping.Keep(ctx, tx, keeping.Entry{Kind: Evidence, Ref: personID, PersonID: personID, Since: now, Until: last.Ends(s.Zone)})
	}
	countsAs, accounts, err := s.Projects.AccountsOf(ctx, tx, personID)
	if err != nil {
		return err
	}
	var projects []string
	for _, t := range list {
		projects = append(projects, t.ProjectID)
	}
	slices.Sort(projects)
	var trainings []string
	for _, projectID := range slices.Compact(projects) {
		of, err := s.Reports.Namelessly(ctx, tx, projectID, countsAs, accounts)
		if err != nil {
			return err
		}
		trainings = append(trainings, of...)
	}
	if err := s.Reports.ForgetAges(ctx, tx, accounts); err != nil {
		return err
	}
	return s.Forget(ctx, tx, accounts, trainings)
}

// sweepChecks erases on-the-spot checks with the project's own last end.
func (s *Service) sweepChecks(ctx context.Context, tx *db.Tx, now time.Time) (n int, err error) {
	_, terms, err := s.terms(ctx, tx)
	if err != nil {
		return 0, err
	}
	for projectID, list := range terms {
		last, ok := Last(list)
		if !ok || !last.Known() || last.Ends(s.Zone).After(now) {
			continue
		}
		gone, err := s.Reports.ForgetChecks(ctx, tx, projectID)
		if err != nil {
			return n, err
		}
		n += gone
	}
	return n, nil
}

// Project is a project's terms, with how many accounts they hold.
type Project struct {
	project.Page
	Terms []Term
	Held  int
}

// Project returns until when what a project has is kept.
func (s *Service) Project(ctx context.Context, actor access.Actor, projectID string) (x Project, err error) {
	defer errs.Wrap(&err, "retain.Project")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if x.Page, err = s.Projects.In(ctx, tx, actor, projectID); err != nil {
			return err
		}
		if !x.Dated() {
			return errs.NotFound("error.not-found")
		}
		_, terms, err := s.terms(ctx, tx)
		if err != nil {
			return err
		}
		x.Terms = terms[projectID]
		accounts, err := s.Reports.Holds(ctx, tx, x.Page)
		x.Held = len(accounts)
		return err
	})
	return x, err
}

// Unknown returns the terms of the actor's projects that nobody can reckon yet: what a coordinator has to enter. Of a project that still runs the day cannot be known, and is no work yet.
func (s *Service) Unknown(ctx context.Context, actor access.Actor) (list []Term, err error) {
	defer errs.Wrap(&err, "retain.Unknown")
	if !actor.Has(access.ProjectsWrite) {
		return nil, errs.Forbidden("error.forbidden")
	}
	mine, err := s.Projects.List(ctx, actor)
	if err != nil {
		return nil, err
	}
	today := s.Projects.Today()
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		_, terms, err := s.terms(ctx, tx)
		for _, p := range mine {
			if !actor.May(access.ProjectsWrite, p.UnitPath) {
				continue
			}
			for _, t := range terms[p.ID] {
				if t.Missing == Rule || t.Missing == Day && p.LastDay < today {
					list = append(list, t)
				}
			}
		}
		return err
	})
	return list, err
}
