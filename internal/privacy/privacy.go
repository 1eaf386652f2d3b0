// Package privacy finds what in a free text points to a person: their numbers and addresses. It refuses too much rather than
// too little, since who is asked to write it otherwise loses nothing. Names are another question ([Names]), and a harder one.
package privacy

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Kind names what in a free text looks like it points to a person.
type Kind string

// What is looked for. Nothing stands for a text without any of it.
const (
	Nothing      Kind = ""
	kindPESEL    Kind = "pesel"
	Phone        Kind = "phone"
	kindDocument Kind = "document"
	Mail         Kind = "mail"
)

// kinds is what is looked for, in the order in which it is named.
var kinds = []struct {
	kind Kind
	in   func(text string) bool
}{{Mail, mails.MatchString}, {kindPESEL, hasPESEL}, {kindDocument, hasDocument}, {Phone, hasPhone}}

// Find returns what in a text looks like a mail address, a PESEL, a document's number or a phone number. It errs to the
// side of refusing: the person is asked to write it otherwise, and nothing is lost. Years, dates, hours, amounts and articles
// of a law pass.
func Find(text string) Kind { return FindBeside(text) }

// FindBeside is Find where some kinds may stand, such as phone numbers in a field that asks for those of an office.
func FindBeside(text string, allowed ...Kind) Kind {
	text = withoutQuantities(plain(text))
	for _, k := range kinds {
		if !slices.Contains(allowed, k.kind) && k.in(text) {
			return k.kind
		}
	}
	return Nothing
}

// plain brings every digit, space and dash of Unicode to the one that the patterns know, and invisible characters away.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r < unicode.MaxASCII && !unicode.IsSpace(r):
			return r
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Cf, r): // zero width, direction, soft hyphen
			return -1
		case unicode.Is(unicode.Pd, r) || r == '\u2212':
			return '-'
		case r >= '！' && r <= '～': // full-width forms of ASCII
			return r - '！' + '!'
		case unicode.IsDigit(r):
			return '0' + digitValue(r)
		}
		return r
	}, text)
}

// digitValue returns the value of a digit of any script: Unicode gives them in rows of ten that begin with 0.
func digitValue(r rune) rune {
	before := rune(0)
	for unicode.IsDigit(r - before - 1) {
		before++
	}
	return before % 10
}

// Digits of one number may stand apart by as many characters as this: "600 - 700 - 800".
const apartBy = `[ ().,\-/_]{0,3}`

var (
	numbers = regexp.MustCompile(`\+?\d(?:` + apartBy + `\d)*`)
	// Letters and digits that may be the series and number of a document.
	series = regexp.MustCompile(`\b([A-Za-z]{1,3})` + apartBy + `(\d(?:` + apartBy + `\d)*)`)
	mails  = regexp.MustCompile(`[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>().,;]{2,}`)
)

// What has many digits and tells of nobody.
const (
	amount   = `\d{1,3}(?:[ .,]\d{3}){0,3}(?:[.,]\d\d?)?`
	currency = `(?:zł|[€$£%]|(?:PLN|EUR|euro|USD|UAH|GBP|tys|mln|mld)\b)`
	year     = `(?:19|20)\d\d`
	month    = `(?:0?[1-9]|1[0-2])`
	day      = `(?:0?[1-9]|[12]\d|3[01])`
	moment   = `(?:` + year + `|` + month + `[./]` + year + `|(?:[01]?\d|2[0-3])\.[0-5]\d)`
)

