package directory

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
)

// country is where a number without a country's code is called.
const country = "PL"

// shortNumbers are called as they are, without a country's code: "+48 116 111" reaches nobody. No library's data has them all (116 006 is none of Poland's there).
// Emergency numbers: art. 2 and 3 of the act of 22 November 2013 on the emergency notification system, and the national numbering plan; 116xxx:
// Commission Decision 2007/116/EC with its amendments. To be confirmed by an editor.
var shortNumbers = []string{
	"112", "984", "985", "986", "987", "991", "992", "993", "994", "997", "998", "999",
	"116000", "116006", "116111", "116117", "116123",
}

// IsPhone says whether a text is a number that can be called.
func IsPhone(text string) bool { return Dial(text) != "" }

// Dial returns a number as a link dials it (RFC 3966): with the country's code, or as it is if it is a short one. It returns "" for what nobody can
// call: too few digits, a code that no network has, letters (which a dialler would turn into digits), a short number behind +48.
func Dial(text string) string {
	const longest = 30
	if len(text) > longest || !utf8.ValidString(text) {
		return ""
	}
	digits := strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(" \u00a0-()/.", r):
			return -1
		case r == '+' || r >= '0' && r <= '9':
			return r
		}
		return 'x'
	}, text)
	if strings.Contains(digits, "x") || strings.LastIndex(digits, "+") > 0 {
		return ""
	}
	if slices.Contains(shortNumbers, digits) {
		return digits
	}
	number, err := phonenumbers.Parse(digits, country)
	if err != nil || !phonenumbers.IsValidNumber(number) {
		return ""
	}
	return phonenumbers.Format(number, phonenumbers.E164)
}
