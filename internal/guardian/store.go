package guardian

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/keeping"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
	"ostoja/internal/text"
)

// Deps are what the register needs.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Zone      *time.Location
	Keeping   *keeping.Service
	Outbox    *mail.Outbox
	Catalogue *lang.Catalogue
	BaseURL   string // how browsers reach the program
	// Refreshers is of support, which knows the topics.
	Refreshers Refreshers
}

// Service keeps the register.
type Service struct {
	db        *db.DB
	clock     clock.Clock
	zone      *time.Location
	outbox    *mail.Outbox
	catalogue *lang.Catalogue
	baseURL   string

	refreshers Refreshers
}

// New returns a Service.
func New(d Deps) *Service {
	s := &Service{d.DB, d.Clock, d.Zone, d.Outbox, d.Catalogue, d.BaseURL, d.Refreshers}
	d.Keeping.On(KeptHistory, s.erase)
	return s
}

// selectEntries reads entries: what follows it names g = guardian, p = identity_person, u = identity_unit.
const selectEntries = `
	SELECT g.id, g.person_id, g.unit_id, u.path AS unit_path, p.given_name || ' ' || p.family_name AS name, g.state, g.state_since, g.valid_until, g.phone,
		g.most_children, g.strengths, g.edition
	FROM guardian g JOIN identity_person p ON p.id = g.person_id JOIN identity_unit u ON u.id = g.unit_id `

// Admission is what the office decided of a candidate whom it takes into the register.
type Admission struct {
	PersonID     string
	UnitID       string
	ValidUntil   time.Time
	Phone        string
	MostChildren int
	Strengths    string
	Langs        []string // language tags
	Courts       []string // ids
	By           string   // the person who decided
}

// Admit takes a candidate into the register as [Verified], within the transaction of the decision. Who was removed before has a new entry only
// once the old one was erased.
func (s *Service) Admit(ctx context.Context, tx *db.Tx, a Admission) (entryID string, err error) {
	defer errs.Wrap(&err, "guardian.Admit")
	now := s.clock.Now()
	entryID = id.New()
	n, err := db.Changed(ctx, tx, `
		INSERT INTO guardian (id, person_id, unit_id, state, state_since, valid_until, phone, most_children, strengths) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (person_id) DO NOTHING`,
		entryID, a.PersonID, a.UnitID, string(Verified), now, a.ValidUntil, a.Phone, a.MostChildren, a.Strengths)
	if err == nil && n == 0 {
		err = errs.Conflict("guardian.already-in-register")
	}
	if err != nil {
		return "", err
	}
	for _, lang := range a.Langs {
		if err := db.Exec(ctx, tx, `INSERT INTO guardian_language (guardian_id, lang) VALUES (?, ?) ON CONFLICT DO NOTHING`, entryID, lang); err != nil {
			return "", err
		}
	}
	for _, court := range a.Courts {
		if err := db.Exec(ctx, tx, `INSERT INTO guardian_before (guardian_id, court_id) VALUES (?, ?) ON CONFLICT DO NOTHING`, entryID, court); err != nil {
			return "", err
		}
	}
	return entryID, Note(ctx, tx, Event{GuardianID: entryID, At: now, ActorID: a.By, Kind: "admitted"})
}

// Event is a line of an entry's history.
type Event struct {
	GuardianID string
	At         time.Time
	ActorID    string // "" is the program
	Kind       string // texts know it: guardian.event-KIND
	// Detail fills the placeholders of that text: "until" {{.Until}}. Days (2026-11-30) and weeks (2026-W49) are shown as such, and the reason by
	// its text guardian.reason-VALUE.
	Detail map[string]string `db:",json"`
}

// Note writes a line into an entry's history, within the transaction of what it tells of.
func Note(ctx context.Context, tx *db.Tx, e Event) error {
	var actor any
	if e.ActorID != "" {
		actor = e.ActorID
	}
	if e.Detail == nil {
		e.Detail = map[string]string{}
	}
	return db.Exec(ctx, tx, `INSERT INTO guardian_event (id, guardian_id, at, actor_id, kind, detail) VALUES (?, ?, ?, ?, ?, ?)`,
		id.New(), e.GuardianID, e.At, actor, e.Kind, db.JSON(e.Detail))
}

// Entry returns an entry to the office that keeps it; to anybody else it is not found.
func (s *Service) Entry(ctx context.Context, actor access.Actor, entryID string) (e Entry, err error) {
	defer errs.Wrap(&err, "guardian.Entry")
	return within(ctx, s.db, actor, access.GuardiansRead, entryID)
}

// Courts lists the courts by name. Open ones alone can be chosen.
func (s *Service) Courts(ctx context.Context) (_ []Court, err error) {
	defer errs.Wrap(&err, "guardian.Courts")
	return courtsIn(ctx, s.db)
}

// AddCourt enters a court.
func (s *Service) AddCourt(ctx context.Context, actor access.Actor, c Court) (courtID string, err error) {
	defer errs.Wrap(&err, "guardian.AddCourt")
	if !actor.Has(access.GuardiansWrite) {
		return "", errs.NotFound("error.not-found")
	}
	c = c.cleaned()
	if err := c.check().Err(); err != nil {
		return "", err
	}
	courtID = id.New()
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		if err := audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, "guardian.court.add", "court:"+courtID, nil); err != nil {
			return err
		}
		if err := db.Exec(ctx, tx, `INSERT INTO guardian_court (id, name, short, region, sort_key) VALUES (?, ?, ?, ?, ?)`, courtID, c.Name, c.Short, c.Region, text.SortKey(c.Name)); err != nil {
			return err
		}
		c.ID = courtID
		return s.apart(ctx, tx, actor, c) // after the row, to which a decision refers
	})
	return courtID, err
}
