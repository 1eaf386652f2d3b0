package measurement

import (
	"math/rand/v2"
	"time"

	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/itembank"
	"ostoja/internal/lang"
)

// Deps are what a Service stands on.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Zone      *time.Location
	People    People
	Courses   Courses
	Measured  Measured
	Bank      *itembank.Service
	Outbox    Outbox
	Catalogue *lang.Catalogue // for letters
	BaseURL   string          // to which letters lead
}

// Service keeps the measurements and their sittings.
type Service struct {
	db        *db.DB
	clock     clock.Clock
	zone      *time.Location
	people    People
	courses   Courses
	measured  Measured
	bank      *itembank.Service
	outbox    Outbox
	catalogue *lang.Catalogue
	baseURL   string
	seed      func() int64
}

// New returns a Service.
func New(d Deps) *Service {
	return &Service{
		db: d.DB, clock: d.Clock, zone: d.Zone, people: d.People, courses: d.Courses, measured: d.Measured, bank: d.Bank, outbox: d.Outbox, catalogue: d.Catalogue, baseURL: d.BaseURL,
		seed: rand.Int64,
	}
}

// Now returns the service's time.
func (s *Service) Now() time.Time { return s.clock.Now() }

// Zone returns the zone in which days begin.
func (s *Service) Zone() *time.Location { return s.zone }
