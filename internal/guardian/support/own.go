package support

import (
	"context"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
)

// OwnMeeting is a meeting as a guardian of the office sees it.
type OwnMeeting struct {
	Meeting
	Answer  string // the guardian's: yes, no; "" while there is none
	Present string
}

// Refreshed is a topic with when the guardian last refreshed it.
type Refreshed struct {
	Topic string
	Day   string // "" if never
	Faded bool   // one to come back to
}

// Own is what a guardian finds of the support of their office.
type Own struct {
	Meetings  []OwnMeeting // that are not over, those that were cancelled where the guardian would have come
	Past      []OwnMeeting // at which they were, the latest first
	Signals   []Signal     // that are open, and those that were done within the last days
	Refreshed []Refreshed  // every topic in its order
	Reaches   []Reach      // how they can be reached
	experts   []Expert
}

// Next is the meeting to which the guardian comes next, else the next that there is; false if there is none.
func (o Own) Next() (OwnMeeting, bool) {
	for _, coming := range []bool{true, false} {
		for _, m := range o.Meetings {
			if !m.Cancelled() && (m.Answer == "yes") == coming && (coming || m.Answer == "") {
				return m, true
			}
		}
	}
	return OwnMeeting{}, false
}

// Experts are those whose field is a topic.
func (o Own) Experts(topic string) (list []Expert) {
	for _, x := range o.experts {
		if slices.Contains(x.Topics, topic) {
			list = append(list, x)
		}
	}
	return list
}

const (
	doneShown = 14 * 24 * time.Hour // for how long a guardian sees that a call for help was done
	mostPast  = 12                  // meetings at which they were
)

// Own returns it to the guardian themself; who is not in the register has no such page.
func (s *Service) Own(ctx context.Context, actor access.Actor) (o Own, err error) {
	defer errs.Wrap(&err, "support.Own")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		own, err := me(ctx, tx, actor)
		if err != nil {
			return err
		}
		now := s.Clock.Now()
		o.Reaches = own.reaches()
		if err := s.ownMeetings(ctx, tx, own, now, &o); err != nil {
			return err
		}
		signals, err := db.All[Signal](ctx, tx, selectSignals+`WHERE x.guardian_id = ? AND x.withdrawn_at IS NULL ORDER BY x.at DESC, x.id DESC`, own.ID)
		if err != nil {
			return err
		}
		for _, x := range signals {
			if x.DoneAt.IsZero() || now.Sub(x.DoneAt) < doneShown {
				o.Signals = append(o.Signals, x)
			}
		}
		if o.Refreshed, err = s.refreshed(ctx, tx, own.ID); err != nil {
			return err
		}
		o.experts, err = db.All[Expert](ctx, tx, selectExperts+`WHERE x.unit_id = ? ORDER BY x.name, x.id`, own.UnitID)
		return err
	})
	return o, err
}

func (s *Service) ownMeetings(ctx context.Context, tx *db.Tx, own self, now time.Time, o *Own) error {
	type answer struct{ MeetingID, Answer, Present string }
	answers := map[string]answer{}
	err := db.Each(ctx, tx, func(a answer) { answers[a.MeetingID] = a }, `SELECT meeting_id, answer, present FROM guardian_meeting_answer WHERE guardian_id = ?`, own.ID)
	if err != nil {
		return err
	}
	list, err := db.All[Meeting](ctx, tx, selectMeetings+`WHERE x.unit_id = ? ORDER BY x.starts_at, x.id`, own.UnitID)
	if err != nil {
		return err
	}
	for _, m := range list {
		x := OwnMeeting{m, answers[m.ID].Answer, answers[m.ID].Present}
		switch {
		case m.EndsAt.After(now):
			if !m.Cancelled() || x.Answer == "yes" {
				o.Meetings = append(o.Meetings, x)
			}
		case x.Present == "yes" && !m.Cancelled():
			o.Past = append([]OwnMeeting{x}, o.Past...)
		}
	}
	o.Past = o.Past[:min(len(o.Past), mostPast)]
	return nil
}

// refreshed returns every topic with when a guardian last refreshed it.
func (s *Service) refreshed(ctx context.Context, q db.Querier, guardianID string) (list []Refreshed, err error) {
	type first struct{ At time.Time }
	admitted, err := db.One[first](ctx, q, `SELECT MIN(at) AS at FROM guardian_event WHERE guardian_id = ? AND kind = 'admitted'`, guardianID)
	if err != nil {
		return nil, err
	}
	admittedOn := ""
	if !admitted.At.IsZero() {
		admittedOn = s.day(admitted.At)
	}
	days := map[string]string{}
	type row struct{ Topic, Day string }
	if err := db.Each(ctx, q, func(r row) { days[r.Topic] = r.Day }, `SELECT topic, day FROM guardian_refreshed WHERE guardian_id = ?`, guardianID); err != nil {
		return nil, err
	}
	for _, t := range s.Topics {
		list = append(list, Refreshed{t.ID, days[t.ID], Faded(days[t.ID], admittedOn, s.Today())})
	}
	return list, nil
}

