package site

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"ostoja/internal/text"
)

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
