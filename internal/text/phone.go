package text

import "strings"

// separators are what stands between the digits of a number on paper and in forms.
const separators = " -()./\u00a0\u202f"

// Dialled returns the number that a phone dials, "" if what is written begins with none: three to fifteen digits (ITU-T E.164 section 6.1), with a
// plus before them or not, up to the first letter, where an extension or a note begins.
func Dialled(phone string) string {
	number, _ := dial(phone)
	return number
}

// IsPhone says whether a text is a number and nothing else, with so many digits at least: three for a short number of an office, seven for a person's own.
func IsPhone(s string, least int) bool {
	number, whole := dial(s)
	return whole && len(strings.TrimPrefix(number, "+")) >= least
}

// dial returns the digits that a text begins with, and whether it holds nothing else.
func dial(phone string) (number string, whole bool) {
	var digits strings.Builder
	whole = true
	for _, r := range phone {
		if r >= '0' && r <= '9' || r == '+' && digits.Len() == 0 {
			digits.WriteRune(r)
		} else if !strings.ContainsRune(separators, r) {
			whole = false
			break
		}
	}
	if n := len(strings.TrimPrefix(digits.String(), "+")); n < 3 || n > 15 {
		return "", false
	}
	return digits.String(), whole
}
