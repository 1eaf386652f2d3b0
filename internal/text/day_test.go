package text_test

import (
	"testing"
	"time"

	"ostoja/internal/text"
)

func TestDaysAsTheyAreWrittenInPoland(t *testing.T) {
	for cell, want := range map[string]string{
		"31.12.2026": "2026-12-31", "1.2.2027 r.": "2027-02-01", "31-12-2026": "2026-12-31", "05/03/2027": "2027-03-05", "2026-12-31": "2026-12-31",
		"31 grudnia 2026 r.": "2026-12-31", "3 maja 2027": "2027-05-03", "1 września 27": "2027-09-01", "12 paź 2027": "2027-10-12",
		"30.02.2027": "", "31.13.2026": "", "jutro": "", "": "", "12.2026": "", "2026": "",
	} {
		got, ok := text.Day(cell, time.UTC)
		if (want != "") != ok || (ok && got.Format(time.DateOnly) != want) {
			t.Errorf("%q: %v, %v", cell, got, ok)
		}
	}
}

func TestLinesAreKeptClean(t *testing.T) {
	for typed, want := range map[string]string{
		"  Anna \t Maria\n": "Anna Maria", "\u017c\u00f3\u0142\u0107": "żółć", "z\u0307o\u0301\u0142c\u0301": "żółć",
		"A\u200bB\ufeff": "AB", "A\x00B": "A B", "A\ufffdB": "AB", "": "",
	} {
		if got := text.Clean(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}
