package text_test

import (
	"testing"
	"time"

	"ostoja/internal/text"
)

func TestDaysAsTheyAreWritten(t *testing.T) {
	for cell, want := range map[string]string{
		"31.12.2026": "2026-12-31", "1.2.2027 r.": "2027-02-01", "31-12-2026": "2026-12-31", "05/03/2027": "2027-03-05", "2026-12-31": "2026-12-31",
		"31 grudnia 2026 r.": "2026-12-31", "3 maja 2027": "2027-05-03", "1 września 27": "2027-09-01", "12 paź 2027": "2027-10-12",
		"28 XI 2026": "2026-11-28", "28 xi 2026 r.": "2026-11-28", "1 I 2027": "2027-01-01", "28 ХІ 2026": "2026-11-28", "28 листопада 2026": "2026-11-28", "28 листопад 2026 р.": "2026-11-28", "1 січня 2027": "2027-01-01",
		"3 травня 2027 року": "2027-05-03", "28 ноября 2026 г.": "2026-11-28", "28 ноябрь 2026": "2026-11-28", "9 мая 2027": "2027-05-09", "9 май 2027": "2027-05-09", "1 июля 2027": "2027-07-01", "1 июня 2027": "2027-06-01",
		"28 November 2026": "2026-11-28", "November 28, 2026": "2026-11-28", "Nov 28 2026": "2026-11-28", "28-Nov-26": "2026-11-28", "4th March 2027": "2027-03-04", "March 4th, 2027": "2027-03-04", "Saturday, 28 November 2026": "2026-11-28", "sobota, 28 listopad 2026": "2026-11-28",
		"1 maj 2027": "2027-05-01", "28.XI.2026": "2026-11-28", "4 marzec 2027": "2027-03-04", "4 березня 2027": "2027-03-04", "4 марта 2027": "2027-03-04", "31 грудня 2026 р.": "2026-12-31", "31 декабря 2026": "2026-12-31",
		"31.12.20267": "", "28 XIII 2026": "", "Osoba 5 2026": "", "31 listopada 2026": "",
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
		"علی\u200cرضا": "علی\u200cرضا", "Ali\u200cReza": "AliReza", "\u200cعلی\u200c": "علی", "علی\u200c رضا": "علی رضا", "श्री\u200dमान": "श्री\u200dमान", "а\u200dб": "аб", "\u202bعلی\u202c": "علی",
		"A\u200bB\ufeff": "AB", "A\x00B": "A B", "A\ufffdB": "AB", "": "",
	} {
		if got := text.Clean(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}

// TestJoinersAreKeptAndTellNothingApart: a name is kept with the joiner that makes it, and found and compared without.
func TestJoinersAreKeptAndTellNothingApart(t *testing.T) {
	t.Parallel()
	for kept, typed := range map[string]string{"علی\u200cرضا": "علیرضا", "می\u200cرود": "میرود", "श्री\u200dमान": "श्रीमान", "ක්\u200dරි": "ක්රි"} {
		if got := text.Clean("\ufeff" + kept + " "); got != kept {
			t.Errorf("%q is kept as %q", kept, got)
		}
		if text.Search(kept) != text.Search(typed) || text.Answer(kept) != text.Answer(typed) {
			t.Errorf("%q is another word than %q", kept, typed)
		}
	}
	if got := text.CleanLines("\ufeffa\u200b \r\n\r\n b\u00ad \n"); got != "a\n\nb" {
		t.Errorf("lines: %q", got)
	}
}
