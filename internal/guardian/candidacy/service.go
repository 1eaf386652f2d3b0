package candidacy

import (
	"context"
	"errors"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/guardian/vault"
	"ostoja/internal/id"
	"ostoja/internal/keeping"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
)

// NewAccount is somebody whom an office takes in.
type NewAccount struct {
	GivenName, FamilyName, Mail, Lang, UnitID string
}

// People is what candidacies ask of accounts.
type People interface {
	// Holders returns who has the permission somewhere, is active and has an address, in an order that stays.
	Holders(ctx context.Context, q db.Querier, p access.Permission) ([]access.Holder, error)
	// TakeIn returns the person with the address; where there is none it makes one in the unit and invites them.
	TakeIn(ctx context.Context, tx *db.Tx, a NewAccount) (personID string, err error)
}

// Tries slows who asks too often.
type Tries interface {
	// Ask counts that a link was asked for from a network, or refuses it with errs.ErrTooMany.
	Ask(ctx context.Context, tx *db.Tx, network string) error
}

// Deps is what a Service stands on.
type Deps struct {
	DB          *db.DB
	Clock       clock.Clock
	Zone        *time.Location
	Register    *guardian.Service
	Vault       *vault.Vault
	Rubric      *Rubric
	People      People
	Preparation Preparation
	Tries       Tries
	Outbox      *mail.Outbox
	Keeping     *keeping.Service
	Catalogue   *lang.Catalogue
	BaseURL     string        // how people's browsers reach the program
	Floor       time.Duration // the least time that asking for a link takes, so that it does not tell who is known; 0 is 150 ms
}

// Service leads candidates.
type Service struct {
	Deps
	rules []Rule        // as they come with the program
	uk    *lang.Printer // of the form and its letters, which stand in one more language than the program
}

// The kinds of what ends by its age.
const (
	kindCandidacy keeping.Kind = "candidacy"
	kindDocument  keeping.Kind = "candidacy-document"
)

// New returns a Service.
func New(d Deps) (_ *Service, err error) {
	defer errs.Wrap(&err, "candidacy.New")
	if d.Floor == 0 {
		d.Floor = 150 * time.Millisecond
	}
	s := &Service{Deps: d}
	if s.rules, err = ShippedRules(); err != nil {
		return nil, err
	}
	if s.uk, err = ukrainian(d.Zone); err != nil {
		return nil, err
	}
	d.Keeping.OnAge(kindCandidacy, s.sweepCandidacies)
	d.Keeping.OnAge(kindDocument, s.sweepDocuments)
	return s, nil
}

// today is the day in the installation's zone.
func (s *Service) today() string { return s.Clock.Now().In(s.Zone).Format(time.DateOnly) }

var errNotFound = errs.NotFound("error.not-found")

// Candidate is one as their office sees them.
type Candidate struct {
	ID          string
	UnitID      string
	UnitPath    string
	Unit        string // name
	PersonID    string // "" before there is an account
	State       State
	Lang        string
	Address     string
	GivenName   string
	FamilyName  string
	Application Application `db:",json"`
	BegunAt     time.Time
	SentAt      time.Time
	AgreedAt    time.Time
	DecidedAt   time.Time
	DecidedBy   string // name
	Reasons     string
	KeepUntil   time.Time
	Edition     int64
}

// Name is given name and family name.
func (c Candidate) Name() string { return c.GivenName + " " + c.FamilyName }

const selectCandidates = `
	SELECT c.id, c.unit_id, u.path AS unit_path, u.name AS unit, COALESCE(c.person_id, '') AS person_id, c.state, c.lang, c.address, c.given_name, c.family_name, c.application,
		c.begun_at, c.sent_at, c.agreed_at, c.decided_at, COALESCE(p.given_name || ' ' || p.family_name, '') AS decided_by, c.reasons, c.keep_until, c.edition
	FROM guardian_candidate c JOIN identity_unit u ON u.id = c.unit_id LEFT JOIN identity_person p ON p.id = c.decided_by `

// candidate finds one that the actor's office leads; a draft is not the office's yet. What somebody may not know of is not found.
func candidate(ctx context.Context, q db.Querier, actor access.Actor, p access.Permission, candidateID string) (c Candidate, err error) {
	if !id.Valid(candidateID) {
		return c, errNotFound
	}
	c, err = db.One[Candidate](ctx, q, selectCandidates+`WHERE c.id = ?`, candidateID)
	if err == nil && (c.State == Draft || !actor.May(p, c.UnitPath)) {
		return Candidate{}, errNotFound
	}
	return c, err
}

