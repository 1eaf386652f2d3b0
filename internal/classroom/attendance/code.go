package attendance

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/keeping"
)

// Step is how long a code on the screen is the current one; the one before still counts, for who was about to scan it.
const Step = 30 * time.Second

const (
	oldSteps  = 20             // so many steps back, a code is known as an old one of its session
	codeEarly = 12 * time.Hour // before a session begins, its code may be shown and scanned
	codeLate  = time.Hour      // after its end
)

// codeLength is the number of letters of the codes on the screen and on the sheet.
const codeLength = 6

// code is what the screen shows in a step: 6 letters, 30 bits, which in a minute nobody guesses at the rate that pages allow.
func code(secret string, step int64) string {
	m := hmac.New(sha256.New, []byte(secret))
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(step)) //nolint:gosec // a step is positive since 1970
	m.Write(b[:])                                  // never fails
	return id.Letters(m.Sum(nil), codeLength)
}

func stepOf(at time.Time) int64 { return at.Unix() / int64(Step/time.Second) }

// Code returns the code that the screen of a session shows now, and until when. The first call makes the session's secret: a session
// whose code nobody showed has none.
func (s *Service) Code(ctx context.Context, actor access.Actor, sessionID string) (x Session, shown string, until time.Time, err error) {
	defer errs.Wrap(&err, "attendance.Code")
	now := s.clock.Now()
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		if x, err = s.may(ctx, tx, actor, sessionID); err != nil {
			return err
		}
		switch {
		case x.Cancelled:
			return errs.Conflict("hall.cancelled")
		case !x.ClosedAt.IsZero():
			return errs.Conflict("hall.closed-already")
		case now.Before(x.StartsAt.Add(-codeEarly)):
			return errs.Conflict("hall.code.too-early")
		}
		if err := db.Exec(ctx, tx, `INSERT INTO session_code (session_id, secret, made_at) VALUES (?, ?, ?) ON CONFLICT (session_id) DO NOTHING`, x.ID, id.Secret(), now); err != nil {
			return err
		}
		secret, err := db.One[string](ctx, tx, `SELECT secret FROM session_code WHERE session_id = ?`, x.ID)
		shown = code(secret, stepOf(now))
		return err
	})
	step := int64(Step / time.Second)
	return x, shown, time.Unix((stepOf(now)+1)*step, 0).UTC(), err
}

// Scan is a code that somebody scanned, and when: the moment counts at which it was scanned, whatever signing in takes.
type Scan struct {
	SessionID string    `json:"s"`
	At        time.Time `json:"t"`
	Old       bool      `json:"o,omitempty"` // it was one of the session's, and was over
}

// Scanned finds the session of a code that is shown now, or was shown a few minutes ago.
func (s *Service) Scanned(ctx context.Context, typed string) (_ Scan, err error) {
	defer errs.Wrap(&err, "attendance.Scanned")
	now := s.clock.Now()
	typed = id.Typed(typed, codeLength)
	type shown struct{ SessionID, Secret string }
	list, err := db.All[shown](ctx, s.db, `
		SELECT c.session_id, c.secret FROM session_code c JOIN training_session s ON s.id = c.session_id WHERE s.starts_at < ? AND s.ends_at > ?`,
		now.Add(codeEarly), now.Add(-codeEarly))
	if err != nil {
		return Scan{}, err
	}
	for back := range int64(oldSteps) {
		for _, x := range list {
			if hmac.Equal([]byte(typed), []byte(code(x.Secret, stepOf(now)-back))) {
				return Scan{x.SessionID, now, back > 1}, nil
			}
		}
	}
	return Scan{}, errs.NotFound("hall.scan.unknown")
}

// ScanFor is how long after a scan it can be confirmed: signing in takes a while.
const ScanFor = 10 * time.Minute

