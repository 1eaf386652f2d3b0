package week

import (
	"context"
	"errors"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/mail"
)

// The letter leaves on Monday from seven o'clock; one that an outage held up leaves until the end of Tuesday, after which the week is half over.
const (
	letterHour = 7
	letterLast = time.Tuesday
)

// Leaves says whether letters of the week leave at a time.
func Leaves(now time.Time, zone *time.Location) bool {
	t := now.In(zone)
	return t.Weekday() == time.Monday && t.Hour() >= letterHour || t.Weekday() == letterLast
}

// WantsLetter says whether the actor has the letter of the week: who has not said otherwise does.
func (s *Service) WantsLetter(ctx context.Context, actor access.Actor) (wants bool, err error) {
	defer errs.Wrap(&err, "week.WantsLetter")
	n, err := db.One[int](ctx, s.DB, `SELECT COUNT(*) FROM guardian_week_letter WHERE person_id = ? AND off`, actor.PersonID)
	return n == 0, err
}

// SetLetter says whether the actor wants the letter of the week.
func (s *Service) SetLetter(ctx context.Context, actor access.Actor, wants bool) (err error) {
	defer errs.Wrap(&err, "week.SetLetter")
	if !actor.Has(access.GuardiansWrite) || actor.PersonID == "" {
		return errs.NotFound("error.not-found")
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		if err := db.Exec(ctx, tx, `INSERT INTO guardian_week_letter (person_id, off) VALUES (?, ?) ON CONFLICT (person_id) DO UPDATE SET off = excluded.off`, actor.PersonID, !wants); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), actor.PersonID, "guardian.week.letter", "person:"+actor.PersonID, map[string]bool{"wants": wants})
	})
}

// SendLetters writes to each coordinator once a week how much waits. Where nothing does, and to who is away and covered, nobody writes.
func (s *Service) SendLetters(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "week.SendLetters")
	now := s.Clock.Now()
	if !Leaves(now, s.Zone) {
		return nil
	}
	week := string(guardian.WeekOf(now, s.Zone))
	holders, err := s.People.Holders(ctx, s.DB, access.GuardiansWrite)
	if err != nil || len(holders) == 0 {
		return err
	}
	done := map[string]bool{}
	if err := db.Each(ctx, s.DB, func(personID string) { done[personID] = true }, `SELECT person_id FROM guardian_week_letter WHERE off OR last_week >= ?
		UNION SELECT person_id FROM guardian_cover WHERE cover_id IS NOT NULL AND from_day <= ? AND until_day >= ?`, week, s.today(), s.today()); err != nil {
		return err
	}
	var failed []error // one person's holds up no other's
	for _, h := range holders {
		if !done[h.Actor.PersonID] {
			failed = append(failed, s.send(ctx, h, week))
		}
	}
	return errors.Join(failed...)
}

// send writes somebody the letter of a week, unless another node has.
func (s *Service) send(ctx context.Context, h access.Holder, week string) error {
	tasks, err := s.Tasks(ctx, h.Actor)
	if err != nil {
		return err
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		n, err := db.Changed(ctx, tx, `
			INSERT INTO guardian_week_letter (person_id, off, last_week) VALUES (?, FALSE, ?)
			ON CONFLICT (person_id) DO UPDATE SET last_week = excluded.last_week WHERE guardian_week_letter.last_week < excluded.last_week AND NOT guardian_week_letter.off`,
			h.Actor.PersonID, week)
		if err != nil || n == 0 || len(tasks) == 0 {
			return err
		}
		return s.Outbox.Send(ctx, tx, s.letter(h, tasks))
	})
}

// letter says how much waits, by kind, and names nobody.
func (s *Service) letter(h access.Holder, tasks []Task) mail.Message {
	p := s.Catalogue.Printer(h.Lang)
	number, late := map[Kind]int{}, 0
	for _, t := range tasks {
		number[t.Kind]++
		if t.Late(s.Clock.Now(), s.Zone) {
			late++
		}
	}
	var lines []string
	for _, k := range Kinds {
		if n := number[k]; n > 0 {
			lines = append(lines, p.T("guardianweek.letter.line", "What", p.T("guardianweek.count."+string(k)), "Number", p.Int(n)))
		}
	}
	return mail.Message{
		Kind: "guardian.week", To: h.Mail, Lang: p.Tag(), Subject: p.T("guardianweek.letter.subject"),
		Body: p.T("guardianweek.letter.body", "Waits", p.N("guardianweek.waits", len(tasks)), "Late", p.N("guardianweek.late", late), "Lines", strings.Join(lines, "\n"), "Link", s.BaseURL+"/app/guardians/week"),
	}
}
