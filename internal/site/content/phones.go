package content

import (
	"regexp"
	"strings"
	"unicode"
)

// masked stands for what is no phone number, and joins no digits.
const masked = "¤"

var (
	isoDay     = regexp.MustCompile(`\b(?:19|20)[0-9]{2}-(?:0[0-9]|1[0-2])-[0-3][0-9]\b`)
	lawNumbers = regexp.MustCompile(`(?i)(?:art\.|poz\.|§|nr)\s*[0-9]+`)
	// 2014/36 of a directive, 2025–2026: not beside other digits
	yearPairs  = regexp.MustCompile(`(^|[^0-9/\p{Pd}.])(?:(?:19|20)[0-9]{2}/[0-9]{1,4}|[0-9]{1,4}/(?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}\s?\p{Pd}\s?(?:19|20)[0-9]{2})([^0-9/\p{Pd}]|/\p{L}|$)`)
	longNumber = regexp.MustCompile(`[0-9](?:[\s\p{Z}\p{Pd}.()/\\·•_*~|]{0,3}[0-9]){5,}`)
	shortCodes = regexp.MustCompile(`(?:^|[^0-9])(?:112|911|99[789]|116[\s\p{Z}\p{Pd}]?[0-9]{3})(?:[^0-9]|$)`)
)

// looksLikePhone says whether a text holds digits that somebody might dial: six and more in a row, or an emergency number. In
// whatever script; days, years and numbers of laws aside.
func looksLikePhone(s string) bool {
	if !strings.ContainsFunc(s, unicode.IsDigit) {
		return false // most of all text, quickly
	}
	s = isoDay.ReplaceAllString(strings.Map(asciiDigit, s), masked)
	s = lawNumbers.ReplaceAllStringFunc(yearPairs.ReplaceAllString(s, "$1"+masked+"$2"), lawNumber)
	return longNumber.MatchString(s) || shortCodes.MatchString(s)
}

// lawNumber masks the number of an article, an item or a paragraph. "nr" may as well stand before a phone's.
func lawNumber(s string) string {
	const longest = 5 // digits
	digits := strings.TrimLeftFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if len(digits) > longest || s[0]|0x20 == 'n' && shortCodes.MatchString(digits) {
		return s
	}
	return masked
}

// asciiDigit returns a digit of any script as ours, and drops what is not seen between digits.
func asciiDigit(r rune) rune {
	if unicode.Is(unicode.Cf, r) {
		return -1
	}
	if r > '9' && unicode.Is(unicode.Nd, r) {
		for zero := r; ; zero-- { // the digits of a script stand in order, zero first
			if !unicode.Is(unicode.Nd, zero-1) || r-zero == 9 {
				return '0' + r - zero
			}
		}
	}
	return r
}
