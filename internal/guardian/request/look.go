package request

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/privacy"
	"ostoja/internal/text"
)

// allowance returns how many people more an account may be shown, and whom it has seen within the time that counts. Who is seen again counts
// once.
func (s *Service) allowance(ctx context.Context, q db.Querier, personID string) (left int, known map[string]bool, err error) {
	since := s.Clock.Now().Add(-seenWithin)
	seen, err := db.All[string](ctx, q, `SELECT DISTINCT guardian_id FROM guardian_seen WHERE person_id = ? AND at > ?`, personID, since)
	if err != nil {
		return 0, nil, err
	}
	more, err := db.One[int](ctx, q, `SELECT COALESCE(SUM(more), 0) FROM guardian_release WHERE person_id = ? AND at > ?`, personID, since)
	if err != nil {
		return 0, nil, err
	}
	known = make(map[string]bool, len(seen))
	for _, guardianID := range seen {
		known[guardianID] = true
	}
	return max(0, mostSeen+more-len(seen)), known, nil
}

// Account is somebody who asks, as the office sees them.
type Account struct {
	PersonID string
	Name     string
	Unit     string // name
	Seen     int    // different people within 30 days
	Released int    // how many more the office let them see within 30 days
}

// Left is how many people more the account may be shown.
func (a Account) Left() int { return max(0, mostSeen+a.Released-a.Seen) }

// Accounts lists who was shown people within 30 days, who saw the most first.
func (s *Service) Accounts(ctx context.Context, actor access.Actor) (_ []Account, err error) {
	defer errs.Wrap(&err, "request.Accounts")
	if !actor.Has(access.GuardiansRead) {
		return nil, errs.NotFound("error.not-found")
	}
	since := s.Clock.Now().Add(-seenWithin)
	return db.All[Account](ctx, s.DB, `
		SELECT p.id AS person_id, p.given_name || ' ' || p.family_name AS name, u.name AS unit, n.seen,
			COALESCE((SELECT SUM(more) FROM guardian_release l WHERE l.person_id = p.id AND l.at > ?), 0) AS released
		FROM (SELECT person_id, COUNT(DISTINCT guardian_id) AS seen FROM guardian_seen WHERE at > ? GROUP BY person_id) n
			JOIN identity_person p ON p.id = n.person_id JOIN identity_unit u ON u.id = p.unit_id
		ORDER BY n.seen DESC, p.sort_key, p.id`, since, since)
}

const (
	mostReleased = 15
	mostReason   = 300 // characters
)

// Release lets an account see more people within the 30 days, for a reason that is recorded.
func (s *Service) Release(ctx context.Context, actor access.Actor, personID string, more int, reason string) (err error) {
	defer errs.Wrap(&err, "request.Release")
	if !actor.Has(access.GuardiansWrite) || !id.Valid(personID) || personID == actor.PersonID {
		return errs.NotFound("error.not-found")
	}
	reason = text.Clean(reason)
	var faults errs.Fields
	if more < 1 || more > mostReleased {
		faults.Add("more", "request.fault.more", "High", mostReleased)
	}
	switch found := privacy.Find(reason); {
	case reason == "":
		faults.Add("reason", "request.fault.reason")
	case len([]rune(reason)) > mostReason:
		faults.Add("reason", "request.fault.long", "High", mostReason)
	case found != privacy.Nothing:
		faults.Add("reason", "assessment.private."+string(found))
	}
	if err := faults.Err(); err != nil {
		return err
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		now := s.Clock.Now()
		n, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM guardian_seen WHERE person_id = ? AND at > ?`, personID, now.Add(-seenWithin))
		if err == nil && n == 0 { // nobody who has not asked needs more
			err = errs.NotFound("error.not-found")
		}
		if err != nil {
			return err
		}
		if err := db.Exec(ctx, tx, `INSERT INTO guardian_release (id, person_id, by_id, at, more, reason) VALUES (?, ?, ?, ?, ?, ?)`, id.New(), personID, actor.PersonID, now, more, reason); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "guardian.release", "person:"+personID, map[string]int{"more": more})
	})
}

// Desk lists the requests that concern the offices of the actor: those that name an entry of theirs, and those that name nobody. Open ones stand
// first, the one that waits the longest at the top.
func (s *Service) Desk(ctx context.Context, actor access.Actor) (_ []Request, err error) {
	defer errs.Wrap(&err, "request.Desk")
	concerns, args, err := s.concerning(actor)
	if err != nil {
		return nil, err
	}
	return db.All[Request](ctx, s.DB, selectRequests+`WHERE `+concerns+`
		ORDER BY CASE r.state WHEN 'office' THEN 0 WHEN 'asking' THEN 1 ELSE 2 END, CASE WHEN r.state IN ('office', 'asking') THEN r.asked_at ELSE -r.asked_at END, r.id LIMIT 200`, args...)
}

// concerning returns the condition of the requests that an office sees.
func (s *Service) concerning(actor access.Actor) (condition string, args []any, err error) {
	if !actor.Has(access.GuardiansRead) {
		return "", nil, errs.NotFound("error.not-found")
	}
	within, args := actor.Within(access.GuardiansRead, "gu.path")
	return `(EXISTS (SELECT 1 FROM guardian_proposal o JOIN guardian g ON g.id = o.guardian_id JOIN identity_unit gu ON gu.id = g.unit_id WHERE o.request_id = r.id AND ` + within + `)
		OR NOT EXISTS (SELECT 1 FROM guardian_proposal o WHERE o.request_id = r.id))`, args, nil
}

// Watch returns a request to an office that it concerns, without the contacts that its unit opened: the office has its own entries.
func (s *Service) Watch(ctx context.Context, actor access.Actor, requestID string) (r Request, err error) {
	defer errs.Wrap(&err, "request.Watch")
	concerns, args, err := s.concerning(actor)
	if err == nil && !id.Valid(requestID) {
		err = errs.NotFound("error.not-found")
	}
	if err != nil {
		return r, err
	}
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if r, err = db.One[Request](ctx, tx, selectRequests+`WHERE r.id = ? AND `+concerns, append([]any{requestID}, args...)...); err != nil {
			return err
		}
		r, err = whole(ctx, tx, r)
		return err
	})
	for i := range r.Proposals {
		r.Proposals[i].Phone = ""
	}
	return r, err
}

// Overdue says how long a request has waited since it came, if nobody agreed yet.
func (r Request) Overdue(now time.Time) time.Duration {
	if !r.State.open() {
		return 0
	}
	return max(0, now.Sub(r.AskedAt)-Named*AnswerIn)
}
