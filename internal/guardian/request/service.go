package request

import (
	"context"
	"errors"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/id"
	"ostoja/internal/keeping"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
)

// Kept is what is kept of requests for a time.
const Kept keeping.Kind = "guardian-request"

// People finds whom to tell. Holders MUST return those who have the permission anywhere and can be written to.
type People interface {
	Holders(ctx context.Context, q db.Querier, p access.Permission) ([]access.Holder, error)
}

// Deps is what a Service stands on.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Zone      *time.Location
	Keeping   *keeping.Service
	People    People // who keeps the register
	Outbox    *mail.Outbox
	Catalogue *lang.Catalogue
	BaseURL   string // how people's browsers reach the program
}

// Service takes requests and drives their clocks.
type Service struct{ Deps }

// New returns a Service.
func New(d Deps) *Service {
	s := &Service{d}
	d.Keeping.OnAge(Kept, func(ctx context.Context, tx *db.Tx, now time.Time) (int, error) {
		return db.Changed(ctx, tx, `DELETE FROM guardian_request WHERE asked_at <= ? AND state <> 'asking'`, now.Add(-keptFor))
	})
	return s
}

func (s *Service) today() time.Time { return dayOf(s.Clock.Now(), s.Zone) }

// Request is a unit's question with its answer.
type Request struct {
	ID         string
	UnitID     string
	UnitPath   string
	Unit       string // name
	AskedBy    string // name
	AskedAt    time.Time
	Purpose    string
	Reference  string
	CourtID    string
	Court      string // name
	Lang       string
	Wishes     []string `db:",json"`
	FromDay    string
	MotionOn   string // "" until the unit says so
	State      State
	StateSince time.Time
	AcceptedBy string // of the register, "" if nobody
	Edition    int64
	TermDays   int        // of the court, as the office that keeps the entry of who agreed has set it; 0: it has not
	TermMoved  bool       // see [Office]
	Proposals  []Proposal `db:"-"`
	Offices    []Office   `db:"-"` // whom to call, once nobody answered
}

// Accepted returns the proposal of who agreed, nil if nobody did.
func (r Request) Accepted() *Proposal {
	for i := range r.Proposals {
		if r.Proposals[i].GuardianID == r.AcceptedBy && r.AcceptedBy != "" {
			return &r.Proposals[i]
		}
	}
	return nil
}

const selectRequests = `
	SELECT r.id, r.unit_id, u.path AS unit_path, u.name AS unit, a.given_name || ' ' || a.family_name AS asked_by, r.asked_at, r.purpose, r.reference, r.court_id, c.name AS court,
		r.lang, r.wishes, r.from_day, r.motion_on, r.state, r.state_since, COALESCE(r.accepted_by, '') AS accepted_by, r.edition, COALESCE(f.term_days, 0) AS term_days, COALESCE(f.term_moved, FALSE) AS term_moved
	FROM guardian_request r JOIN identity_unit u ON u.id = r.unit_id JOIN identity_person a ON a.id = r.asked_by JOIN guardian_court c ON c.id = r.court_id
		LEFT JOIN guardian ag ON ag.id = r.accepted_by LEFT JOIN guardian_office f ON f.unit_id = ag.unit_id `

// proposals reads whom a request's answer names. What a unit has not opened is not in it: the rest of the program cannot show by mistake what was
// not read.
func proposals(ctx context.Context, q db.Querier, requestID string) ([]Proposal, error) {
	return db.All[Proposal](ctx, q, `
		SELECT o.id, o.guardian_id, o.place, o.reasons, o.asked_at, o.answered_at, o.answer, p.given_name AS given, p.family_name AS family, s.revealed_at,
			CASE WHEN s.revealed_at IS NULL OR g.state <> 'listed' THEN '' ELSE g.phone END AS phone
		FROM guardian_proposal o JOIN guardian g ON g.id = o.guardian_id JOIN identity_person p ON p.id = g.person_id
			LEFT JOIN guardian_seen s ON s.request_id = o.request_id AND s.guardian_id = o.guardian_id
		WHERE o.request_id = ? ORDER BY o.place`, requestID)
}

