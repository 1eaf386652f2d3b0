package directory

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A helpline that nobody can call is worse than none: each number is one that a network has, or a short one.
func TestDial(t *testing.T) {
	for text, want := range map[string]string{
		"+48 22 628 01 20": "+48226280120", "22 628 01 20": "+48226280120", "22 628-01-20": "+48226280120", "(22) 628 01 20": "+48226280120", "800 12 12 12": "+48800121212",
		"+48 605 687 750": "+48605687750", "+380 44 285 75 76": "+380442857576", "+49 30 18555 1855": "+4930185551855", "0048 22 628 01 20": "+48226280120",
		"112": "112", "116 111": "116111", "116 006": "116006", "997": "997", "116\u00a0123": "116123",
		"": "", "+48": "", "+48 22": "", "+48 22 111 22 3": "", "+48 22 628 01 200": "", "12345678": "", "+48 116 111": "", "+48 112": "", "116 112": "", "111": "",
		"22 628 01 20 wew. 12": "", "116 111 (24h)": "", "HELP": "", "0700 HELP ME": "", "22 628 01 20, 22 628 01 21": "", "+48+22 628 01 20": "", "٢٢ ٦٢٨ ٠١ ٢٠": "",
		"+999 123 456 789": "", strings.Repeat("2", 40): "", "22 628 01 20 22 628 01 20": "",
	} {
		if got := Dial(text); got != want || IsPhone(text) != (want != "") {
			t.Errorf("%q is dialled as %q, want %q", text, got, want)
		}
	}
}

// What can be dialled is dialled as the same number again, and holds digits alone.
func TestDialledNumbersStay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := Dial(rapid.StringMatching(`\+?(48|49|380|)[0-9]{3,9}`).Draw(t, "number"))
		if number == "" {
			return
		}
		if Dial(number) != number || strings.Trim(strings.TrimPrefix(number, "+"), "0123456789") != "" {
			t.Fatalf("%s becomes %s", number, Dial(number))
		}
	})
}
