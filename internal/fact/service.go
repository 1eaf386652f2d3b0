package fact

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// Kept reads by q the facts that editors keep.
type Kept func(ctx context.Context, q db.Querier) ([]*Fact, error)

// Service has the facts of the day in memory, and knows what they were.
type Service struct {
	db    *db.DB
	clock clock.Clock
	zone  *time.Location
	pack  *Pack
	kept  Kept

	begun      time.Time // when the history began
	refreshing sync.Mutex
	today      atomic.Pointer[stretch]

	mu   sync.Mutex
	past []stretch
}

// New returns a service of the facts that kept reads, and, of those that were never taken, as the country's pack has them. It shows
// none before [Service.Start].
func New(d *db.DB, c clock.Clock, zone *time.Location, pack *Pack, kept Kept) *Service {
	return &Service{db: d, clock: c, zone: zone, pack: pack, kept: kept}
}

// Today returns the facts of the day; nil before [Service.Start].
func (s *Service) Today() *Book {
	if x := s.today.Load(); x != nil {
		return x.book
	}
	return nil
}

// Until returns when the validity of a fact next changes; the zero time if none will.
func (s *Service) Until() time.Time {
	if b := s.Today(); b != nil {
		return b.next()
	}
	return time.Time{}
}

// Refresh reads the facts anew. While none has changed, and none lapsed, the book stays the same.
func (s *Service) Refresh(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "fact.Refresh")
	s.refreshing.Lock() // who read earlier must not have the last word
	defer s.refreshing.Unlock()
	facts, since, err := s.shown(ctx, s.db, latest)
	if err != nil {
		return err
	}
	x := &stretch{from: since}
	x.begin(NewBook(facts, s.pack.Slots, s.clock.Now(), s.zone))
	if old := s.Today(); old != nil && old.same(x.book) {
		x.book = old
	}
	s.today.Store(x)
	return nil
}
