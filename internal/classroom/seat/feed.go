package seat

import (
	"context"
	"errors"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/classroom/calendar"
	"ostoja/internal/classroom/letters"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
)

// FeedSince returns since when the actor's calendar can be followed; zero if it cannot.
func (s *Service) FeedSince(ctx context.Context, actor access.Actor) (_ time.Time, err error) {
	defer errs.Wrap(&err, "seat.FeedSince")
	since, err := db.One[time.Time](ctx, s.DB, `SELECT created_at FROM calendar_feed WHERE person_id = ?`, actor.PersonID)
	if errors.Is(err, errs.ErrNotFound) {
		err = nil
	}
	return since, err
}

// RenewFeed makes a new secret address for the actor's calendar, which ends the one before. It is shown once: only its hash is kept.
func (s *Service) RenewFeed(ctx context.Context, actor access.Actor) (address string, err error) {
	defer errs.Wrap(&err, "seat.RenewFeed")
	token := id.Secret()
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		return db.Exec(ctx, tx, `INSERT INTO calendar_feed (person_id, token_hash, created_at) VALUES (?, ?, ?)
			ON CONFLICT (person_id) DO UPDATE SET token_hash = excluded.token_hash, created_at = excluded.created_at`, actor.PersonID, id.Digest(token), s.Clock.Now())
	})
	return s.BaseURL + "/calendar/" + token, err
}

// EndFeed ends the actor's calendar's address.
func (s *Service) EndFeed(ctx context.Context, actor access.Actor) (err error) {
	defer errs.Wrap(&err, "seat.EndFeed")
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		return db.Exec(ctx, tx, `DELETE FROM calendar_feed WHERE person_id = ?`, actor.PersonID)
	})
}

// feedKeeps is for how long a calendar that is followed shows what is over.
const feedKeeps = 90 * 24 * time.Hour

// Feed returns the calendar behind a secret address: the sessions in which its person has a seat, those that they teach, and the dates of
// what they coordinate, by the rights of this moment. One that was renewed or ended, or whose person is blocked, is not found. As long as
// nothing changes it is the same to the letter all day, so that whoever follows it may ask whether it is.
func (s *Service) Feed(ctx context.Context, token string) (file string, err error) {
	defer errs.Wrap(&err, "seat.Feed")
	var person Person
	var events []calendar.Event
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		personID, err := db.One[string](ctx, tx, `SELECT person_id FROM calendar_feed WHERE token_hash = ?`, id.Digest(token))
		if errors.Is(err, errs.ErrNotFound) {
			return errs.NotFound("error.not-found")
		}
		if err != nil {
			return err
		}
		people, err := s.People.Persons(ctx, tx, []string{personID})
		if err != nil {
			return err
		}
		if len(people) == 0 || people[0].Blocked {
			return errs.NotFound("error.not-found")
		}
		person = people[0]
		events, err = s.eventsOf(ctx, tx, person)
		return err
	})
	if err != nil {
		return "", err
	}
	p := s.Catalogue.Printer(person.Lang)
	if s.Dates != nil { // after the transaction: it has its own
		more, err := s.Dates(ctx, person.ID, p)
		if err != nil {
			return "", err
		}
		events = append(events, more...)
	}
	return calendar.Feed(p.T("seat.calendar.name"), events, s.Clock.Now().Truncate(24*time.Hour))
}

func (s *Service) eventsOf(ctx context.Context, tx *db.Tx, p Person) (events []calendar.Event, err error) {
	type row struct {
		classroom.Session
		TrainingTitle string
		BookingID     string // "" of who teaches
		Rise          int
	}
	rows, err := db.All[row](ctx, tx, `
		SELECT x.id, x.training_id, x.title, x.starts_at, x.ends_at, x.place, x.address, x.access_notes, x.room, x.link, x.sequence, t.title AS training_title, y.booking_id, y.rise
		FROM (SELECT s.id AS session_id, b.id AS booking_id, b.sequence AS rise FROM booking b JOIN training_session s ON s.training_id = b.training_id WHERE b.person_id = ? AND b.state = 'confirmed'
			UNION SELECT s.id, '', s.sequence FROM classroom_teaches w JOIN training_session s ON s.id = w.session_id WHERE w.person_id = ?) y
			JOIN training_session x ON x.id = y.session_id JOIN training t ON t.id = x.training_id
		WHERE x.cancelled_at IS NULL AND x.ends_at > ? ORDER BY x.starts_at, x.id`, p.ID, p.ID, s.Clock.Now().Add(-feedKeeps))
	t := s.Catalogue.Printer(p.Lang)
	for _, r := range rows {
		e := letters.Teaching(s.BaseURL, t, p.ID, r.TrainingTitle, r.Session)
		if r.BookingID != "" {
			e = s.eventOf(r.BookingID+"."+r.ID, r.Rise, r.TrainingTitle, r.Session, t) // by the name of the entry which a letter brought
		}
		events = append(events, e)
	}
	return events, err
}
