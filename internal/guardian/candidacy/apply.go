package candidacy

import (
	"context"
	"errors"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/mail"
	"ostoja/internal/text"
)

// TokenKind is the kind of the tokens that letters to candidates bring; see [Service.MakeToken].
const TokenKind mail.TokenKind = "candidacy"

const (
	linkFor    = 24 * time.Hour      // one that somebody asked for
	decidedFor = 30 * 24 * time.Hour // one that tells of a decision
	linkAgain  = 5 * time.Minute     // before it is sent anew
	// KeyFor is how long a browser that used a link stays with what it opened.
	KeyFor = 12 * time.Hour
)

// MakeToken makes the token of a link whose letter leaves now. One from an earlier attempt opens nothing any more.
func (s *Service) MakeToken(ctx context.Context, tx *db.Tx, linkID string) (token string, err error) {
	defer errs.Wrap(&err, "candidacy.MakeToken")
	token = id.Secret()
	n, err := db.Changed(ctx, tx, `UPDATE guardian_candidate_link SET token_hash = ? WHERE id = ? AND used_at IS NULL AND expires_at > ?`, id.Digest(token), linkID, s.Clock.Now())
	if err == nil && n == 0 {
		err = errs.Gone("apply.link-over")
	}
	return token, err
}

// link makes a link and returns its address, which has no token yet.
func (s *Service) link(ctx context.Context, tx *db.Tx, candidateID, tag string, valid time.Duration) (url string, token mail.Token, err error) {
	linkID, now := id.New(), s.Clock.Now()
	err = db.Exec(ctx, tx, `INSERT INTO guardian_candidate_link (id, candidate_id, made_at, expires_at) VALUES (?, ?, ?, ?)`, linkID, candidateID, now, now.Add(valid))
	return s.BaseURL + "/app/apply/guardian/link/" + mail.TokenMark + "?lang=" + tag, mail.Token{Kind: TokenKind, Ref: linkID}, err
}

// Asked is what somebody types who wants a link.
type Asked struct {
	Address  string
	OfficeID string // of a new application; "" if there is but one office
	Lang     string
}

// Ask sends a link to an address: to what is there of it, or to a new application. The answer is the same, after the same time, whether or not the
// address is known. A letter that left a moment ago is not sent anew.
func (s *Service) Ask(ctx context.Context, a Asked, network string) (err error) {
	defer errs.Wrap(&err, "candidacy.Ask")
	pause := time.NewTimer(s.Floor)
	defer func() {
		select {
		case <-pause.C:
		case <-ctx.Done():
		}
	}()
	address, addressErr := mail.Address(a.Address)
	if !slices.Contains(FormLangs, a.Lang) {
		a.Lang = FormLangs[0]
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		offices, err := s.offices(ctx, tx)
		if err != nil {
			return err
		}
		if len(offices) == 0 {
			return errs.Conflict("apply.closed")
		}
		if a.OfficeID == "" && len(offices) == 1 {
			a.OfficeID = offices[0].ID
		}
		var faults errs.Fields
		if addressErr != nil {
			faults.Add("address", "apply.fault.address")
		}
		if !slices.ContainsFunc(offices, func(o Office) bool { return o.ID == a.OfficeID }) {
			faults.Add("office", "apply.fault.choose")
		}
		if err := faults.Err(); err != nil {
			return err
		}
		if err := s.Tries.Ask(ctx, tx, network); err != nil {
			return err
		}
		candidateID, err := s.begun(ctx, tx, address, a)
		if err != nil {
			return err
		}
		return s.mailLink(ctx, tx, candidateID, address, a.Lang)
	})
}

