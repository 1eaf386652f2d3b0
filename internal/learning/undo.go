package learning

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/act"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/record"
)

// The acts on many that learning can take back.
const (
	ActEnrol    act.Kind = "enrol"
	ActWithdraw act.Kind = "withdraw"
	ActRestore  act.Kind = "restore"
	ActMove     act.Kind = "move"
)

// Why something stays as it is when an act is undone: ends of keys of texts.
const (
	staysGone     = "gone"     // it was erased meanwhile
	staysStarted  = "started"  // the course was begun
	staysAnswered = "answered" // the test before the course was begun or declined
	staysPassed   = "passed"   // the course was finished or passed
	staysChanged  = "changed"  // somebody changed it since
)

// ErrFollowed says that something followed from an enrolment, so that it cannot be taken back.
var ErrFollowed = errs.Conflict("learning.followed")

// ObjectOf is the object of acts on a course's people.
func ObjectOf(courseID string) string { return "course:" + courseID }

// undoes registers how acts are taken back.
func (s *Service) undoes() {
	for k, one := range map[act.Kind]func(context.Context, *db.Tx, act.Act, Enrolment, string) (string, error){
		ActEnrol: s.unenrol, ActWithdraw: s.unwithdraw, ActRestore: s.unrestore, ActMove: s.unmove,
	} {
		s.acts.On(k, act.Way{Permission: access.DeskWrite, Undo: func(ctx context.Context, tx *db.Tx, a act.Act, things []act.Thing) (stay []act.Stays, err error) {
			defer errs.Wrap(&err, "learning.undo(%s)", k)
			for _, x := range things {
				why := staysGone
				e, err := lockEnrolment(ctx, tx, x.Ref)
				if err == nil {
					why, err = one(ctx, tx, a, e, x.Before)
				}
				if err != nil && !errors.Is(err, errs.ErrNotFound) {
					return nil, err
				}
				if why != "" {
					stay = append(stay, act.Stays{Ref: x.Ref, Why: why})
				}
			}
			return stay, nil
		}})
	}
}

// unenrol takes an enrolment away that nothing followed from: the round before it is the latest again.
func (s *Service) unenrol(ctx context.Context, tx *db.Tx, _ act.Act, e Enrolment, _ string) (why string, err error) {
	switch {
	case !e.PassedAt.IsZero():
		return staysPassed, nil
	case !e.StartedAt.IsZero():
		return staysStarted, nil
	case !e.WithdrawnAt.IsZero() || !e.RemindedAt.IsZero():
		return staysChanged, nil
	}
	if e.Round == 1 {
		err := s.events.Emit(ctx, tx, TakenBack{e.PersonID, e.CourseID})
		if errors.Is(err, ErrFollowed) {
			return staysAnswered, nil
		}
		if err != nil {
			return "", err
		}
	}
	if err := db.Exec(ctx, tx, `DELETE FROM enrolment WHERE id = ?`, e.ID); err != nil {
		return "", err
	}
	if err := db.Exec(ctx, tx, `UPDATE enrolment SET latest = TRUE WHERE person_id = ? AND course_id = ? AND round = ?`, e.PersonID, e.CourseID, e.Round-1); err != nil {
		return "", err
	}
	return "", record.TakeBack(ctx, tx, e.CreatedAt, e.PersonID, record.Registered, "course/"+e.CourseID)
}

// isLatest says whether no later round of the course was begun since.
func isLatest(ctx context.Context, tx *db.Tx, e Enrolment) (bool, error) {
	latest, err := latestEnrolment(ctx, tx, e.PersonID, e.CourseID)
	return latest.ID == e.ID, err
}

