package markup

import (
	"testing"
	"time"

	"ostoja/internal/fact"
)

// A day ends with an abbreviation in Polish, whose stop ends the sentence as well.
func TestASentenceEndsWithOneStop(t *testing.T) {
	day := fact.NewBook([]*fact.Fact{{ID: "until", Value: map[string]string{"pl": "4 marca 2027 r."}}}, nil, time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC), time.UTC)
	for source, want := range map[string]string{"Do {until}. Nie.": "Do 4 marca 2027 r. Nie.", "Do {until}": "Do 4 marca 2027 r.", "Do {until}, nie.": "Do 4 marca 2027 r., nie."} {
		if got := Fill(day, escaped(source), "pl"); got != want {
			t.Errorf("%s: %s", source, got)
		}
	}
}