// InRoom returns the session in whose room a code was scanned, for whatever else than a mark is opened there, and until when that stays open:
// as long as its code. A code that is over, or a session that is not held, is refused.
func (s *Service) InRoom(ctx context.Context, scan Scan) (x Session, until time.Time, err error) {
	defer errs.Wrap(&err, "attendance.InRoom")
	if !id.Valid(scan.SessionID) {
		return x, until, errs.Gone("hall.scan.broken")
	}
	if x, err = db.One[Session](ctx, s.db, selectSessions+`WHERE s.id = ?`, scan.SessionID); err != nil {
		return x, until, err
	}
	now, until := s.clock.Now(), x.EndsAt.Add(codeLate)
	switch {
	case x.Cancelled:
		return Session{}, until, errs.Gone("hall.row.cancelled")
	case scan.Old || now.Sub(scan.At) > ScanFor:
		return Session{}, until, errs.Gone("hall.row.old")
	case now.After(until):
		return Session{}, until, errs.Gone("hall.row.over")
	}
	return x, until, nil
}

// Outcome is what came of a scan, as a word that the texts know.
type Outcome string

// The outcomes. All but the first three are refusals, which the trainer sees.
const (
	Recorded Outcome = "recorded"
	Already  Outcome = "already"
	Early    Outcome = "early" // it is recorded by itself when the session begins
	OldCode  Outcome = "old"
	Stranger Outcome = "stranger" // has no seat
	IsClosed Outcome = "closed"
	IsOver   Outcome = "over"
	IsOff    Outcome = "cancelled"
	TooLate  Outcome = "expired" // not confirmed in time
)

// Refused says whether the scan did not count.
func (o Outcome) Refused() bool { return o != Recorded && o != Already && o != Early && o != "" }

// judge says what comes of a scan.
func judge(x Session, scan Scan, now time.Time, booked, present bool) Outcome {
	switch {
	case x.Cancelled:
		return IsOff
	case scan.Old:
		return OldCode
	case now.Sub(scan.At) > ScanFor:
		return TooLate
	case !booked:
		return Stranger
	case present:
		return Already
	case !x.ClosedAt.IsZero():
		return IsClosed
	case scan.At.After(x.EndsAt.Add(codeLate)):
		return IsOver
	case now.Before(x.StartsAt):
		return Early
	}
	return Recorded
}

// Look says what would come of confirming a scan. A refusal is noted for the trainer, once for each reason.
func (s *Service) Look(ctx context.Context, actor access.Actor, scan Scan) (Session, Outcome, error) {
	return s.scan(ctx, actor, scan, false)
}

// Confirm records a scan as a mark of the person who asks. Who scans before the session begins is recorded when it does.
func (s *Service) Confirm(ctx context.Context, actor access.Actor, scan Scan) (Session, Outcome, error) {
	return s.scan(ctx, actor, scan, true)
}

func (s *Service) scan(ctx context.Context, actor access.Actor, scan Scan, record bool) (x Session, o Outcome, err error) {
	defer errs.Wrap(&err, "attendance.scan(%v)", record)
	if actor.PersonID == "" || !id.Valid(scan.SessionID) {
		return x, "", errs.NotFound("error.not-found")
	}
	now := s.clock.Now()
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		if err := hold(ctx, tx, scan.SessionID); err != nil {
			return err
		}
		if x, err = db.One[Session](ctx, tx, selectSessions+`WHERE s.id = ?`, scan.SessionID); err != nil {
			return err
		}
		booked, err := isBooked(ctx, tx, x.TrainingID, actor.PersonID)
		if err != nil {
			return err
		}
		present, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM attendance WHERE session_id = ? AND person_id = ? AND state = 'present'`, x.ID, actor.PersonID)
		if err != nil {
			return err
		}
		o = judge(x, scan, now, booked, present > 0)
		switch {
		case o.Refused():
			return s.refuse(ctx, tx, x.ID, actor.PersonID, o, now)
		case !record:
			return nil
		case o == Early:
			return db.Exec(ctx, tx, `INSERT INTO early_scan (session_id, person_id, at) VALUES (?, ?, ?) ON CONFLICT (session_id, person_id) DO NOTHING`, x.ID, actor.PersonID, scan.At)
		case o == Recorded:
			return s.markScan(ctx, tx, x, actor.PersonID, scan.At, now)
		}
		return nil
	})
	if errors.Is(err, errs.ErrNotFound) {
		err = errs.NotFound("error.not-found").Because(err)
	}
	return x, o, err
}

func (s *Service) refuse(ctx context.Context, tx *db.Tx, sessionID, personID string, o Outcome, now time.Time) error {
	n, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM refused_scan WHERE session_id = ? AND person_id = ? AND reason = ? AND at > ?`, sessionID, personID, string(o), now.Add(-ScanFor))
	if err != nil || n > 0 {
		return err
	}
	scan := id.New()
	if err := db.Exec(ctx, tx, `INSERT INTO refused_scan (id, session_id, person_id, at, reason) VALUES (?, ?, ?, ?, ?)`, scan, sessionID, personID, now, string(o)); err != nil {
		return err
	}
	return keeping.Keep(ctx, tx, keeping.Entry{Kind: KeptScan, Ref: scan, PersonID: personID, Since: now, Until: now.Add(scanFor)})
}

