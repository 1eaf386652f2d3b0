package owndata

import (
	"context"
	"errors"
	"slices"
	"time"
	"unicode/utf8"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/keeping"
	"ostoja/internal/mail"
	"ostoja/internal/text"
)

// Kind is what somebody asks.
type Kind string

// The kinds.
const (
	Correct  Kind = "correct"  // art. 16 GDPR
	Erase    Kind = "erase"    // art. 17 GDPR
	Restrict Kind = "restrict" // art. 18 GDPR
	Object   Kind = "object"   // art. 21 GDPR
)

// Kinds lists them.
var Kinds = []Kind{Correct, Erase, Restrict, Object}

// RequestKind is the kind under which keeping knows a request.
const RequestKind keeping.Kind = "own-request"

const (
	mostWords = 2000
	mostOpen  = 5 // requests of one person that wait for an answer

	keptFor = 365 * 24 * time.Hour // after the answer
	path    = "/app/data-requests"
	audited = "owndata."
	columns = `r.id, r.person_id, r.kind, r.words, r.at, r.answer, r.answered_at, r.outcome`
)

// Request is what somebody asked.
type Request struct {
	ID         string
	PersonID   string
	Name       string // to the office alone
	Unit       string
	Kind       Kind
	Words      string
	At         time.Time
	Answer     string
	AnsweredAt time.Time
	Outcome    Outcome
	Held       []Record `db:"-"` // to the office, of an erasure: what holds the data now
}

// Outcome is what became of a request.
type Outcome string

// The outcomes.
const (
	Waits   Outcome = ""
	Done    Outcome = "done"
	Refused Outcome = "refused"
	Held    Outcome = "held" // it will be done once nothing holds the data
)

// DueAt is when an answer is due at the latest: a month after it was asked (art. 12(3) GDPR), on the same day of the month or else on its last (Regulation 1182/71, art. 3(2)(c)).
func (r Request) DueAt() time.Time {
	due := r.At.AddDate(0, 1, 0)
	if due.Day() != r.At.Day() {
		due = due.AddDate(0, 0, -due.Day())
	}
	return due
}

// Overdue says whether an answer is due and there is none.
func (r Request) Overdue(now time.Time) bool { return r.AnsweredAt.IsZero() && now.After(r.DueAt()) }