// whole fills a request with its answer.
func whole(ctx context.Context, q db.Querier, r Request) (_ Request, err error) {
	if r.Proposals, err = proposals(ctx, q, r.ID); err != nil || r.State != AtOffice {
		return r, err
	}
	r.Offices, err = offices(ctx, q)
	return r, err
}

// selectCourts reads the courts for which somebody can be asked for.
const selectCourts = `SELECT id, name, short, region, closed_at, edition FROM guardian_court WHERE closed_at IS NULL ORDER BY sort_key, id`

// Choices are what the form of a request offers.
type Choices struct {
	Courts []guardian.Court
	Langs  []string // of the people who can be proposed
}

// Choices returns what may be asked for, to who may ask.
func (s *Service) Choices(ctx context.Context, actor access.Actor) (c Choices, err error) {
	defer errs.Wrap(&err, "request.Choices")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if _, err := s.institution(ctx, tx, actor); err != nil {
			return err
		}
		if c.Courts, err = db.All[guardian.Court](ctx, tx, selectCourts); err != nil {
			return err
		}
		// All languages of the register, whoever is free: which of them somebody answers for today is what the answer tells.
		c.Langs, err = db.All[string](ctx, tx, `SELECT DISTINCT lang FROM guardian_language ORDER BY lang`)
		return err
	})
	return c, err
}

// Ask takes a request and answers it at once with whom the unit can name. The first of them is written to in the same transaction.
func (s *Service) Ask(ctx context.Context, actor access.Actor, d Draft) (requestID string, err error) {
	defer errs.Wrap(&err, "request.Ask")
	d = d.cleaned()
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		unit, err := s.institution(ctx, tx, actor)
		if err != nil {
			return err
		}
		faults := d.check(s.today())
		if len(faults) == 0 {
			n, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM guardian_court WHERE id = ? AND closed_at IS NULL`, d.CourtID)
			if err != nil {
				return err
			}
			if n == 0 {
				faults.Add("court", "request.fault.choose")
			}
		}
		if err := faults.Err(); err != nil {
			return err
		}
		now := s.Clock.Now()
		left, known, err := s.allowance(ctx, tx, actor.PersonID)
		if err != nil {
			return err
		}
		candidates, err := s.candidates(ctx, tx, d)
		if err != nil {
			return err
		}
		list := within(choose(candidates, d.Wishes, len(candidates)), left, known)
		if len(list) == 0 && len(choose(candidates, d.Wishes, 1)) > 0 {
			return errs.New(errs.ErrTooMany, "request.limit", "Number", mostSeen)
		}
		requestID = id.New()
		err = db.Exec(ctx, tx, `
			INSERT INTO guardian_request (id, unit_id, asked_by, asked_at, purpose, reference, court_id, lang, wishes, from_day, motion_on, state, state_since)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			requestID, unit.UnitID, actor.PersonID, now, d.Purpose, d.Reference, d.CourtID, d.Lang, db.JSON(d.Wishes), d.FromDay, d.MotionOn, string(Asking), now)
		if err != nil {
			return err
		}
		for _, p := range list {
			if err := propose(ctx, tx, requestID, actor.PersonID, p, now); err != nil {
				return err
			}
			if err := guardian.Note(ctx, tx, guardian.Event{GuardianID: p.GuardianID, At: now, ActorID: actor.PersonID, Kind: "proposed", Detail: map[string]string{"unit": unit.Unit, "purpose": d.Purpose}}); err != nil {
				return err
			}
		}
		if err := audit.Record(ctx, tx, now, actor.PersonID, "guardian.request", "guardian-request:"+requestID, map[string]any{"court": d.CourtID, "lang": d.Lang, "named": len(list)}); err != nil {
			return err
		}
		return s.drive(ctx, tx, requestID, now)
	})
	return requestID, err
}

// within keeps the first people of an order whom an account may still see: those it knows already, and as many others as are left.
func within(list []Proposal, left int, known map[string]bool) (kept []Proposal) {
	for _, p := range list {
		if len(kept) == Named {
			break
		}
		if !known[p.GuardianID] {
			if left <= 0 {
				continue
			}
			left--
		}
		p.Place = len(kept)
		kept = append(kept, p)
	}
	return kept
}

