package scorefile

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestForeignScores: files of scores of other programs, each of which went wrong once or might have (shared inputs of the situations that
// were found). What is read is told by the matched, the lost and the two means; what is not, by the reason.
func TestForeignScores(t *testing.T) {
	want := map[string]string{
		"g01_identical.csv":     "12 matched, 0 lost, 50.00 to 70.00",
		"g02_pl.csv":            "5 matched, 0 lost, 44.10 to 72.10",
		"g03_cp1250.csv":        `the file is not in UTF-8: save it as "CSV UTF-8"`,
		"g04_ceiling.csv":       "5 matched, 0 lost, 100.00 to 97.00",
		"g05_one_matched.csv":   "1 matched, 2 lost, not shown",
		"g06_tab.csv":           "5 matched, 0 lost, 30.66 to 53.34",
		"g07_fractions.csv":     "0.5 may be half of all points or half a per cent",
		"g08_quotes.csv":        "5 matched, 0 lost, 30.60 to 53.20",
		"g09_bad.csv":           `line 2: pre is "1.234,5", which is not a number`,
		"g10_sep.csv":           "5 matched, 0 lost, 30.66 to 53.34",
		"g11_dup.csv":           `line 7: the person "1" stands in line 2 already`,
		"g12_dupcol.csv":        `the column "gender" is empty or there twice`,
		"g13_digits.csv":        `line 4: pre is "−50", which is not a number`,
		"g14_formula_group.csv": "8 matched, 0 lost, 31.50 to 58.00",
		"g15_secondary.csv":     "17 matched, 0 lost, 47.76 to 69.65",
		"g16_two.csv":           "9 matched, 0 lost, 24.00 to 68.00",
	}
	files, err := filepath.Glob("testdata/cases/*.csv")
	if err != nil || len(files) != len(want) {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, path := range files {
		name := filepath.Base(path)
		if got := toldOf(t, path); !strings.Contains(got, want[name]) || want[name] == "" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func toldOf(t *testing.T, path string) string {
	t.Helper()
	in, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	f, err := ReadFile(in, Unsaid)
	if err != nil {
		return err.Error()
	}
	r := ReportFile(f)
	told := fmt.Sprintf("%d matched, %d lost, ", *r.Matched, *r.Lost)
	if r.MeanPre == nil {
		return told + "not shown"
	}
	return told + fmt.Sprintf("%.2f to %.2f", *r.MeanPre, *r.MeanPost)
}

// TestSmallGroupsOfForeignFiles: of two groups the smaller is not shown, nor what it could be computed from.
func TestSmallGroupsOfForeignFiles(t *testing.T) {
	for _, c := range []struct {
		file  string
		shown map[string]bool
	}{
		{"cases/g16_two.csv", map[string]bool{"A": false, "B": false}},
		{"cases/g14_formula_group.csv", map[string]bool{"A": false, `=HYPERLINK("http://x")`: false}},
		{"cases/g15_secondary.csv", map[string]bool{"A": false, "B": false, "C": true, "K": true, "M": true}},
	} {
		r := report(t, c.file)
		if len(r.Groups) != len(c.shown) {
			t.Errorf("%s: %d groups", c.file, len(r.Groups))
		}
		for _, g := range r.Groups {
			if shown, known := c.shown[g.Value]; !known || shown == g.Suppressed {
				t.Errorf("%s: %s, suppressed %v", c.file, g.Value, g.Suppressed)
			}
		}
	}
}
