package laboratory

import (
	"context"
	"errors"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/mail"
	"ostoja/internal/mail/wording"
)

// Refresher is that somebody asked for one case a month.
type Refresher struct {
	PersonID string
	NextAt   time.Time
	LastCase string
}

// Refresher returns whether the actor asked for one case a month, and when the next letter leaves.
func (s *Service) Refresher(ctx context.Context, actor access.Actor) (r Refresher, wanted bool, err error) {
	defer errs.Wrap(&err, "laboratory.Refresher")
	r, err = db.One[Refresher](ctx, s.DB, `SELECT person_id, next_at, last_case FROM laboratory_refresher WHERE person_id = ?`, actor.PersonID)
	if errors.Is(err, errs.ErrNotFound) {
		return r, false, nil
	}
	return r, err == nil, err
}

// Want has one case a month sent to the actor, the first after a month, or no longer.
func (s *Service) Want(ctx context.Context, actor access.Actor, wanted bool) (err error) {
	defer errs.Wrap(&err, "laboratory.Want(%v)", wanted)
	if actor.PersonID == "" {
		return errs.NotFound("error.not-found")
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		if !wanted {
			return stop(ctx, tx, actor.PersonID)
		}
		now := s.Clock.Now()
		return db.Exec(ctx, tx, `INSERT INTO laboratory_refresher (person_id, since, next_at) VALUES (?, ?, ?) ON CONFLICT (person_id) DO NOTHING`, actor.PersonID, now, now.AddDate(0, 1, 0))
	})
}

func stop(ctx context.Context, tx *db.Tx, personID string) error {
	return db.Exec(ctx, tx, `DELETE FROM laboratory_refresher WHERE person_id = ?`, personID)
}

// sealStop is the purpose under which a person is sealed into the link that ends their letters: who holds the letter may end them without
// signing in, and can do nothing else by it.
const sealStop = "laboratory stop"

// Stops says whether a link ends somebody's letters. It changes nothing, since mail scanners open links.
func (s *Service) Stops(sealed string) error {
	_, err := s.stopped(sealed)
	return err
}

func (s *Service) stopped(sealed string) (personID string, err error) {
	if s.Key.Open(sealStop, sealed, &personID) != nil {
		return "", errs.NotFound("error.not-found")
	}
	return personID, nil
}

// Stop ends the letters of the person whose link it is. Done twice, it is done.
func (s *Service) Stop(ctx context.Context, sealed string) (err error) {
	defer errs.Wrap(&err, "laboratory.Stop")
	personID, err := s.stopped(sealed)
	if err != nil {
		return err
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error { return stop(ctx, tx, personID) })
}

// SendDue writes the letters that are due.
func (s *Service) SendDue(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "laboratory.SendDue")
	const atOnce = 200
	for {
		ids, err := db.All[string](ctx, s.DB, `SELECT person_id FROM laboratory_refresher WHERE next_at <= ? ORDER BY next_at, person_id LIMIT ?`, s.Clock.Now(), atOnce)
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, personID := range ids {
			if err := s.DB.Update(ctx, func(tx *db.Tx) error { return s.write(ctx, tx, personID) }); err != nil {
				return err
			}
		}
	}
}

// next returns the case after the last in the order of all, the first after none: whoever stays has them all.
func (s *Service) next(lastCase string) string {
	cases := s.Cases()
	for i, c := range cases {
		if c.ID == lastCase {
			return cases[(i+1)%len(cases)].ID
		}
	}
	return cases[0].ID
}

func (s *Service) write(ctx context.Context, tx *db.Tx, personID string) error {
	now := s.Clock.Now()
	r, err := db.One[Refresher](ctx, tx, `SELECT person_id, next_at, last_case FROM laboratory_refresher WHERE person_id = ?`, personID)
	if errors.Is(err, errs.ErrNotFound) {
		return nil // ended meanwhile
	}
	if err != nil {
		return err
	}
	caseID := s.next(r.LastCase)
	due, err := db.Changed(ctx, tx, `UPDATE laboratory_refresher SET next_at = ?, last_case = ? WHERE person_id = ? AND next_at <= ?`, now.AddDate(0, 1, 0), caseID, personID, now)
	if err != nil || due == 0 { // another program was quicker
		return err
	}
	to, err := db.One[struct{ Mail, Lang, State string }](ctx, tx, `SELECT mail, lang, state FROM identity_person WHERE id = ?`, personID)
	if err != nil || to.Mail == "" || to.State == "blocked" {
		return err
	}
	sealed, err := s.Key.Close(sealStop, personID)
	if err != nil {
		return err
	}
	c, err := s.Case(caseID)
	if err != nil {
		return err
	}
	t := s.Catalogue.Printer(to.Lang)
	subject, body := wording.Compose(t, wording.Case,
		"Case", c.Title.In(t.Tag()), "Minutes", alone(c.Minutes), "Link", s.BaseURL+"/app/laboratory/cases/"+caseID, "Stop", s.BaseURL+"/app/laboratory/stop/"+sealed)
	return s.Outbox.Send(ctx, tx, mail.Message{Kind: "laboratory.case", To: to.Mail, Lang: t.Tag(), Subject: subject, Body: body})
}

// alone is how long one person needs for a case that takes a class some minutes: there is nobody to wait for and to talk to.
func alone(minutes int) int { return max(5, minutes/3) }
