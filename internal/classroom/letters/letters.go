// Package letters tells who teaches what became of their plan, and writes sessions as calendars show them.
//
// Goals: who is named to teach a training or a session learns so, who is taken off learns so, and who teaches learns when a session moves,
// is put off or cancelled: by one letter, however many trainings it is about, with an entry for the calendar under the name that the feed
// has for it. What is told is the difference between what people knew and what holds when the letter leaves, so that what was undone or
// changed back is no letter (decision 0047). Limits: who has a seat is told by seat; nothing is read of what calendars answer.
package letters

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"ostoja/internal/classroom"
	"ostoja/internal/classroom/calendar"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
	"ostoja/internal/mail/wording"
)

// Deps are what the service is made of.
type Deps struct {
	Clock     clock.Clock
	Outbox    *mail.Outbox
	Catalogue *lang.Catalogue
	BaseURL   string
	Organizer string // the address that invites by calendar
}

// Service writes the letters.
type Service struct{ Deps }

// New returns a Service.
func New(d Deps) *Service { return &Service{d} }

// Rescheduled tells who teaches, or taught, what acts upon trainings made of their plan. Who has no address, or is blocked, is told
// nothing.
func (s *Service) Rescheduled(ctx context.Context, tx *db.Tx, e classroom.Rescheduled) (err error) {
	defer errs.Wrap(&err, "letters.Rescheduled(%d)", len(e.TrainingIDs))
	var plans []classroom.Plan
	people := map[string]map[string]*part{} // by person and training
	of := func(x classroom.Taught) *part {
		if people[x.PersonID] == nil {
			people[x.PersonID] = map[string]*part{}
		}
		p := people[x.PersonID][x.TrainingID]
		if p == nil {
			p = &part{was: map[string]classroom.Taught{}, is: map[string]classroom.Taught{}}
			people[x.PersonID][x.TrainingID] = p
		}
		return p
	}
	for _, x := range e.Before {
		of(x).was[x.SessionID] = x
	}
	sequences := map[string]int{}
	for _, trainingID := range e.TrainingIDs {
		p, err := classroom.PlanOf(ctx, tx, trainingID)
		if err != nil {
			return err
		}
		plans = append(plans, p)
		sessions, err := classroom.SessionsOf(ctx, tx, trainingID)
		if err != nil {
			return err
		}
		for _, x := range sessions {
			sequences[x.ID] = x.Sequence
		}
		list, err := classroom.TaughtIn(ctx, tx, p)
		if err != nil {
			return err
		}
		for _, x := range list {
			of(x).is[x.SessionID] = x
		}
	}
	slices.SortFunc(plans, func(a, b classroom.Plan) int { return cmp.Or(a.HeldFrom.Compare(b.HeldFrom), cmp.Compare(a.ID, b.ID)) })
	for _, personID := range slices.Sorted(maps.Keys(people)) {
		if err := s.write(ctx, tx, e, personID, plans, people[personID], sequences); err != nil {
			return err
		}
	}
	return nil
}

// write sends somebody one letter of all trainings in which something changed for them, or none.
func (s *Service) write(ctx context.Context, tx *db.Tx, e classroom.Rescheduled, personID string, plans []classroom.Plan, parts map[string]*part, sequences map[string]int) error {
	type row struct{ Name, Mail, Lang string }
	who, err := db.All[row](ctx, tx, `SELECT given_name || ' ' || family_name AS name, mail, lang FROM identity_person WHERE id = ? AND mail IS NOT NULL AND state <> 'blocked'`, personID)
	if err != nil || len(who) == 0 {
		return err
	}
	t, now := s.Catalogue.Printer(who[0].Lang), s.Clock.Now()
	m := mail.Message{Kind: "classroom.plan", To: who[0].Mail, Lang: t.Tag()}
	form := wording.PlanNew
	var bodies []string
	for _, p := range plans {
		x := parts[p.ID]
		if x == nil {
			continue
		}
		d := x.differences(now)
		if !x.due(d, p, e.Kind, now) {
			continue
		}
		if len(x.was) > 0 {
			form = wording.PlanChanged
		}
		bodies = append(bodies, s.section(t, p, x, d))
		for _, c := range d {
			session := c.Session
			session.Sequence = sequences[session.ID]
			entry, err := Entry(c.method(), Teaching(s.BaseURL, t, personID, p.Title, session), t, s.Organizer, calendar.Party{Name: who[0].Name, Mail: who[0].Mail}, now)
			if err != nil {
				return err
			}
			m.Calendar = append(m.Calendar, entry)
		}
	}
	if len(bodies) == 0 {
		return nil
	}
	why := ""
	if e.Note != "" && e.Kind != classroom.ActCancelled { // each cancelled training says why
		why = t.T("classroom.letter.why", "Note", e.Note) + "\n\n"
	}
	m.Subject, m.Body = wording.Compose(t, form, "Trainings", strings.Join(bodies, "\n\n"), "Why", why)
	return s.Outbox.Send(ctx, tx, m)
}

