// Package report counts what a project did, in the table that its funds ask for, and shows what each figure rests on.
//
// Goals: a person counts once in a project, in the period in which they were first seen, so that periods add up to the whole; a figure of a period and one since the
// beginning are two figures and never mixed; whatever is shown opens to the rows behind it for who may see people, and is safe for who may not (block.go); what was handed in
// stays as it was, and what changed since is said by itself. Limits: which figures, targets and proofs there are is data of package project and of the funds' rules; it
// reads others by their views, and writes nothing of theirs; the gain is package evidence's.
//
// docs/reports.md defines each figure.
package report

import (
	"context"
	"time"

	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/event"
	"ostoja/internal/project"
	"ostoja/internal/project/fund"
)

// Rules knows what funds ask for.
type Rules interface {
	// Of returns a fund's rule set as it is now, and the number of its version; another version on demand, 0 is the one of now.
	Of(ctx context.Context, q db.Querier, fundID string, version int64) (set fund.Rules, now int64, err error)
}

// Deps are what the service needs.
type Deps struct {
	DB       *db.DB
	Clock    clock.Clock
	Zone     *time.Location // of the days
	Projects *project.Service
	Rules    Rules
	// Guardians counts those of an office's register who were admitted from a time up to another. It MUST return no person.
	Guardians func(ctx context.Context, q db.Querier, unitID string, from, until time.Time) (int, error)
	// Gain returns what the people of a project learned, by test, as far as it may be told. It MUST be in an order that the same data always has.
	Gain func(ctx context.Context, p project.Project) ([]Gain, error)
	// Events are told what waits for a second person; nil tells nobody.
	Events *event.Bus
}

// Service counts.
type Service struct {
	Deps
	attended attended
}

// New returns a Service.
func New(d Deps) *Service { return &Service{Deps: d} }

// begin is the moment at which a stored day begins, in microseconds, as the database has times.
func (s *Service) begin(day string) int64 {
	t, err := time.ParseInLocation(time.DateOnly, day, s.Zone)
	if err != nil {
		return 0
	}
	return t.UnixMicro()
}

// span is a project's time and its periods as the queries need them.
type span struct {
	from, until int64   // of the project, in microseconds
	ends        []int64 // of each period, exclusive
}

func (s *Service) span(p project.Page) span {
	x := span{from: s.begin(p.FirstDay), until: s.begin(project.NextDay(p.LastDay))}
	for _, period := range p.Periods {
		x.ends = append(x.ends, s.begin(project.NextDay(period.LastDay)))
	}
	return x
}

// orNull is a time as the database has it: none is NULL.
func orNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}
