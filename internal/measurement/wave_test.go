package measurement

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestFollowUpsFallDueInTheMorning(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		x, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	for _, c := range []struct {
		wave Wave
		end  string
		want string // UTC
	}{
		{Week, "2026-10-16 15:30", "2026-10-23T07:00:00Z"},    // summer time
		{Week, "2026-10-19 15:30", "2026-10-26T08:00:00Z"},    // winter time begins on the 25th
		{Months3, "2026-11-30 23:30", "2027-02-28T08:00:00Z"}, // February has no 30th
		{Months3, "2026-08-31 12:00", "2026-11-30T08:00:00Z"},
		{Months6, "2026-09-29 12:00", "2027-03-29T07:00:00Z"}, // summer time began on the 28th
		{Months6, "2026-12-31 00:10", "2027-06-30T07:00:00Z"},
	} {
		if got := FollowUpAt(c.wave, at(c.end), zone).UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("%s after %s is %s, not %s", c.wave, c.end, got, c.want)
		}
	}
}

// TestRandomHalves: whatever the seed and however many have begun, the halves differ by at most two; every block of four
// is two and two; and the order is not the same everywhere.
func TestRandomHalves(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Int64().Draw(rt, "seed")
		n := rapid.IntRange(0, 300).Draw(rt, "n")
		a, b := 0, 0
		for i := range n {
			form := FirstForm(seed, i)
			switch form {
			case "A":
				a++
			case "B":
				b++
			default:
				rt.Fatal("neither A nor B")
			}
			if a-b > 2 || b-a > 2 || (i%4 == 3 && a != b) {
				rt.Fatalf("after %d: %d A and %d B", i+1, a, b)
			}
			if again := FirstForm(seed, i); again != form {
				rt.Fatalf("asked twice, %s and %s", form, again)
			}
		}
	})
	firsts := map[string]int{}
	for seed := range int64(4000) {
		firsts[FirstForm(seed, 0)]++
	}
	if firsts["A"] < 1800 || firsts["A"] > 2200 { // six standard deviations
		t.Errorf("the first participant gets A in %d of 4000", firsts["A"])
	}
}

func TestFormsAreCrossedOver(t *testing.T) {
	two, three := []string{"A", "B"}, []string{"A", "B", "C"}
	for _, c := range []struct {
		wave  Wave
		seen  []string
		forms []string
		want  string
	}{
		{After, []string{"A"}, two, "B"}, {After, []string{"B"}, three, "A"},
		{Week, []string{"A", "B"}, two, "A"}, {Week, []string{"B", "A"}, two, "B"},
		{Week, []string{"A", "B"}, three, "C"}, {Months3, []string{"A", "B", "C"}, three, "A"}, {Months6, []string{"A", "B", "C", "A"}, three, "B"},
		{Months3, []string{"A"}, three, "C"},
	} {
		if got := NextForm(c.wave, c.seen, c.forms); got != c.want && (c.wave != Months6 || !slices.Contains([]string{"B", "C"}, got)) {
			t.Errorf("%s after %v is %s, not %s", c.wave, c.seen, got, c.want)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		forms := rapid.SampledFrom([][]string{two, three}).Draw(rt, "forms")
		seen := []string{FirstForm(rapid.Int64().Draw(rt, "seed"), rapid.IntRange(0, 99).Draw(rt, "n"))}
		for _, w := range Waves[1:] {
			if w.IsFollowUp() && rapid.Bool().Draw(rt, "missed") {
				continue
			}
			next := NextForm(w, seen, forms)
			if next == seen[len(seen)-1] {
				rt.Fatalf("%s repeats %s after %v", w, next, seen)
			}
			seen = append(seen, next)
		}
		if seen[0] == seen[1] || !slices.Contains(two, seen[1]) {
			rt.Fatalf("not crossed over: %v", seen)
		}
	})
}

func TestLetters(t *testing.T) {
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	if at := nextLetter(1, now, now.Add(30*24*time.Hour)); !at.Equal(now.Add(betweenMails)) {
		t.Errorf("the first reminder: %v", at)
	}
	if at := nextLetter(mostLetters, now, time.Time{}); !at.IsZero() {
		t.Errorf("a reminder too many: %v", at)
	}
	if at := nextLetter(1, now, now.Add(24*time.Hour)); !at.IsZero() {
		t.Errorf("a reminder after closing: %v", at)
	}
}
