package owndata

import (
	"context"
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
	Correct Kind = "correct" // art. 16
	Object  Kind = "object"  // art. 21
	Erase   Kind = "erase"   // art. 17
)

// Kinds lists them.
var Kinds = []Kind{Correct, Object, Erase}

const (
	mostWords   = 2000
	mostOpen    = 5 // requests of one person that wait for an answer
	requestKind = keeping.Kind("own-request")
	keptFor     = 365 * 24 * time.Hour // after the answer
	answerIn    = 30                   // days: art. 12(3) has a month
	path        = "/app/data-requests"
	audited     = "owndata."
	columns     = `r.id, r.person_id, r.kind, r.words, r.at, r.answer, r.answered_at`
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
}

// DueAt is when an answer is due at the latest.
func (r Request) DueAt() time.Time { return r.At.AddDate(0, 0, answerIn) }

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
	return keeping.Keep(ctx, tx, keeping.Entry{Kind: requestKind, Ref: r.ID, PersonID: r.PersonID, Since: now, Until: now.Add(keptFor)})
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
		if err := s.Outbox.Send(ctx, tx, mail.Message{To: h.Mail, Lang: t.Tag(), Subject: t.T("owndata.letter.subject"), Body: t.T("owndata.letter.body", "Link", s.BaseURL+path)}); err != nil {
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
		list = append(list, Record{{"kind", Word("owndata.kind-", string(r.Kind))}, {"words", r.Words}, {"at", r.At}, {"answer", r.Answer}, {"answered", r.AnsweredAt}})
	}
	return list, err
}

// Requests returns what people of the actor's units asked: what waits, the oldest first, then what was answered. Nobody answers themselves.
func (s *Service) Requests(ctx context.Context, actor access.Actor) (_ []Request, err error) {
	defer errs.Wrap(&err, "owndata.Requests")
	if !actor.Has(access.PeopleWrite) {
		return nil, errs.Forbidden("error.forbidden")
	}
	condition, args := actor.Within(access.PeopleWrite, "u.path")
	return db.All[Request](ctx, s.DB, `
		SELECT `+columns+`, p.given_name || ' ' || p.family_name AS name, u.name AS unit
		FROM kept_request r JOIN identity_person p ON p.id = r.person_id JOIN identity_unit u ON u.id = p.unit_id
		WHERE `+condition+` AND r.person_id <> ? ORDER BY CASE WHEN r.answered_at IS NULL THEN 0 ELSE 1 END, r.at, r.id`, append(args, actor.PersonID)...)
}

// Answer says to somebody what was done, or why not.
func (s *Service) Answer(ctx context.Context, actor access.Actor, requestID, answer string) (err error) {
	defer errs.Wrap(&err, "owndata.Answer")
	answer = text.CleanLines(answer)
	list, err := s.Requests(ctx, actor)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(r Request) bool { return r.ID == requestID })
	if i < 0 {
		return errs.NotFound("error.not-found")
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
	now := s.Clock.Now()
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		n, err := db.Changed(ctx, tx, `UPDATE kept_request SET answer = ?, answered_at = ?, answered_by = ? WHERE id = ? AND answered_at IS NULL`, answer, now, actor.PersonID, requestID)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.Conflict("owndata.fault.answered")
		}
		if err := s.keep(ctx, tx, list[i], now); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, audited+"answer", "request:"+requestID, nil)
	})
}

// eraseRequest is the end of a request, answered or not.
func eraseRequest(ctx context.Context, tx *db.Tx, ref string) error {
	return db.Exec(ctx, tx, `DELETE FROM kept_request WHERE id = ?`, ref)
}
