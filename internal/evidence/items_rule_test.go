package evidence

import (
	"testing"

	"pgregory.net/rapid"

	"ostoja/internal/disclosure"
	"ostoja/internal/measurement/results"
)

func TestWhichFormsAreAnalysed(t *testing.T) {
	for _, c := range []struct {
		name    string
		counts  []results.FormCount
		form    string
		matched bool
		n       int
		shown   bool
	}{
		{"large forms", []results.FormCount{{FormID: "A", N: 40, Matched: 30}, {FormID: "B", N: 38, Matched: 30}}, "A", false, 40, true},
		{"nobody sat it", []results.FormCount{{FormID: "A", N: 40, Matched: 40}}, "B", false, 0, false},
		{"four sittings", []results.FormCount{{FormID: "A", N: 4, Matched: 4}, {FormID: "B", N: 40, Matched: 40}, {FormID: "C", N: 30, Matched: 30}}, "A", false, 4, false},
		{"the smallest of the others, for the sake of the four", []results.FormCount{{FormID: "A", N: 4, Matched: 4}, {FormID: "B", N: 40, Matched: 40}, {FormID: "C", N: 30, Matched: 30}}, "C", false, 30, false},
		{"and the largest", []results.FormCount{{FormID: "A", N: 4, Matched: 4}, {FormID: "B", N: 40, Matched: 40}, {FormID: "C", N: 30, Matched: 30}}, "B", false, 40, true},
		{"three people without a pair are left out", []results.FormCount{{FormID: "A", N: 21, Matched: 20}, {FormID: "B", N: 22, Matched: 20}}, "A", true, 20, true},
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
		var counts []results.FormCount
		for _, form := range []string{"A", "B", "C"} {
			matched := rapid.IntRange(0, 12).Draw(rt, "matched")
			counts = append(counts, results.FormCount{FormID: form, N: matched + rapid.IntRange(0, 4).Draw(rt, "unmatched"), Matched: matched})
		}
		total, matched, shownTotal := 0, 0, 0
		for _, c := range counts {
			only, n, shown := analysable(counts, c.FormID)
			want := c.N
			if only {
				want = c.Matched
			}
			if n != want || shown && n < disclosure.LeastGroup {
				rt.Fatalf("%+v: %s has %d, shown %v", counts, c.FormID, n, shown)
			}
			if total, matched = total+n, matched+c.Matched; shown {
				shownTotal += n
			}
		}
		if shownTotal == 0 {
			return // there is nothing to compare with the report
		}
		for name, left := range map[string]int{"hidden forms": total - shownTotal, "not matched": total - matched} {
			if 0 < left && left < disclosure.LeastGroup {
				rt.Fatalf("%+v: %d of %s", counts, left, name)
			}
		}
	})
}
