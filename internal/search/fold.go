package search

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"ostoja/internal/text"
)

// mostLetters is how much of a word counts. Whatever is longer is no word.
const mostLetters = 64

// word is a word of a text: as written, in lower case, and folded.
type word struct{ written, folded string }

// accented are the scripts in which a mark is an accent that people leave out. In others, as the Indic ones, it is a vowel.
var accented = []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Arabic, unicode.Hebrew}

// letters are folded otherwise than by leaving out marks, besides those of [text.Letter].
var letters = map[rune]string{
	'ґ': "г", 'є': "е",
	'ٱ': "ا", 'ى': "ي", 'ی': "ي", 'ک': "ك", 'ة': "ه", 'ء': "", 'ـ': "",
}

// lookalikes are Latin letters that are typed in the middle of Cyrillic words, mostly i for і.
var lookalikes = map[rune]rune{'a': 'а', 'c': 'с', 'e': 'е', 'i': 'і', 'o': 'о', 'p': 'р', 'x': 'х', 'y': 'у', 'k': 'к', 'm': 'м', 't': 'т', 'b': 'в', 'h': 'н'}

// clean brings a text into lower case and one way of writing. Apostrophes join the parts of a word: п'ять and пʼять are one. The
// acute accent has to be replaced before normalising, which would take it apart; the others also behind it, which takes them out of
// letters such as ŉ.
func clean(s string) string {
	s = norm.NFKC.String(text.Marks(strings.ToValidUTF8(s, " ")))
	return norm.NFKC.String(text.Marks(strings.ToLower(s)))
}

// digit returns the value of a digit of any script, such as the Arabic ones.
func digit(r rune) (byte, bool) {
	if r >= '0' && r <= '9' {
		return byte(r), true
	}
	for _, run := range unicode.Nd.R16 { // each run is of whole tens
		if r >= rune(run.Lo) && r <= rune(run.Hi) {
			return '0' + byte((r-rune(run.Lo))%10), true //nolint:gosec // below ten
		}
	}
	return 0, false
}

// fold leaves out what people leave out when they type: accents, tones, vowel signs. Folding twice changes nothing more.
func fold(s string) string {
	var out strings.Builder
	base := rune(0)
	cyrillic, latin := false, false
	for _, r := range norm.NFD.String(clean(s)) {
		if unicode.Is(unicode.Mn, r) {
			switch {
			case r == '\u0306' && base == 'и': // й is a letter, no accent
				out.WriteRune(r)
			case !unicode.In(base, accented...):
				out.WriteRune(r)
			}
			continue
		}
		to, other := letters[r]
		if !other {
			to, other = text.Letter(r)
		}
		if r == '\'' || other && to == "" {
			continue // a mark behind it belongs to the letter before
		}
		base = r
		cyrillic = cyrillic || unicode.Is(unicode.Cyrillic, r)
		latin = latin || unicode.Is(unicode.Latin, r)
		if other {
			out.WriteString(to)
		} else if d, ok := digit(r); ok {
			out.WriteByte(d)
		} else {
			out.WriteRune(r)
		}
	}
	folded := out.String()
	if cyrillic && latin {
		folded = strings.Map(func(r rune) rune {
			if to, ok := lookalikes[r]; ok {
				return to
			}
			return r
		}, folded)
	}
	return norm.NFC.String(folded)
}

// split returns the words of a text, at most as many as most.
func split(s string, most int) []word {
	var words []word
	var letters []rune
	end := func() {
		if len(letters) > mostLetters {
			letters = letters[:mostLetters]
		}
		written := strings.ReplaceAll(string(letters), "'", "")
		letters = letters[:0]
		if folded := fold(written); folded != "" && len(words) < most {
			words = append(words, word{written, folded})
		}
	}
	runes := []rune(clean(s))
	for i, r := range runes {
		inside := unicode.IsLetter(r) || unicode.Is(unicode.Nd, r) || unicode.Is(unicode.M, r) && len(letters) > 0 ||
			r == '\'' && len(letters) > 0 && i+1 < len(runes) && unicode.IsLetter(runes[i+1])
		switch {
		case inside:
			if d, ok := digit(r); ok {
				r = rune(d)
			}
			letters = append(letters, r)
		case len(letters) > 0:
			end()
			if len(words) == most {
				return words
			}
		}
	}
	if len(letters) > 0 {
		end()
	}
	return words
}

// numeric says whether a word is a number. Numbers are inflected and mistyped otherwise than words.
func numeric(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}

// joined returns, for each word that begins or continues a number in groups such as 22 628 01 20, the rest of the number from
// there without gaps; "" for others.
func joined(words []word) []string {
	const mostDigits = 20
	out := make([]string, len(words))
	rest := ""
	for i := len(words) - 1; i >= 0; i-- {
		if !numeric(words[i].folded) || len(words[i].folded)+len(rest) > mostDigits {
			rest = ""
			continue
		}
		if rest != "" {
			out[i] = words[i].folded + rest
		}
		rest = words[i].folded + rest
	}
	return out
}

// oneOff says whether two different words are one wrong, missing, extra or swapped letter apart.
func oneOff(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return slices.Equal(a[i:], b[i+1:])
	}
	if i == len(a) {
		return false
	}
	if slices.Equal(a[i+1:], b[i+1:]) {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && slices.Equal(a[i+2:], b[i+2:])
}
