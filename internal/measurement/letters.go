package measurement

import (
	"context"
	"errors"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/mail"
	"ostoja/internal/mail/wording"
	"ostoja/internal/text"
)

// linkPause is the least time between two links to one sitting that somebody asks for.
const linkPause = 5 * time.Minute

// SendDue sends the letters that are due: invitations to sittings and reminders. It returns how many it looked at, so that the
// caller can go on while there are more.
func (s *Service) SendDue(ctx context.Context) (n int, err error) {
	defer errs.Wrap(&err, "measurement.SendDue")
	const atOnce = 200
	ids, err := db.All[string](ctx, s.db, `SELECT id FROM sitting WHERE mail_at <= ? ORDER BY mail_at, id LIMIT ?`, s.clock.Now(), atOnce)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	// Each in a transaction of its own: one that fails must not hold up everybody's letters, and is tried again tomorrow.
	for _, sittingID := range ids {
		if failure := s.db.Update(ctx, func(tx *db.Tx) error { return s.sendOne(ctx, tx, sittingID) }); failure != nil {
			err = errors.Join(err, failure, s.db.Update(ctx, func(tx *db.Tx) error { return s.postpone(ctx, tx, sittingID) }))
		}
	}
	return len(ids), err
}

// retryLetter is when a letter that cannot go out now is looked at again: the person is withdrawn or blocked and may be brought
// back, has no address yet, or something failed.
const retryLetter = 24 * time.Hour

func (s *Service) postpone(ctx context.Context, tx *db.Tx, sittingID string) error {
	return db.Exec(ctx, tx, `UPDATE sitting SET mail_at = ? WHERE id = ?`, s.clock.Now().Add(retryLetter), sittingID)
}

// sendOne sends a due letter, once, if it still makes sense: not to who has sat it. Who is withdrawn or blocked is not asked
// meanwhile. A follow-up makes no sense without a result before and after; it waits while the one after may still come.
func (s *Service) sendOne(ctx context.Context, tx *db.Tx, sittingID string) error {
	x, err := lockSitting(ctx, tx, sittingID)
	if err != nil {
		return err
	}
	now := s.clock.Now()
	if x.MailAt.IsZero() || x.MailAt.After(now) {
		return nil // another node was quicker
	}
	if !x.Open(now) {
		return db.Exec(ctx, tx, `UPDATE sitting SET mail_at = NULL WHERE id = ?`, x.ID)
	}
	type row struct {
		Matched   bool
		Awaited   bool // the sitting after may still come
		Withdrawn bool
		Kind      Kind
	}
	r, err := db.One[row](ctx, tx, `
		SELECT p.before_percent IS NOT NULL AND p.after_percent IS NOT NULL AS matched, p.before_percent IS NOT NULL AND p.after_state IN ('asked', 'begun') AS awaited,
			p.withdrawn_at IS NOT NULL AS withdrawn, m.subject_kind AS kind
		FROM participant p JOIN measurement m ON m.id = p.measurement_id WHERE p.id = ?`, x.ParticipantID)
	if err != nil {
		return err
	}
	subjects, err := s.people.Subjects(ctx, tx, []string{x.PersonID})
	if err != nil {
		return err
	}
	if r.Withdrawn || len(subjects) == 0 || subjects[0].Blocked {
		return s.postpone(ctx, tx, x.ID)
	}
	if x.Wave.IsFollowUp() && !r.Matched {
		if r.Awaited {
			return s.postpone(ctx, tx, x.ID)
		}
		return closeSitting(ctx, tx, x.ID, now)
	}
	reachable := subjects[0].Mail != ""
	if x.State == Asked && x.Letters == 0 && (reachable || r.Kind == OfCourse) { // a course's page asks too
		if err := setState(ctx, tx, x.ParticipantID, x.Wave, Asked); err != nil {
			return err
		}
	}
	if !reachable {
		return s.postpone(ctx, tx, x.ID)
	}
	return s.mailLink(ctx, tx, x, subjects[0], now)
}

// mailLink writes a letter with a new link, which makes the earlier one useless when it leaves.
func (s *Service) mailLink(ctx context.Context, tx *db.Tx, x Sitting, p Subject, now time.Time) error {
	v, err := s.visit(ctx, tx, x)
	if err != nil {
		return err
	}
	if err := db.Exec(ctx, tx, `UPDATE sitting SET letters = letters + 1, mail_at = ? WHERE id = ?`, nextLetter(x.Letters+1, now, x.ClosesAt), x.ID); err != nil {
		return err
	}
	return s.sendLink(ctx, tx, v, p, now)
}

// sendLink writes the letter that brings a sitting's new link.
func (s *Service) sendLink(ctx context.Context, tx *db.Tx, v Visit, p Subject, now time.Time) error {
	if err := db.Exec(ctx, tx, `UPDATE sitting SET mailed_at = ? WHERE id = ?`, now, v.ID); err != nil {
		return err
	}
	return s.outbox.Send(ctx, tx, s.letter(v, p))
}

// TokenKind is the kind of the tokens that letters of sittings bring; see [Service.MakeToken].
const TokenKind mail.TokenKind = "sitting"

// MakeToken makes the token of a sitting's link, whose letter leaves now. The one before it still leads to the page that sends
// another letter. A sitting that is over, or is there no more, has none.
func (s *Service) MakeToken(ctx context.Context, tx *db.Tx, sittingID string) (token string, err error) {
	defer errs.Wrap(&err, "measurement.MakeToken")
	x, err := lockSitting(ctx, tx, sittingID)
	if errors.Is(err, errs.ErrNotFound) || (err == nil && !x.Open(s.clock.Now())) {
		return "", errs.Gone("assessment.link.gone")
	}
	if err != nil {
		return "", err
	}
	token = id.Secret()
	err = db.Exec(ctx, tx, `UPDATE sitting SET token_before = token_hash, token_hash = ?, token_used_at = NULL WHERE id = ?`, id.Digest(token), sittingID)
	return token, err
}

