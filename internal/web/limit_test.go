package web

import (
	"errors"
	"net/http/httptest"
	"testing"
	"time"

	"ostoja/internal/clock"
	"ostoja/internal/errs"
)

// A hall of people passes at once, a machine does not; what was used grows back in time, and never beyond the hall.
func TestALimitIsReachedAndPasses(t *testing.T) {
	t.Parallel()
	const perSecond, burst = 25, 200
	c := clock.NewFake(time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC))
	l := NewLimit(perSecond, burst)
	passed := func() (n int) {
		for l.take(c.Now()) {
			n++
		}
		return n
	}
	if n := passed(); n != burst {
		t.Errorf("%d at once, want %d", n, burst)
	}
	for after, want := range map[time.Duration]int{0: 0, -time.Minute: 0} {
		c.Advance(after)
		if n := passed(); n != want {
			t.Errorf("after %s: %d", after, n)
		}
	}
	for _, step := range []struct {
		after time.Duration
		want  int
	}{{39 * time.Millisecond, 0}, {time.Millisecond, 1}, {time.Second, perSecond}, {time.Hour, burst}} {
		c.Advance(step.after)
		if n := passed(); n != step.want {
			t.Errorf("after %s: %d, want %d", step.after, n, step.want)
		}
	}
}

// Whoever is refused is told when one may pass again.
func TestALimitSaysWhenToComeAgain(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	for perSecond, want := range map[float64]string{25: "5", 5: "5", 0.1: "10", 0.03: "34"} {
		l, w := NewLimit(perSecond, 1), httptest.NewRecorder()
		if err := l.Take(w, now, "x"); err != nil || w.Header().Get("Retry-After") != "" {
			t.Errorf("%v a second: the first is refused: %v", perSecond, err)
		}
		if err := l.Take(w, now, "x"); !errors.Is(err, errs.ErrTooMany) || w.Header().Get("Retry-After") != want {
			t.Errorf("%v a second: %v, Retry-After %q, want %q", perSecond, err, w.Header().Get("Retry-After"), want)
		}
	}
}
