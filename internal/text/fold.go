package text

import (
	"encoding/hex"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// Search brings a text into the form in which it is looked for: lower case, without diacritics, marks as [Marks] writes them,
// single spaces. It is applied to what is stored (person.search_text, bank_version.search_text) and to what is typed, and the
// two meet only while both were made by the same rules: who changes them writes a migration that makes the stored keys anew
// (see internal/schema/searchkeys.go and docs/decisions/0022).
//
// It leaves out too much for scripts in which a mark is a vowel; the readers' search, in twenty languages, has richer rules
// upon the same letters and marks in package search.
func Search(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		if plain, ok := Letter(r); ok {
			b.WriteString(plain)
		} else if r = mark(r); r >= 0 {
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(norm.NFC.String(b.String())), " ")
}

// Answer makes short answers comparable: two of them are the same answer if this is the same. It is [Search] without what
// stands around a sentence; the words make the difference.
//
// What it returns is stored nowhere, but every mark given for a short answer rests on it: answers that were the same once
// stay so, a change may only join more of them. TestAnswersThatWereEqualStayEqual holds it to that.
func Answer(s string) string {
	return strings.Trim(Search(strings.Map(seldom, s)), " .,;:!?")
}

// seldom brings signs that hands and keyboards put for an apostrophe, a hyphen or a quotation mark, and that [Marks] leaves, to those
// that it knows, and takes out what is not seen and no format character to Unicode. It is apart from them because keys are stored of
// what they return.
func seldom(r rune) rune {
	switch r {
	case 'ˈ', 'ˊ', 'ˋ', '՚', 'ꞌ', '‚', '‹', '›', '′', '‵':
		return '\''
	case '⁃', '﹘', '־', '᠆', '⸗', '⸺', '⸻', '゠', '⎯', '─':
		return '-'
	case 'ˮ', '״', '‶', '〝', '〞', '〟', '❝', '❞':
		return '"'
	case '\u115f', '\u1160', '\u3164', '\uffa0', '\u2800', '\ufffd':
		return -1
	}
	return r
}

// Letter returns what people type for a small letter that Unicode does not take apart into a base and a mark; ok is false for
// any other.
func Letter(r rune) (plain string, ok bool) {
	plain, ok = letters[r]
	return plain, ok
}

var letters = map[rune]string{'ł': "l", 'đ': "d", 'ø': "o", 'æ': "ae", 'œ': "oe", 'ß': "ss", 'ı': "i", 'þ': "th", 'ð': "d", 'ħ': "h"}

// Marks writes the marks that are one to a reader in one way: every apostrophe as ', every hyphen and dash as -, every double
// quotation mark as ", and nothing for what is invisible. Keyboards, phones and word processors each choose another: O'Brien
// and O’Brien are one name.
func Marks(s string) string { return strings.Map(mark, s) }

// mark is [Marks] for one character; -1 stands for nothing, as in [strings.Map].
func mark(r rune) rune {
	switch r {
	case '’', '‘', '‛', '`', '´', 'ʼ', 'ʹ', 'ʻ', 'ʽ', 'ʾ', 'ʿ', '′', '‵', '՚', '׳', 'ꞌ', '＇', '｀':
		return '\''
	case '−', '⁃', '˗': // those that Unicode does not call dashes
		return '-'
	case '“', '”', '„', '‟', '«', '»', '″', '＂':
		return '"'
	}
	if unicode.Is(unicode.Pd, r) {
		return '-'
	}
	if unicode.Is(unicode.Cf, r) { // soft hyphens, joiners, marks of direction: they come along when text is pasted
		return -1
	}
	return r
}

// polish makes collation keys. A collator is not safe for concurrent use.
var polish = sync.Pool{New: func() any { return collate.New(language.Polish, collate.Loose) }}

// SortKey returns a text that sorts by bytes as a Polish reader sorts the given parts, the first before the second, on every
// database and in Go: ł behind l, case and foreign accents without weight (the Unicode Collation Algorithm, UTS 10, with the
// CLDR's rules for Polish). It is stored in person.sort_key; what is said of changes at [Search] holds here too.
func SortKey(parts ...string) string {
	c := polish.Get().(*collate.Collator)
	defer polish.Put(c)
	keys := make([]string, len(parts))
	for i, p := range parts {
		var b collate.Buffer
		keys[i] = hex.EncodeToString(c.KeyFromString(&b, Marks(p)))
	}
	return strings.Join(keys, "-") // lower than every weight: "Nowak Zofia" comes before "Nowakowska Anna"
}