func propose(ctx context.Context, tx *db.Tx, requestID, personID string, p Proposal, now time.Time) error {
	if err := db.Exec(ctx, tx, `INSERT INTO guardian_proposal (id, request_id, guardian_id, place, reasons) VALUES (?, ?, ?, ?, ?)`,
		id.New(), requestID, p.GuardianID, p.Place, db.JSON(p.Reasons)); err != nil {
		return err
	}
	return db.Exec(ctx, tx, `INSERT INTO guardian_seen (id, person_id, guardian_id, request_id, at) VALUES (?, ?, ?, ?, ?)`, id.New(), personID, p.GuardianID, requestID, now)
}

// load is how many children somebody has in their care, or has agreed to so lately that the appointment is not entered yet.
const load = `(SELECT COUNT(*) FROM guardian_appointment t WHERE t.guardian_id = g.id AND t.ended_on = '')
	+ (SELECT COUNT(*) FROM guardian_request w WHERE w.accepted_by = g.id AND w.state = 'accepted' AND w.state_since > ?)`

// candidates reads who of the register serves the court from the day on, with what the choice among them follows from.
func (s *Service) candidates(ctx context.Context, tx *db.Tx, d Draft) ([]Candidate, error) {
	now := s.Clock.Now()
	list, err := db.All[Candidate](ctx, tx, `
		SELECT g.id, g.most_children AS most, `+load+` AS children,
			EXISTS (SELECT 1 FROM guardian_duty y WHERE y.court_id = b.court_id AND y.lang = ? AND y.week = ? AND y.guardian_id = g.id) AS on_duty,
			EXISTS (SELECT 1 FROM guardian_language l WHERE l.guardian_id = g.id AND l.lang = ?) AS speaks,
			(SELECT MAX(o.asked_at) FROM guardian_proposal o WHERE o.guardian_id = g.id) AS last_asked
		FROM guardian g JOIN guardian_before b ON b.guardian_id = g.id
		WHERE b.court_id = ? AND g.state = ? AND g.valid_until > ?
			AND NOT EXISTS (SELECT 1 FROM guardian_absence a WHERE a.guardian_id = g.id AND a.from_day <= ? AND a.until_day >= ?)
		ORDER BY g.id`,
		now.Add(-promised), d.Lang, string(guardian.WeekOf(now, s.Zone)), d.Lang, d.CourtID, string(guardian.Listed), now, d.FromDay, d.FromDay)
	if err != nil || len(d.Wishes) == 0 {
		return list, err
	}
	type tick struct{ GuardianID, Wish string }
	answers := map[string][]string{}
	err = db.Each(ctx, tx, func(t tick) { answers[t.GuardianID] = append(answers[t.GuardianID], t.Wish) },
		`SELECT a.guardian_id, a.wish FROM guardian_answers_to a JOIN guardian_before b ON b.guardian_id = a.guardian_id WHERE b.court_id = ?`, d.CourtID)
	for i := range list {
		list[i].Answers = answers[list[i].ID]
	}
	return list, err
}

// Open returns a request to the people of its unit who may ask, while the unit's terms are current; to anybody else it is not found.
func (s *Service) Open(ctx context.Context, actor access.Actor, requestID string) (r Request, err error) {
	defer errs.Wrap(&err, "request.Open")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		r, err = s.own(ctx, tx, actor, requestID)
		return err
	})
	return r, err
}

// own finds a request of the actor's institution.
func (s *Service) own(ctx context.Context, tx *db.Tx, actor access.Actor, requestID string) (r Request, err error) {
	if !id.Valid(requestID) {
		return r, errs.NotFound("error.not-found")
	}
	unit, err := s.institution(ctx, tx, actor)
	if err != nil {
		return r, err
	}
	if r, err = db.One[Request](ctx, tx, selectRequests+`WHERE r.id = ? AND r.unit_id = ?`, requestID, unit.UnitID); err != nil {
		return r, err
	}
	return whole(ctx, tx, r)
}

