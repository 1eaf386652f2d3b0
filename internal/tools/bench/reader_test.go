package main

import (
	"testing"
	"time"
)

// TestTheBoundsFailTheBench: what main gets as an error, it ends with.
func TestTheBoundsFailTheBench(t *testing.T) {
	for _, c := range []struct {
		ratio float64
		each  time.Duration
		fine  bool
	}{{0.40, 20 * time.Microsecond, true}, {0.39, 10 * time.Microsecond, false}, {0.9, 21 * time.Microsecond, false}} {
		if err := fastEnough(c.ratio, c.each); (err == nil) != c.fine {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
