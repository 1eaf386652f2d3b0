package support

import (
	"context"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/id"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
)

// Meeting is one of an office with its guardians.
type Meeting struct {
	ID          string
	UnitID      string
	UnitPath    string
	Unit        string // name
	Topic       string
	StartsAt    time.Time
	EndsAt      time.Time
	Place       string
	Seats       int
	Leader      string
	Sequence    int
	CancelledAt time.Time
	MarkedAt    time.Time
	Edition     int64
	Coming      int // how many have said that they come
}

const selectMeetings = `
	SELECT x.id, x.unit_id, u.path AS unit_path, u.name AS unit, x.topic, x.starts_at, x.ends_at, x.place, x.seats, x.leader, x.sequence, x.cancelled_at, x.marked_at, x.edition,
		(SELECT COUNT(*) FROM guardian_meeting_answer a WHERE a.meeting_id = x.id AND a.answer = 'yes') AS coming
	FROM guardian_meeting x JOIN identity_unit u ON u.id = x.unit_id `

// Cancelled says whether it does not take place.
func (m Meeting) Cancelled() bool { return !m.CancelledAt.IsZero() }

// Over says whether it has begun at a time: from then on nobody says whether they come, and the office says who is there.
func (m Meeting) Over(now time.Time) bool { return !now.Before(m.StartsAt) }

// Full says whether all seats are taken.
func (m Meeting) Full() bool { return m.Coming >= m.Seats }

// open refuses a change of a meeting that was cancelled or has begun.
func (m Meeting) open(now time.Time) error {
	switch {
	case m.Cancelled():
		return errs.Conflict("support.meeting-cancelled")
	case m.Over(now):
		return errs.Conflict("support.meeting-past")
	}
	return nil
}

// Guest is somebody of the office's register beside a meeting.
type Guest struct {
	GuardianID string
	Name       string
	Mail       string
	Lang       string
	State      guardian.State
	Answer     string // yes, no; "" while there is none
	InvitedAt  time.Time
	Present    string // yes, no; "" before the office said so
}

// MeetingPage is a meeting as the office sees it.
type MeetingPage struct {
	Meeting
	Guests   []Guest // who comes first, then who was there, then the others, by name
	MayWrite bool
	Invited  int // by a letter
	ToInvite int // who can be written to, was not invited yet and has not answered
}

// MeetingOf returns a meeting to the office whose it is; to anybody else it is not found.
func (s *Service) MeetingOf(ctx context.Context, actor access.Actor, meetingID string) (p MeetingPage, err error) {
	defer errs.Wrap(&err, "support.MeetingOf")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if p.Meeting, err = one[Meeting](ctx, tx, actor, access.GuardiansRead, selectMeetings, meetingID); err != nil {
			return err
		}
		p.MayWrite = actor.May(access.GuardiansWrite, p.UnitPath)
		p.Guests, err = guests(ctx, tx, p.Meeting)
		return err
	})
	for _, g := range p.Guests {
		if !g.InvitedAt.IsZero() {
			p.Invited++
		}
		if g.invitable() {
			p.ToInvite++
		}
	}
	return p, err
}

func (g Guest) invitable() bool { return g.Mail != "" && g.InvitedAt.IsZero() && g.Answer == "" }

func guests(ctx context.Context, q db.Querier, m Meeting) ([]Guest, error) {
	list, err := db.All[Guest](ctx, q, `
		SELECT g.id AS guardian_id, p.given_name || ' ' || p.family_name AS name, COALESCE(p.mail, '') AS mail, p.lang, g.state, COALESCE(a.answer, '') AS answer, a.invited_at,
			COALESCE(a.present, '') AS present
		FROM guardian g JOIN identity_person p ON p.id = g.person_id LEFT JOIN guardian_meeting_answer a ON a.guardian_id = g.id AND a.meeting_id = ?
		WHERE g.unit_id = ? AND g.state <> ? ORDER BY p.sort_key, g.id`, m.ID, m.UnitID, string(guardian.Removed))
	rank := func(g Guest) int {
		switch {
		case g.Answer == "yes":
			return 0
		case g.Present == "yes":
			return 1
		case g.Answer == "no":
			return 2
		}
		return 3
	}
	slices.SortStableFunc(list, func(a, b Guest) int { return rank(a) - rank(b) })
	return list, err
}

