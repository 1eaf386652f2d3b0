package support

import (
	"context"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/text"
)

// Expert is somebody whom guardians of an office may call about some topics.
type Expert struct {
	ID        string
	UnitPath  string
	Unit      string // name
	Name      string
	Topics    []string `db:",json"`
	Phone     string
	Mail      string
	Hours     text.Translated `db:",json"`
	CheckedOn string
	Edition   int64
}

const selectExperts = `
	SELECT x.id, u.path AS unit_path, u.name AS unit, x.name, x.topics, x.phone, x.mail, x.hours, x.checked_on, x.edition FROM guardian_expert x JOIN identity_unit u ON u.id = x.unit_id `

// Experts returns those of the actor's offices, by name.
func (s *Service) Experts(ctx context.Context, actor access.Actor) (_ []Expert, err error) {
	defer errs.Wrap(&err, "support.Experts")
	if !actor.Has(access.GuardiansRead) {
		return nil, errs.NotFound("error.not-found")
	}
	within, args := actor.Within(access.GuardiansRead, "u.path")
	return db.All[Expert](ctx, s.DB, selectExperts+`WHERE `+within+` ORDER BY x.name, x.id`, args...)
}

// Expert returns one to the office that may change it; to anybody else it is not found.
func (s *Service) Expert(ctx context.Context, actor access.Actor, expertID string) (_ Expert, err error) {
	defer errs.Wrap(&err, "support.Expert")
	return one[Expert](ctx, s.DB, actor, access.GuardiansWrite, selectExperts, expertID)
}

// AddExpert enters somebody.
func (s *Service) AddExpert(ctx context.Context, actor access.Actor, d ExpertDraft) (expertID string, err error) {
	defer errs.Wrap(&err, "support.AddExpert")
	d, expertID = d.cleaned(), id.New()
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		o, faults, err := chosen(ctx, tx, actor, d.UnitID)
		if err != nil {
			return err
		}
		if err := append(faults, d.check(s.Topics, s.Today())...).Err(); err != nil {
			return err
		}
		err = db.Exec(ctx, tx, `INSERT INTO guardian_expert (id, unit_id, name, topics, phone, mail, hours, checked_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			expertID, o.ID, d.Name, db.JSON(d.Topics), d.Phone, d.Mail, db.JSON(d.Hours), d.CheckedOn)
		if err != nil {
			return err
		}
		return s.record(ctx, tx, actor, "expert.add", "expert:"+expertID)
	})
	return expertID, err
}

// changeExpert runs a change of an expert of the actor's office.
func (s *Service) changeExpert(ctx context.Context, actor access.Actor, expertID, act string, fn func(tx *db.Tx, x Expert) error) error {
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		x, err := one[Expert](ctx, tx, actor, access.GuardiansWrite, selectExperts, expertID)
		if err != nil {
			return err
		}
		if err := fn(tx, x); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, act, "expert:"+expertID)
	})
}

// EditExpert writes an expert anew.
func (s *Service) EditExpert(ctx context.Context, actor access.Actor, expertID string, d ExpertDraft) (err error) {
	defer errs.Wrap(&err, "support.EditExpert")
	d = d.cleaned()
	return s.changeExpert(ctx, actor, expertID, "expert.edit", func(tx *db.Tx, x Expert) error {
		if err := d.check(s.Topics, s.Today()).Err(); err != nil {
			return err
		}
		return meanwhile(db.Changed(ctx, tx, `UPDATE guardian_expert SET name = ?, topics = ?, phone = ?, mail = ?, hours = ?, checked_on = ?, edition = edition + 1 WHERE id = ? AND edition = ?`,
			d.Name, db.JSON(d.Topics), d.Phone, d.Mail, db.JSON(d.Hours), d.CheckedOn, x.ID, d.Edition))
	})
}

// CheckExpert says that an expert's entry was checked today and is right. edition is of the one that the actor saw.
func (s *Service) CheckExpert(ctx context.Context, actor access.Actor, expertID string, edition int64) (err error) {
	defer errs.Wrap(&err, "support.CheckExpert")
	return s.changeExpert(ctx, actor, expertID, "expert.check", func(tx *db.Tx, x Expert) error {
		return meanwhile(db.Changed(ctx, tx, `UPDATE guardian_expert SET checked_on = ?, edition = edition + 1 WHERE id = ? AND edition = ?`, s.Today(), x.ID, edition))
	})
}

// RemoveExpert takes an expert away.
func (s *Service) RemoveExpert(ctx context.Context, actor access.Actor, expertID string) (err error) {
	defer errs.Wrap(&err, "support.RemoveExpert")
	return s.changeExpert(ctx, actor, expertID, "expert.remove", func(tx *db.Tx, x Expert) error {
		return db.Exec(ctx, tx, `DELETE FROM guardian_expert WHERE id = ?`, x.ID)
	})
}
