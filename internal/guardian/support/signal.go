package support

import (
	"context"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/id"
	"ostoja/internal/mail"
)

// Signal is a call for help: a topic and how soon, and nothing else.
type Signal struct {
	ID          string
	GuardianID  string
	UnitPath    string
	Name        string // of who calls
	Mail        string // of who calls, "" unless they are to be reached by it
	Topic       string
	Soon        Soon
	Reach       Reach
	At          time.Time
	DueAt       time.Time
	TakenBy     string // name, "" while nobody has taken it
	TakenAt     time.Time
	DoneAt      time.Time
	WithdrawnAt time.Time
}

const selectSignals = `
	SELECT x.id, x.guardian_id, u.path AS unit_path, p.given_name || ' ' || p.family_name AS name, CASE WHEN x.reach = 'mail' THEN COALESCE(p.mail, '') ELSE '' END AS mail,
		x.topic, x.soon, x.reach, x.at, x.due_at, COALESCE(t.given_name || ' ' || t.family_name, '') AS taken_by, x.taken_at, x.done_at, x.withdrawn_at
	FROM guardian_signal x JOIN guardian g ON g.id = x.guardian_id JOIN identity_person p ON p.id = g.person_id JOIN identity_unit u ON u.id = g.unit_id
		LEFT JOIN identity_person t ON t.id = x.taken_by `

// endedShown is for how long the office's page shows a call for help that is over.
const endedShown = 30 * 24 * time.Hour

// Ended is when it was done or withdrawn, zero while it is neither.
func (x Signal) Ended() time.Time {
	if !x.WithdrawnAt.IsZero() {
		return x.WithdrawnAt
	}
	return x.DoneAt
}

// Late says whether nobody has taken it by when somebody was to.
func (x Signal) Late(now time.Time) bool {
	return x.TakenAt.IsZero() && x.Ended().IsZero() && !now.Before(x.DueAt)
}

// MayReopen says whether what was marked as done can be opened again at a time.
func (x Signal) MayReopen(now time.Time) bool {
	return x.WithdrawnAt.IsZero() && !x.DoneAt.IsZero() && now.Before(x.DoneAt.Add(UndoFor))
}

// Call makes a call for help of the actor's, and writes to the coordinators of their office that there is one. One that is open about the same topic
// is not made twice.
func (s *Service) Call(ctx context.Context, actor access.Actor, topic string, soon Soon, reach Reach) (err error) {
	defer errs.Wrap(&err, "support.Call")
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		own, err := me(ctx, tx, actor)
		if err != nil {
			return err
		}
		var faults errs.Fields
		if !s.Topics.Has(topic) {
			faults.Add("topic", "support.fault.choose")
		}
		if !slices.Contains(Soons, soon) {
			faults.Add("soon", "support.fault.choose")
		}
		if !slices.Contains(own.reaches(), reach) {
			faults.Add("reach", "support.fault.reach")
		}
		if err := faults.Err(); err != nil {
			return err
		}
		// The row is held, so that two presses at once are not two calls.
		if err := db.Exec(ctx, tx, `UPDATE guardian SET edition = edition WHERE id = ?`, own.ID); err != nil {
			return err
		}
		open, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM guardian_signal WHERE guardian_id = ? AND topic = ? AND done_at IS NULL AND withdrawn_at IS NULL`, own.ID, topic)
		if err != nil {
			return err
		}
		if open > 0 {
			return errs.Conflict("support.called-already")
		}
		now, signalID := s.Clock.Now(), id.New()
		err = db.Exec(ctx, tx, `INSERT INTO guardian_signal (id, guardian_id, topic, soon, reach, at, due_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			signalID, own.ID, topic, string(soon), string(reach), now, soon.Due(now, s.Zone))
		if err != nil {
			return err
		}
		holders, err := s.People.Holders(ctx, tx, access.GuardiansWrite)
		if err != nil {
			return err
		}
		near, _, err := s.readers(ctx, tx, holders, own.UnitPath)
		if err != nil {
			return err
		}
		if err := s.tell(ctx, tx, near, "call"); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, "call", "signal:"+signalID)
	})
}

// reaches are the ways in which somebody can be reached.
func (x self) reaches() (list []Reach) {
	if x.Phone {
		list = append(list, ByPhone)
	}
	if x.Mail {
		list = append(list, ByMail)
	}
	return list
}

// readers parts those who answer for an office: who is told first, because they are nearest and there ([guardian.Readers]), and the others, who are
// told should nobody of the first have answered. Where there are no others, the first are told again.
func (s *Service) readers(ctx context.Context, tx *db.Tx, holders []access.Holder, unitPath string) (first, others []access.Holder, err error) {
	if first, err = guardian.Readers(ctx, tx, holders, unitPath, s.Clock.Now(), s.Zone); err != nil {
		return nil, nil, err
	}
	for _, h := range holders {
		among := slices.ContainsFunc(first, func(x access.Holder) bool { return x.Actor.PersonID == h.Actor.PersonID })
		if !among && h.Actor.May(access.GuardiansWrite, unitPath) {
			others = append(others, h)
		}
	}
	if len(others) == 0 {
		others = first
	}
	return first, others, nil
}

