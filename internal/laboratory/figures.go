package laboratory

import (
	"context"

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

// played is what one group decided in a run.
type played struct {
	caseID string
	list   []Decision
}

// Figures returns the figures of the actor's units.
func (s *Service) Figures(ctx context.Context, actor access.Actor) (f Figures, err error) {
	defer errs.Wrap(&err, "laboratory.Figures")
	if !actor.Has(access.Laboratory) {
		return f, errs.Forbidden("error.forbidden")
	}
	type row struct {
		CaseID string
		RunID  string
		Decision
	}
	within, args := actor.Within(access.Laboratory, "u.path")
	list, err := db.All[row](ctx, s.DB, `
		SELECT r.case_id, r.id AS run_id, d.group_id, d.step_id, d.counts, d.could_alarm, d.could_miss, d.late
		FROM laboratory_run r JOIN identity_unit u ON u.id = r.unit_id JOIN laboratory_decision d ON d.run_id = r.id
		WHERE NOT r.alone AND r.ended_at IS NOT NULL AND `+within+` ORDER BY d.group_id, d.id`, args...)
	if err != nil {
		return f, err
	}
	runs, groups := map[string]bool{}, []played{}
	for i, x := range list {
		runs[x.RunID] = true
		if i == 0 || list[i-1].GroupID != x.GroupID {
			groups = append(groups, played{caseID: x.CaseID})
		}
		g := &groups[len(groups)-1]
		g.list = append(g.list, x.Decision)
	}
	f = figures(s.Cases(), groups)
	f.Runs = len(runs)
	return f, nil
}

// figures adds up what groups decided, by case and of all, and decides what may be shown: a case with few groups would tell what each of
// them did, and so would one that is left when the others are taken from the whole (package disclosure, in which a group stands for a
// person). The two figures of a row are shown together or not at all.
func figures(cases []casefile.Case, groups []played) (f Figures) {
	members := make([]disclosure.Membership, len(groups))
	for i, g := range groups {
		members[i] = disclosure.Membership{Groups: []string{g.caseID}}
	}
	shown := disclosure.Suppress(members)
	alarmed := shown.Among(func(i int) bool { return Count(groups[i].list).CouldAlarm > 0 })
	missing := shown.Among(func(i int) bool { return Count(groups[i].list).CouldMiss > 0 })
	row := func(caseID string, cell disclosure.Cell) Row {
		r := Row{CaseID: caseID}
		for _, g := range groups {
			if caseID == "" || g.caseID == caseID {
				t := Count(g.list)
				r.Groups++
				r.Alarms, r.CouldAlarm, r.Missed, r.CouldMiss, r.Decisions = r.Alarms+t.Alarms, r.CouldAlarm+t.CouldAlarm, r.Missed+t.Missed, r.CouldMiss+t.CouldMiss, r.Decisions+t.Decisions
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
