package evidence

import (
	"testing"

	"ostoja/internal/measurement"
)

// TestWhoIsLost: nobody whose test is not due yet, or can still be handed in.
func TestWhoIsLost(t *testing.T) {
	const no, asked, begun, done, declined, closed = measurement.NotAsked, measurement.Asked, measurement.Begun, measurement.Done, measurement.Declined, measurement.Closed
	for _, c := range []struct {
		before, after measurement.State
		withdrawn     bool
		want          Loss
		waits         bool
	}{
		{no, no, false, waitsBefore, true}, // a training in the future
		{asked, no, false, waitsBefore, true},
		{begun, no, false, midBefore, true},
		{done, no, false, underWay, true},
		{done, asked, false, waitsAfter, true},
		{done, begun, false, midAfter, true},
		{done, closed, false, lostClosed, false},
		{closed, no, false, lostClosed, false},
		{no, asked, false, lostBefore, false}, // joined when the training had begun
		{declined, no, false, lostDeclined, false},
		{done, declined, false, lostDeclined, false},
		{no, no, true, lostWithdrawn, false},
		{done, asked, true, lostWithdrawn, false},
	} {
		if got := lossOf(c.before, c.after, c.withdrawn); got != c.want || got.Waits() != c.waits {
			t.Errorf("before %q, after %q, withdrawn %v: %s, waits %v", c.before, c.after, c.withdrawn, got, got.Waits())
		}
	}
	g := Group{Losses: map[Loss]int{waitsBefore: 3, underWay: 2, lostClosed: 4}}
	if n := g.Waiting(); n != 5 {
		t.Errorf("%d wait", n)
	}
}