// tell writes to people of an office that somebody needs help: not who, nor with what.
func (s *Service) tell(ctx context.Context, tx *db.Tx, to []access.Holder, letter string) error {
	for _, h := range to {
		p := s.Catalogue.Printer(h.Lang)
		err := s.Outbox.Send(ctx, tx, mail.Message{
			Kind: "guardian.signal", To: h.Mail, Lang: p.Tag(), Subject: p.T("support.letter-" + letter + "-subject"), Body: p.T("support.letter-"+letter+"-body", "Link", s.BaseURL+officePage),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// late is a call for help that nobody has taken in time and of which the others were not told.
type late struct{ ID, UnitPath string }

func (s *Service) late(ctx context.Context, q db.Querier) ([]late, error) {
	return db.All[late](ctx, q, `SELECT x.id, u.path AS unit_path FROM guardian_signal x JOIN guardian g ON g.id = x.guardian_id JOIN identity_unit u ON u.id = g.unit_id
		WHERE x.taken_at IS NULL AND x.done_at IS NULL AND x.withdrawn_at IS NULL AND x.reminded_at IS NULL AND x.due_at <= ? AND g.state <> ? ORDER BY u.path, x.id`,
		s.Clock.Now(), string(guardian.Removed))
}

// Remind writes to the other coordinators of an office, once, about calls for help that nobody has taken in time: one letter an office, however many
// they are. Most runs take one read.
func (s *Service) Remind(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "support.Remind")
	if list, err := s.late(ctx, s.DB); err != nil || len(list) == 0 {
		return err
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		list, err := s.late(ctx, tx) // another node may have written meanwhile
		if err != nil || len(list) == 0 {
			return err
		}
		holders, err := s.People.Holders(ctx, tx, access.GuardiansWrite)
		if err != nil {
			return err
		}
		written := map[string]bool{}
		for _, x := range list {
			_, others, err := s.readers(ctx, tx, holders, x.UnitPath)
			if err != nil {
				return err
			}
			if len(others) == 0 { // what nobody can be told of waits until somebody can
				continue
			}
			if err := db.Exec(ctx, tx, `UPDATE guardian_signal SET reminded_at = ? WHERE id = ?`, s.Clock.Now(), x.ID); err != nil {
				return err
			}
			if written[x.UnitPath] {
				continue
			}
			written[x.UnitPath] = true
			if err := s.tell(ctx, tx, others, "late"); err != nil {
				return err
			}
		}
		return nil
	})
}

// change runs an act of the office on a call for help; n is of a conditional change, so that of two who act at once one is told.
func (s *Service) change(ctx context.Context, actor access.Actor, signalID, act string, fn func(tx *db.Tx, x Signal) (n int, err error)) error {
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		x, err := one[Signal](ctx, tx, actor, access.GuardiansWrite, selectSignals, signalID)
		if err != nil {
			return err
		}
		if err := meanwhile(fn(tx, x)); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, act, "signal:"+x.ID)
	})
}

// Take says that the actor answers a call for help. Who called sees their name.
func (s *Service) Take(ctx context.Context, actor access.Actor, signalID string) (err error) {
	defer errs.Wrap(&err, "support.Take")
	return s.change(ctx, actor, signalID, "take", func(tx *db.Tx, x Signal) (int, error) {
		return db.Changed(ctx, tx, `UPDATE guardian_signal SET taken_by = ?, taken_at = ? WHERE id = ? AND taken_at IS NULL AND done_at IS NULL AND withdrawn_at IS NULL`,
			actor.PersonID, s.Clock.Now(), x.ID)
	})
}

// GiveBack says that nobody answers it any more: everybody of the office can take it. Anybody of the office may, since who took it may be away.
func (s *Service) GiveBack(ctx context.Context, actor access.Actor, signalID string) (err error) {
	defer errs.Wrap(&err, "support.GiveBack")
	return s.change(ctx, actor, signalID, "give-back", func(tx *db.Tx, x Signal) (int, error) {
		return db.Changed(ctx, tx, `UPDATE guardian_signal SET taken_by = NULL, taken_at = NULL WHERE id = ? AND taken_at IS NOT NULL AND done_at IS NULL AND withdrawn_at IS NULL`, x.ID)
	})
}

// Finish says that the help was given.
func (s *Service) Finish(ctx context.Context, actor access.Actor, signalID string) (err error) {
	defer errs.Wrap(&err, "support.Finish")
	return s.change(ctx, actor, signalID, "done", func(tx *db.Tx, x Signal) (int, error) {
		return db.Changed(ctx, tx, `UPDATE guardian_signal SET done_at = ? WHERE id = ? AND taken_at IS NOT NULL AND done_at IS NULL AND withdrawn_at IS NULL`, s.Clock.Now(), x.ID)
	})
}

// Reopen takes that back, for [UndoFor].
func (s *Service) Reopen(ctx context.Context, actor access.Actor, signalID string) (err error) {
	defer errs.Wrap(&err, "support.Reopen")
	return s.change(ctx, actor, signalID, "reopen", func(tx *db.Tx, x Signal) (int, error) {
		if !x.MayReopen(s.Clock.Now()) {
			return 0, errs.Gone("support.undo-over")
		}
		return db.Changed(ctx, tx, `UPDATE guardian_signal SET done_at = NULL WHERE id = ? AND done_at IS NOT NULL`, x.ID)
	})
}

// Withdraw is the word of who called that help is not needed any more.
func (s *Service) Withdraw(ctx context.Context, actor access.Actor, signalID string) (err error) {
	defer errs.Wrap(&err, "support.Withdraw")
	if !id.Valid(signalID) {
		return errs.NotFound("error.not-found")
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		own, err := me(ctx, tx, actor)
		if err != nil {
			return err
		}
		n, err := db.Changed(ctx, tx, `UPDATE guardian_signal SET withdrawn_at = ? WHERE id = ? AND guardian_id = ? AND done_at IS NULL AND withdrawn_at IS NULL`, s.Clock.Now(), signalID, own.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.NotFound("error.not-found")
		}
		return s.record(ctx, tx, actor, "withdraw", "signal:"+signalID)
	})
}
