// Package evidence says whether people learned: the gain report of a family of competence tests, and the analysis of its items.
// It computes from what package measurement hands out of results, and shows only what gives nobody away: whatever is read here
// goes through package disclosure before it leaves. It writes nothing. The item analysis stands here and not in the item bank,
// since its totals stand beside those of the report and must not be told from them.
//
// docs/evidence.md defines the figures, and docs/decisions/0012 to 0015 tell of the choices.
package evidence

import (
	"context"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement"
)

// People knows the units. Their names MUST include units that have no people any more: participants were of the unit of their day.
type People interface {
	// UnitNames returns the names of all units, by id.
	UnitNames(ctx context.Context, q db.Querier) (map[string]string, error)
}

// Tests knows the competence tests.
type Tests interface {
	// TestIn returns an edition with its forms and items.
	TestIn(ctx context.Context, q db.Querier, testID string) (*itembank.Test, error)
}

// Service computes the reports.
type Service struct {
	db           *db.DB
	zone         *time.Location
	people       People
	measurements *measurement.Service
	tests        Tests
	calibrations calibrations
}

// New returns a Service. Quarters begin in the zone.
func New(d *db.DB, zone *time.Location, p People, m *measurement.Service, t Tests) *Service {
	return &Service{db: d, zone: zone, people: p, measurements: m, tests: t}
}
