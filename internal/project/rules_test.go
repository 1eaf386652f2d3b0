package project

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestPeriodsFollowUponEachOther: whatever the days and months, periods begin with the first day, end with the last, leave no day out and have none twice.
func TestPeriodsFollowUponEachOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 800).Draw(t, "first"))
		last := first.AddDate(0, 0, rapid.IntRange(0, 1500).Draw(t, "days"))
		months := rapid.IntRange(1, 12).Draw(t, "months")
		from := first.Format(time.DateOnly)
		ends := Split(from, last.Format(time.DateOnly), months)
		if len(ends) == 0 || ends[len(ends)-1] != last.Format(time.DateOnly) {
			t.Fatalf("%v", ends)
		}
		for i, end := range ends {
			if end < from {
				t.Fatalf("period %d ends on %s and begins on %s", i+1, end, from)
			}
			b, _ := day(from)
			e, _ := day(end)
			if days := int(e.Sub(b)/(24*time.Hour)) + 1; i < len(ends)-1 && (days < 27*months || days > 31*months+3) {
				t.Fatalf("period %d has %d days of %d months", i+1, days, months)
			}
			from = NextDay(end)
		}
	})
}

func TestPeriodsOfMonths(t *testing.T) {
	for _, c := range []struct {
		first, last string
		months      int
		want        string
	}{
		{"2026-01-01", "2026-12-31", 6, "2026-06-30 2026-12-31"},
		{"2026-01-15", "2026-06-30", 3, "2026-04-14 2026-06-30"},
		{"2026-01-31", "2026-04-29", 1, "2026-02-27 2026-03-30 2026-04-29"},
		{"2026-01-01", "2026-01-01", 6, "2026-01-01"},
	} {
		got := ""
		for i, d := range Split(c.first, c.last, c.months) {
			if i > 0 {
				got += " "
			}
			got += d
		}
		if got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
	if Split("", "2026-01-01", 1) != nil || Split("2026-01-01", "2026-02-01", 0) != nil {
		t.Error("periods of nothing")
	}
}

func TestShares(t *testing.T) {
	for name, c := range map[string]struct {
		shares []Share
		faults int
	}{
		"none":           {nil, 0},
		"the whole":      {[]Share{{"a", 8500}, {"b", 1500}}, 0},
		"less":           {[]Share{{"a", 7500}}, 0},
		"over 100 %":     {[]Share{{"a", 8500}, {"b", 1501}}, 1},
		"nothing":        {[]Share{{"a", 0}}, 1},
		"twice one fund": {[]Share{{"a", 10}, {"a", 10}}, 1},
	} {
		if f := checkShares(c.shares); len(f) != c.faults {
			t.Errorf("%s: %v", name, f)
		}
	}
}

func TestPercentsAreReadAsPeopleWriteThem(t *testing.T) {
	for typed, want := range map[string]int{"85": 8500, "85,5": 8550, "85.55": 8555, " 85 % ": 8500, "0,01": 1, "100": 10000, "150": 15000} {
		if got, ok := ReadPercent(typed); !ok || got != want {
			t.Errorf("%q: %d, %v", typed, got, ok)
		}
	}
	for _, typed := range []string{"", "x", "-1", "1,234", "1e9", "NaN"} {
		if got, ok := ReadPercent(typed); ok {
			t.Errorf("%q is read as %d", typed, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, Whole).Draw(t, "hundredths")
		if got, ok := ReadPercent(Percent(n)); !ok || got != n {
			t.Fatalf("%d is written %q and read %d", n, Percent(n), got)
		}
	})
}

// TestAccountsOfOnePerson: whoever is joined by pairs counts as one, and as the same in whichever order the pairs were said; nobody else does.
func TestAccountsOfOnePerson(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		account := rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f"})
		var pairs [][2]string
		group := map[string]string{}
		for _, x := range []string{"a", "b", "c", "d", "e", "f"} {
			group[x] = x
		}
		for range rapid.IntRange(0, 6).Draw(t, "pairs") {
			a, b := account.Draw(t, "a"), account.Draw(t, "b")
			if a == b {
				continue
			}
			pairs = append(pairs, [2]string{min(a, b), max(a, b)})
			least, most := min(group[a], group[b]), max(group[a], group[b])
			for x, g := range group { // an independent way: everybody of the larger name gets the smaller
				if g == most {
					group[x] = least
				}
			}
		}
		as := CountsAs(pairs)
		for x, want := range group {
			got := x
			if as[x] != "" {
				got = as[x]
			}
			if got != want {
				t.Fatalf("%s counts as %s, want %s; %v", x, got, want, pairs)
			}
		}
	})
}

func TestWhichTargetsHold(t *testing.T) {
	annexes := []Annex{{Number: 0, Since: "2026-01-01"}, {Number: 1, Since: "2026-07-01"}, {Number: 2, Since: "2026-07-01"}}
	for d, want := range map[string]int{"2025-12-31": -1, "2026-01-01": 0, "2026-06-30": 0, "2026-07-01": 2, "2030-01-01": 2} {
		n, ok := InForce(annexes, d)
		if ok != (want >= 0) || ok && n != want {
			t.Errorf("%s: %d, %v", d, n, ok)
		}
	}
}
