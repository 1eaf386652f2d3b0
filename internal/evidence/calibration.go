package evidence

import (
	"context"
	"slices"
	"sync"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/gain"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement"
	"ostoja/internal/measurement/results"
)

// Calibration says how well the items of a test are known: a gain rests on them.
type Calibration struct {
	Items int // that count, on all forms
	Open  int // of them, who have too few answers yet or figures beyond the limits
	// Anchors stand on every form. EquatedFrom is the day from which every form has enough sittings to be equated with the others by
	// them; zero before.
	Anchors     int
	EquatedFrom time.Time
}

// Limits of a calibrated item (docs/evidence.md, "Calibration").
const (
	LeastAnswers  = 100
	facilityFrom  = 0.3
	facilityUntil = 0.9
	discriminates = 0.15
)

// mostTests is of how many tests a service keeps the calibration.
const mostTests = 100

// calibrations keeps how well tests are known, since it is asked with each report, reads thousands of answers, and changes only when
// somebody hands in a form.
type calibrations struct {
	mu     sync.Mutex
	byTest map[string]stamped
}

type stamped struct {
	stamp results.Stamp
	known Calibration
}

// of returns how well a test is known.
func (c *calibrations) of(ctx context.Context, tx *db.Tx, t *itembank.Test) (Calibration, error) {
	stamp, err := results.StampOf(ctx, tx, t.Forms)
	if err != nil {
		return Calibration{}, err
	}
	c.mu.Lock()
	k, ok := c.byTest[t.ID]
	c.mu.Unlock()
	if ok && k.stamp.N == stamp.N && k.stamp.Last.Equal(stamp.Last) {
		return k.known, nil
	}
	known, err := calibrate(ctx, tx, t)
	if err != nil {
		return Calibration{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byTest == nil || len(c.byTest) >= mostTests {
		c.byTest = map[string]stamped{}
	}
	c.byTest[t.ID] = stamped{stamp, known}
	return known, nil
}

// calibrate says how well a test is known. It tells of the items and of no group of people: what is shown of it are two numbers of
// items and a day.
func calibrate(ctx context.Context, tx *db.Tx, t *itembank.Test) (c Calibration, err error) {
	c.Anchors = len(t.Anchors)
	enough := c.Anchors > 0
	for i := range t.Forms {
		f := &t.Forms[i]
		sat, _, err := results.ResponsesTo(ctx, tx, f, 2*LeastAnswers, []measurement.Wave{measurement.Before}, false)
		if err != nil {
			return c, err
		}
		var unscored []int
		for j, v := range f.Versions {
			if !t.Scored(v) {
				unscored = append(unscored, j)
			}
		}
		stats := analyse(sat, make([][]option, len(f.Versions)), unscored...)
		for j, s := range stats.Items {
			if slices.Contains(unscored, j) {
				continue
			}
			if c.Items++; !calibrated(len(sat), s) {
				c.Open++
			}
		}
		at, err := results.SatSince(ctx, tx, f.ID, LeastAnswers)
		if err != nil {
			return c, err
		}
		enough = enough && !at.IsZero()
		if at.After(c.EquatedFrom) {
			c.EquatedFrom = at
		}
	}
	if !enough {
		c.EquatedFrom = time.Time{}
	}
	return c, nil
}

// calibrated says whether enough is known of an item, and it tells people apart.
func calibrated(answers int, s ItemStat) bool {
	return answers >= LeastAnswers && s.Facility >= facilityFrom && s.Facility <= facilityUntil && !gain.IsMissing(s.Discrimination) && s.Discrimination > discriminates
}
