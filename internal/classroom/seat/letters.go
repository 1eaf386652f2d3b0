package seat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"ostoja/internal/classroom"
	"ostoja/internal/classroom/calendar"
	"ostoja/internal/classroom/letters"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/job"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
	"ostoja/internal/mail/wording"
	"ostoja/internal/text"
)

// topic is what a letter is about. A letter is due while it differs from what the last one was about, or while the sessions are no
// longer those that it named, and is written when it leaves: what was undone or changed twice until then is told once, or not.
type topic string

const (
	aboutInvitation topic = "invited"
	aboutOffer      topic = "offered"
	aboutConsent    topic = "consent" // the superior is asked
	aboutSeat       topic = "confirmed"
	aboutCancelled  topic = topic(Cancelled)
)

func (b Booking) topic() topic {
	switch {
	case b.Asked():
		return aboutConsent
	case b.State == Offered && b.Origin == Invited:
		return aboutInvitation
	case b.State == Offered:
		return aboutOffer
	case b.State == Confirmed:
		return aboutSeat
	}
	return topic(b.State)
}

// SendDue writes the letters that are due, one for each person, however many of their trainings it is about; a letter that asks for an
// answer comes by itself, for it brings a link.
func (s *Service) SendDue(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "seat.SendDue")
	const atOnce = 200
	for {
		ids, err := db.All[string](ctx, s.DB, `SELECT DISTINCT person_id FROM booking WHERE letter_at <= ? LIMIT ?`, s.Clock.Now(), atOnce)
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

// section is what a letter says of one training.
type section struct {
	subject, body string
	entries       []mail.Entry
}

func (s *Service) write(ctx context.Context, tx *db.Tx, personID string) error {
	// In one order, so that two programs never wait for each other.
	ids, err := db.All[string](ctx, tx, `SELECT training_id FROM booking WHERE person_id = ? AND letter_at <= ? ORDER BY training_id`, personID, s.Clock.Now())
	if err != nil {
		return err
	}
	people, err := s.People.Persons(ctx, tx, []string{personID})
	if err != nil {
		return err
	}
	var sections []section
	for _, trainingID := range ids {
		h, err := s.open(ctx, tx, trainingID)
		if err != nil {
			return err
		}
		b, ok := h.of(personID)
		if !ok || b.LetterAt.IsZero() || b.LetterAt.After(h.now) {
			continue // another program was quicker
		}
		if len(people) == 1 && people[0].Mail != "" && !people[0].Blocked {
			x, sent, err := h.say(ctx, b, people[0])
			if err != nil {
				return err
			}
			if !sent {
				sections = append(sections, x)
			}
			if len(x.entries) > 0 {
				b.Sequence++
			}
		}
		b.Told, b.ToldSessions, b.LetterAt = b.topic(), h.shown, time.Time{}
		if err := store(ctx, tx, b); err != nil {
			return err
		}
	}
	return s.together(ctx, tx, people, sections)
}

// together sends what is told of several trainings as one letter.
func (s *Service) together(ctx context.Context, tx *db.Tx, people []Person, sections []section) error {
	if len(sections) == 0 {
		return nil
	}
	t := s.Catalogue.Printer(people[0].Lang)
	m := mail.Message{Kind: "classroom.seat", To: people[0].Mail, Lang: t.Tag(), Subject: sections[0].subject}
	var bodies []string
	for _, x := range sections {
		if x.subject != m.Subject {
			m.Subject = t.T("seat.letter.subject.several")
		}
		bodies = append(bodies, x.body)
		m.Calendar = append(m.Calendar, x.entries...)
	}
	m.Body = t.T("seat.letter.greeting") + "\n\n" + strings.Join(bodies, "\n\n* * *\n\n") + "\n\n" + t.T("seat.letter.foot", "Link", s.BaseURL+"/app/my-trainings")
	return s.Outbox.Send(ctx, tx, m)
}

// say returns what a person is told of their booking; what asks for an answer is sent at once, by itself.
func (h *book) say(ctx context.Context, b Booking, p Person) (x section, sent bool, err error) {
	t, about := h.s.Catalogue.Printer(p.Lang), string(b.topic())
	if b.topic() == b.Told && b.State.Open() {
		about = "changed"
		if len(held(h.sessions)) == 0 {
			about = "put-off"
		}
	}
	if x.entries, err = h.entries(b, p, t); err != nil {
		return x, false, err
	}
	reason, course := "", ""
	if b.Reason != "" {
		reason = t.T("seat.letter.reason", "Reason", b.Reason)
	}
	if h.plan.CourseID != "" && about == string(aboutSeat) {
		course = t.T("seat.letter.course", "Link", h.s.BaseURL+"/app/courses")
	}
	until := ""
	if !b.OfferUntil.IsZero() {
		until = t.DateTime(b.LastMinute(t.Zone()))
	}
	subject, body := wording.Compose(t, wording.Seat(about),
		"Title", h.plan.Title, "When", h.when(t), "Reason", reason, "Course", course, "Until", until, "Link", h.s.BaseURL+"/app/l/"+mail.TokenMark+"?lang="+t.Tag())
	x.subject, x.body = subject, wording.Compact(body)
	if !b.opens(ToAnswer, h.now) || about == "put-off" {
		return x, false, nil
	}
	return x, true, h.s.Outbox.Send(ctx, h.tx, mail.Message{
		Kind: "classroom.seat", To: p.Mail, Lang: t.Tag(), Subject: x.subject, Body: t.T("seat.letter.greeting") + "\n\n" + x.body, Token: tokenFor(b, ToAnswer),
	})
}

// when says when and where a training is held, a line or two each session.
func (h *book) when(t *lang.Printer) string {
	var lines []string
	for _, x := range held(h.sessions) {
		line := "- " + t.Date(x.StartsAt) + ", " + t.Clock(x.StartsAt) + "–" + t.Clock(x.EndsAt)
		for _, part := range []string{x.Title, letters.Place(x)} {
			if part != "" {
				line += ", " + part
			}
		}
		for _, extra := range []string{x.Link, strings.Join(strings.Fields(x.AccessNotes), " ")} {
			if extra != "" {
				line += "\n  " + extra
			}
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// eventOf is a session as the calendar of somebody with a seat shows it.
func (s *Service) eventOf(uid string, sequence int, title string, x classroom.Session, t *lang.Printer) calendar.Event {
	return letters.Event(calendar.Event{
		UID: uid + "@" + letters.Domain(s.BaseURL), Sequence: sequence, Summary: title, Description: t.T("seat.calendar.note"), URL: s.BaseURL + "/app/my-trainings",
	}, x)
}

// entries returns what a letter puts into the person's calendar, changes there and takes out: the difference between what it was told
// last and what holds.
func (h *book) entries(b Booking, p Person, t *lang.Printer) (list []mail.Entry, err error) {
	was, is := map[string]string{}, map[string]string{}
	if b.Told == aboutSeat {
		was = b.ToldSessions
	}
	if b.State == Confirmed {
		is = h.shown
	}
	for _, x := range h.sessions {
		method := ""
		switch {
		case is[x.ID] != "" && is[x.ID] != was[x.ID]:
			method = calendar.Request
		case is[x.ID] == "" && was[x.ID] != "":
			method = calendar.Cancel
		default:
			continue
		}
		e := h.s.eventOf(b.ID+"."+x.ID, b.Sequence+1, h.plan.Title, x, t)
		entry, err := letters.Entry(method, e, t, h.s.Organizer, calendar.Party{Name: p.Name, Mail: p.Mail}, h.now)
		if err != nil {
			return nil, err
		}
		list = append(list, entry)
	}
	return list, nil
}

// ask writes to the superior of somebody who took an offer. The letter is in the person's language, for the superior's is not known.
func (h *book) ask(ctx context.Context, b Booking) error {
	people, err := h.s.People.Persons(ctx, h.tx, []string{b.PersonID})
	if err != nil || len(people) == 0 || b.Superior == "" {
		return err
	}
	t := h.s.Catalogue.Printer(people[0].Lang)
	subject, body := wording.Compose(t, wording.Delegate, "Name", text.Clean(people[0].Name), "Title", h.plan.Title, "When", h.when(t), "Until", t.DateTime(b.LastMinute(t.Zone())),
		"Link", h.s.BaseURL+"/app/l/"+mail.TokenMark+"?lang="+t.Tag())
	return h.s.Outbox.SendAt(ctx, h.tx, mail.Message{
		Kind: "classroom.delegate", To: b.Superior, Lang: t.Tag(), Subject: subject, Body: body, Token: tokenFor(b, ToDelegate),
	}, h.now.Add(h.delay))
}

// toldAfter is when people learn of changed sessions whose change brings no news of its own ([Service.Rescheduled]): after the time in
// which classroom lets it be undone.
const toldAfter = 15 * time.Minute

// SessionsChanged follows a change of a training's sessions: free seats are offered, and who is on the list learns of the change
// after a while, unless it is undone.
func (s *Service) SessionsChanged(ctx context.Context, tx *db.Tx, trainingID string) (err error) {
	defer errs.Wrap(&err, "seat.SessionsChanged")
	h, err := s.open(ctx, tx, trainingID)
	if err != nil {
		return err
	}
	h.delay = toldAfter
	if err := h.remind(ctx, ""); err != nil {
		return err
	}
	return h.moveUp(ctx)
}

// Rescheduled follows when trainings were moved, put off or cancelled and that is not undone any more: now people are told. The seats of
// a training that was cancelled end.
func (s *Service) Rescheduled(ctx context.Context, tx *db.Tx, e classroom.Rescheduled) (err error) {
	defer errs.Wrap(&err, "seat.Rescheduled(%d)", len(e.TrainingIDs))
	if e.Kind == classroom.ActTeam {
		return nil // who comes is not concerned: days and rooms are as they were
	}
	ids := slices.Sorted(slices.Values(e.TrainingIDs))
	for _, trainingID := range ids {
		h, err := s.open(ctx, tx, trainingID)
		if err != nil {
			return err
		}
		if h.plan.CancelledAt.IsZero() {
			err = h.remind(ctx, e.Note)
		} else {
			err = h.end(ctx)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// remind sets when who is on the list learns of changed sessions.
func (h *book) remind(ctx context.Context, note string) error {
	for i, b := range h.list {
		if !b.State.Open() {
			continue
		}
		if note != "" {
			b.Reason = note
		}
		h.list[i] = h.letter(b, false)
		if err := store(ctx, h.tx, h.list[i]); err != nil {
			return err
		}
	}
	return nil
}

// end cancels the bookings of a training that is not held.
func (h *book) end(ctx context.Context) error {
	for _, b := range slices.Clone(h.list) {
		if b.State.Open() {
			if _, err := h.do(ctx, b, Cancel, Case{Now: h.now}, h.plan.CancelReason); err != nil {
				return err
			}
		}
	}
	return nil
}

// courseJob enrols who has a seat in the course that the training begins with.
const courseJob job.Kind = "seat.course"

type coursePayload struct {
	BookingID string `json:"booking"`
}

func (s *Service) enrolBefore(ctx context.Context, raw json.RawMessage) (err error) {
	defer errs.Wrap(&err, "seat.enrolBefore")
	var p coursePayload
	if err := json.Unmarshal(raw, &p); err != nil {
		return job.Permanent(err)
	}
	b, err := bookingOf(ctx, s.DB, p.BookingID)
	if errors.Is(err, errs.ErrNotFound) || err == nil && b.State != Confirmed {
		return nil // undone, or left since
	}
	if err != nil {
		return err
	}
	plan, err := classroom.PlanOf(ctx, s.DB, b.TrainingID)
	if err != nil || plan.CourseID == "" {
		return err
	}
	if err := s.Enrol(ctx, plan.CourseID, b.PersonID); err != nil {
		return fmt.Errorf("the course before: %w", err)
	}
	return nil
}