func (s *Service) unwithdraw(ctx context.Context, tx *db.Tx, a act.Act, e Enrolment, _ string) (why string, err error) {
	latest, err := isLatest(ctx, tx, e)
	if err != nil {
		return "", err
	}
	if !latest || !e.WithdrawnAt.Equal(a.At) {
		return staysChanged, nil
	}
	if err := s.events.Emit(ctx, tx, CameBack{e.PersonID, e.CourseID}); err != nil {
		return "", err
	}
	if err := db.Exec(ctx, tx, `UPDATE enrolment SET withdrawn_at = NULL WHERE id = ?`, e.ID); err != nil {
		return "", err
	}
	return "", record.TakeBack(ctx, tx, a.At, e.PersonID, record.Withdrew, "course/"+e.CourseID)
}

// beforeReturn is how an enrolment was before it was withdrawn or restored.
type beforeReturn struct{ WithdrawnAt, ActiveAt time.Time }

func (s *Service) unrestore(ctx context.Context, tx *db.Tx, _ act.Act, e Enrolment, before string) (why string, err error) {
	var b beforeReturn
	if err := json.Unmarshal([]byte(before), &b); err != nil {
		return "", err
	}
	switch {
	case !e.WithdrawnAt.IsZero():
		return staysChanged, nil
	case !e.PassedAt.IsZero():
		return staysPassed, nil
	case !same(e.ActiveAt, b.ActiveAt):
		return staysStarted, nil
	}
	if err := s.events.Emit(ctx, tx, Left{e.PersonID, e.CourseID}); err != nil {
		return "", err
	}
	return "", db.Exec(ctx, tx, `UPDATE enrolment SET withdrawn_at = ? WHERE id = ?`, b.WithdrawnAt, e.ID)
}

// beforeMove is how an enrolment was before it was moved to another version, and what tells whether anything happened since.
type beforeMove struct {
	VersionID, MovedFrom, Lang  string
	FinishedAt, ActiveAt, Moved time.Time
	PartsDone                   int
	To, LastPart                string
}

// unmove leads an enrolment back to the version before. Whoever went on since, or finished by the move, stays.
func (s *Service) unmove(ctx context.Context, tx *db.Tx, _ act.Act, e Enrolment, before string) (why string, err error) {
	var b beforeMove
	if err := json.Unmarshal([]byte(before), &b); err != nil {
		return "", err
	}
	attempts, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM attempt WHERE enrolment_id = ? AND started_at >= ?`, e.ID, b.Moved)
	if err != nil {
		return "", err
	}
	active := b.ActiveAt
	if !active.IsZero() { // the move itself is a step of whoever has begun
		active = b.Moved
	}
	switch {
	case e.VersionID != b.To || !e.WithdrawnAt.IsZero():
		return staysChanged, nil
	case !e.PassedAt.IsZero() || !e.FinishedAt.IsZero() && !e.FinishedAt.Before(b.Moved):
		return staysPassed, nil
	case attempts > 0 || !same(e.ActiveAt, active):
		return staysStarted, nil
	}
	return "", db.Exec(ctx, tx, `UPDATE enrolment SET version_id = ?, moved_from = ?, lang = ?, finished_at = ?, active_at = ?, parts_done = ?, last_part = ? WHERE id = ?`,
		b.VersionID, b.MovedFrom, b.Lang, orNull(b.FinishedAt), orNull(b.ActiveAt), b.PartsDone, b.LastPart, e.ID)
}

// Unreminded takes back that a person was reminded of a round within an act, whose letter does not leave; false if the round is there no
// more, or was not reminded then.
func (s *Service) Unreminded(ctx context.Context, tx *db.Tx, enrolmentID string, from, until, before time.Time) (done bool, err error) {
	defer errs.Wrap(&err, "learning.Unreminded(%s)", enrolmentID)
	n, err := db.Changed(ctx, tx, `UPDATE enrolment SET reminded_at = ? WHERE id = ? AND reminded_at >= ? AND reminded_at < ?`, orNull(before), enrolmentID, from, until)
	return n == 1, err
}

// same compares times of which one was stored: databases keep microseconds.
func same(a, b time.Time) bool { return a.Sub(b).Abs() < time.Millisecond }

func orNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}
