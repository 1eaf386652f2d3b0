package site

import (
	"context"
	"time"
	"unicode/utf8"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/fact"
	"ostoja/internal/holiday"
	"ostoja/internal/id"
	"ostoja/internal/text"
)

// Call is a call to a fact that is a phone, by which an editor learns whether it still helps whom it promises to. It says nothing of who
// answered.
type Call struct {
	ID        string
	FactID    string    `db:"fact_id"`
	CalledAt  time.Time `db:"called_at"`
	CallerID  string    `db:"caller_id"`
	Answered  bool
	Languages string // in which one can talk, in words
	Nights    string // whether somebody answers at night, as they said: "yes", "no", or "" where nobody was asked
	Note      string // of what was learned, and never of whom
}

// AtNight says whether the call was made between ten in the evening and six in the morning.
func (c *Call) AtNight(zone *time.Location) bool {
	hour := c.CalledAt.In(zone).Hour()
	return hour < 6 || hour >= 22
}

// OnFreeDay says whether the call was made on a Sunday or a public holiday.
func (c *Call) OnFreeDay(zone *time.Location) bool { return holiday.IsFree(c.CalledAt.In(zone)) }

// check finds what is wrong with a call.
func (c *Call) check(now time.Time) error {
	var faults errs.Fields
	switch {
	case c.CalledAt.IsZero():
		faults.Add("called-on", "site.fault.day")
	case c.CalledAt.After(now):
		faults.Add("called-on", "site.fault.day-ahead")
	}
	if c.Nights != "" && c.Nights != "yes" && c.Nights != "no" {
		faults.Add("nights", "site.fault.choose")
	}
	const longest = 500
	if utf8.RuneCountInString(c.Languages) > longest {
		faults.Add("call-languages", "site.fault.long")
	}
	if utf8.RuneCountInString(c.Note) > longest {
		faults.Add("call-note", "site.fault.long")
	}
	return faults.Err()
}

// AddCall notes a call to a fact, by the actor. Who may change the fact may add it.
func (s *Service) AddCall(ctx context.Context, actor access.Actor, c Call) (err error) {
	defer errs.Wrap(&err, "site.AddCall(%s)", c.FactID)
	c.Languages, c.Note = text.Clean(c.Languages), text.CleanLines(c.Note)
	owner := func(ctx context.Context, q db.Querier) (string, error) {
		stored, err := factsWhere(ctx, q, `f.id = ? AND f.kind = ?`, c.FactID, string(fact.Phone))
		if err != nil {
			return "", err
		}
		if len(stored) == 0 {
			return "", errs.NotFound("error.not-found")
		}
		return stored[0].UnitPath, mayChangeFact(actor, stored[0].Owner)
	}
	return s.edit(ctx, actor, owner, "site.call", "fact:"+c.FactID, func(tx *db.Tx) (any, error) {
		if err := c.check(s.clock.Now()); err != nil {
			return nil, err
		}
		return nil, db.Exec(ctx, tx, `INSERT INTO site_call (id, fact_id, called_at, caller_id, answered, languages, nights, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			id.New(), c.FactID, c.CalledAt, actor.PersonID, c.Answered, c.Languages, c.Nights, c.Note)
	})
}

// Calls returns the calls to the facts that the actor may read, or to one of them, the newest first.
func (s *Service) Calls(ctx context.Context, actor access.Actor, factID string) (list []Call, err error) {
	defer errs.Wrap(&err, "site.Calls")
	if err := may(actor, access.SiteRead); err != nil {
		return nil, err
	}
	within, args := actor.Within(access.SiteRead, "u.path")
	return db.All[Call](ctx, s.db, `SELECT c.id, c.fact_id, c.called_at, c.caller_id, c.answered, c.languages, c.nights, c.note
		FROM site_call c JOIN site_fact f ON f.id = c.fact_id LEFT JOIN identity_unit u ON u.id = f.unit_id
		WHERE (f.unit_id IS NULL OR `+within+`) AND (? = '' OR c.fact_id = ?) ORDER BY c.called_at DESC, c.id DESC`, append(args, factID, factID)...)
}
