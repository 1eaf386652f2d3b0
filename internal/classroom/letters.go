package classroom

import (
	"context"
	"strings"

	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
)

// TellTrainers tells who teaches trainings that they were moved, put off or cancelled: each in one letter, however many are theirs.
func (s *Service) TellTrainers(ctx context.Context, tx *db.Tx, e Rescheduled) (err error) {
	defer errs.Wrap(&err, "classroom.TellTrainers")
	type row struct {
		PersonID   string
		Mail       string
		Lang       string
		TrainingID string
	}
	rows, err := db.All[row](ctx, tx, `
		SELECT t.person_id, p.mail, p.lang, t.training_id FROM training_trainer t JOIN identity_person p ON p.id = t.person_id JOIN training x ON x.id = t.training_id
		WHERE t.training_id IN (`+db.In(len(e.TrainingIDs))+`) AND p.mail IS NOT NULL AND p.state <> 'blocked' ORDER BY t.person_id, x.held_from, x.id`, anys(e.TrainingIDs)...)
	if err != nil {
		return err
	}
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].PersonID == rows[0].PersonID {
			n++
		}
		t := s.catalogue.Printer(rows[0].Lang)
		var parts []string
		for _, r := range rows[:n] {
			said, err := s.Said(ctx, tx, t, r.TrainingID)
			if err != nil {
				return err
			}
			parts = append(parts, said+"\n"+s.baseURL+"/app/trainings/"+r.TrainingID)
		}
		why := ""
		if e.Note != "" && e.Kind != ActCancelled { // each cancelled training says why
			why = t.T("classroom.letter.why", "Note", e.Note) + "\n\n"
		}
		if err := s.outbox.Send(ctx, tx, mail.Message{
			To: rows[0].Mail, Lang: t.Tag(), Subject: t.T("classroom.letter.subject"),
			Body: t.T("classroom.letter.trainer", "Trainings", strings.Join(parts, "\n\n"), "Why", why),
		}); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// Said says in lines of a letter what a training is and when and where it is held now, or that it is not.
func (s *Service) Said(ctx context.Context, q db.Querier, t *lang.Printer, trainingID string) (_ string, err error) {
	defer errs.Wrap(&err, "classroom.Said")
	p, err := PlanOf(ctx, q, trainingID)
	if err != nil {
		return "", err
	}
	lines := []string{p.Title}
	switch {
	case !p.CancelledAt.IsZero():
		return strings.Join(append(lines, t.T("classroom.letter.cancelled", "Reason", p.CancelReason)), "\n"), nil
	case !p.PutOffAt.IsZero():
		return strings.Join(append(lines, t.T("classroom.letter.put-off")), "\n"), nil
	}
	sessions, err := SessionsOf(ctx, q, trainingID)
	if err != nil {
		return "", err
	}
	now := s.clock.Now()
	for _, x := range sessions {
		if !now.Before(x.EndsAt) {
			continue
		}
		line := t.Date(x.StartsAt) + ", " + t.Clock(x.StartsAt) + "–" + t.Clock(x.EndsAt)
		for _, where := range []string{x.Place, x.Address, x.Room, x.Link} {
			if where != "" {
				line += ", " + where
			}
		}
		if !x.Held() {
			line = t.T("classroom.letter.session-cancelled", "Session", line)
		}
		lines = append(lines, "– "+line)
	}
	return strings.Join(lines, "\n"), nil
}
