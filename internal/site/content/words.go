package content

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"ostoja/internal/text"
)

// wordBegins matches what stands before the beginning of a word. Arabic writes "and", "so", "with", "for", "like" and the
// article together with the word that follows.
var wordBegins = regexp.MustCompile(`\PL[وف]?(?:[بكل]?(?:ال)?|لل)$`)

// forbiddenIn returns the first word of a text that begins like a forbidden one, "" if there is none.
func forbiddenIn(text string, forbidden []string) string {
	folded := " " + strings.ToLower(text)
	for _, w := range forbidden {
		at := strings.Index(folded, strings.ToLower(w))
		for at > 0 {
			if wordBegins.MatchString(folded[:at]) {
				return w
			}
			next := strings.Index(folded[at+1:], strings.ToLower(w))
			if next < 0 {
				break
			}
			at += 1 + next
		}
	}
	return ""
}

// RevealingWord returns the word of [Bundle.Words] that stands in an address, "" if none does. A browser keeps the addresses to
// which a page leads, so the protected pages lead to no such one. Addresses are written without accents and in any language;
// a phrase may be run together.
func (b *Bundle) RevealingWord(address string) string {
	if path, err := url.PathUnescape(address); err == nil {
		address = path
	}
	words := plain(address)
	together := strings.ReplaceAll(words, " ", "")
	b.plainOnce.Do(func() {
		for _, w := range slices.Concat(slices.Collect(maps.Values(b.Words))...) {
			b.plainWords = append(b.plainWords, plainWord{w, plain(w), strings.ReplaceAll(plain(w), " ", "")})
		}
	})
	for _, w := range b.plainWords {
		if strings.Contains(" "+words, " "+w.plain) || w.together != w.plain && strings.Contains(together, w.together) {
			return w.written
		}
	}
	return ""
}

// plainWord is a word or phrase that would tell: as written, as addresses write it, and run together.
type plainWord struct{ written, plain, together string }

// plain returns a text's letters as they are looked for, with single spaces for all else.
func plain(s string) string {
	return strings.Join(strings.FieldsFunc(text.Search(s), func(r rune) bool { return !unicode.IsLetter(r) }), " ")
}
