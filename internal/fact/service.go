package fact

import (
	"context"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"ostoja/internal/clock"
	"ostoja/internal/errs"
)

// Service has the facts of the day in memory.
type Service struct {
	clock clock.Clock
	zone  *time.Location
	pack  *Pack
	kept  func(ctx context.Context) ([]*Fact, error)
	today atomic.Pointer[Book]
}

// New returns a service of the facts that kept reads, and, of those that were never taken, as the country's pack has them.
func New(c clock.Clock, zone *time.Location, pack *Pack, kept func(ctx context.Context) ([]*Fact, error)) *Service {
	return &Service{clock: c, zone: zone, pack: pack, kept: kept}
}

// Today returns the facts of the day; nil before the first [Service.Refresh].
func (s *Service) Today() *Book { return s.today.Load() }

// Until returns when the validity of a fact next changes; the zero time if none will.
func (s *Service) Until() time.Time {
	if b := s.Today(); b != nil {
		return b.Next()
	}
	return time.Time{}
}

// Refresh reads the facts anew. While none has changed, and none lapsed, the book stays the same.
func (s *Service) Refresh(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "fact.Refresh")
	kept, err := s.kept(ctx)
	if err != nil {
		return err
	}
	s.inflect(kept)
	// The pack's come first, so that a fact that editors changed takes the place of its own.
	fresh := NewBook(append(append([]*Fact{}, s.pack.Facts...), kept...), s.pack.Slots, s.clock.Now(), s.zone)
	if old := s.Today(); old == nil || !old.same(fresh) {
		s.today.Store(fresh)
	}
	return nil
}

// inflect gives facts the forms of the pack's, as long as they say the same: the forms of a name that editors changed would be those of
// another name.
func (s *Service) inflect(kept []*Fact) {
	for _, f := range kept {
		i := slices.IndexFunc(s.pack.Facts, func(p *Fact) bool { return p.ID == f.ID })
		if i >= 0 && maps.Equal(s.pack.Facts[i].Value, f.Value) {
			f.Forms = s.pack.Facts[i].Forms
		}
	}
}