// section says in lines of a letter what became of somebody's part in a training.
func (s *Service) section(t *lang.Printer, p classroom.Plan, x *part, d []change) string {
	lines := []string{p.Title}
	off := false // what is said of the training need not be said of its sessions
	switch {
	case !p.CancelledAt.IsZero():
		lines, off = append(lines, t.T("classroom.letter.cancelled", "Reason", p.CancelReason)), true
	case !p.PutOffAt.IsZero():
		lines, off = append(lines, t.T("classroom.letter.put-off")), true
	}
	switch {
	case len(x.is) == 0:
		lines = append(lines, t.T("classroom.letter.left"))
	case len(x.was) == 0 && len(d) == 0:
		lines = append(lines, t.T("classroom.letter.joined"))
	}
	for _, kind := range []kind{named, watches, changed, cancelled, left} {
		first := true
		for _, c := range d {
			if c.kind != kind || kind == cancelled && off {
				continue
			}
			if first && (kind != left || len(x.is) > 0) {
				lines = append(lines, t.T("classroom.letter.sessions."+string(kind)))
			}
			first = false
			lines = append(lines, "– "+line(t, c.Session))
		}
	}
	if len(x.is) > 0 {
		lines = append(lines, s.BaseURL+"/app/trainings/"+p.ID)
	}
	return strings.Join(lines, "\n")
}

// line says when and where a session is held.
func line(t *lang.Printer, x classroom.Session) string {
	line := t.Date(x.StartsAt) + ", " + t.Clock(x.StartsAt) + "–" + t.Clock(x.EndsAt)
	for _, part := range []string{x.Title, Place(x), x.Link} {
		if part != "" {
			line += ", " + part
		}
	}
	return line
}

// part is what somebody did in a training, and does now, by session; under "" in the training itself.
type part struct{ was, is map[string]classroom.Taught }

type kind string

const (
	named     kind = "named"   // is to teach it, and was not
	watches   kind = "watches" // is to observe it, and was not
	changed   kind = "changed"
	cancelled kind = "cancelled"
	left      kind = "left" // is held without them
)

// change is what somebody is told of a session: as it is now, or, if it is not theirs any more, as they knew it.
type change struct {
	kind kind
	classroom.Session
}

// method is what becomes of the calendar's entry.
func (c change) method() string {
	if c.kind == cancelled || c.kind == left {
		return calendar.Cancel
	}
	return calendar.Request
}

// differences returns what became different in somebody's sessions that are to come, by time.
func (x *part) differences(now time.Time) (list []change) {
	ids := maps.Clone(x.was)
	maps.Copy(ids, x.is)
	delete(ids, "")
	for sessionID := range ids {
		was, knew := x.was[sessionID]
		is, mine := x.is[sessionID]
		expected := knew && was.Session.Held() && now.Before(was.Session.EndsAt)
		comes := mine && is.Session.Held() && now.Before(is.Session.EndsAt)
		switch {
		case comes && (!knew || (was.Part == classroom.Observer) != (is.Part == classroom.Observer)):
			kind := named
			if is.Part == classroom.Observer {
				kind = watches
			}
			list = append(list, change{kind, is.Session})
		case comes && (!expected || was.Session.Differs(is.Session)):
			list = append(list, change{changed, is.Session})
		case expected && !mine:
			list = append(list, change{left, was.Session})
		case expected && !is.Session.Held():
			list = append(list, change{cancelled, was.Session})
		}
	}
	slices.SortFunc(list, func(a, b change) int { return cmp.Or(a.StartsAt.Compare(b.StartsAt), cmp.Compare(a.ID, b.ID)) })
	return list
}

// due says whether somebody is told of a training: their sessions changed; it is cancelled, though it had no day; or they came to a
// training, or left one, that has a day none of which is theirs, or none at all.
func (x *part) due(d []change, p classroom.Plan, act classroom.Act, now time.Time) bool {
	_, was := x.was[""]
	_, is := x.is[""]
	switch {
	case len(d) > 0:
		return true
	case !p.CancelledAt.IsZero():
		return act == classroom.ActCancelled && len(x.was) > 0 && len(x.is) > 0
	}
	return was != is && (!p.PutOffAt.IsZero() || now.Before(p.HeldUntil))
}