// change runs what an office does with a candidate on the path. Taking the row's next edition first keeps two from doing so at once.
func (s *Service) change(ctx context.Context, actor access.Actor, candidateID string, fn func(tx *db.Tx, c Candidate) error) error {
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		if _, err := candidate(ctx, tx, actor, access.GuardiansWrite, candidateID); err != nil {
			return err
		}
		n, err := db.Changed(ctx, tx, `UPDATE guardian_candidate SET edition = edition + 1 WHERE id = ? AND state = ?`, candidateID, string(Applied))
		if err == nil && n == 0 {
			err = errs.Conflict("candidacy.over")
		}
		if err != nil {
			return err
		}
		c, err := candidate(ctx, tx, actor, access.GuardiansWrite, candidateID)
		if err != nil {
			return err
		}
		return fn(tx, c)
	})
}

// nullable makes NULL of a person who is nobody.
func nullable(personID string) any {
	if personID == "" {
		return nil
	}
	return personID
}

// Office is one that leads candidates.
type Office struct {
	ID   string
	Name string
}

// Offices lists those to which somebody can apply, by name: where somebody leads candidates.
func (s *Service) Offices(ctx context.Context) (list []Office, err error) {
	defer errs.Wrap(&err, "candidacy.Offices")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		list, err = s.offices(ctx, tx)
		return err
	})
	return list, err
}

func (s *Service) offices(ctx context.Context, tx *db.Tx) ([]Office, error) {
	members, err := s.People.Holders(ctx, tx, access.GuardiansWrite)
	if err != nil {
		return nil, err
	}
	var ids []any
	for _, m := range members {
		for _, g := range m.Actor.Grants {
			if !slices.Contains(access.Rights[g.Role], access.GuardiansWrite) {
				continue
			}
			path := g.Path
			if path == "" { // the role for everything: the person's own unit
				path = m.Actor.Path
			}
			ids = append(ids, path)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return db.All[Office](ctx, tx, `SELECT id, name FROM identity_unit WHERE path IN (`+db.In(len(ids))+`) ORDER BY name, id`, ids...)
}

// members returns who of a unit's office has the permission, and their names.
func (s *Service) members(ctx context.Context, tx *db.Tx, p access.Permission, unitPath string) (list []Named, err error) {
	all, err := s.People.Holders(ctx, tx, p)
	if err != nil {
		return nil, err
	}
	var ids []any
	for _, m := range all {
		if m.Actor.May(p, unitPath) {
			ids = append(ids, m.Actor.PersonID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return db.All[Named](ctx, tx, `SELECT id, given_name || ' ' || family_name AS name FROM identity_person WHERE id IN (`+db.In(len(ids))+`) ORDER BY sort_key, id`, ids...)
}

// Named is somebody of an office.
type Named struct{ ID, Name string }

func has(list []Named, personID string) bool {
	return slices.ContainsFunc(list, func(n Named) bool { return n.ID == personID })
}

// openCourts are those that an application can name.
func openCourts(ctx context.Context, q db.Querier) ([]Named, error) {
	return db.All[Named](ctx, q, `SELECT id, name FROM guardian_court WHERE closed_at IS NULL ORDER BY sort_key, id`)
}

func idsOf(list []Named) (ids []string) {
	for _, n := range list {
		ids = append(ids, n.ID)
	}
	return ids
}

// tell writes to those of an office who lead candidates that something happened. No name stands in it: the page says who.
func (s *Service) tell(ctx context.Context, tx *db.Tx, c Candidate, what string) error {
	all, err := s.People.Holders(ctx, tx, access.GuardiansWrite)
	if err != nil {
		return err
	}
	readers, err := guardian.Readers(ctx, tx, all, c.UnitPath, s.Clock.Now(), s.Zone)
	if err != nil {
		return err
	}
	for _, m := range readers {
		p := s.Catalogue.Printer(m.Lang)
		letter := mail.Message{
			Kind: "guardian.candidate", To: m.Mail, Lang: p.Tag(), Subject: p.T("candidacy.letter-subject"),
			Body: p.T("candidacy.letter-"+what, "Link", s.BaseURL+"/app/guardians/candidates/"+c.ID),
		}
		if err := s.Outbox.Send(ctx, tx, letter); err != nil {
			return err
		}
	}
	return nil
}

// sweepCandidacies erases whatever is kept of candidates whose time is over.
func (s *Service) sweepCandidacies(ctx context.Context, tx *db.Tx, now time.Time) (n int, err error) {
	return db.Changed(ctx, tx, `DELETE FROM guardian_candidate WHERE keep_until <= ?`, now)
}

func (s *Service) sweepDocuments(ctx context.Context, tx *db.Tx, now time.Time) (n int, err error) {
	return db.Changed(ctx, tx, `DELETE FROM guardian_document WHERE keep_until <= ?`, now)
}

// isGone says whether an error tells of what is not there.
func isGone(err error) bool { return errors.Is(err, errs.ErrNotFound) }
