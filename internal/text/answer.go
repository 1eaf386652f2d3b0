package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// Answer makes short answers comparable: two of them are the same answer if this is the same. Case, diacritics (ł becomes l,
// since people leave the tails out), spaces and final punctuation make no difference; the words do.
//
// What it returns is stored nowhere, but every mark given for a short answer rests on it: a change would judge the same
// answer otherwise than it was judged before.
func Answer(s string) string {
	t := transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)
	s, _, err := transform.String(t, strings.ToLower(s))
	if err != nil {
		return ""
	}
	s = strings.NewReplacer("ł", "l", "–", "-", "—", "-").Replace(s)
	return strings.Trim(strings.Join(strings.Fields(s), " "), " .,;:!?")
}
