package measurement

import (
	"math/rand/v2"
	"time"

	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/event"
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
	Bank      *itembank.Service
	Outbox    Outbox
	Catalogue *lang.Catalogue // for letters
	BaseURL   string          // to which letters lead
	Events    *event.Bus      // told of [AnnouncementChanged]
}

// Service keeps the measurements and their sittings.
type Service struct {
	db        *db.DB
	clock     clock.Clock
	zone      *time.Location
	people    People
	courses   Courses
	bank      *itembank.Service
	outbox    Outbox
	catalogue *lang.Catalogue
	baseURL   string
	events    *event.Bus
	seed      func() int64
}

// New returns a Service.
func New(d Deps) *Service {
	return &Service{
		db: d.DB, clock: d.Clock, zone: d.Zone, people: d.People, courses: d.Courses, bank: d.Bank, outbox: d.Outbox, catalogue: d.Catalogue, baseURL: d.BaseURL, events: d.Events,
		seed: rand.Int64,
	}
}

// AnnouncementChanged happens when a training is announced, no longer is, or changes while it is.
type AnnouncementChanged struct{}

// Now returns the service's time.
func (s *Service) Now() time.Time { return s.clock.Now() }

// Zone returns the zone in which days begin.
func (s *Service) Zone() *time.Location { return s.zone }
