package review

import (
	"context"
	"errors"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/mail"
)

// The kinds of the tokens that letters to reviewers bring: see [Service.MakeToken] and [Service.MakeCode].
const (
	LinkToken mail.TokenKind = "review"
	CodeToken mail.TokenKind = "review-code"
)

const (
	codeBytes   = 5                // of randomness: 8 letters, 40 bits
	codeLetters = 8                // that somebody types
	codeFor     = 30 * time.Minute // a code can be used
	codeTries   = 5                // before it is useless: 5 of 2^40 guesses
	codePause   = 5 * time.Minute  // before another letter is sent to the same address
	codesADay   = 12
	notedADay   = 20 // of what somebody does who is not the reviewer: enough to be noticed, and no way to fill a table
	// KeyFor is how long a browser that showed a code stays with what it opened.
	KeyFor = 12 * time.Hour
)

// MakeToken makes the token of a link whose letter leaves now. One from an earlier letter opens nothing any more. A letter whose link is over does not leave.
func (s *Service) MakeToken(ctx context.Context, tx *db.Tx, linkID string) (token string, err error) {
	defer errs.Wrap(&err, "review.MakeToken")
	now := s.Clock.Now()
	token = id.Secret()
	n, err := db.Changed(ctx, tx, `UPDATE review_link SET token_hash = ?, sent_at = ? WHERE id = ? AND ended_at IS NULL AND expires_at > ?`, id.Digest(token), now, linkID, now)
	if err == nil && n == 0 {
		err = errs.Gone("review.over")
	}
	return token, err
}

// MakeCode makes a code whose letter leaves now.
func (s *Service) MakeCode(ctx context.Context, tx *db.Tx, codeID string) (code string, err error) {
	defer errs.Wrap(&err, "review.MakeCode")
	code = id.Code(codeBytes)
	linkID, err := db.One[string](ctx, tx, `SELECT link_id FROM review_code WHERE id = ? AND used_at IS NULL AND expires_at > ?`, codeID, s.Clock.Now())
	if errors.Is(err, errs.ErrNotFound) {
		return "", errs.Gone("review.over")
	}
	if err != nil {
		return "", err
	}
	return code[:codeLetters/2] + "-" + code[codeLetters/2:], db.Exec(ctx, tx, `UPDATE review_code SET code_hash = ?, tries = 0 WHERE id = ?`, codeDigest(linkID, code), codeID)
}

// codeDigest is the hash under which a code is kept. It is of one link, so that a code opens no other.
func codeDigest(linkID, code string) string { return id.Digest(linkID + ":" + code) }

// Door is what somebody sees of a link before they have shown a code: nothing of the project.
type Door struct {
	ID     string
	State  State
	Lang   string
	Office string // whom to ask
}

// Door returns what a link is. It changes nothing, since programs that look into mail open links. One that nobody knows is not found.
func (s *Service) Door(ctx context.Context, token string) (d Door, err error) {
	defer errs.Wrap(&err, "review.Door")
	l, err := linkOf(ctx, s.DB, token)
	return Door{l.ID, l.State(s.Clock.Now()), l.Lang, l.Office}, err
}

func linkOf(ctx context.Context, q db.Querier, token string) (Link, error) {
	l, err := db.One[Link](ctx, q, selectLinks+`WHERE l.token_hash = ?`, id.Digest(token))
	if errors.Is(err, errs.ErrNotFound) {
		err = errs.NotFound("review.unknown")
	}
	return l, err
}

// opening returns the link of a token, if it opens something now.
func (s *Service) opening(ctx context.Context, q db.Querier, token string) (Link, error) {
	l, err := linkOf(ctx, q, token)
	if err == nil && l.State(s.Clock.Now()) != Open {
		err = errs.Gone("review.over")
	}
	return l, err
}

