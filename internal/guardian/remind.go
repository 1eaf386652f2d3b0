package guardian

import (
	"context"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/expiry"
	"ostoja/internal/mail"
)

type ending struct {
	ID         string
	ValidUntil time.Time
	Reminded   int
	Mail, Lang string
}

// Remind writes to those whose entries end soon: ninety, thirty and seven days before. Most runs take one read.
func (s *Service) Remind(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "guardian.Remind")
	list, err := s.endingSoon(ctx, s.db)
	if err != nil || len(list) == 0 {
		return err
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		list, err := s.endingSoon(ctx, tx) // another node may have written meanwhile
		if err != nil {
			return err
		}
		now := s.clock.Now()
		for _, e := range list {
			days := expiry.Due(e.ValidUntil, now, e.Reminded)
			if err := db.Exec(ctx, tx, `UPDATE guardian SET reminded = ? WHERE id = ?`, days, e.ID); err != nil {
				return err
			}
			if e.Mail == "" {
				continue
			}
			p := s.catalogue.Printer(e.Lang)
			last := e.ValidUntil.Add(-time.Microsecond)
			err := s.outbox.Send(ctx, tx, mail.Message{
				Kind: "guardian.valid", To: e.Mail, Lang: p.Tag(), Subject: p.T("guardian.remind-subject"), Body: p.T("guardian.remind-body", "Day", p.Date(last), "Link", s.baseURL+"/app/guardian"),
			})
			if err != nil {
				return err
			}
			if err := Note(ctx, tx, Event{GuardianID: e.ID, At: now, Kind: "reminded", Detail: map[string]string{"until": s.day(last)}}); err != nil {
				return err
			}
		}
		return nil
	})
}

// endingSoon returns those to whom a letter is due now.
func (s *Service) endingSoon(ctx context.Context, q db.Querier) (due []ending, err error) {
	now := s.clock.Now()
	err = db.Each(ctx, q, func(e ending) {
		if expiry.Due(e.ValidUntil, now, e.Reminded) != 0 {
			due = append(due, e)
		}
	}, `SELECT g.id, g.valid_until, g.reminded, COALESCE(p.mail, '') AS mail, p.lang FROM guardian g JOIN identity_person p ON p.id = g.person_id
		WHERE g.state <> ? AND g.valid_until > ? AND g.valid_until <= ? ORDER BY g.id`, string(Removed), now, now.Add(endingWithin))
	return due, err
}
