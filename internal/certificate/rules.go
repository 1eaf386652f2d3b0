package certificate

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/paper"
)

// codeBytes is the length of a code's secret: 80 bits cannot be guessed, and 16 letters can still be typed from paper.
const codeBytes = 10

// codeLength is the number of letters of a code.
const codeLength = codeBytes * 8 / 5

// Grouped returns a code as it is printed: in groups of four.
func Grouped(code string) string {
	var b strings.Builder
	for i, r := range code {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// ParseCode brings a code that somebody typed from paper into the form in which it is kept: see [id.Typed]. It returns "" for what cannot
// be a certificate's.
func ParseCode(typed string) string {
	if code := id.Typed(typed, codeLength); len(code) == codeLength {
		return code
	}
	return ""
}

// number returns the number of the nth certificate of a year.
func number(year, n int) string { return fmt.Sprintf("OST-%d-%06d", year, n) }

// validUntil returns the last moment of the day on which a certificate that was issued at a time and holds for months ends.
// A month without such a day ends it on the month's last: 31 August and six months is 28 February.
func validUntil(issued time.Time, months int, zone *time.Location) time.Time {
	if months <= 0 {
		return time.Time{}
	}
	t := issued.In(zone)
	first := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, zone).AddDate(0, months, 0)
	days := first.AddDate(0, 1, -1).Day()
	return time.Date(first.Year(), first.Month(), min(t.Day(), days)+1, 0, 0, 0, 0, zone).Add(-time.Microsecond).UTC()
}

// reasonLimit bounds the reason of a revocation, in characters.
const reasonLimit = 1000

// checkReason says what is wrong with the reason of a revocation.
func checkReason(reason string, confirmed bool) error {
	var faults errs.Fields
	switch n := len([]rune(reason)); {
	case n == 0:
		faults.Add("reason", "certificate.revoke.reason-missing")
	case n < 10:
		faults.Add("reason", "certificate.revoke.reason-short")
	case n > reasonLimit:
		faults.Add("reason", "certificate.revoke.reason-long", "Limit", reasonLimit)
	}
	if !confirmed {
		faults.Add("confirm", "certificate.revoke.confirm-missing")
	}
	return faults.Err()
}

// spellingLimit bounds a name in Latin letters, in characters.
const spellingLimit = 200

// checkSpelling says what is wrong with a name in Latin letters. What passports print in them (ICAO Doc 9303, part 3, section 3.4) has
// letters, spaces, hyphens and apostrophes, and at times a full stop.
func checkSpelling(latin string) error {
	var faults errs.Fields
	letters := 0
	for _, r := range latin {
		switch {
		case unicode.Is(unicode.Latin, r):
			letters++
		case !strings.ContainsRune(" -'’ʼ.", r):
			faults.Add("name", "certificate.spelling.latin")
			return faults.Err()
		}
	}
	switch {
	case letters == 0:
		faults.Add("name", "certificate.spelling.missing")
	case len([]rune(latin)) > spellingLimit:
		faults.Add("name", "certificate.spelling.long", "Limit", spellingLimit)
	case !paper.Printable(latin):
		faults.Add("name", "certificate.spelling.latin")
	}
	return faults.Err()
}
