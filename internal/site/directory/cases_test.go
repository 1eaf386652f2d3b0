package directory

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestSharedHours: each line of the shared inputs of the situations that were found is refused for a reason, or says at its instant what
// OpenStreetMap says. What is read and has no instant is among the texts that the peer is asked about, or has a test of its own.
func TestSharedHours(t *testing.T) {
	b, err := os.ReadFile("testdata/hours.txt")
	if err != nil {
		t.Fatal(err)
	}
	refused := []string{"Mo-Fr 09:00+", "Jan-Mar Mo-Fr 09:00-16:00", "Mo[1] 10:00-12:00", `Mo-Fr 08:00-16:00 || "on call"`, `Mo-Fr 08:00-16:00 "comment"`}
	open := []string{
		"Mo-Fr 10:00-10:00|2026-11-25 09:00", "Su 01:30-02:30|2026-10-25 02:15", "Su 02:30-03:30|2026-03-29 03:15", "Mo-Su 22:00-06:00|2026-03-29 03:30",
		"Fr 20:00-24:00; Sa 00:00-04:00|2026-11-27 23:00", "Mo-Fr 08:00-16:00;|2026-11-25 09:00", "Su-Mo 10:00-12:00|2026-11-29 11:00",
	}
	own := []string{"2026-12-24 closed; Mo-Fr 08:00-16:00"} // a date as this program wrote it first
	lines := 0
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "#") {
			continue
		}
		lines++
		text, instant, asked := line, "", false
		if i := strings.LastIndexByte(line, '|'); i > 0 && line[i-1] != '|' && !strings.HasSuffix(line, `"`) {
			text, instant, asked = line[:i], line[i+1:], true
		}
		h, err := ParseHours(text)
		if isRefused := slices.Contains(refused, text); isRefused != (err != nil) {
			t.Errorf("%q: %v", text, err)
			continue
		} else if isRefused {
			continue
		}
		if !asked {
			if !slices.Contains(asOpenStreetMap, text) && !slices.Contains(own, text) {
				t.Errorf("%q: nobody was asked how it is read", text)
			}
			continue
		}
		at, err := time.ParseInLocation("2006-01-02 15:04", instant, warsaw(t))
		if err != nil {
			t.Fatal(err)
		}
		if want := slices.Contains(open, line); h.Open(at, warsaw(t)) != want {
			t.Errorf("%q: open is %v", line, !want)
		}
	}
	if lines < 35 {
		t.Errorf("%d lines", lines)
	}
	// It is read as OpenStreetMap's own spelling, in which the later rule wins: who meant to close writes it last.
	h, err := ParseHours(own[0])
	osm, err2 := ParseHours("2026 Dec 24 off; Mo-Fr 08:00-16:00")
	for at := time.Date(2026, 12, 22, 0, 30, 0, 0, warsaw(t)); at.Day() < 28; at = at.Add(time.Hour) {
		if err != nil || err2 != nil || h.Open(at, warsaw(t)) != osm.Open(at, warsaw(t)) {
			t.Fatalf("%s: %q is read otherwise, %v, %v", at, own[0], err, err2)
		}
	}
}