// letter invites to a sitting, or reminds of it. The subject names nothing: it is seen on locked screens.
func (s *Service) letter(v Visit, p Subject) mail.Message {
	t := s.catalogue.Printer(p.Lang)
	until := ""
	if !v.ClosesAt.IsZero() {
		until = t.T("assessment.letter.until", "Date", t.DateTime(v.ClosesAt))
	}
	subject, body := wording.Compose(t, formOf(v), "Title", v.Name.In(t.Tag()), "Minutes", v.Test.Minutes, "Link", s.baseURL+"/app/s/"+mail.TokenMark+"?lang="+t.Tag(), "Until", until)
	return mail.Message{Kind: "measurement.sitting", To: p.Mail, Lang: t.Tag(), Subject: subject, Body: body, Token: mail.Token{Kind: TokenKind, Ref: v.ID}}
}

// formOf is the letter of a sitting: the first of a wave, or one that reminds of it.
func formOf(v Visit) wording.Form {
	first, again := wording.TestBefore, wording.TestBeforeAgain
	switch {
	case v.Wave.IsFollowUp():
		first, again = wording.TestLater, wording.TestLaterAgain
	case v.Wave == After:
		first, again = wording.TestAfter, wording.TestAfterAgain
	}
	if v.Letters > 0 {
		return again
	}
	return first
}

// LinkVisit is what the page behind a link says before anything begins.
type LinkVisit struct {
	Sitting
	Name    text.Translated
	Minutes int
	Used    bool // it was opened already, here or on another device, or a newer letter replaced it
}

// Link returns what a link is for, without using it. One that was never made, or was replaced twice, is gone.
func (s *Service) Link(ctx context.Context, token string) (l LinkVisit, err error) {
	defer errs.Wrap(&err, "measurement.Link")
	x, err := s.byToken(ctx, s.db, token)
	if err != nil {
		return l, err
	}
	v, err := s.visit(ctx, s.db, x)
	if err != nil {
		return l, err
	}
	return LinkVisit{Sitting: x, Name: v.Name, Minutes: v.Test.Minutes, Used: !x.fresh(token)}, nil
}

// fresh says whether a token is that of the newest link, and unused.
func (s Sitting) fresh(token string) bool {
	return s.TokenHash == id.Digest(token) && s.TokenUsedAt.IsZero()
}

func (s *Service) byToken(ctx context.Context, q db.Querier, token string) (Sitting, error) {
	hash := id.Digest(token)
	list, err := db.All[Sitting](ctx, q, `SELECT `+sittingColumns+fromSittings+`WHERE s.token_hash = ? OR s.token_before = ?`, hash, hash)
	if err == nil && len(list) == 0 {
		err = errs.Gone("assessment.link.gone")
	}
	if err != nil {
		return Sitting{}, err
	}
	return list[0], nil
}

// lockByToken returns the sitting of a link, held by this transaction: what is decided about it is decided once.
func (s *Service) lockByToken(ctx context.Context, tx *db.Tx, token string) (Sitting, error) {
	x, err := s.byToken(ctx, tx, token)
	if err != nil {
		return x, err
	}
	return lockSitting(ctx, tx, x.ID)
}

// UseLink uses a link up and begins its sitting. Of two who use it at once, one does.
func (s *Service) UseLink(ctx context.Context, token string) (x Sitting, err error) {
	defer errs.Wrap(&err, "measurement.UseLink")
	var refusal error
	err = s.db.Batch(ctx, func(tx *db.Tx) error {
		refusal = nil
		now := s.clock.Now()
		if x, err = s.lockByToken(ctx, tx, token); err != nil {
			return err
		}
		switch {
		case !x.Open(now):
			refusal = s.refusal(x, now)
			return nil
		case !x.fresh(token):
			refusal = errs.Conflict("assessment.link.used")
			return nil
		}
		if err := db.Exec(ctx, tx, `UPDATE sitting SET token_used_at = ? WHERE id = ?`, now, x.ID); err != nil {
			return err
		}
		if x.State == Asked {
			return s.beginNow(ctx, tx, x, now)
		}
		return nil
	})
	if err == nil {
		err = refusal
	}
	return x, err
}

// Again sends a new link for a sitting whose link was used up or replaced, to the person's address. The reminders stay as they
// are. Of several who ask at once, one is answered by a letter and the others are told that it is on its way.
func (s *Service) Again(ctx context.Context, token string) (err error) {
	defer errs.Wrap(&err, "measurement.Again")
	return s.db.Update(ctx, func(tx *db.Tx) error {
		x, err := s.lockByToken(ctx, tx, token)
		if err != nil {
			return err
		}
		now := s.clock.Now()
		if !x.Open(now) {
			return s.refusal(x, now)
		}
		if since := now.Sub(x.MailedAt); since >= 0 && since < linkPause {
			return errs.New(errs.ErrTooMany, "assessment.link.wait")
		}
		subjects, err := s.people.Subjects(ctx, tx, []string{x.PersonID})
		if err != nil || len(subjects) == 0 || subjects[0].Blocked || subjects[0].Mail == "" {
			return err
		}
		v, err := s.visit(ctx, tx, x)
		if err != nil {
			return err
		}
		return s.sendLink(ctx, tx, v, subjects[0], now)
	})
}