// begun returns what there is of an address, or begins an application. Who was declined or has withdrawn begins anew.
func (s *Service) begun(ctx context.Context, tx *db.Tx, address string, a Asked) (candidateID string, err error) {
	candidateID, err = db.One[string](ctx, tx, `SELECT id FROM guardian_candidate WHERE address = ? AND state NOT IN (?, ?) ORDER BY begun_at DESC, id LIMIT 1`,
		address, string(Declined), string(Withdrawn))
	if !errors.Is(err, errs.ErrNotFound) {
		return candidateID, err
	}
	now := s.Clock.Now()
	candidateID = id.New()
	return candidateID, db.Exec(ctx, tx, `INSERT INTO guardian_candidate (id, unit_id, state, lang, address, begun_at, keep_until) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		candidateID, a.OfficeID, string(Draft), a.Lang, address, now, now.Add(draftFor))
}

func (s *Service) mailLink(ctx context.Context, tx *db.Tx, candidateID, address, tag string) error {
	now := s.Clock.Now()
	waits, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM guardian_candidate_link WHERE candidate_id = ? AND used_at IS NULL AND made_at > ?`, candidateID, now.Add(-linkAgain))
	if err != nil || waits > 0 {
		return err
	}
	url, token, err := s.link(ctx, tx, candidateID, tag, linkFor)
	if err != nil {
		return err
	}
	p := s.Printer(tag)
	return s.Outbox.Send(ctx, tx, mail.Message{
		Kind: "guardian.apply", To: address, Lang: p.Tag(), Subject: p.T("apply.letter-subject"), Token: token,
		Body: p.T("apply.letter-link", "Link", url, "Until", p.DateTime(now.Add(linkFor))),
	})
}

// Usable says whether a link can be used; it changes nothing, since programs that look into mail open links.
func (s *Service) Usable(ctx context.Context, token string) (err error) {
	defer errs.Wrap(&err, "candidacy.Usable")
	n, err := db.One[int](ctx, s.DB, `SELECT COUNT(*) FROM guardian_candidate_link WHERE token_hash = ? AND used_at IS NULL AND expires_at > ?`, id.Digest(token), s.Clock.Now())
	if err == nil && n == 0 {
		err = errs.Gone("apply.link-over")
	}
	return err
}

// UseLink uses a link up and says whose it is. Of two who press at once one comes in; who comes with a used one does not.
func (s *Service) UseLink(ctx context.Context, token string) (candidateID string, err error) {
	defer errs.Wrap(&err, "candidacy.UseLink")
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		now := s.Clock.Now()
		n, err := db.Changed(ctx, tx, `UPDATE guardian_candidate_link SET used_at = ? WHERE token_hash = ? AND used_at IS NULL AND expires_at > ?`, now, id.Digest(token), now)
		if err == nil && n == 0 {
			err = errs.Gone("apply.link-over")
		}
		if err != nil {
			return err
		}
		candidateID, err = db.One[string](ctx, tx, `SELECT candidate_id FROM guardian_candidate_link WHERE token_hash = ?`, id.Digest(token))
		return err
	})
	return candidateID, err
}

// Self is by which somebody comes to what is theirs: the key that a link gave their browser, or their account.
type Self struct {
	CandidateID string
	PersonID    string
}

// mine finds what is somebody's own: by the key, or else the newest of the account.
func mine(ctx context.Context, q db.Querier, self Self) (c Candidate, err error) {
	switch {
	case self.CandidateID != "":
		return db.One[Candidate](ctx, q, selectCandidates+`WHERE c.id = ?`, self.CandidateID)
	case self.PersonID != "":
		return db.One[Candidate](ctx, q, selectCandidates+`WHERE c.person_id = ? ORDER BY c.begun_at DESC, c.id LIMIT 1`, self.PersonID)
	}
	return c, errs.NotFound("apply.nothing-here")
}

// Mine is what a candidate sees of their own candidacy.
type Mine struct {
	Candidate
	Courts    []Named // of a draft those that the form offers, else those that were chosen
	Steps     []StepOf
	Checks    []Check
	Documents []Document
	Looks     []Look
	Sendable  []CheckKind // of which a copy can be sent
}

// Mine returns somebody's own candidacy.
func (s *Service) Mine(ctx context.Context, self Self) (m Mine, err error) {
	defer errs.Wrap(&err, "candidacy.Mine")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if m.Candidate, err = mine(ctx, tx, self); err != nil {
			return err
		}
		if m.Courts, err = openCourts(ctx, tx); err != nil || m.State == Draft {
			return err
		}
		v, err := s.read(ctx, tx, m.Candidate)
		m.Courts, m.Steps, m.Checks, m.Documents, m.Looks = v.Courts, v.Steps, v.History, v.Documents, v.Looks
		if m.State == Applied {
			m.Sendable = Sendable(v.Rules, m.Application.Abroad)
		}
		return err
	})
	return m, err
}