// Refreshers returns of everybody in the register by which day the first of the topics should be refreshed, by entry, for figures that name nobody.
func (s *Service) Refreshers(ctx context.Context, q db.Querier) (first map[string]string, err error) {
	defer errs.Wrap(&err, "support.Refreshers")
	days := map[[2]string]string{}
	type row struct{ GuardianID, Topic, Day string }
	if err := db.Each(ctx, q, func(r row) { days[[2]string{r.GuardianID, r.Topic}] = r.Day }, `SELECT guardian_id, topic, day FROM guardian_refreshed`); err != nil {
		return nil, err
	}
	type admission struct {
		GuardianID string
		At         time.Time
	}
	first = map[string]string{}
	err = db.Each(ctx, q, func(a admission) {
		for i, t := range s.Topics {
			by := refreshBy(days[[2]string{a.GuardianID, t.ID}], s.day(a.At))
			if i == 0 || by < first[a.GuardianID] {
				first[a.GuardianID] = by
			}
		}
	}, `SELECT guardian_id, MIN(at) AS at FROM guardian_event WHERE kind = 'admitted' GROUP BY guardian_id`)
	return first, err
}

// RefreshedBy returns the topics of an entry with their days to the office that keeps it; to anybody else it is not found.
func (s *Service) RefreshedBy(ctx context.Context, actor access.Actor, entryID string) (list []Refreshed, err error) {
	defer errs.Wrap(&err, "support.RefreshedBy")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		type entry struct{ ID string }
		e, err := one[entry](ctx, tx, actor, access.GuardiansRead, `SELECT x.id FROM guardian x JOIN identity_unit u ON u.id = x.unit_id `, entryID)
		if err != nil {
			return err
		}
		list, err = s.refreshed(ctx, tx, e.ID)
		return err
	})
	return list, err
}

// Answer says whether the actor comes to a meeting of their office; "" takes what they said back. The last seat is taken once.
func (s *Service) Answer(ctx context.Context, actor access.Actor, meetingID, answer string) (err error) {
	defer errs.Wrap(&err, "support.Answer")
	if !id.Valid(meetingID) || !slices.Contains([]string{"yes", "no", ""}, answer) {
		return errs.NotFound("error.not-found")
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		own, err := me(ctx, tx, actor)
		if err != nil {
			return err
		}
		if err := lockMeeting(ctx, tx, meetingID); err != nil {
			return err
		}
		m, err := found(db.One[Meeting](ctx, tx, selectMeetings+`WHERE x.id = ? AND x.unit_id = ?`, meetingID, own.UnitID))
		if err != nil {
			return err
		}
		now := s.Clock.Now()
		if err := m.open(now); err != nil {
			return err
		}
		if answer == "yes" {
			others, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM guardian_meeting_answer WHERE meeting_id = ? AND guardian_id <> ? AND answer = 'yes'`, m.ID, own.ID)
			if err != nil {
				return err
			}
			if others >= m.Seats {
				return errs.Conflict("support.meeting-full")
			}
		}
		if answer == "" {
			return db.Exec(ctx, tx, `UPDATE guardian_meeting_answer SET answer = '', answered_at = NULL WHERE meeting_id = ? AND guardian_id = ?`, m.ID, own.ID)
		}
		return db.Exec(ctx, tx, `INSERT INTO guardian_meeting_answer (meeting_id, guardian_id, answer, answered_at) VALUES (?, ?, ?, ?)
			ON CONFLICT (meeting_id, guardian_id) DO UPDATE SET answer = excluded.answer, answered_at = excluded.answered_at`, m.ID, own.ID, answer, now)
	})
}

// OwnMeetingOf returns a meeting of the actor's office that takes place, for their calendar.
func (s *Service) OwnMeetingOf(ctx context.Context, actor access.Actor, meetingID string) (m Meeting, err error) {
	defer errs.Wrap(&err, "support.OwnMeetingOf")
	if !id.Valid(meetingID) {
		return m, errs.NotFound("error.not-found")
	}
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		own, err := me(ctx, tx, actor)
		if err != nil {
			return err
		}
		m, err = found(db.One[Meeting](ctx, tx, selectMeetings+`WHERE x.id = ? AND x.unit_id = ? AND x.cancelled_at IS NULL`, meetingID, own.UnitID))
		return err
	})
	return m, err
}

// Refresh notes that the actor refreshed a topic today; back takes that back on the same day.
func (s *Service) Refresh(ctx context.Context, actor access.Actor, topic string, back bool) (err error) {
	defer errs.Wrap(&err, "support.Refresh")
	if !s.Topics.Has(topic) {
		return errs.NotFound("error.not-found")
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		own, err := me(ctx, tx, actor)
		if err != nil {
			return err
		}
		today := s.Today()
		if !back {
			return db.Exec(ctx, tx, `INSERT INTO guardian_refreshed (guardian_id, topic, day) VALUES (?, ?, ?)
				ON CONFLICT (guardian_id, topic) DO UPDATE SET before = guardian_refreshed.day, day = excluded.day WHERE guardian_refreshed.day <> excluded.day`, own.ID, topic, today)
		}
		n, err := db.Changed(ctx, tx, `UPDATE guardian_refreshed SET day = before, before = '' WHERE guardian_id = ? AND topic = ? AND day = ?`, own.ID, topic, today)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.Gone("support.undo-over")
		}
		return db.Exec(ctx, tx, `DELETE FROM guardian_refreshed WHERE guardian_id = ? AND topic = ? AND day = ''`, own.ID, topic)
	})
}
