package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// joining are the scripts whose words hold ZERO WIDTH NON-JOINER and ZERO WIDTH JOINER: Persian علی‌رضا is another word without
// the first, and Sinhala and Malayalam have letters that only the second makes (Unicode Standard 23.2, UAX 31 section 2.3).
var joining = []*unicode.RangeTable{
	unicode.Arabic, unicode.Syriac, unicode.Mongolian, unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil,
	unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala, unicode.Khmer,
}

const nonJoiner, joiner = '\u200c', '\u200d'

// Clean brings a typed line into the form in which it is kept: composed letters, single spaces, no control characters, and of
// invisible ones, which come along when text is pasted, only those that make a word of its script.
func Clean(s string) string {
	var b strings.Builder
	in := []rune(norm.NFC.String(s))
	for i, r := range in {
		switch {
		case (r == nonJoiner || r == joiner) && i > 0 && i+1 < len(in) && joins(in[i-1], in[i+1]):
			b.WriteRune(r)
		case r == unicode.ReplacementChar || unicode.Is(unicode.Cf, r):
		case unicode.IsControl(r):
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// CleanLines is [Clean] for a text of several lines, which it keeps apart.
func CleanLines(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = Clean(line)
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// joins says whether what stands between two characters joins or parts letters of one script.
func joins(before, after rune) bool {
	for _, script := range joining {
		if unicode.Is(script, before) && unicode.Is(script, after) {
			return true
		}
	}
	return false
}