// Plan enters a meeting.
func (s *Service) Plan(ctx context.Context, actor access.Actor, d MeetingDraft) (meetingID string, err error) {
	defer errs.Wrap(&err, "support.Plan")
	d, meetingID = d.cleaned(), id.New()
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		o, faults, err := chosen(ctx, tx, actor, d.UnitID)
		if err != nil {
			return err
		}
		now := s.Clock.Now()
		if err := append(faults, d.check(s.Topics, 0, now, s.Zone)...).Err(); err != nil {
			return err
		}
		start, end, _ := d.times(s.Zone)
		err = db.Exec(ctx, tx, `INSERT INTO guardian_meeting (id, unit_id, topic, starts_at, ends_at, place, seats, leader) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			meetingID, o.ID, d.Topic, start, end, d.Place, d.Seats, d.Leader)
		if err != nil {
			return err
		}
		return s.record(ctx, tx, actor, "plan", "meeting:"+meetingID)
	})
	return meetingID, err
}

// record notes an act, with nothing but what it was about.
func (s *Service) record(ctx context.Context, tx *db.Tx, actor access.Actor, act, object string) error {
	return audit.Record(ctx, tx, s.Clock.Now(), actor.PersonID, "guardian.support."+act, object, nil)
}

// lockMeeting holds a meeting's row, so that of two who take the last seat, or of one who takes it while it is moved, each sees what the other did.
func lockMeeting(ctx context.Context, tx *db.Tx, meetingID string) error {
	return db.Exec(ctx, tx, `UPDATE guardian_meeting SET edition = edition WHERE id = ?`, meetingID)
}

// changing runs a change of a meeting of the actor's office under its lock.
func (s *Service) changing(ctx context.Context, actor access.Actor, meetingID string, fn func(tx *db.Tx, m Meeting) error) error {
	if !id.Valid(meetingID) {
		return errs.NotFound("error.not-found")
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		if err := lockMeeting(ctx, tx, meetingID); err != nil {
			return err
		}
		m, err := one[Meeting](ctx, tx, actor, access.GuardiansWrite, selectMeetings, meetingID)
		if err != nil {
			return err
		}
		return fn(tx, m)
	})
}

// Move writes a meeting anew. Who comes is written to where it is at another time or place; told says how many that were.
func (s *Service) Move(ctx context.Context, actor access.Actor, meetingID string, d MeetingDraft) (told int, err error) {
	defer errs.Wrap(&err, "support.Move")
	d = d.cleaned()
	err = s.changing(ctx, actor, meetingID, func(tx *db.Tx, m Meeting) error {
		now := s.Clock.Now()
		if err := m.open(now); err != nil {
			return err
		}
		if err := d.check(s.Topics, m.Coming, now, s.Zone).Err(); err != nil {
			return err
		}
		before := m
		m.Topic, m.Place, m.Seats, m.Leader = d.Topic, d.Place, d.Seats, d.Leader
		m.StartsAt, m.EndsAt, _ = d.times(s.Zone)
		moved := !m.StartsAt.Equal(before.StartsAt) || !m.EndsAt.Equal(before.EndsAt) || m.Place != before.Place
		if moved || m.Topic != before.Topic {
			m.Sequence++
		}
		n, err := db.Changed(ctx, tx, `UPDATE guardian_meeting SET topic = ?, starts_at = ?, ends_at = ?, place = ?, seats = ?, leader = ?, sequence = ?, edition = edition + 1
			WHERE id = ? AND edition = ?`, m.Topic, m.StartsAt, m.EndsAt, m.Place, m.Seats, m.Leader, m.Sequence, m.ID, d.Edition)
		if err := meanwhile(n, err); err != nil {
			return err
		}
		if moved {
			if told, err = s.write(ctx, tx, m, "moved", func(g Guest) bool { return g.Answer == "yes" }); err != nil {
				return err
			}
		}
		return s.record(ctx, tx, actor, "move", "meeting:"+m.ID)
	})
	return told, err
}

// Cancel says that a meeting does not take place, and writes to who would have come.
func (s *Service) Cancel(ctx context.Context, actor access.Actor, meetingID string) (told int, err error) {
	defer errs.Wrap(&err, "support.Cancel")
	err = s.changing(ctx, actor, meetingID, func(tx *db.Tx, m Meeting) error {
		now := s.Clock.Now()
		if err := m.open(now); err != nil {
			return err
		}
		if err := db.Exec(ctx, tx, `UPDATE guardian_meeting SET cancelled_at = ?, sequence = sequence + 1, edition = edition + 1 WHERE id = ?`, now, m.ID); err != nil {
			return err
		}
		if told, err = s.write(ctx, tx, m, "cancelled", func(g Guest) bool { return g.Answer == "yes" }); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, "cancel", "meeting:"+m.ID)
	})
	return told, err
}

// Invite writes to those of the office's register who were not invited yet and have not answered.
func (s *Service) Invite(ctx context.Context, actor access.Actor, meetingID string) (told int, err error) {
	defer errs.Wrap(&err, "support.Invite")
	err = s.changing(ctx, actor, meetingID, func(tx *db.Tx, m Meeting) error {
		now := s.Clock.Now()
		if err := m.open(now); err != nil {
			return err
		}
		all, err := guests(ctx, tx, m)
		if err != nil {
			return err
		}
		for _, g := range all {
			if !g.invitable() {
				continue
			}
			err := db.Exec(ctx, tx, `INSERT INTO guardian_meeting_answer (meeting_id, guardian_id, invited_at) VALUES (?, ?, ?)
				ON CONFLICT (meeting_id, guardian_id) DO UPDATE SET invited_at = excluded.invited_at`, m.ID, g.GuardianID, now)
			if err != nil {
				return err
			}
		}
		if told, err = s.write(ctx, tx, m, "invitation", Guest.invitable, all...); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, "invite", "meeting:"+m.ID)
	})
	return told, err
}

// write sends a letter about a meeting to those of the guests, as they are or were given, whom it is for. It has no names in it, neither of who
// leads nor of who comes.
func (s *Service) write(ctx context.Context, tx *db.Tx, m Meeting, letter string, to func(Guest) bool, list ...Guest) (n int, err error) {
	if list == nil {
		if list, err = guests(ctx, tx, m); err != nil {
			return 0, err
		}
	}
	for _, g := range list {
		if g.Mail == "" || !to(g) {
			continue
		}
		p := s.Catalogue.Printer(g.Lang)
		err := s.Outbox.Send(ctx, tx, mail.Message{
			Kind: "guardian.meeting", To: g.Mail, Lang: p.Tag(), Subject: p.T("support.letter-" + letter + "-subject"),
			Body: p.T("support.letter-"+letter+"-body", "Topic", s.Topics.Title(m.Topic, p.Tag()), "When", When(p, m), "Place", m.Place, "Link", s.BaseURL+ownPage),
		})
		if err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}

// When says when a meeting is: 30 listopada 2026, 17:00–19:00.
func When(p *lang.Printer, m Meeting) string {
	return p.T("support.when", "Day", p.Date(m.StartsAt), "From", p.Clock(m.StartsAt), "To", p.Clock(m.EndsAt))
}

// Attend says who was at a meeting that has begun: all others of the register were not. It can be said again.
func (s *Service) Attend(ctx context.Context, actor access.Actor, meetingID string, here []string) (err error) {
	defer errs.Wrap(&err, "support.Attend")
	return s.changing(ctx, actor, meetingID, func(tx *db.Tx, m Meeting) error {
		now := s.Clock.Now()
		switch {
		case m.Cancelled():
			return errs.Conflict("support.meeting-cancelled")
		case !m.Over(now):
			return errs.Conflict("support.meeting-not-begun")
		case now.Sub(m.EndsAt) >= answersFor:
			return errs.Conflict("support.meeting-closed")
		}
		all, err := guests(ctx, tx, m)
		if err != nil {
			return err
		}
		for _, g := range all {
			present := "no"
			if slices.Contains(here, g.GuardianID) {
				present = "yes"
			}
			if present == g.Present || present == "no" && g.Present == "" && g.Answer != "yes" { // of who neither said so nor came there is nothing to keep
				continue
			}
			err := db.Exec(ctx, tx, `INSERT INTO guardian_meeting_answer (meeting_id, guardian_id, present) VALUES (?, ?, ?)
				ON CONFLICT (meeting_id, guardian_id) DO UPDATE SET present = excluded.present`, m.ID, g.GuardianID, present)
			if err != nil {
				return err
			}
		}
		if err := db.Exec(ctx, tx, `UPDATE guardian_meeting SET marked_at = ? WHERE id = ?`, now, m.ID); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, "attend", "meeting:"+m.ID)
	})
}
