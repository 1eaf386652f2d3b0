package desk

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/act"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
	"ostoja/internal/mail/wording"
)

// Between is the least time between two reminders to one person, of whatever course, by whatever rule or hand.
const Between = 7 * 24 * time.Hour

// Selection says whom to remind: those ticked, or everybody whom a filter chooses.
type Selection struct {
	Enrolments []string
	All        bool
	Filter     Filter // with All
}

// Reminded says how many were written to, and why others were not.
type Reminded struct {
	Sent    int
	Recent  int // were reminded in the last week
	NoMail  int // have no address
	Over    int // have passed, or were withdrawn
	Blocked int // may not sign in
}

// recipient is somebody who might be reminded.
type recipient struct {
	EnrolmentID string
	PersonID    string
	GivenName   string
	FamilyName  string
	Mail        string
	Lang        string
	State       string
	Started     bool
	Ended       bool
	RemindedAt  time.Time // of this course
	LastAt      time.Time // of the latest reminder, of any course
}

// ActRemind is the kind of the act of reminding.
const ActRemind act.Kind = "remind"

// Remind writes to people within the actor's reach who are under way in a course. Nobody is reminded more than once a week;
// so it may be repeated. Its letters wait until it cannot be undone any more.
func (s *Service) Remind(ctx context.Context, actor access.Actor, courseID string, chosen Selection) (r Reminded, err error) {
	defer errs.Wrap(&err, "desk.Remind(%q)", courseID)
	c, err := s.courses.One(ctx, courseID)
	if err != nil {
		return r, err
	}
	if !chosen.All && len(chosen.Enrolments) == 0 {
		return r, errs.Invalid("desk.remind.nobody")
	}
	list, err := s.recipients(ctx, actor, courseID, chosen)
	if err != nil {
		return r, err
	}
	now := s.clock.Now()
	people := sortOut(list, now)
	r = Reminded{Recent: len(people.recent), NoMail: len(people.noMail), Over: len(people.over), Blocked: len(people.blocked)}
	d := s.acts.Begin(actor, ActRemind, "course:"+courseID)
	ctx = d.Hold(ctx)
	// In portions, so that a letter to thousands does not keep everybody else's writes waiting.
	for portion := range slices.Chunk(people.due, 100) {
		sent, recent, err := s.write(ctx, d, c, portion, now)
		if err != nil {
			return r, err
		}
		r.Sent, r.Recent = r.Sent+sent, r.Recent+recent
	}
	return r, nil
}

// unremind takes reminders back: who was reminded may be reminded anew. It is registered for [ActRemind].
func (s *Service) unremind(ctx context.Context, tx *db.Tx, a act.Act, things []act.Thing) (stay []act.Stays, err error) {
	defer errs.Wrap(&err, "desk.unremind")
	for _, x := range things {
		var before time.Time
		if err := json.Unmarshal([]byte(x.Before), &before); err != nil {
			return nil, err
		}
		done, err := s.rounds.Unreminded(ctx, tx, x.Ref, a.At, a.Until, before)
		if err != nil {
			return nil, err
		}
		if !done {
			stay = append(stay, act.Stays{Ref: x.Ref, Why: "gone"})
		}
	}
	return stay, nil
}

func (s *Service) recipients(ctx context.Context, actor access.Actor, courseID string, chosen Selection) (list []recipient, err error) {
	err = s.db.View(ctx, func(tx *db.Tx) error {
		t, err := loadTree(ctx, tx)
		if err != nil {
			return err
		}
		f := Filter{}
		if chosen.All {
			f = chosen.Filter
		}
		w, err := s.filter(t, actor, access.DeskWrite, courseID, f)
		if err != nil {
			return err
		}
		if chosen.All {
			list, err = recipients(ctx, tx, w)
			return err
		}
		for portion := range slices.Chunk(chosen.Enrolments, 500) {
			v := where{conditions: slices.Clone(w.conditions), args: slices.Clone(w.args)}
			v.and(`l.id IN (`+db.In(len(portion))+`)`, db.Args(portion)...)
			more, err := recipients(ctx, tx, v)
			if err != nil {
				return err
			}
			list = append(list, more...)
		}
		return nil
	})
	return list, err
}

func recipients(ctx context.Context, q db.Querier, w where) ([]recipient, error) {
	return db.All[recipient](ctx, q, `
		SELECT l.id AS enrolment_id, p.id AS person_id, p.given_name, p.family_name, l.reminded_at, COALESCE(p.mail, '') AS mail, p.lang, p.state, l.started_at IS NOT NULL AS started,
			(l.passed_at IS NOT NULL OR l.withdrawn_at IS NOT NULL) AS ended,
			(SELECT MAX(o.reminded_at) FROM learning_round o WHERE o.person_id = p.id) AS last_at`+fromCourse+w.String()+` ORDER BY p.id`, w.args...)
}

// write reminds a portion of people in one transaction. Who was reminded or passed since they were read is left out: of two
// coordinators at once, learning notes only one's reminder.
func (s *Service) write(ctx context.Context, d *act.Doing, c Course, portion []recipient, now time.Time) (sent, recent int, err error) {
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		sent, recent = 0, 0
		var things []act.Thing
		for _, p := range portion {
			noted, err := s.rounds.Reminded(ctx, tx, p.EnrolmentID, now.Add(-Between))
			if err != nil {
				return err
			}
			if !noted {
				recent++
				continue
			}
			if err := s.outbox.Send(ctx, tx, s.letter(c, p)); err != nil {
				return err
			}
			sent++
			things = append(things, act.Thing{Ref: p.EnrolmentID, Before: act.Was(p.RemindedAt)})
		}
		return s.acts.Note(ctx, tx, d, things)
	})
	return sent, recent, err
}

// letter is the reminder in the person's language. The subject names neither person nor course: it is seen on locked screens.
func (s *Service) letter(c Course, p recipient) mail.Message {
	printer := s.catalogue.Printer(p.Lang)
	subject, body := letterText(printer, c, p, s.baseURL+"/app/learn/"+p.EnrolmentID)
	return mail.Message{Kind: "desk.remind", To: p.Mail, Lang: printer.Tag(), Subject: subject, Body: body}
}

func letterText(printer *lang.Printer, c Course, p recipient, link string) (subject, body string) {
	form := wording.RemindNew
	if p.Started {
		form = wording.RemindBegun
	}
	return wording.Compose(printer, form, "Name", p.GivenName, "Course", c.Title.In(printer.Tag()), "Link", link)
}
