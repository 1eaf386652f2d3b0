package assessment

import (
	"testing"

	"pgregory.net/rapid"
)

func TestWhichFormsAreAnalysed(t *testing.T) {
	for _, c := range []struct {
		name    string
		counts  []formCount
		form    string
		matched bool
		n       int
		shown   bool
	}{
		{"large forms", []formCount{{"A", 40, 30}, {"B", 38, 30}}, "A", false, 40, true},
		{"nobody sat it", []formCount{{"A", 40, 40}}, "B", false, 0, false},
		{"four sittings", []formCount{{"A", 4, 4}, {"B", 40, 40}, {"C", 30, 30}}, "A", false, 4, false},
		{"the smallest of the others, for the sake of the four", []formCount{{"A", 4, 4}, {"B", 40, 40}, {"C", 30, 30}}, "C", false, 30, false},
		{"and the largest", []formCount{{"A", 4, 4}, {"B", 40, 40}, {"C", 30, 30}}, "B", false, 40, true},
		{"three people without a pair are left out", []formCount{{"A", 21, 20}, {"B", 22, 20}}, "A", true, 20, true},
	} {
		matched, n, shown := analysable(c.counts, c.form)
		if matched != c.matched || n != c.n || shown != c.shown {
			t.Errorf("%s: matched only %v, n %d, shown %v", c.name, matched, n, shown)
		}
	}
}

// The totals of the forms that are shown and those of the report leave either nobody or at least five people over.
func TestTheAnalysisTellsOfNobody(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var counts []formCount
		for _, form := range []string{"A", "B", "C"} {
			matched := rapid.IntRange(0, 12).Draw(rt, "matched")
			counts = append(counts, formCount{form, matched + rapid.IntRange(0, 4).Draw(rt, "unmatched"), matched})
		}
		total, matched, shownTotal := 0, 0, 0
		for _, c := range counts {
			only, n, shown := analysable(counts, c.Form)
			want := c.N
			if only {
				want = c.Matched
			}
			if n != want || shown && n < LeastGroup {
				rt.Fatalf("%+v: %s has %d, shown %v", counts, c.Form, n, shown)
			}
			if total, matched = total+n, matched+c.Matched; shown {
				shownTotal += n
			}
		}
		if shownTotal == 0 {
			return // there is nothing to compare with the report
		}
		for name, left := range map[string]int{"hidden forms": total - shownTotal, "not matched": total - matched} {
			if 0 < left && left < LeastGroup {
				rt.Fatalf("%+v: %d of %s", counts, left, name)
			}
		}
	})
}