// Save saves a draft, of which anything may be missing; with send it is sent, whole, and can no longer be changed.
func (s *Service) Save(ctx context.Context, self Self, f Form, send bool) (err error) {
	defer errs.Wrap(&err, "candidacy.Save")
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		c, err := mine(ctx, tx, self)
		if err != nil {
			return err
		}
		if c.State != Draft {
			return errs.Conflict("apply.sent-already")
		}
		courts, err := openCourts(ctx, tx)
		if err != nil {
			return err
		}
		f = f.cleaned(idsOf(courts))
		if err := f.check(send, len(courts) > 0).Err(); err != nil {
			return err
		}
		now := s.Clock.Now()
		state, keep := Draft, now.Add(draftFor)
		var sent, agreed time.Time
		if send {
			state, keep, sent, agreed = Applied, ConsentUntil(now), now, now
		}
		n, err := db.Changed(ctx, tx, `
			UPDATE guardian_candidate SET given_name = ?, family_name = ?, sort_key = ?, search_text = ?, application = ?, state = ?, sent_at = ?, agreed_at = ?, keep_until = ?,
				edition = edition + 1
			WHERE id = ? AND state = ? AND edition = ?`,
			f.GivenName, f.FamilyName, text.SortKey(f.FamilyName, f.GivenName), text.Search(f.GivenName+" "+f.FamilyName), db.JSON(f.Application), string(state), sent, agreed, keep,
			c.ID, string(Draft), f.Edition)
		if err == nil && n == 0 {
			err = errs.Conflict("apply.changed-meanwhile")
		}
		if err != nil || !send {
			return err
		}
		if err := s.tell(ctx, tx, c, "applied"); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, c.PersonID, "candidacy.apply", "candidate:"+c.ID, nil)
	})
}

// Withdraw ends somebody's own candidacy. What they wrote, documents, checks and marks go at once.
func (s *Service) Withdraw(ctx context.Context, self Self) (err error) {
	defer errs.Wrap(&err, "candidacy.Withdraw")
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		c, err := mine(ctx, tx, self)
		if err != nil {
			return err
		}
		now := s.Clock.Now()
		n, err := db.Changed(ctx, tx, `
			UPDATE guardian_candidate SET state = ?, application = '{}', reasons = '', decided_at = ?, keep_until = ?, edition = edition + 1 WHERE id = ? AND state IN (?, ?)`,
			string(Withdrawn), now, now.Add(withdrawnFor), c.ID, string(Draft), string(Applied))
		if err == nil && n == 0 {
			err = errs.Conflict("apply.over")
		}
		if err != nil {
			return err
		}
		if err := eraseMaterial(ctx, tx, c.ID); err != nil {
			return err
		}
		if c.State == Applied { // of a draft nobody knows
			if err := s.tell(ctx, tx, c, "withdrawn"); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, now, c.PersonID, "candidacy.withdraw", "candidate:"+c.ID, nil)
	})
}

// eraseMaterial erases all that a decision would have rested on. Who looked at a document stays readable until the row itself goes.
func eraseMaterial(ctx context.Context, tx *db.Tx, candidateID string) error {
	for _, statement := range []string{
		`DELETE FROM guardian_document WHERE candidate_id = ?`, `DELETE FROM guardian_check WHERE candidate_id = ?`,
		`DELETE FROM guardian_talk WHERE candidate_id = ?`, `DELETE FROM guardian_candidate_step WHERE candidate_id = ?`,
	} {
		if err := db.Exec(ctx, tx, statement, candidateID); err != nil {
			return err
		}
	}
	return nil
}

// known says whether an actor leads candidates at all; it opens lists, rows are chosen by [access.Actor.Within].
func known(actor access.Actor, p access.Permission) error {
	if actor.PersonID == "" || !actor.Has(p) {
		return errNotFound
	}
	return nil
}
