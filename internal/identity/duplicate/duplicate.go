// Package duplicate proposes accounts that may be of one person to who keeps them, side by side, and remembers of which somebody said that
// they are of two people.
//
// Goals: nothing is decided by likeness, since people share names and one person has two accounts after a change of service; what is equal and
// what differs is shown; nobody sees an account that they may not change. Limits: accounts are not merged. Whoever has two keeps both:
// the one that is not used is blocked, and figures of projects count the person once by what is said there (project.Pairs).
package duplicate

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

// Service proposes pairs.
type Service struct {
	db    *db.DB
	clock clock.Clock
}

// New returns a Service.
func New(d *db.DB, c clock.Clock) *Service { return &Service{d, c} }

// Account is one of two accounts that may be of one person.
type Account struct {
	PersonID      string
	GivenName     string
	FamilyName    string
	Unit          string
	Mail          string
	ServiceNumber string
	State         string
	CreatedAt     time.Time
	ActivatedAt   time.Time
}

// Pair is two accounts, and what was said of them.
type Pair struct {
	First, Second Account // by id
	Alike         []Likeness
	DecidedBy     string // whoever said that they are two people; "" as long as nobody did
	DecidedAt     time.Time
}

// Likeness is in what two accounts are alike.
type Likeness string

// The likenesses, the weightiest first.
const (
	Number Likeness = "service_number" // the same in two organisations
	Local  Likeness = "mail"           // what stands before the address's @
	Name   Likeness = "name"           // as it is searched: without marks and capitals
)

// Alike says in what two accounts are alike; nothing, if they are not to be proposed. A number alone is none: organisations count each for
// themselves, and neither is an address, since a unit's name may stand before the @.
func Alike(a, b Account) (alike []Likeness) {
	family := text.Search(a.FamilyName) == text.Search(b.FamilyName)
	if !family {
		return nil
	}
	if a.ServiceNumber != "" && text.Search(a.ServiceNumber) == text.Search(b.ServiceNumber) {
		alike = append(alike, Number)
	}
	if local(a.Mail) != "" && local(a.Mail) == local(b.Mail) {
		alike = append(alike, Local)
	}
	if text.Search(a.GivenName) == text.Search(b.GivenName) {
		alike = append(alike, Name)
	}
	return alike
}

func local(mail string) string {
	before, _, _ := strings.Cut(mail, "@")
	return strings.ReplaceAll(before, ".", "")
}

// most is how many pairs are proposed at once; those who are settled make room for others.
const most = 200

// Pairs returns pairs among the accounts that the actor may change: those to look at, the likest first, and those of two people.
func (s *Service) Pairs(ctx context.Context, actor access.Actor) (open, two []Pair, err error) {
	defer errs.Wrap(&err, "duplicate.Pairs")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		list, err := s.namesakes(ctx, tx, actor)
		if err != nil {
			return err
		}
		said, err := decisions(ctx, tx)
		if err != nil {
			return err
		}
		open, two = pairs(list, said)
		return nil
	})
	return open, two, err
}

// namesakes returns accounts whose family name others within reach have too, with the given name or the service number. Erased ones have no
// name, and one that is blocked is settled: that is what the page advises.
func (s *Service) namesakes(ctx context.Context, q db.Querier, actor access.Actor) ([]Account, error) {
	within, args := actor.Within(access.PeopleWrite, "u.path")
	// The searched text begins with the family name, and folding keeps the number of most names' letters: what it does not keep is missed here
	// and is never wrong, since [Alike] asks the names themselves.
	const full = `SUBSTR(p.search_text, 1, LENGTH(p.family_name) + 1 + LENGTH(p.given_name))`
	return db.All[Account](ctx, q, `
		WITH reach AS (SELECT p.id, `+full+` AS fold, SUBSTR(p.search_text, 1, LENGTH(p.family_name)) || ' ' || COALESCE(p.service_number, p.id) AS numbered
			FROM person p JOIN unit u ON u.id = p.unit_id WHERE p.family_name <> '' AND p.state <> 'blocked' AND `+within+`)
		SELECT p.id AS person_id, p.given_name, p.family_name, u.name AS unit, COALESCE(p.mail, '') AS mail, COALESCE(p.service_number, '') AS service_number, p.state, p.created_at, p.activated_at
		FROM reach r JOIN person p ON p.id = r.id JOIN unit u ON u.id = p.unit_id
		WHERE r.fold IN (SELECT fold FROM reach GROUP BY fold HAVING COUNT(*) > 1) OR r.numbered IN (SELECT numbered FROM reach GROUP BY numbered HAVING COUNT(*) > 1)
		ORDER BY p.id`, args...)
}

