package assessment

import (
	"regexp"
	"strings"
	"unicode"
)

// Private names what in a free text looks like it points to a person.
type Private string

// What is looked for. Nothing stands for a text without any of it.
const (
	Nothing  Private = ""
	PESEL    Private = "pesel"
	Phone    Private = "phone"
	Document Private = "document"
	Address  Private = "mail"
)

var (
	digitRuns = regexp.MustCompile(`\+?\d(?:[\s().\-/–]?\d)*`)
	// Series and number of identity cards and passports: two or three letters and six or seven digits (Polish cards ABC123456,
	// passports AB1234567 or AB 1234567; Ukrainian AB123456), or one letter and seven to eight (cards of residence and others).
	documents = regexp.MustCompile(`(?i)\b(?:[a-z]{2,3}[\s\-]?\d{6,7}|[a-z][\s\-]?\d{7,8})\b`)
	mails     = regexp.MustCompile(`[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>().,;]{2,}`)
)

// FindPrivate returns what in a text looks like a PESEL, a document's number, a phone number or a mail address. It errs to
// the side of refusing: the person is asked to write it otherwise, and nothing is lost. A year, an hour, an amount or an
// article of a law passes.
func FindPrivate(text string) Private {
	text = strings.Map(asciiDigits, text)
	if mails.MatchString(text) {
		return Address
	}
	for _, run := range digitRuns.FindAllString(text, -1) {
		if digits := onlyDigits(run); len(digits) == 11 && isPESEL(digits) {
			return PESEL
		}
	}
	if documents.MatchString(text) {
		return Document
	}
	for _, run := range digitRuns.FindAllString(text, -1) {
		if looksLikePhone(run) {
			return Phone
		}
	}
	return Nothing
}

// asciiDigits brings Arabic-Indic and full-width digits to those that the patterns know, and invisible spaces away.
func asciiDigits(r rune) rune {
	switch {
	case r >= '٠' && r <= '٩':
		return '0' + r - '٠'
	case r >= '۰' && r <= '۹':
		return '0' + r - '۰'
	case r >= '０' && r <= '９':
		return '0' + r - '０'
	case r == '\u200b' || r == '\u2060' || r == '\ufeff' || unicode.Is(unicode.Bidi_Control, r):
		return -1
	}
	return r
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// isPESEL checks the control digit (rozporządzenie z 4.01.2012, weights 1 3 7 9) and a possible month.
func isPESEL(digits string) bool {
	sum := 0
	for i, weight := range []int{1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1} {
		sum += weight * int(digits[i]-'0')
	}
	month := (int(digits[2]-'0')*10 + int(digits[3]-'0')) % 20
	return sum%10 == 0 && month >= 1 && month <= 12
}

// looksLikePhone says whether a run of digits is as long as a phone number: nine or more digits, or seven and more that
// begin with + or are grouped as numbers are. Dates such as 2026-11-23 have eight.
func looksLikePhone(run string) bool {
	n := len(onlyDigits(run))
	switch {
	case strings.HasPrefix(run, "+"):
		return n >= 7
	case n >= 9:
		return true
	case n == 7 || n == 8:
		return !isDate(run) && strings.ContainsAny(strings.TrimSpace(run), " -–()")
	}
	return false
}

var dates = regexp.MustCompile(`^(?:\d{4}[\s.\-/–]\d{1,2}[\s.\-/–]\d{1,2}|\d{1,2}[\s.\-/–]\d{1,2}[\s.\-/–]\d{4}|\d{4}\s?[\-–/]\s?\d{4})$`)

func isDate(run string) bool { return dates.MatchString(run) }