// Ask sends a code to the address for which a link was made, if that is the one that was typed. The answer is the same, after the same time, whether or not it is.
func (s *Service) Ask(ctx context.Context, token, typed string) (err error) {
	defer errs.Wrap(&err, "review.Ask")
	pause := time.NewTimer(s.Floor)
	defer func() {
		select {
		case <-pause.C:
		case <-ctx.Done():
		}
	}()
	address, addressErr := mail.Address(typed)
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		l, err := s.opening(ctx, tx, token)
		if err != nil {
			return err
		}
		if addressErr != nil {
			var f errs.Fields
			f.Add("address", "review.fault.address")
			return f.Err()
		}
		if address != l.Address {
			return s.note(ctx, tx, l.ID, OtherAddress, "", notedADay)
		}
		return s.sendCode(ctx, tx, l)
	})
}

// sendCode sends a code, unless one left a moment ago and was not used yet, or many did today: who knows the address must not fill the mailbox.
func (s *Service) sendCode(ctx context.Context, tx *db.Tx, l Link) error {
	now := s.Clock.Now()
	waits, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM review_code WHERE link_id = ? AND used_at IS NULL AND tries < ? AND made_at > ?`, l.ID, codeTries, now.Add(-codePause))
	if err != nil || waits > 0 {
		return err
	}
	today, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM review_code WHERE link_id = ? AND made_at > ?`, l.ID, now.Add(-24*time.Hour))
	if err != nil || today >= codesADay {
		return err
	}
	codeID := id.New()
	if err := db.Exec(ctx, tx, `INSERT INTO review_code (id, link_id, made_at, expires_at) VALUES (?, ?, ?, ?)`, codeID, l.ID, now, now.Add(codeFor)); err != nil {
		return err
	}
	p := s.Catalogue.Printer(l.Lang)
	if err := s.Outbox.Send(ctx, tx, mail.Message{
		Kind: "report.code", To: l.Address, Lang: p.Tag(), Subject: p.T("review.code-subject"), Token: mail.Token{Kind: CodeToken, Ref: codeID},
		Body: p.T("review.code-body", "Code", mail.TokenMark, "Until", p.Clock(now.Add(codeFor)), "Office", l.Office),
	}); err != nil {
		return err
	}
	return s.note(ctx, tx, l.ID, CodeSent, "", codesADay)
}

// Enter uses a code up and returns the id of the link that the browser may open from now on. Each wrong code counts against all that wait.
func (s *Service) Enter(ctx context.Context, token, typed string) (linkID string, err error) {
	defer errs.Wrap(&err, "review.Enter")
	code := id.Typed(typed, codeLetters)
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		linkID = ""
		l, err := s.opening(ctx, tx, token)
		if err != nil {
			return err
		}
		now := s.Clock.Now()
		n, err := db.Changed(ctx, tx, `UPDATE review_code SET used_at = ? WHERE link_id = ? AND code_hash = ? AND used_at IS NULL AND expires_at > ? AND tries < ?`,
			now, l.ID, codeDigest(l.ID, code), now, codeTries)
		if err != nil {
			return err
		}
		if n > 0 {
			linkID = l.ID
			return s.note(ctx, tx, l.ID, Entered, "", 0)
		}
		if err := db.Exec(ctx, tx, `UPDATE review_code SET tries = tries + 1 WHERE link_id = ? AND used_at IS NULL AND expires_at > ?`, l.ID, now); err != nil {
			return err
		}
		return s.note(ctx, tx, l.ID, WrongCode, "", notedADay)
	})
	if err == nil && linkID == "" { // after the transaction, which counts the try
		var f errs.Fields
		f.Add("code", "review.fault.code")
		err = f.Err()
	}
	return linkID, err
}

// note writes down that something was done with a link; with a most, no more than so often a day.
func (s *Service) note(ctx context.Context, tx *db.Tx, linkID, act, what string, most int) error {
	now := s.Clock.Now()
	if most > 0 {
		n, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM review_use WHERE link_id = ? AND act = ? AND at > ?`, linkID, act, now.Add(-24*time.Hour))
		if err != nil || n >= most {
			return err
		}
	}
	return db.Exec(ctx, tx, `INSERT INTO review_use (id, link_id, act, what, at) VALUES (?, ?, ?, ?, ?)`, id.New(), linkID, act, what, now)
}