type decision struct {
	FirstID, SecondID string
	DecidedBy         string
	DecidedAt         time.Time
}

func decisions(ctx context.Context, q db.Querier) (map[[2]string]decision, error) {
	said := map[[2]string]decision{}
	err := db.Each(ctx, q, func(d decision) { said[[2]string{d.FirstID, d.SecondID}] = d }, `
		SELECT d.first_id, d.second_id, COALESCE(p.given_name || ' ' || p.family_name, '') AS decided_by, d.decided_at
		FROM person_distinct d LEFT JOIN person p ON p.id = d.decided_by`)
	return said, err
}

// pairs makes pairs of accounts that are in the order of their ids.
func pairs(list []Account, said map[[2]string]decision) (open, two []Pair) {
	byName := map[string][]Account{}
	for _, a := range list {
		name := text.Search(a.FamilyName)
		for _, b := range byName[name] {
			alike := Alike(b, a)
			if len(alike) == 0 {
				continue
			}
			p := Pair{First: b, Second: a, Alike: alike}
			if d, ok := said[[2]string{b.PersonID, a.PersonID}]; ok {
				p.DecidedBy, p.DecidedAt = d.DecidedBy, d.DecidedAt
				two = append(two, p)
			} else {
				open = append(open, p)
			}
		}
		byName[name] = append(byName[name], a)
	}
	slices.SortStableFunc(open, func(a, b Pair) int { return len(b.Alike) - len(a.Alike) })
	slices.SortStableFunc(two, func(a, b Pair) int { return b.DecidedAt.Compare(a.DecidedAt) })
	return open[:min(len(open), most)], two[:min(len(two), most)]
}

// Part says that two accounts are of two people.
func (s *Service) Part(ctx context.Context, actor access.Actor, personID, otherID string) (err error) {
	defer errs.Wrap(&err, "duplicate.Part")
	return s.say(ctx, actor, personID, otherID, "person.distinct", func(tx *db.Tx, a, b string, now time.Time) error {
		return db.Exec(ctx, tx, `INSERT INTO person_distinct (first_id, second_id, decided_by, decided_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`, a, b, actor.PersonID, now)
	})
}

// Reopen takes back that two accounts are of two people.
func (s *Service) Reopen(ctx context.Context, actor access.Actor, personID, otherID string) (err error) {
	defer errs.Wrap(&err, "duplicate.Reopen")
	return s.say(ctx, actor, personID, otherID, "person.distinct-undo", func(tx *db.Tx, a, b string, _ time.Time) error {
		return db.Exec(ctx, tx, `DELETE FROM person_distinct WHERE first_id = ? AND second_id = ?`, a, b)
	})
}

// say changes what is said of two accounts that the actor may change; of others there are none.
func (s *Service) say(ctx context.Context, actor access.Actor, personID, otherID, act string, do func(tx *db.Tx, a, b string, now time.Time) error) error {
	a, b := min(personID, otherID), max(personID, otherID)
	if a == b || !id.Valid(a) || !id.Valid(b) {
		return errs.NotFound("error.not-found")
	}
	within, args := actor.Within(access.PeopleWrite, "u.path")
	return s.db.Update(ctx, func(tx *db.Tx) error {
		n, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM person p JOIN unit u ON u.id = p.unit_id WHERE p.id IN (?, ?) AND `+within, append([]any{a, b}, args...)...)
		if err != nil {
			return err
		}
		if n != 2 {
			return errs.NotFound("error.not-found")
		}
		now := s.clock.Now()
		if err := do(tx, a, b, now); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, act, "person:"+a, map[string]any{"other": b})
	})
}

// ForgetPerson erases what was said of a person's account.
func ForgetPerson(ctx context.Context, tx *db.Tx, personID string) (err error) {
	defer errs.Wrap(&err, "duplicate.ForgetPerson")
	return db.Exec(ctx, tx, `DELETE FROM person_distinct WHERE first_id = ? OR second_id = ?`, personID, personID)
}
