package sheet

import (
	"math"
	"testing"
)

// TestFormatsByNumber: a file names its most usual formats by number alone (ECMA-376, part 1, 18.8.30).
func TestFormatsByNumber(t *testing.T) {
	day, clock := [][2]int{{14, 17}, {22, 22}, {27, 36}, {50, 58}}, [][2]int{{18, 21}, {45, 47}}
	within := func(ranges [][2]int, n int) bool {
		for _, r := range ranges {
			if n >= r[0] && n <= r[1] {
				return true
			}
		}
		return false
	}
	for n := range 70 {
		if f := builtInFormat(n); f.day != within(day, n) || f.clock != within(clock, n) {
			t.Errorf("%d: a day %v, a time %v", n, f.day, f.clock)
		}
	}
	for n, want := range map[int]string{0: "1234.5", 1: "1235", 2: "1234.50", 9: "123450%", 37: "1235"} {
		if got := builtInFormat(n).show(1234.5, false); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}

// TestNumbersAsTheyAreShown: the letters, noughts and places of a format's code, whichever of its parts is the number's.
func TestNumbersAsTheyAreShown(t *testing.T) {
	for _, c := range []struct {
		code string
		n    float64
		want string
	}{
		{"000", 5, "005"}, {"000", 1234, "1234"}, {"##0", 5, "5"}, {"00-000", 12345, "12-345"}, {"00-000", 1234567, "1234-567"}, {"00-000", 45, "00-045"}, {"#-000", 45, "-045"},
		{"0.00", 2.5, "2.50"}, {"0.0#", 2.25, "2.25"}, {"#,##0", 1234567, "1234567"}, {"0%", 0.25, "25%"}, {"0.0%", 0.255, "25.5%"},
		{"0", -5, "-5"}, {"0;(0)", -5, "(5)"}, {"0;(0)", 0, "0"}, {`0;-0;"brak"`, 0, "brak"}, {`0;-0;"brak"`, 3, "3"}, {`0;-0;"brak"`, -3, "-3"},
		{`"Nr "0`, 7, "Nr 7"}, {`\N0`, 7, "N7"}, {"0_)", 7, "7"}, {"* 0", 7, "7"}, {"[$zł-415]0", 7, "zł7"}, {"[Red]000", 7, "007"}, {"[>5]000", 7, "7"}, {`"d"0`, 7, "d7"},
		{"0.00E+00", 12345, "12345"}, {"# ??/??", 2.5, "2.5"}, {"@", 7, "7"}, {"General", 7.5, "7.5"}, {`General" zł"`, 7.5, "7.5 zł"}, {"GENERAL", 7, "7"}, {"", 7, "7"}, {`"tekst"`, 7, "7"},
		{`0"`, 7, "7"}, {"0[", 7, "7"}, {`0\`, 7, `7\`}, {"0_", 7, "7_"}, {"0*", 7, "7*"},
		{"yyyy-mm-dd", 61, "1900-03-01"}, {"mmm", 61, "1900-03-01"}, {"m/d/yy", 61, "1900-03-01"}, {"MMMM", 61, "1900-03-01"},
		{"h:mm", 0.5, "12:00"}, {"h:mm AM/PM", 0.75, "18:00"}, {"[h]:mm", 0.25, "06:00"}, {"[]0", 7, "7"}, {"mm:ss", 0.5, "12:00"}, {"ss.000", 0.5, "12:00"}, {"h:mm", 0, "00:00"}, {"h:mm", 1, "1"}, {"h:mm", -0.5, "-0.5"},
	} {
		if got := parseFormat(c.code).show(c.n, false); got != c.want {
			t.Errorf("%q shows %v as %q, want %q", c.code, c.n, got, c.want)
		}
	}
}

// TestDaysAtTheirBounds: the first and the last day that a serial number can name, and the day that Excel has and the calendar has not.
func TestDaysAtTheirBounds(t *testing.T) {
	day := numberFormat{day: true}
	for n, want := range map[float64]string{
		0: "1899-12-31", 1: "1900-01-01", 59: "1900-02-28", 60: "1900-03-01", 61: "1900-03-01", 62: "1900-03-02", 45000.999999: "2023-03-16", 45000.5: "2023-03-15",
		2_958_465: "9999-12-31", 2_958_466: "2958466", -1: "-1",
	} {
		if got := day.show(n, false); got != want {
			t.Errorf("%v is %s, want %s", n, got, want)
		}
	}
	if got := day.show(0, true); got != "1904-01-01" {
		t.Errorf("in a workbook of 1904: %s", got)
	}
	for n, want := range map[float64]string{0.1 + 0.2: "0.3", 1e15: "1000000000000000", math.Inf(1): "", math.Inf(-1): "", math.NaN(): ""} {
		if got := plainNumber(n); got != want {
			t.Errorf("%v is %q", n, got)
		}
	}
	for shown, want := range map[string]bool{"007": true, "0": false, "0.5": false, "0,5": false, "10": false, "12 zł": true, "1E5": false, "5 €": false, "0a": true, "A": true, "": false, "0:": false, "0/": false} {
		if shownAsText(shown) != want {
			t.Errorf("%q is text: %v", shown, !want)
		}
	}
}
