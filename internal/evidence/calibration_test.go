package evidence

import (
	"testing"

	"ostoja/internal/gain"
)

func TestCalibrated(t *testing.T) {
	for _, c := range []struct {
		answers int
		s       ItemStat
		want    bool
	}{
		{100, ItemStat{Facility: 0.5, Discrimination: 0.2}, true},
		{99, ItemStat{Facility: 0.5, Discrimination: 0.2}, false},
		{100, ItemStat{Facility: 0.3, Discrimination: 0.2}, true},
		{100, ItemStat{Facility: 0.29, Discrimination: 0.2}, false},
		{100, ItemStat{Facility: 0.9, Discrimination: 0.2}, true},
		{100, ItemStat{Facility: 0.91, Discrimination: 0.2}, false},
		{100, ItemStat{Facility: 0.5, Discrimination: 0.15}, false},
		{100, ItemStat{Facility: 0.5, Discrimination: gain.Missing}, false},
	} {
		if got := calibrated(c.answers, c.s); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
