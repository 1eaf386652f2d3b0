package classroom_test

import (
	"testing"
	"time"

	"ostoja/internal/classroom"
)

// The end follows what was written down; else the year of the training in the installation's zone, so that New Year's Eve counts where it is.
func TestEvidenceEnds(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		x, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	for _, c := range []struct {
		held, written string
		funded        bool
		want          string
	}{
		{"2026-11-30T15:00:00Z", "", true, "2037-01-01T00:00:00+01:00"},
		{"2026-11-30T15:00:00Z", "", false, "2033-01-01T00:00:00+01:00"},
		{"2026-12-31T22:59:59Z", "", true, "2037-01-01T00:00:00+01:00"},
		{"2026-12-31T23:00:00Z", "", true, "2038-01-01T00:00:00+01:00"},
		{"2026-11-30T15:00:00Z", "2029-07-01T00:00:00+02:00", true, "2029-07-01T00:00:00+02:00"},
		{"2026-11-30T15:00:00Z", "2045-01-01T00:00:00+01:00", false, "2045-01-01T00:00:00+01:00"},
	} {
		var written time.Time
		if c.written != "" {
			written = at(c.written)
		}
		got := classroom.EvidenceUntil(at(c.held), written, c.funded, zone)
		if !got.Equal(at(c.want)) {
			t.Errorf("%+v: %s", c, got)
		}
		if written.IsZero() && got.Before(at(c.held).Add(classroom.EvidenceAtLeast)) {
			t.Errorf("%+v: the end is nearer than what is looked at", c)
		}
	}
}
