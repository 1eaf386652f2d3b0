package classroomweb

import (
	"context"
	"time"
)

// Task is a competence test of a training that somebody could sit now.
type Task struct {
	SittingID string
	Wave      string // before, after …
	Begun     bool
	Minutes   int
	ClosesAt  time.Time
}

// Tasks returns the tests of a training that somebody could sit now. Others than the person's own MUST not be among them.
type Tasks func(ctx context.Context, personID, trainingID string) ([]Task, error)