// Ask carries what the actor asks to the office that keeps their account. The letter says that there is something to read, and neither what nor of whom.
func (s *Service) Ask(ctx context.Context, actor access.Actor, k Kind, words string) (err error) {
	defer errs.Wrap(&err, "owndata.Ask")
	if actor.PersonID == "" {
		return errs.Forbidden("error.forbidden")
	}
	words = text.CleanLines(words)
	var f errs.Fields
	if !slices.Contains(Kinds, k) {
		f.Add("kind", "owndata.fault.kind")
	}
	switch {
	case words == "" && k != Erase:
		f.Add("words", "owndata.fault.words")
	case utf8.RuneCountInString(words) > mostWords:
		f.Add("words", "owndata.fault.long", "Most", mostWords)
	}
	if err := f.Err(); err != nil {
		return err
	}
	now := s.Clock.Now()
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		open, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM kept_request WHERE person_id = ? AND answered_at IS NULL`, actor.PersonID)
		if err != nil {
			return err
		}
		if open >= mostOpen {
			return errs.Conflict("owndata.fault.many-open")
		}
		r := Request{ID: id.New(), PersonID: actor.PersonID}
		if err := db.Exec(ctx, tx, `INSERT INTO kept_request (id, person_id, kind, words, at) VALUES (?, ?, ?, ?, ?)`, r.ID, r.PersonID, string(k), words, now); err != nil {
			return err
		}
		if err := s.keep(ctx, tx, r, now); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, now, actor.PersonID, audited+"ask", "request:"+r.ID, map[string]any{"kind": k}); err != nil {
			return err
		}
		return s.tell(ctx, tx, actor)
	})
}

func (s *Service) keep(ctx context.Context, tx *db.Tx, r Request, now time.Time) error {
	return keeping.Keep(ctx, tx, keeping.Entry{Kind: RequestKind, Ref: r.ID, PersonID: r.PersonID, Since: now, Until: now.Add(keptFor)})
}

// tell writes to those who keep accounts of the actor's unit.
func (s *Service) tell(ctx context.Context, tx *db.Tx, actor access.Actor) error {
	holders, err := s.Holders(ctx, tx, access.PeopleWrite)
	if err != nil {
		return err
	}
	for _, i := range access.Keepers(holders, access.PeopleWrite, actor.Path) {
		h := holders[i]
		if h.Actor.PersonID == actor.PersonID {
			continue
		}
		t := s.Catalogue.Printer(h.Lang)
		if err := s.Outbox.Send(ctx, tx, mail.Message{Kind: "data.request", To: h.Mail, Lang: t.Tag(), Subject: t.T("owndata.letter.subject"), Body: t.T("owndata.letter.body", "Link", s.BaseURL+path)}); err != nil {
			return err
		}
	}
	return nil
}

// Own returns what the actor asked, the latest first.
func (s *Service) Own(ctx context.Context, actor access.Actor) (_ []Request, err error) {
	defer errs.Wrap(&err, "owndata.Own")
	return db.All[Request](ctx, s.DB, `SELECT `+columns+`, '' AS name, '' AS unit FROM kept_request r WHERE r.person_id = ? ORDER BY r.at DESC, r.id`, actor.PersonID)
}

func (s *Service) asked(ctx context.Context, actor access.Actor) (list []Record, err error) {
	own, err := s.Own(ctx, actor)
	for _, r := range own {
		list = append(list, Record{{"kind", Word("owndata.kind-", string(r.Kind))}, {"words", r.Words}, {"at", r.At}, {"answer_by", r.DueAt()}, {"answer", r.Answer}, {"answered", r.AnsweredAt}, {"outcome", Word("owndata.outcome-", string(r.Outcome))}})
	}
	return list, err
}

// Requests returns what people of the actor's units asked: what waits, the oldest first, then what was answered. Nobody answers themselves.
func (s *Service) Requests(ctx context.Context, actor access.Actor) (list []Request, err error) {
	defer errs.Wrap(&err, "owndata.Requests")
	if !actor.Has(access.PeopleWrite) {
		return nil, errs.Forbidden("error.forbidden")
	}
	condition, args := actor.Within(access.PeopleWrite, "u.path")
	if list, err = db.All[Request](ctx, s.DB, `
		SELECT `+columns+`, p.given_name || ' ' || p.family_name AS name, u.name AS unit
		FROM kept_request r JOIN identity_person p ON p.id = r.person_id JOIN identity_unit u ON u.id = p.unit_id
		WHERE `+condition+` AND r.person_id <> ? ORDER BY CASE WHEN r.answered_at IS NULL THEN 0 ELSE 1 END, r.at, r.id`, append(args, actor.PersonID)...); err != nil {
		return nil, err
	}
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		for i, r := range list {
			if r.Kind == Erase && r.Outcome != Done && r.Outcome != Refused {
				if list[i].Held, err = s.Held(ctx, tx, r.PersonID); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return list, err
}

// Waiting returns how many requests of people of the actor's units wait for an answer, and until when the first of them has to have it.
func (s *Service) Waiting(ctx context.Context, actor access.Actor) (n int, due time.Time, err error) {
	defer errs.Wrap(&err, "owndata.Waiting")
	condition, args := actor.Within(access.PeopleWrite, "u.path")
	asked, err := db.All[time.Time](ctx, s.DB, `SELECT r.at FROM kept_request r JOIN identity_person p ON p.id = r.person_id JOIN identity_unit u ON u.id = p.unit_id
		WHERE r.answered_at IS NULL AND r.person_id <> ? AND `+condition+` ORDER BY r.at`, append([]any{actor.PersonID}, args...)...)
	if len(asked) > 0 {
		due = Request{At: asked[0]}.DueAt()
	}
	return len(asked), due, err
}

// Answer says to somebody what was done, or with refused why not.
func (s *Service) Answer(ctx context.Context, actor access.Actor, requestID, answer string, refused bool) (err error) {
	defer errs.Wrap(&err, "owndata.Answer")
	answer = text.CleanLines(answer)
	r, err := s.one(ctx, actor, requestID)
	if err != nil {
		return err
	}
	var f errs.Fields
	switch {
	case answer == "":
		f.Add("answer", "owndata.fault.answer")
	case utf8.RuneCountInString(answer) > mostWords:
		f.Add("answer", "owndata.fault.long", "Most", mostWords)
	}
	if err := f.Err(); err != nil {
		return err
	}
	outcome := Done
	if refused {
		outcome = Refused
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error { return s.settle(ctx, tx, actor, r, outcome, answer) })
}

// Request returns a request for erasure that waits, with what holds the data.
func (s *Service) Request(ctx context.Context, actor access.Actor, requestID string) (r Request, err error) {
	defer errs.Wrap(&err, "owndata.Request")
	if r, err = s.one(ctx, actor, requestID); err == nil && (r.Kind != Erase || !r.AnsweredAt.IsZero()) {
		err = errs.NotFound("error.not-found")
	}
	return r, err
}

func (s *Service) one(ctx context.Context, actor access.Actor, requestID string) (Request, error) {
	list, err := s.Requests(ctx, actor)
	if err != nil {
		return Request{}, err
	}
	i := slices.IndexFunc(list, func(r Request) bool { return r.ID == requestID })
	if i < 0 {
		return Request{}, errs.NotFound("error.not-found")
	}
	return list[i], nil
}

// settle writes what becomes of a request that nobody has answered.
func (s *Service) settle(ctx context.Context, tx *db.Tx, actor access.Actor, r Request, outcome Outcome, answer string) error {
	now := s.Clock.Now()
	n, err := db.Changed(ctx, tx, `UPDATE kept_request SET answer = ?, answered_at = ?, answered_by = ?, outcome = ? WHERE id = ? AND answered_at IS NULL`, answer, now, actor.PersonID, string(outcome), r.ID)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.Conflict("owndata.fault.answered")
	}
	if outcome == Held { // it lasts as long as what holds the data
		err = keeping.Drop(ctx, tx, RequestKind, r.ID)
	} else {
		err = s.keep(ctx, tx, r, now)
	}
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, now, actor.PersonID, audited+"answer", "request:"+r.ID, map[string]any{"outcome": outcome})
}

// Erase has all that is known of who asked for it erased: at once, or, where something holds the data, as soon as nothing does. held says which.
func (s *Service) Erase(ctx context.Context, actor access.Actor, requestID string) (held bool, err error) {
	defer errs.Wrap(&err, "owndata.Erase")
	r, err := s.one(ctx, actor, requestID)
	if err != nil {
		return false, err
	}
	if r.Kind != Erase {
		return false, errs.Conflict("owndata.fault.no-erasure")
	}
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		terms, err := s.Held(ctx, tx, r.PersonID)
		if err != nil {
			return err
		}
		if held = len(terms) > 0; held {
			return s.settle(ctx, tx, actor, r, Held, "")
		}
		if err := s.settle(ctx, tx, actor, r, Done, ""); err != nil {
			return err
		}
		return s.forget(ctx, tx, r.PersonID)
	})
	return held, err
}

func (s *Service) forget(ctx context.Context, tx *db.Tx, personID string) error {
	if err := s.Forget(ctx, tx, personID); err != nil {
		return err
	}
	return db.Exec(ctx, tx, `UPDATE kept_request SET words = '', answer = '' WHERE person_id = ?`, personID)
}

// EraseHeld erases whom something held that holds them no longer. It is the periodic work, and records how many they were. Each is a transaction of its own: what fails for one is tried again,
// and holds up nobody else.
func (s *Service) EraseHeld(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "owndata.EraseHeld")
	list, err := db.All[Request](ctx, s.DB, `SELECT `+columns+`, '' AS name, '' AS unit FROM kept_request r WHERE r.outcome = ? ORDER BY r.at, r.id`, string(Held))
	if err != nil {
		return err
	}
	number := 0
	var failed []error
	for _, r := range list {
		erased := false
		failure := s.DB.Update(ctx, func(tx *db.Tx) error {
			erased = false
			terms, err := s.Held(ctx, tx, r.PersonID)
			if err != nil || len(terms) > 0 {
				return err
			}
			if err := s.forget(ctx, tx, r.PersonID); err != nil {
				return err
			}
			if err := db.Exec(ctx, tx, `UPDATE kept_request SET outcome = ? WHERE id = ?`, string(Done), r.ID); err != nil {
				return err
			}
			erased = true
			return s.keep(ctx, tx, r, s.Clock.Now())
		})
		if errors.Is(failure, errs.ErrConflict) { // something else holds them now, as the register of guardians does: it stays held
			continue
		}
		if failed = append(failed, failure); failure == nil && erased {
			number++
		}
	}
	if number > 0 {
		failed = append(failed, s.DB.Update(ctx, func(tx *db.Tx) error {
			return audit.Record(ctx, tx, s.Clock.Now(), "", audited+"erase", "", map[string]any{"number": number})
		}))
	}
	return errors.Join(failed...)
}

// eraseRequest is the end of a request, answered or not.
func eraseRequest(ctx context.Context, tx *db.Tx, ref string) error {
	return db.Exec(ctx, tx, `DELETE FROM kept_request WHERE id = ?`, ref)
}
