package itembank

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"sync"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/event"
)

// Difficulty returns how difficult versions were in earlier sittings of forms: the mean share of the full mark, from 0 to 1, by
// version. It MUST leave out versions of which fewer than [LeastSittings] sittings tell.
type Difficulty func(ctx context.Context, q db.Querier, forms []Form) (map[string]float64, error)

// LeastSittings is how many sittings tell anything of an item: below, chance speaks.
const LeastSittings = 30

// Service keeps the bank and the tests that are made of it.
type Service struct {
	db         *db.DB
	clock      clock.Clock
	difficulty Difficulty
	events     *event.Bus

	mu    sync.Mutex
	tests map[string]*Test // editions never change but for the review of their items, see [Service.TestIn]
}

// New returns a Service. What waits for a second person is told to events; nil tells nobody.
func New(d *db.DB, c clock.Clock, difficulty Difficulty, events *event.Bus) *Service {
	return &Service{db: d, clock: c, difficulty: difficulty, events: events, tests: map[string]*Test{}}
}

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
