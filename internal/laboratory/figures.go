package laboratory

import (
	"context"
	"slices"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/disclosure"
	"ostoja/internal/errs"
	"ostoja/internal/laboratory/casefile"
)

// Row is what the groups of one case came to, or of all. Where they are too few, nothing of it is shown.
type Row struct {
	CaseID string // "" of all
	Groups int
	Tally
	Shown bool
}

// Figures are those of an office: of all runs in rooms that ended within the units of the actor. How people decided alone is not in them.
type Figures struct {
	Runs  int
	All   Row
	Cases []Row // of the cases that were played, in the order of all cases
}

// played is what one group decided in a run, and where the run ended.
type played struct {
	caseID   string
	position int
	group    Group
	list     []Decision
}

// tally adds up what the group decided, and of the cases that are still there what it left undecided.
func (g played) tally(cases []casefile.Case) Tally {
	t := Count(g.list)
	if i := slices.IndexFunc(cases, func(c casefile.Case) bool { return c.ID == g.caseID }); i >= 0 {
		none, asked := Undecided(cases[i], g.position, g.group, g.list)
		t.None, t.Asked = len(none), asked
	}
	return t
}

// Figures returns the figures of the actor's units.
func (s *Service) Figures(ctx context.Context, actor access.Actor) (f Figures, err error) {
	defer errs.Wrap(&err, "laboratory.Figures")
	if !actor.Has(access.Laboratory) {
		return f, errs.Forbidden("error.forbidden")
	}
	var groups []played
	runs := map[string]bool{}
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		all, err := s.ended(ctx, tx, actor)
		for _, g := range all {
			if t := g.tally(s.Cases()); t.Decisions+t.Late+t.None > 0 { // one that was asked nothing played nothing
				groups = append(groups, g)
				runs[g.group.RunID] = true
			}
		}
		return err
	})
	if err != nil {
		return f, err
	}
	f = figures(s.Cases(), groups)
	f.Runs = len(runs)
	return f, nil
}

// ended returns the groups of all runs in rooms that ended within the units of the actor, those that decided nothing among them.
func (s *Service) ended(ctx context.Context, tx *db.Tx, actor access.Actor) (list []played, err error) {
	type row struct {
		Group
		CaseID   string
		Position int
	}
	within, args := actor.Within(access.Laboratory, "u.path")
	from := ` FROM laboratory_run r JOIN identity_unit u ON u.id = r.unit_id JOIN laboratory_group g ON g.run_id = r.id`
	where := ` WHERE NOT r.alone AND r.ended_at IS NOT NULL AND ` + within
	groups, err := db.All[row](ctx, tx, `SELECT g.id, g.run_id, g.number, g.paper, g.since, r.case_id, r.position`+from+where+` ORDER BY g.id`, args...)
	if err != nil {
		return nil, err
	}
	decisions, err := db.All[Decision](ctx, tx, `
		SELECT d.id, d.group_id, d.step_id, d.counts, d.could_alarm, d.could_miss, d.late`+from+` JOIN laboratory_decision d ON d.group_id = g.id`+where+` ORDER BY d.group_id, d.id`, args...)
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		p := played{caseID: g.CaseID, position: g.Position, group: g.Group}
		for len(decisions) > 0 && decisions[0].GroupID == g.ID {
			p.list, decisions = append(p.list, decisions[0]), decisions[1:]
		}
		list = append(list, p)
	}
	return list, nil
}

// figures adds up what groups decided, by case and of all, and decides what may be shown: a case with few groups would tell what each of
// them did, and so would one that is left when the others are taken from the whole (package disclosure, in which a group stands for a
// person). The two figures of a row are shown together or not at all.
func figures(cases []casefile.Case, groups []played) (f Figures) {
	members, tallies := make([]disclosure.Membership, len(groups)), make([]Tally, len(groups))
	for i, g := range groups {
		members[i], tallies[i] = disclosure.Membership{Groups: []string{g.caseID}}, g.tally(cases)
	}
	shown := disclosure.Suppress(members)
	alarmed := shown.Among(func(i int) bool { return tallies[i].CouldAlarm > 0 })
	missing := shown.Among(func(i int) bool { return tallies[i].CouldMiss > 0 })
	row := func(caseID string, cell disclosure.Cell) Row {
		r := Row{CaseID: caseID}
		for i, g := range groups {
			if caseID == "" || g.caseID == caseID {
				r.Groups++
				r.Tally = r.plus(tallies[i])
			}
		}
		r.Shown = shown.Gain(cell) && (r.CouldAlarm == 0 || alarmed(cell)) && (r.CouldMiss == 0 || missing(cell))
		return r
	}
	f.All = row("", disclosure.Whole)
	for _, c := range cases {
		if r := row(c.ID, disclosure.Cell{Dimension: 0, Group: c.ID}); r.Groups > 0 {
			f.Cases = append(f.Cases, r)
		}
	}
	return f
}