var (
	quantities = regexp.MustCompile(`(?i:\b` + amount + ` ?` + currency + `|(?:\b(?:PLN|EUR|USD|GBP)|[€$£]) ?` + amount + `\b)|` +
		`(?:\b(?:[Aa]rt|[Pp]ar|[Uu]st|[Pp]kt|[Pp]oz|[Ss]tr|pp?|[Aa]rticles?|[Ss]ections?|[Aa]rtykuł\pL*|[Pp]aragraf\pL*|[Uu]stęp\pL*|[Pp]unkt\pL*)\b\.?|§+)` +
		` ?\d{1,4}[a-z]?(?:(?:, ?| i | oraz | and | ?- ?)\d{1,4}[a-z]?)*\b`)
	dates = regexp.MustCompile(`\b(?:` + day + `\.` + month + `\.` + year + `|` + day + `/` + month + `/` + year + `|` + day + `-` + month + `-` + year + `|` +
		year + `-` + month + `-` + day + `|` + year + `\.` + month + `\.` + day + `)\b`)
	moments = regexp.MustCompile(`^` + moment + `(?:[ ,\-/]{1,3}` + moment + `)*$`)
)

const instead = ";" // parts what stands around it

// withoutQuantities puts amounts and articles of laws out of a text.
func withoutQuantities(text string) string { return quantities.ReplaceAllString(text, instead) }

// withoutTimes puts dates out of a text, and years, months and hours where a whole run of digits is a list of them: within a
// longer one they may be a part of a number.
func withoutTimes(text string) string {
	return numbers.ReplaceAllStringFunc(dates.ReplaceAllString(text, instead), func(run string) string {
		if moments.MatchString(run) {
			return instead
		}
		return run
	})
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

func hasPESEL(text string) bool {
	return slices.ContainsFunc(numbers.FindAllString(text, -1), func(run string) bool { return isPESEL(onlyDigits(run)) })
}

// isPESEL checks the control digit (rozporządzenie z 4.01.2012, weights 1 3 7 9) and a possible month.
func isPESEL(digits string) bool {
	if len(digits) != 11 {
		return false
	}
	sum := 0
	for i, weight := range []int{1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1} {
		sum += weight * int(digits[i]-'0')
	}
	month := (int(digits[2]-'0')*10 + int(digits[3]-'0')) % 20
	return sum%10 == 0 && month >= 1 && month <= 12
}

// shortWords stand before numbers in sentences, where the series of a document would stand.
var shortWords = strings.Fields(`a i o u w z do od na za po we ze ok co to dla nad pod bez lub czy in of to at by or on up the and for per all`)

// hasDocument looks for series and number of identity cards and passports: two or three letters and six or seven digits (Polish
// cards ABC123456, passports AB1234567; Ukrainian AB123456), or one letter and seven or eight (cards of residence and others).
func hasDocument(text string) bool {
	for _, found := range series.FindAllStringSubmatch(withoutTimes(text), -1) {
		letters, n := found[1], len(onlyDigits(found[2]))
		inSentence := len(letters) == 1 || letters != strings.ToUpper(letters)
		glued := len(found[0]) == len(letters)+len(found[2])
		if !glued && inSentence && slices.Contains(shortWords, strings.ToLower(letters)) {
			continue
		}
		if len(letters) > 1 && (n == 6 || n == 7) || len(letters) == 1 && (n == 7 || n == 8) {
			return true
		}
	}
	return false
}

// local is how numbers without the area code are grouped: 628 99 99, 628-9999, 12 34 56 78. Amounts are not: 1 200 000.
var local = regexp.MustCompile(`^(?:\d{3}S\d\dS\d\d|\d{3}S\d{4}|\d\dS\d\dS\d\dS\d\d|\d{4}S\d{4}|\d{3}S\d\dS\d{3})$`)

var separators = regexp.MustCompile(`[^\d+]+`)

func hasPhone(text string) bool {
	return slices.ContainsFunc(numbers.FindAllString(withoutTimes(text), -1), looksLikePhone)
}

// looksLikePhone says whether a run of digits is as long as a phone number: nine or more digits, or fewer that begin with + or
// are grouped as numbers are.
func looksLikePhone(run string) bool {
	n := len(onlyDigits(run))
	return n >= 9 || n >= 7 && run[0] == '+' || local.MatchString(separators.ReplaceAllString(run, "S"))
}
