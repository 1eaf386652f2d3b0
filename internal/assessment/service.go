package assessment

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"sync"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/event"
	"ostoja/internal/lang"
)

// Deps are what a Service stands on.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Zone      *time.Location
	People    People
	Courses   Courses
	Outbox    Outbox
	Catalogue *lang.Catalogue // for letters
	BaseURL   string          // to which letters lead
	Events    *event.Bus      // told of [AnnouncementChanged]
}

// Service keeps the bank, the tests, the measurements and their sittings, and computes the reports.
type Service struct {
	db        *db.DB
	clock     clock.Clock
	zone      *time.Location
	people    People
	courses   Courses
	outbox    Outbox
	catalogue *lang.Catalogue
	baseURL   string
	events    *event.Bus
	seed      func() int64

	mu    sync.Mutex
	tests map[string]*Test // editions never change but for the review of their items, see [Service.test]
}

// New returns a Service.
func New(d Deps) *Service {
	return &Service{
		db: d.DB, clock: d.Clock, zone: d.Zone, people: d.People, courses: d.Courses, outbox: d.Outbox, catalogue: d.Catalogue, baseURL: d.BaseURL, events: d.Events,
		seed: rand.Int64, tests: map[string]*Test{},
	}
}

// AnnouncementChanged happens when a training is announced, no longer is, or changes while it is.
type AnnouncementChanged struct{}

// Now returns the service's time.
func (s *Service) Now() time.Time { return s.clock.Now() }

// Zone returns the zone in which days begin.
func (s *Service) Zone() *time.Location { return s.zone }

// MayReview says whether the actor may review a version: who may write items, and did not write this one.
func MayReview(actor access.Actor, v Version) bool {
	return actor.Everywhere(access.ItemsWrite) && actor.PersonID != "" && actor.PersonID != v.AuthorID && v.Verdict == Awaiting && v.Current()
}

// digest is the SHA-256 of values' JSON.
func digest(values ...any) (string, error) {
	sum := sha256.New()
	if err := json.NewEncoder(sum).Encode(values); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