// Mine lists the requests of the actor's institution, the newest first.
func (s *Service) Mine(ctx context.Context, actor access.Actor) (unit Institution, list []Request, err error) {
	defer errs.Wrap(&err, "request.Mine")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if unit, err = s.institution(ctx, tx, actor); err != nil {
			return err
		}
		list, err = db.All[Request](ctx, tx, selectRequests+`WHERE r.unit_id = ? ORDER BY r.asked_at DESC, r.id DESC LIMIT 200`, unit.UnitID)
		return err
	})
	return unit, list, err
}

// change runs what the people of its institution do with a request, and records it.
func (s *Service) change(ctx context.Context, actor access.Actor, requestID, action string, fn func(tx *db.Tx, r Request, now time.Time) error) error {
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		r, err := s.own(ctx, tx, actor, requestID)
		if err != nil {
			return err
		}
		now := s.Clock.Now()
		if err := fn(tx, r, now); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, action, "guardian-request:"+requestID, nil)
	})
}

// Reveal opens the contact of one person whom the answer names, for a purpose. The person reads who looked, for whom and why.
func (s *Service) Reveal(ctx context.Context, actor access.Actor, requestID, proposalID, purpose string) (err error) {
	defer errs.Wrap(&err, "request.Reveal")
	return s.change(ctx, actor, requestID, "guardian.reveal", func(tx *db.Tx, r Request, now time.Time) error {
		var faults errs.Fields
		if !slices.Contains(Looks, purpose) {
			faults.Add("look", "request.fault.purpose")
		}
		if err := faults.Err(); err != nil {
			return err
		}
		for _, p := range r.Proposals {
			if p.ID != proposalID || r.State == Withdrawn {
				continue
			}
			n, err := db.Changed(ctx, tx, `UPDATE guardian_seen SET revealed_at = ?, purpose = ? WHERE request_id = ? AND guardian_id = ? AND revealed_at IS NULL`, now, purpose, r.ID, p.GuardianID)
			if err != nil {
				return err
			}
			if n == 0 { // opened before: the page shows it
				return nil
			}
			return guardian.Note(ctx, tx, guardian.Event{GuardianID: p.GuardianID, At: now, ActorID: actor.PersonID, Kind: "revealed", Detail: map[string]string{"unit": r.Unit, "look": purpose}})
		}
		return errs.NotFound("error.not-found")
	})
}

// SetMotion notes on which day the motion was filed, from which the court's days count.
func (s *Service) SetMotion(ctx context.Context, actor access.Actor, requestID, motion string) (err error) {
	defer errs.Wrap(&err, "request.SetMotion")
	return s.change(ctx, actor, requestID, "guardian.motion", func(tx *db.Tx, r Request, _ time.Time) error {
		faults := checkMotion(motion, s.today())
		if motion == "" {
			faults.Add("motion", "request.fault.day")
		}
		if err := faults.Err(); err != nil {
			return err
		}
		if r.State == Withdrawn {
			return errOver
		}
		return db.Exec(ctx, tx, `UPDATE guardian_request SET motion_on = ?, edition = edition + 1 WHERE id = ?`, motion, r.ID)
	})
}

// Withdraw takes a request back. Who was asked is told, so that nobody waits.
func (s *Service) Withdraw(ctx context.Context, actor access.Actor, requestID string) (err error) {
	defer errs.Wrap(&err, "request.Withdraw")
	return s.change(ctx, actor, requestID, "guardian.request-withdraw", func(tx *db.Tx, r Request, now time.Time) error {
		err := db.Change(ctx, tx, errOver, `UPDATE guardian_request SET state = 'withdrawn', state_since = ?, edition = edition + 1 WHERE id = ? AND state <> 'withdrawn'`, now, r.ID)
		if err != nil {
			return err
		}
		for _, p := range r.Proposals {
			if p.AskedAt.IsZero() || p.Answer == Declined {
				continue
			}
			if err := s.write(ctx, tx, p.GuardianID, letter{subject: "request.letter.over-subject", body: "request.letter.over-body"}); err != nil {
				return err
			}
		}
		return nil
	})
}

// errOver says that a request, or one's part in it, is closed already.
var errOver = errs.Conflict("request.over")

// missing says whether an error is that there is no such row.
func missing(err error) bool { return errors.Is(err, errs.ErrNotFound) }
