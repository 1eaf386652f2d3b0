package dossier

import (
	"context"
	"slices"

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
	Hours       float64 // of the training's hours, what a certificate would say
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

// Due returns to how many people a training still owes a certificate, to who arranges it: those who were there long enough and have none,
// or one that says other hours. Before every list is closed it owes none.
func (s *Service) Due(ctx context.Context, actor access.Actor, trainingID string) (n int, err error) {
	defer errs.Wrap(&err, "dossier.Due")
	a, err := s.Awards(ctx, actor, trainingID)
	if err != nil || !a.Held || a.Open > 0 {
		return 0, err
	}
	for _, c := range a.People {
		if c.Enough(a.Planned) && c.Due() {
			n++
		}
	}
	return n, nil
}

func (s *Service) awards(ctx context.Context, q db.Querier, p classroom.Plan) (a Awards, err error) {
	h, err := s.Hours.HoursOf(ctx, q, p.ID)
	if err != nil {
		return a, err
	}
	given, err := db.All[struct {
		PersonID, Number string
		Hours            float64
	}](ctx, q, `SELECT person_id, number, hours FROM certificate_attendance WHERE training_id = ?`, p.ID)
	if err != nil {
		return a, err
	}
	a.Planned, a.Open, a.Held = h.All(), h.Open, !s.Clock.Now().Before(p.HeldUntil)
	for _, x := range h.People {
		c := Candidate{PersonID: x.PersonID, Name: x.GivenName + " " + x.FamilyName, Hours: h.Of(x.Minutes)}
		for _, g := range given {
			if g.PersonID == x.PersonID {
				c.Certificate, c.Certified = g.Number, g.Hours
			}
		}
		if x.Sessions > 0 || c.Certificate != "" {
			a.People = append(a.People, c)
		}
	}
	return a, nil
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
	tag, err := db.One[string](ctx, tx, `SELECT lang FROM identity_person WHERE id = ?`, c.PersonID)
	if err != nil {
		return err
	}
	now := s.Clock.Now()
	given, err := s.Certs.Issue(ctx, tx, certificate.Award{
		PersonID: c.PersonID, Lang: tag, Holder: c.Name, Title: p.Title, Hours: c.Hours, Objectives: lines(p.Objectives), Fund: p.Statement, Issuer: issuer, At: now,
		Attended: certificate.Attended{TrainingID: p.ID, HoursOf: a.Planned, HourMinutes: p.HourMinutes, HeldFrom: p.HeldFrom, HeldUntil: p.HeldUntil, Place: p.Place},
	})
	if err != nil {
		return err
	}
	return record.Add(ctx, tx, now, c.PersonID, record.Earned, "certificate/"+given.ID, nil)
}
