package guardian

import (
	"context"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/disclosure"
	"ostoja/internal/errs"
)

// Figure is how many people there are in a group, and when the first of them come to an end of what holds; where Shown is false all of it is withheld.
type Figure struct {
	Name    string // of the court, or code of the voivodeship; "" for all
	N       int
	Shown   bool
	Renew   string // month in which the first entry's validity ends: 2027-04; "" if there is nobody
	Refresh string // month in which the first topic of somebody should be refreshed
}

// add counts somebody. A month says less of one person than a day.
func (f *Figure) add(p counted, zone *time.Location) {
	const month = "2006-01"
	earlier := func(m *string, of string) {
		if *m == "" || of < *m {
			*m = of
		}
	}
	f.N++
	earlier(&f.Renew, p.ValidUntil.Add(-time.Microsecond).In(zone).Format(month)) // the end is exclusive
	if len(p.RefreshOn) >= len(month) {
		earlier(&f.Refresh, p.RefreshOn[:len(month)])
	}
}

// Refreshers says by which day somebody of the register should refresh the first of the topics, by entry; support knows it.
type Refreshers func(ctx context.Context, q db.Querier) (map[string]string, error)

// Figures are what a county family centre asks for: how many people are trained, checked and valid now.
type Figures struct {
	All     Figure
	Ending  Figure // of all, whose validity ends within ninety days: they take a refresher next
	Courts  []Figure
	Regions []Figure
}

// counted is a person as the figures know one.
type counted struct {
	ID         string
	ValidUntil time.Time
	RefreshOn  string `db:"-"` // 2027-04-30, "" if it is not known
}

// Figures counts the valid entries of the offices within which the actor reads. Groups of fewer than five are withheld, and so is whatever would let
// somebody compute one.
func (s *Service) Figures(ctx context.Context, actor access.Actor) (x Figures, err error) {
	defer errs.Wrap(&err, "guardian.Figures")
	if !actor.Has(access.GuardiansRead) {
		return x, errs.NotFound("error.not-found")
	}
	now := s.clock.Now()
	within, args := actor.Within(access.GuardiansRead, "u.path")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		people, err := db.All[counted](ctx, tx, `SELECT g.id, g.valid_until FROM guardian g JOIN identity_unit u ON u.id = g.unit_id
			WHERE `+within+` AND g.state IN ('verified', 'listed', 'paused') AND g.valid_until > ? ORDER BY g.id`, append(args, now)...)
		if err != nil {
			return err
		}
		refresh, err := s.refreshers(ctx, tx)
		if err != nil {
			return err
		}
		for i := range people {
			people[i].RefreshOn = refresh[people[i].ID]
		}
		courts, err := courtsIn(ctx, tx)
		if err != nil {
			return err
		}
		type before struct{ GuardianID, CourtID string }
		of := map[string][]string{}
		err = db.Each(ctx, tx, func(b before) { of[b.GuardianID] = append(of[b.GuardianID], b.CourtID) }, `SELECT guardian_id, court_id FROM guardian_before`)
		if err != nil {
			return err
		}
		x = count(people, courts, of, now, s.zone)
		return nil
	})
	return x, err
}

const (
	in  = "in"
	out = "out"
)

func isIn(yes bool) string {
	if yes {
		return in
	}
	return out
}

// count makes the figures. Somebody serves several courts, so that each court is a division of all by itself; the disclosure rules look at all
// divisions together.
func count(people []counted, courts []Court, of map[string][]string, now time.Time, zone *time.Location) (x Figures) {
	var regions []string
	for _, c := range courts {
		if c.Region != "" && !slices.Contains(regions, c.Region) {
			regions = append(regions, c.Region)
		}
	}
	slices.Sort(regions)
	members := make([]disclosure.Membership, len(people))
	for i, p := range people {
		groups := []string{isIn(p.ValidUntil.Sub(now) <= endingWithin)}
		for _, c := range courts {
			groups = append(groups, isIn(slices.Contains(of[p.ID], c.ID)))
		}
		for _, r := range regions {
			groups = append(groups, isIn(slices.ContainsFunc(courts, func(c Court) bool { return c.Region == r && slices.Contains(of[p.ID], c.ID) })))
		}
		members[i].Groups = groups
	}
	shown := disclosure.Suppress(members)
	figure := func(name string, dimension int) Figure {
		f := Figure{Name: name, Shown: shown.Gain(disclosure.Cell{Dimension: dimension, Group: in})}
		for j, m := range members {
			if f.Shown && m.Groups[dimension] == in {
				f.add(people[j], zone)
			}
		}
		return f
	}
	x.All = Figure{Shown: len(people) > 0 && shown.Total()}
	if x.All.Shown {
		for _, p := range people {
			x.All.add(p, zone)
		}
	}
	x.Ending = figure("", 0)
	for i, c := range courts {
		x.Courts = append(x.Courts, figure(c.Name, 1+i))
	}
	for i, r := range regions {
		x.Regions = append(x.Regions, figure(r, 1+len(courts)+i))
	}
	return x
}

// Admitted counts who was admitted to the register of an office, and of those below it, from a time up to another. It is a number for reports to funds and names nobody.
func (s *Service) Admitted(ctx context.Context, q db.Querier, unitID string, from, until time.Time) (_ int, err error) {
	defer errs.Wrap(&err, "guardian.Admitted")
	return db.One[int](ctx, q, `
		SELECT COUNT(DISTINCT e.guardian_id) FROM guardian_event e JOIN guardian g ON g.id = e.guardian_id
			JOIN identity_unit u ON u.id = g.unit_id JOIN identity_unit o ON o.id = ? AND SUBSTR(u.path, 1, LENGTH(o.path)) = o.path
		WHERE e.kind = 'admitted' AND e.at >= ? AND e.at < ?`, unitID, from, until)
}

// Ready counts the entries that are valid now and whose people can be proposed. It is a number for the office's year and names nobody.
func (s *Service) Ready(ctx context.Context, q db.Querier) (_ int, err error) {
	defer errs.Wrap(&err, "guardian.Ready")
	return db.One[int](ctx, q, `SELECT COUNT(*) FROM guardian WHERE state IN ('verified', 'listed') AND valid_until > ?`, s.clock.Now())
}