func (s *Service) markScan(ctx context.Context, tx *db.Tx, x Session, personID string, at, now time.Time) error {
	_, err := s.take(ctx, tx, taking{personID, ByCode, "", now}, x, Parcel{Items: []Item{{ID: id.New(), Kind: KindMark, Who: personID, State: Present, MadeAt: at}}})
	return err
}

// RecordEarly records who scanned before a session that has begun since. It is done each minute.
func (s *Service) RecordEarly(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "attendance.RecordEarly")
	now := s.clock.Now()
	sessions, err := db.All[string](ctx, s.db, `SELECT DISTINCT e.session_id FROM early_scan e JOIN training_session s ON s.id = e.session_id WHERE s.starts_at <= ?`, now)
	if err != nil {
		return err
	}
	for _, sessionID := range sessions {
		if err := s.db.Update(ctx, func(tx *db.Tx) error { return s.recordEarly(ctx, tx, sessionID, now) }); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) recordEarly(ctx context.Context, tx *db.Tx, sessionID string, now time.Time) error {
	if err := hold(ctx, tx, sessionID); err != nil {
		return err
	}
	x, err := db.One[Session](ctx, tx, selectSessions+`WHERE s.id = ?`, sessionID)
	if err != nil {
		return err
	}
	if now.Before(x.StartsAt) { // it was put off meanwhile
		return nil
	}
	type early struct {
		PersonID string
		At       time.Time
	}
	list, err := db.All[early](ctx, tx, `SELECT person_id, at FROM early_scan WHERE session_id = ? ORDER BY at, person_id`, sessionID)
	if err != nil {
		return err
	}
	for _, e := range list {
		booked, err := isBooked(ctx, tx, x.TrainingID, e.PersonID)
		if err != nil {
			return err
		}
		present, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM attendance WHERE session_id = ? AND person_id = ? AND state = 'present'`, sessionID, e.PersonID)
		if err != nil {
			return err
		}
		switch o := judge(x, Scan{sessionID, now, false}, now, booked, present > 0); {
		case o.Refused():
			err = s.refuse(ctx, tx, sessionID, e.PersonID, o, now)
		case o == Recorded:
			err = s.markScan(ctx, tx, x, e.PersonID, x.StartsAt, now)
		}
		if err != nil {
			return err
		}
	}
	return db.Exec(ctx, tx, `DELETE FROM early_scan WHERE session_id = ?`, sessionID)
}

// RefusedScan is a scan that did not count.
type RefusedScan struct {
	At     time.Time
	Reason Outcome
	Name   string // "" once it was erased
}

// RefusedScans returns those of a session in which the actor may mark, the newest first.
func (s *Service) RefusedScans(ctx context.Context, actor access.Actor, sessionID string) (_ []RefusedScan, err error) {
	defer errs.Wrap(&err, "attendance.RefusedScans")
	if _, err := s.may(ctx, s.db, actor, sessionID); err != nil {
		return nil, err
	}
	return db.All[RefusedScan](ctx, s.db, `
		SELECT r.at, r.reason, COALESCE(p.family_name || ' ' || p.given_name, '') AS name
		FROM refused_scan r LEFT JOIN identity_person p ON p.id = r.person_id WHERE r.session_id = ? ORDER BY r.at DESC, r.id`, sessionID)
}
