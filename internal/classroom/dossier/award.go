package dossier

import (
	"context"
	"math"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/certificate"
	"ostoja/internal/classroom"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/record"
)

// Candidate is somebody who was at a training, and what a certificate would say of them.
type Candidate struct {
	PersonID    string
	Name        string
	Lang        string
	Minutes     int     // present, by the clock
	Hours       float64 `db:"-"` // of the training's hours, what a certificate would say
	Certificate string  // the number of the one that stands; "" for none
	Certified   float64 // the hours that it says
}

// Enough says whether the candidate was there for the share of the training from which a certificate is offered at first. It is a
// proposal: who arranges the training decides, for funds differ.
func (c Candidate) Enough(planned float64) bool { return planned > 0 && c.Hours >= 0.8*planned }

// Due says whether there is no certificate, or one that says other hours than the record does now.
func (c Candidate) Due() bool { return c.Hours > 0 && (c.Certificate == "" || c.Certified != c.Hours) }

// Awards is a training's certificates of attendance, given and to be given.
type Awards struct {
	Planned float64     // hours of the training
	Open    int         // sessions that nobody has closed yet: what is said of them may change
	Held    bool        // the last session is over
	People  []Candidate // by name
}

// Hours returns for how many of a training's planned minutes somebody was there who was present for some of the minutes that its sessions
// last, breaks included: the same share of them, in hours of the training, down to the quarter of an hour. Nobody is certified what they
// did not attend.
func Hours(present, lasted, planned, hourMinutes int) float64 {
	if lasted <= 0 || hourMinutes <= 0 {
		return 0
	}
	quarters := 4 * float64(planned) * float64(min(present, lasted)) / float64(lasted) / float64(hourMinutes)
	return math.Floor(quarters+1e-9) / 4
}

// lengths adds up what the sessions of a training last by the clock, and what the training has as taught: what the plan says, or else all of it.
func lengths(p classroom.Plan, sessions []classroom.Session) (lasted, planned int) {
	for _, x := range sessions {
		if x.Held() {
			lasted += int(x.EndsAt.Sub(x.StartsAt) / time.Minute)
		}
	}
	if planned = p.TheoryMinutes + p.ExerciseMinutes; planned == 0 {
		planned = lasted
	}
	return lasted, planned
}

// Awards returns whom certificates of a training can be issued to, to who arranges it.
func (s *Service) Awards(ctx context.Context, actor access.Actor, trainingID string) (a Awards, err error) {
	defer errs.Wrap(&err, "dossier.Awards")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		p, err := s.Trainings.Open(ctx, tx, actor, access.TrainingsWrite, trainingID)
		if err != nil {
			return err
		}
		a, err = s.awards(ctx, tx, p)
		return err
	})
	return a, err
}

func (s *Service) awards(ctx context.Context, q db.Querier, p classroom.Plan) (a Awards, err error) {
	sessions, err := classroom.SessionsOf(ctx, q, p.ID)
	if err != nil {
		return a, err
	}
	lasted, planned := lengths(p, sessions)
	a.Planned, a.Held = Hours(lasted, lasted, planned, p.HourMinutes), !s.Clock.Now().Before(p.HeldUntil)
	if a.Open, err = db.One[int](ctx, q, `
		SELECT COUNT(*) FROM training_session s WHERE s.training_id = ? AND s.cancelled_at IS NULL
			AND NOT EXISTS (SELECT 1 FROM session_closing c WHERE c.session_id = s.id AND c.reopened_at IS NULL)`, p.ID); err != nil {
		return a, err
	}
	a.People, err = db.All[Candidate](ctx, q, `
		SELECT p.id AS person_id, p.given_name || ' ' || p.family_name AS name, p.lang, x.minutes, COALESCE(c.number, '') AS certificate, COALESCE(c.hours, 0) AS certified
		FROM (SELECT a.person_id, CAST(SUM(a.minutes) AS BIGINT) AS minutes FROM attendance a JOIN training_session s ON s.id = a.session_id
			WHERE s.training_id = ? AND s.cancelled_at IS NULL AND a.state = 'present' GROUP BY a.person_id) x
		JOIN identity_person p ON p.id = x.person_id
		LEFT JOIN certificate_attendance c ON c.training_id = ? AND c.person_id = p.id
		ORDER BY p.sort_key, p.id`, p.ID, p.ID)
	for i := range a.People {
		a.People[i].Hours = Hours(a.People[i].Minutes, lasted, planned, p.HourMinutes)
	}
	return a, err
}

// Award issues certificates of attendance, once every session is closed: before, hours may change. Whoever has one that says the same keeps
// it; whoever's hours were corrected gets another, which supersedes it. It returns how many were issued.
func (s *Service) Award(ctx context.Context, actor access.Actor, trainingID string, personIDs []string) (issued int, err error) {
	defer errs.Wrap(&err, "dossier.Award")
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		issued = 0
		p, err := s.Trainings.Open(ctx, tx, actor, access.TrainingsWrite, trainingID)
		if err != nil {
			return err
		}
		a, err := s.awards(ctx, tx, p)
		switch {
		case err != nil:
			return err
		case !p.CancelledAt.IsZero() || !a.Held:
			return errs.Conflict("dossier.award.not-over")
		case a.Open > 0:
			return errs.Conflict("dossier.award.open")
		}
		for _, personID := range personIDs {
			i := slices.IndexFunc(a.People, func(c Candidate) bool { return c.PersonID == personID })
			if i < 0 || a.People[i].Hours <= 0 {
				return errs.NotFound("error.not-found")
			}
			if !a.People[i].Due() {
				continue
			}
			if err := s.award(ctx, tx, p, a, a.People[i]); err != nil {
				return err
			}
			issued++
		}
		return audit.Record(ctx, tx, s.Clock.Now(), actor.PersonID, "training.award", "training:"+p.ID, map[string]any{"certificates": issued})
	})
	return issued, err
}

func (s *Service) award(ctx context.Context, tx *db.Tx, p classroom.Plan, a Awards, c Candidate) error {
	issuer := s.Issuer
	if issuer == "" {
		var err error
		if issuer, err = db.One[string](ctx, tx, `SELECT name FROM identity_unit WHERE path = ?`, root(p.UnitPath)); err != nil {
			return err
		}
	}
	now := s.Clock.Now()
	given, err := s.Certs.Issue(ctx, tx, certificate.Award{
		PersonID: c.PersonID, Lang: c.Lang, Holder: c.Name, Title: p.Title, Hours: c.Hours, Objectives: lines(p.Objectives), Fund: p.Statement, Issuer: issuer, At: now,
		Attended: certificate.Attended{TrainingID: p.ID, HoursOf: a.Planned, HourMinutes: p.HourMinutes, HeldFrom: p.HeldFrom, HeldUntil: p.HeldUntil, Place: p.Place},
	})
	if err != nil {
		return err
	}
	return record.Add(ctx, tx, now, c.PersonID, record.Earned, "certificate/"+given.ID, nil)
}
