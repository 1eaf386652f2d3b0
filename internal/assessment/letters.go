package assessment

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"ostoja/internal/course"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/mail"
)

// linkPause is the least time between two links to one sitting that somebody asks for.
const linkPause = 5 * time.Minute

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// SendDue sends the letters that are due: invitations to sittings and reminders. It returns how many it looked at, so that the
// caller can go on while there are more.
func (s *Service) SendDue(ctx context.Context) (n int, err error) {
	defer errs.Wrap(&err, "assessment.SendDue")
	const atOnce = 200
	ids, err := db.All[string](ctx, s.db, `SELECT id FROM sitting WHERE mail_at <= ? ORDER BY mail_at, id LIMIT ?`, s.clock.Now(), atOnce)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return len(ids), s.db.Update(ctx, func(tx *db.Tx) error {
		for _, sittingID := range ids {
			if err := s.sendOne(ctx, tx, sittingID); err != nil {
				return err
			}
		}
		return nil
	})
}

// sendOne sends a due letter, once, if it still makes sense: not to who has sat it, was withdrawn or blocked, and no
// follow-up to who was not measured before and after.
func (s *Service) sendOne(ctx context.Context, tx *db.Tx, sittingID string) error {
	x, err := lockSitting(ctx, tx, sittingID)
	if err != nil {
		return err
	}
	now := s.clock.Now()
	if x.MailAt.IsZero() || x.MailAt.After(now) {
		return nil // another node was quicker
	}
	stop := func() error { return db.Exec(ctx, tx, `UPDATE sitting SET mail_at = NULL WHERE id = ?`, x.ID) }
	if !x.Open(now) {
		return stop()
	}
	type row struct {
		Matched   bool
		Withdrawn bool
	}
	r, err := db.One[row](ctx, tx, `SELECT before_percent IS NOT NULL AND after_percent IS NOT NULL AS matched, withdrawn_at IS NOT NULL AS withdrawn FROM participant WHERE id = ?`, x.ParticipantID)
	if err != nil {
		return err
	}
	if x.Wave.IsFollowUp() && !r.Matched {
		return db.Exec(ctx, tx, `UPDATE sitting SET mail_at = NULL, state = 'closed' WHERE id = ?`, x.ID)
	}
	if x.State == Asked && x.Letters == 0 {
		if err := setState(ctx, tx, x.ParticipantID, x.Wave, Asked); err != nil {
			return err
		}
	}
	subjects, err := s.people.Subjects(ctx, tx, []string{x.PersonID})
	if err != nil {
		return err
	}
	if r.Withdrawn || len(subjects) == 0 || subjects[0].Blocked || subjects[0].Mail == "" {
		return stop()
	}
	return s.mailLink(ctx, tx, x, subjects[0], now)
}

// mailLink writes a letter with a new link, which makes the earlier one useless.
func (s *Service) mailLink(ctx context.Context, tx *db.Tx, x Sitting, p Subject, now time.Time) error {
	v, err := s.visit(ctx, tx, x)
	if err != nil {
		return err
	}
	token := id.Secret()
	if err := db.Exec(ctx, tx, `UPDATE sitting SET token_hash = ?, token_used_at = NULL, letters = letters + 1, mailed_at = ?, mail_at = ? WHERE id = ?`,
		hashToken(token), now, nextLetter(x.Letters+1, now, x.ClosesAt), x.ID); err != nil {
		return err
	}
	return s.outbox.Send(ctx, tx, s.letter(v, p, token))
}

// letter invites to a sitting, or reminds of it. The subject names nothing: it is seen on locked screens.
func (s *Service) letter(v Visit, p Subject, token string) mail.Message {
	t := s.catalogue.Printer(p.Lang)
	kind := string(v.Wave)
	if v.Wave.IsFollowUp() {
		kind = "later"
	}
	until := ""
	if !v.ClosesAt.IsZero() {
		until = t.T("assessment.letter.until", "Date", t.Date(v.ClosesAt))
	}
	opening := ""
	if v.Letters > 0 {
		opening = t.T("assessment.letter.reminder") + "\n\n"
	}
	return mail.Message{
		To: p.Mail, Lang: t.Tag(), Subject: t.T("assessment.letter.subject"),
		Body: opening + t.T("assessment.letter."+kind, "Title", v.Name.In(t.Tag()), "Minutes", v.Test.Minutes, "Link", s.baseURL+"/app/s/"+token+"?lang="+t.Tag(), "Until", until),
	}
}

// LinkVisit is what the page behind a link says before anything begins.
type LinkVisit struct {
	Sitting
	Name    course.Text
	Minutes int
	Used    bool // it was opened already, here or on another device
}

// Link returns what a link is for, without using it. One that was replaced or was never made is gone.
func (s *Service) Link(ctx context.Context, token string) (l LinkVisit, err error) {
	defer errs.Wrap(&err, "assessment.Link")
	x, err := s.byToken(ctx, s.db, token)
	if err != nil {
		return l, err
	}
	v, err := s.visit(ctx, s.db, x)
	return LinkVisit{Sitting: x, Name: v.Name, Minutes: v.Test.Minutes, Used: !x.TokenUsedAt.IsZero()}, err
}

func (s *Service) byToken(ctx context.Context, q db.Querier, token string) (Sitting, error) {
	list, err := db.All[Sitting](ctx, q, `SELECT `+sittingColumns+fromSittings+`WHERE s.token_hash = ?`, hashToken(token))
	if err == nil && len(list) == 0 {
		err = errs.Gone("assessment.link.gone")
	}
	if err != nil {
		return Sitting{}, err
	}
	return list[0], nil
}

// UseLink uses a link up and begins its sitting. Of two who use it at once, one does.
func (s *Service) UseLink(ctx context.Context, token string) (x Sitting, err error) {
	defer errs.Wrap(&err, "assessment.UseLink")
	var refusal error
	err = s.db.Batch(ctx, func(tx *db.Tx) error {
		refusal = nil
		now := s.clock.Now()
		if x, err = s.byToken(ctx, tx, token); err != nil {
			return err
		}
		if !x.Open(now) {
			refusal = s.refusal(x, now)
			return nil
		}
		n, err := db.Changed(ctx, tx, `UPDATE sitting SET token_used_at = ? WHERE id = ? AND token_hash = ? AND token_used_at IS NULL`, now, x.ID, hashToken(token))
		if err != nil {
			return err
		}
		if n == 0 {
			refusal = errs.Conflict("assessment.link.used")
			return nil
		}
		if x.State == Asked {
			return s.begin(ctx, tx, x, now)
		}
		return nil
	})
	if err == nil {
		err = refusal
	}
	return x, err
}

// Again sends a new link for a sitting whose link was used up, to the address that the first one went to.
func (s *Service) Again(ctx context.Context, token string) (err error) {
	defer errs.Wrap(&err, "assessment.Again")
	return s.db.Update(ctx, func(tx *db.Tx) error {
		x, err := s.byToken(ctx, tx, token)
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
		// The reminders stay as they are; the old token goes on leading to this page only until the new letter is there.
		fresh := id.Secret()
		if err := db.Exec(ctx, tx, `UPDATE sitting SET token_hash = ?, token_used_at = NULL, mailed_at = ? WHERE id = ?`, hashToken(fresh), now, x.ID); err != nil {
			return err
		}
		return s.outbox.Send(ctx, tx, s.letter(v, subjects[0], fresh))
	})
}
