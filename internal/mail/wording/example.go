package wording

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
)

// Example returns what stands in for a place in previews and letters that somebody sends themself: nobody's name, and links that open nothing.
func (s *Service) Example(p *lang.Printer, x Place) string {
	now := s.Clock.Now()
	due := now.AddDate(0, 0, 3)
	switch x.About {
	case "course-link", "case-link":
		return s.BaseURL + "/app/learn/" + mail.Blank
	case "once-link":
		return s.BaseURL + "/app/link/" + mail.Blank
	case "answer-link":
		return s.BaseURL + "/app/l/" + mail.Blank
	case "stop-link":
		return s.BaseURL + "/app/laboratory/stop/" + mail.Blank
	case "until", "when-until":
		return p.DateTime(due.Add(14 * 24 * time.Hour))
	case "until-day", "ends":
		return p.Date(now.AddDate(0, 0, 30))
	case "due":
		return p.Date(due)
	case "left":
		return p.N("reminder.letter.left", 3, "Day", p.Date(due))
	case "since":
		return p.N("reminder.letter.since", 8)
	case "why":
		return p.T("reminder.letter.why-office")
	case "ask":
		return p.T("reminder.letter.ask-nobody")
	case "asker":
		return p.T("people.letter.asker")
	case "until-sentence":
		return p.T("assessment.letter.until", "Date", p.DateTime(due))
	case "course-before":
		return p.T("seat.letter.course", "Link", s.BaseURL+"/app/courses")
	case "when":
		return "- " + p.Date(due) + ", 9:00–15:00, " + p.T("letters.words.example-place")
	case "reason":
		return p.T("seat.letter.reason", "Reason", p.T("letters.words.example-reason"))
	case "why-moved":
		return p.T("classroom.letter.why", "Note", p.T("letters.words.example-reason")) + "\n\n"
	case "trainings":
		return p.T("letters.words.example-training") + "\n" + p.T("classroom.letter.sessions.changed") + "\n– " + p.Date(due) + ", 9:00–15:00, " + p.T("letters.words.example-place")
	case "minutes":
		return p.Int(20)
	}
	return p.T("letters.words.example-" + x.About)
}

// Preview returns a text as its reader gets it, with examples in its places, and what stands around it in each letter of the form.
func (s *Service) Preview(k *Known, tag string, t Text) Text {
	p := s.Catalogue.Printer(tag)
	args := map[string]any{}
	for _, x := range k.Places {
		args[x.Name] = s.Example(p, x)
	}
	subject, _ := fill(t.Subject, args)
	body, _ := fill(t.Body, args)
	if before, after := k.Around(p, s.BaseURL+"/app/my-trainings"); before != "" {
		body = Compact(before + "\n\n" + body + "\n\n" + after)
	}
	return Text{subject, body}
}

// Try sends the actor a text as its reader would get it, with examples in its places. What is wrong with it is an error of category errs.ErrInvalid, as when it
// is saved.
func (s *Service) Try(ctx context.Context, actor access.Actor, f Form, tag string, t Text) (err error) {
	defer errs.Wrap(&err, "wording.Try(%s, %s)", f, tag)
	k, err := s.known(actor, f, tag)
	if err != nil {
		return err
	}
	p := s.Catalogue.Printer(tag)
	t = k.Tidy(t, k.Shipped(p))
	if err := k.Check(t); err != nil {
		return err
	}
	shown := s.Preview(k, tag, t)
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		to, err := s.Address(ctx, tx, actor.PersonID)
		if err != nil {
			return err
		}
		if to == "" {
			return errs.Conflict("today.letter.no-address")
		}
		return s.Outbox.Send(ctx, tx, mail.Message{Kind: "letters.test", To: to, Lang: p.Tag(), Subject: p.T("letters.words.test-subject", "Subject", shown.Subject), Body: shown.Body})
	})
}
