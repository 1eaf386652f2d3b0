package project

import (
	"context"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
)

// Member is somebody of a project's own staff.
type Member struct {
	PersonID string
	Name     string
	Unit     string
	At       time.Time
}

// Staff returns a project's own staff, who are never counted in it, as far as the actor may see them; others is how many further there are.
func (s *Service) Staff(ctx context.Context, actor access.Actor, projectID string) (list []Member, others int, err error) {
	defer errs.Wrap(&err, "project.Staff")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if _, err := one(ctx, tx, actor, access.ProjectsRead, projectID); err != nil {
			return err
		}
		condition, args := actor.Within(access.PeopleRead, "u.path")
		if list, err = db.All[Member](ctx, tx, `
			SELECT s.person_id, p.given_name || ' ' || p.family_name AS name, u.name AS unit, s.at
			FROM project_staff s JOIN identity_person p ON p.id = s.person_id JOIN identity_unit u ON u.id = p.unit_id
			WHERE s.project_id = ? AND `+condition+` ORDER BY p.sort_key, p.id`, append([]any{projectID}, args...)...); err != nil {
			return err
		}
		all, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM project_staff WHERE project_id = ?`, projectID)
		others = all - len(list)
		return err
	})
	return list, others, err
}

// SetStaff says that somebody is of a project's own staff, or is not.
func (s *Service) SetStaff(ctx context.Context, actor access.Actor, projectID, personID string, is bool) (err error) {
	defer errs.Wrap(&err, "project.SetStaff")
	return s.change(ctx, actor, projectID, map[bool]string{true: "staff-added", false: "staff-dropped"}[is], map[string]any{"person": personID}, func(tx *db.Tx, _ Page) error {
		if err := mayRead(ctx, tx, actor, personID); err != nil {
			return err
		}
		if !is {
			return db.Exec(ctx, tx, `DELETE FROM project_staff WHERE project_id = ? AND person_id = ?`, projectID, personID)
		}
		return db.Exec(ctx, tx, `INSERT INTO project_staff (project_id, person_id, at, actor_id) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`, projectID, personID, s.Clock.Now(), actor.PersonID)
	})
}

// mayRead says that somebody whom the actor may not see is not found.
func mayRead(ctx context.Context, q db.Querier, actor access.Actor, personIDs ...string) error {
	condition, args := actor.Within(access.PeopleRead, "u.path")
	for _, personID := range personIDs {
		n := 0
		if id.Valid(personID) {
			var err error
			if n, err = db.One[int](ctx, q, `SELECT COUNT(*) FROM identity_person p JOIN identity_unit u ON u.id = p.unit_id WHERE p.id = ? AND `+condition, append([]any{personID}, args...)...); err != nil {
				return err
			}
		}
		if n == 0 {
			return errs.NotFound("error.not-found")
		}
	}
	return nil
}

// Account is one of two accounts that may be of one person.
type Account struct {
	PersonID string
	Name     string
	Unit     string
	Mail     string
}

// Pair is two accounts, and what a human said of them.
type Pair struct {
	First, Second Account // by id
	Decided       bool
	Same          bool
	At            time.Time
	By            string
}

// Pairs proposes accounts of one name among those whom the actor sees, and returns with them what was decided. It decides nothing: people share
// names, and one person has two accounts after a change of service.
func (s *Service) Pairs(ctx context.Context, actor access.Actor) (open, decided []Pair, err error) {
	defer errs.Wrap(&err, "project.Pairs")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		condition, args := actor.Within(access.PeopleRead, "u.path")
		type account struct {
			PersonID, Name, Unit, Mail, SortKey string
		}
		list, err := db.All[account](ctx, tx, `
			SELECT p.id AS person_id, p.given_name || ' ' || p.family_name AS name, u.name AS unit, COALESCE(p.mail, '') AS mail, p.sort_key
			FROM identity_person p JOIN identity_unit u ON u.id = p.unit_id
			WHERE `+condition+` AND p.sort_key IN (SELECT o.sort_key FROM identity_person o GROUP BY o.sort_key HAVING COUNT(*) > 1)
			ORDER BY p.sort_key, p.id`, args...)
		if err != nil {
			return err
		}
		type decision struct {
			PersonID, OtherID string
			Same              bool
			At                time.Time
			By                string
		}
		decisions, err := db.All[decision](ctx, tx, `
			SELECT d.person_id, d.other_id, d.same, d.at, COALESCE(h.given_name || ' ' || h.family_name, '') AS by
			FROM project_pair d LEFT JOIN identity_person h ON h.id = d.actor_id`)
		if err != nil {
			return err
		}
		said := map[[2]string]decision{}
		for _, d := range decisions {
			said[[2]string{d.PersonID, d.OtherID}] = d
		}
		for i, a := range list {
			for _, b := range list[i+1:] {
				if b.SortKey != a.SortKey {
					break
				}
				p := Pair{First: Account{a.PersonID, a.Name, a.Unit, a.Mail}, Second: Account{b.PersonID, b.Name, b.Unit, b.Mail}}
				if d, ok := said[[2]string{a.PersonID, b.PersonID}]; ok {
					p.Decided, p.Same, p.At, p.By = true, d.Same, d.At, d.By
					decided = append(decided, p)
				} else {
					open = append(open, p)
				}
			}
		}
		return nil
	})
	slices.SortStableFunc(decided, func(a, b Pair) int { return b.At.Compare(a.At) })
	return open, decided, err
}

// DecidePair says that two accounts are one person, or that they are two. The person counts once in every project then, whatever they took, and the
// accounts stay as they are.
func (s *Service) DecidePair(ctx context.Context, actor access.Actor, personID, otherID string, same bool) (err error) {
	defer errs.Wrap(&err, "project.DecidePair")
	return s.pair(ctx, actor, personID, otherID, map[bool]string{true: "pair-same", false: "pair-two"}[same], func(tx *db.Tx, a, b string) error {
		return db.Exec(ctx, tx, `
			INSERT INTO project_pair (person_id, other_id, same, at, actor_id) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (person_id, other_id) DO UPDATE SET same = excluded.same, at = excluded.at, actor_id = excluded.actor_id`, a, b, same, s.Clock.Now(), actor.PersonID)
	})
}

// ReopenPair takes back what was said of two accounts.
func (s *Service) ReopenPair(ctx context.Context, actor access.Actor, personID, otherID string) (err error) {
	defer errs.Wrap(&err, "project.ReopenPair")
	return s.pair(ctx, actor, personID, otherID, "pair-reopened", func(tx *db.Tx, a, b string) error {
		return db.Exec(ctx, tx, `DELETE FROM project_pair WHERE person_id = ? AND other_id = ?`, a, b)
	})
}

// pair changes what is said of two accounts and reckons anew as whom accounts count.
func (s *Service) pair(ctx context.Context, actor access.Actor, personID, otherID, act string, do func(tx *db.Tx, a, b string) error) error {
	if !actor.Has(access.ProjectsWrite) {
		return errs.Forbidden("error.forbidden")
	}
	a, b := min(personID, otherID), max(personID, otherID)
	if a == b {
		return errs.NotFound("error.not-found")
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		if err := mayRead(ctx, tx, actor, a, b); err != nil {
			return err
		}
		if err := db.Exec(ctx, tx, `INSERT INTO setting (name, value) VALUES ('project.pairs', '') ON CONFLICT (name) DO UPDATE SET value = excluded.value`); err != nil {
			return err
		}
		if err := do(tx, a, b); err != nil {
			return err
		}
		if err := countAnew(ctx, tx); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, "", act, map[string]any{"person": a, "other": b})
	})
}

// countAnew writes as whom each account counts, after what was said of pairs changed. Of two who change pairs at once the second waits, since it
// must see the first's.
func countAnew(ctx context.Context, tx *db.Tx) error {
	type pair struct{ PersonID, OtherID string }
	pairs, err := db.All[pair](ctx, tx, `SELECT person_id, other_id FROM project_pair WHERE same ORDER BY person_id, other_id`)
	if err != nil {
		return err
	}
	list := make([][2]string, len(pairs))
	for i, p := range pairs {
		list[i] = [2]string{p.PersonID, p.OtherID}
	}
	if err := db.Exec(ctx, tx, `DELETE FROM project_same`); err != nil {
		return err
	}
	for personID, as := range CountsAs(list) {
		if err := db.Exec(ctx, tx, `INSERT INTO project_same (person_id, counts_as) VALUES (?, ?)`, personID, as); err != nil {
			return err
		}
	}
	return nil
}

// CountsAs returns as whom each account counts that is one person with another: of all accounts that pairs join, directly or by others between
// them, the smallest id. That one is not in the map.
func CountsAs(pairs [][2]string) map[string]string {
	of := map[string]string{}
	root := func(x string) string {
		for of[x] != "" {
			x = of[x]
		}
		return x
	}
	for _, p := range pairs {
		a, b := root(p[0]), root(p[1])
		if a != b {
			of[max(a, b)] = min(a, b)
		}
	}
	as := map[string]string{}
	for x := range of {
		as[x] = root(x)
	}
	return as
}
