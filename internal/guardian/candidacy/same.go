package candidacy

import (
	"context"
	"slices"
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/text"
)

// Lookalike is somebody in the register of the same office with a candidate's name or phone.
type Lookalike struct {
	ID         string
	GivenName  string
	FamilyName string
	Phone      string
	State      string
}

// Name is given name and family name.
func (l Lookalike) Name() string { return l.GivenName + " " + l.FamilyName }

// phoneDigits is how many of a number's last digits are compared: people write it with and without the country.
const phoneDigits = 9

// samePhone says whether two numbers are one, however they are written.
func samePhone(a, b string) bool {
	digits := func(s string) string {
		s = strings.Map(func(r rune) rune {
			if r < '0' || r > '9' {
				return -1
			}
			return r
		}, s)
		return s[max(0, len(s)-phoneDigits):]
	}
	return len(digits(a)) == phoneDigits && digits(a) == digits(b)
}

// sameName says whether two names are one but for capitals, marks and spaces, in whichever order their parts stand.
func sameName(a, b string) bool {
	parts := func(s string) []string { return slices.Sorted(strings.FieldsSeq(text.Search(s))) }
	return text.Search(a) != "" && slices.Equal(parts(a), parts(b))
}

// namesakes finds other candidates of the same office with the same name or phone of whom nobody has decided that they are others.
func namesakes(ctx context.Context, q db.Querier, c Candidate) (list []Row, err error) {
	if c.State == Withdrawn || c.FamilyName == "" {
		return nil, nil
	}
	others, err := db.All[Candidate](ctx, q, selectCandidates+`WHERE c.unit_id = ? AND c.id <> ? AND c.state <> 'draft'
		AND NOT EXISTS (SELECT 1 FROM guardian_candidate_distinct d WHERE d.first_id = c.id AND d.second_id = ? OR d.second_id = c.id AND d.first_id = ?) ORDER BY c.sent_at, c.id`,
		c.UnitID, c.ID, c.ID, c.ID)
	for _, o := range others {
		if sameName(o.Name(), c.Name()) || samePhone(o.Application.Phone, c.Application.Phone) {
			list = append(list, Row{ID: o.ID, GivenName: o.GivenName, FamilyName: o.FamilyName, Unit: o.Unit, State: o.State, SentAt: o.SentAt})
		}
	}
	return list, err
}

// lookalikes finds who of the same office's register has the same name or phone, and is not known to be the candidate or somebody else.
func lookalikes(ctx context.Context, q db.Querier, c Candidate) (list []Lookalike, err error) {
	if c.State != Applied {
		return nil, nil
	}
	all, err := db.All[Lookalike](ctx, q, `SELECT g.id, p.given_name, p.family_name, g.phone, g.state FROM guardian g JOIN identity_person p ON p.id = g.person_id
		WHERE g.unit_id = ? AND g.person_id <> ? AND g.state <> 'removed'
			AND NOT EXISTS (SELECT 1 FROM guardian_entry_distinct d WHERE d.candidate_id = ? AND d.guardian_id = g.id) ORDER BY p.sort_key, g.id`, c.UnitID, c.PersonID, c.ID)
	for _, l := range all {
		if sameName(l.Name(), c.Name()) || samePhone(l.Phone, c.Application.Phone) {
			l.Phone = ""
			list = append(list, l)
		}
	}
	return list, err
}

// undecided says whether somebody may be the same person who goes on the path or is in the register: then an admission waits for the decision.
func (v View) undecided() bool {
	return len(v.Entries) > 0 || slices.ContainsFunc(v.Namesakes, func(r Row) bool { return r.State == Applied })
}

// Distinguish records that two candidates with one name or phone are two people.
func (s *Service) Distinguish(ctx context.Context, actor access.Actor, candidateID, otherID string) (err error) {
	defer errs.Wrap(&err, "candidacy.Distinguish")
	return s.change(ctx, actor, candidateID, func(tx *db.Tx, c Candidate) error {
		o, err := candidate(ctx, tx, actor, access.GuardiansWrite, otherID)
		if err != nil {
			return err
		}
		if o.ID == c.ID {
			return errNotFound
		}
		now := s.Clock.Now()
		first, second := min(c.ID, o.ID), max(c.ID, o.ID)
		if err := db.Exec(ctx, tx, `INSERT INTO guardian_candidate_distinct (first_id, second_id, decided_by, decided_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			first, second, actor.PersonID, now); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "candidacy.distinct", "candidate:"+c.ID, map[string]any{"other": o.ID})
	})
}

// DistinguishEntry records that a candidate and somebody in the register with one name or phone are two people.
func (s *Service) DistinguishEntry(ctx context.Context, actor access.Actor, candidateID, entryID string) (err error) {
	defer errs.Wrap(&err, "candidacy.DistinguishEntry")
	return s.change(ctx, actor, candidateID, func(tx *db.Tx, c Candidate) error {
		n := 0
		if id.Valid(entryID) {
			if n, err = db.One[int](ctx, tx, `SELECT COUNT(*) FROM guardian WHERE id = ? AND unit_id = ?`, entryID, c.UnitID); err != nil {
				return err
			}
		}
		if n == 0 {
			return errNotFound
		}
		now := s.Clock.Now()
		if err := db.Exec(ctx, tx, `INSERT INTO guardian_entry_distinct (candidate_id, guardian_id, decided_by, decided_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			c.ID, entryID, actor.PersonID, now); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "candidacy.distinct", "candidate:"+c.ID, map[string]any{"entry": entryID})
	})
}
