package sheet

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	uni "golang.org/x/text/encoding/unicode"
)

// decoded is the text of a file, and what it was taken for.
type decoded struct {
	text, encoding string
	others         []string
	unsure         bool
}

// codePage is an encoding of one byte a letter, in which nothing says that it is the one.
type codePage struct {
	name    string // by which IANA or, for the Macs', Apple knows it
	letters [128]rune
}

// codePages are those that lists come in: Windows, Linux, DOS and old Macs in Poland, and Cyrillic ones; the most usual first.
var codePages = []codePage{
	page("windows-1250", charmap.Windows1250), page("iso-8859-2", charmap.ISO8859_2), page("windows-1251", charmap.Windows1251),
	page("ibm852", charmap.CodePage852), {"x-mac-ce", macCE}, page("koi8-u", charmap.KOI8U), page("ibm866", charmap.CodePage866),
	page("windows-1252", charmap.Windows1252),
}

func page(name string, c *charmap.Charmap) codePage {
	p := codePage{name: name}
	for i := range p.letters {
		if p.letters[i] = c.DecodeByte(byte(0x80 + i)); p.letters[i] == utf8.RuneError { // as browsers do (WHATWG, Encoding)
			p.letters[i] = rune(0x80 + i)
		}
	}
	return p
}

// macCE is Mac OS Central European (Apple's CENTEURO.TXT), which golang.org/x/text lacks.
var macCE = [128]rune([]rune("ÄĀāÉĄÖÜáąČäčĆćéŹźĎíďĒēĖóėôöõúĚěü†°Ę£§•¶ß®©™ę¨≠ģĮįĪ≤≥īĶ∂∑łĻļĽľĹĺŅņŃ¬√ńŇ∆«»…\u00a0ňŐÕőŌ–—“”‘’÷◊ōŔŕŘ‹›řŖŗŠ‚„šŚśÁŤťÍŽžŪÓÔūŮÚůŰűŲųÝýķŻŁżĢˇ"))

func (p codePage) decode(content []byte) string {
	var b strings.Builder
	b.Grow(len(content))
	for _, c := range content {
		if c < utf8.RuneSelf {
			b.WriteByte(c)
		} else {
			b.WriteRune(p.letters[c-0x80])
		}
	}
	return b.String()
}

// decode finds the encoding: byte order marks first, then UTF-16 by its high bytes, UTF-8 by its being valid; of the old ones
// the one in which the words look like words. A chosen one is taken where the file does not say otherwise itself.
func decode(content []byte, chosen string) (decoded, error) {
	var e encoding.Encoding
	switch {
	case bytes.HasPrefix(content, []byte("\xef\xbb\xbf")):
		return decoded{text: strings.ToValidUTF8(string(content[3:]), "\ufffd")}, nil
	case bytes.HasPrefix(content, []byte("\xff\xfe")), bytes.HasPrefix(content, []byte("\xfe\xff")):
		e = uni.UTF16(uni.LittleEndian, uni.UseBOM)
	case highBytes(content, 1):
		e = uni.UTF16(uni.LittleEndian, uni.IgnoreBOM)
	case highBytes(content, 0):
		e = uni.UTF16(uni.BigEndian, uni.IgnoreBOM)
	case utf8.Valid(content), chosen == "" && brokenUTF8(content):
		return decoded{text: strings.ToValidUTF8(string(content), "\ufffd")}, nil
	default:
		return oldPage(content, chosen), nil
	}
	b, err := e.NewDecoder().Bytes(content)
	if err != nil {
		return decoded{}, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	return decoded{text: string(b)}, nil
}

// Decode returns the text of a file of text, and by which old encoding it was read: none where the file says itself how, or is UTF-8.
// It is refused where two of them suit it as well.
func Decode(content []byte) (text, encoding string, err error) {
	d, err := decode(content, "")
	if err == nil && d.unsure {
		err = fmt.Errorf("%w: %s, or another of %s", ErrUnreadable, d.encoding, d.others)
	}
	return d.text, d.encoding, err
}

// highBytes says whether every second byte, from the first or the second on, is one that stands before Latin or Cyrillic letters
// in UTF-16. None of them occurs in a text of one byte a letter.
func highBytes(content []byte, from int) bool {
	head, n := content[:min(len(content), 1<<16)], 0
	for i := from; i < len(head); i += 2 {
		if head[i] <= 4 {
			n++
		}
	}
	return n > len(head)*2/5
}

// brokenUTF8 says whether a text is UTF-8 but for a few bytes, as where two files were put together: most letters beyond the plain
// ones are whole.
func brokenUTF8(content []byte) bool {
	whole, broken := 0, 0
	for len(content) > 0 {
		r, n := utf8.DecodeRune(content)
		switch {
		case r == utf8.RuneError && n == 1:
			broken++
		case n > 1:
			whole++
		}
		content = content[n:]
	}
	return whole > 2*broken
}

// near is by how much the best reading must be better than the next, of what its letters count for, and least by how much at least: less,
// and people are asked. One letter of a short list is no proof.
const (
	near  = 0.15
	least = 3
)

// oldPage reads a text in the code page that suits it best.
func oldPage(content []byte, chosen string) decoded {
	type reading struct {
		page  codePage
		score int
	}
	words := oldWords(content)
	readings := make([]reading, len(codePages))
	for i, p := range codePages {
		readings[i].page = p
		for word, times := range words {
			readings[i].score += min(times, 10) * p.score(word)
		}
	}
	slices.SortStableFunc(readings, func(a, b reading) int { return cmp.Compare(b.score, a.score) })
	best := readings[0].page
	d := decoded{encoding: best.name}
	for _, r := range readings[1:] {
		if ahead := readings[0].score - r.score; (ahead < least || float64(ahead) <= near*float64(readings[0].score)) && differ(words, best, r.page) {
			d.unsure = true
		}
	}
	for word := range words { // one that looks like none
		d.unsure = d.unsure || best.score(word) < 0
	}
	if chosen != "" {
		d.unsure = false
	}
	for _, r := range readings {
		d.others = append(d.others, r.page.name)
		if r.page.name == chosen {
			best = r.page
		}
	}
	d.encoding = best.name
	d.text = best.decode(content)
	return d
}

// oldWords counts the runs of letters that are not plain: what must tell the code pages apart. Bytes above the plain ones count as
// letters, whatever they will be.
func oldWords(content []byte) map[string]int {
	words := map[string]int{}
	isLetter := func(c byte) bool { return c >= utf8.RuneSelf || c|0x20 >= 'a' && c|0x20 <= 'z' }
	for len(content) > 0 && len(words) < 2_000 {
		n, plain := 0, true
		for n < len(content) && isLetter(content[n]) {
			plain = plain && content[n] < utf8.RuneSelf
			n++
		}
		if !plain {
			words[string(content[:n])]++
		}
		content = content[max(n, 1):]
	}
	return words
}

func differ(words map[string]int, a, b codePage) bool {
	for w := range words {
		if a.decode([]byte(w)) != b.decode([]byte(w)) {
			return true
		}
	}
	return false
}

const (
	polishLetters = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"
	// otherLetters are of names in the countries around, and of French and German ones.
	otherLetters = "äöüßÄÖÜáčďéěíňřšťúůýžÁČĎÉĚÍŇŘŠŤÚŮÝŽľĺŕôőűâăîşţėįųūàèêëçñãøåæïìò"
	// usualCyrillic are the letters that make up most of a text.
	usualCyrillic = "оаеиінтсрвлкОАЕИІНТСРВЛК"
	cyrillic      = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяыэъёўАБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯЫЭЪЁЎ"
	// signs stand beside words without being misread letters.
	signs = "„”“’‘–—…«»§°\u00a0·"
)

// score says how much a word of a file looks like one in a code page: letters of the languages that are expected count for it,
// signs amid letters, letters of two scripts and capitals amid small letters against it.
func (p codePage) score(word string) (n int) {
	text := []rune(p.decode([]byte(word)))
	latin, other, foreign := 0, 0, 0
	for i, r := range text {
		switch {
		case r < utf8.RuneSelf:
			latin++
		case strings.ContainsRune(polishLetters, r):
			n, latin = n+4, latin+1
		case strings.ContainsRune(usualCyrillic, r):
			n, other = n+4, other+1
		case strings.ContainsRune(cyrillic, r):
			n, other = n+3, other+1
		case strings.ContainsRune(otherLetters, r):
			n, latin, foreign = n+1, latin+1, foreign+1
		case unicode.IsLetter(r):
			latin, foreign = latin+1, foreign+1
		case strings.ContainsRune(signs, r):
			if i > 0 && i < len(text)-1 && unicode.IsLetter(text[i-1]) && unicode.IsLetter(text[i+1]) && r != '’' && r != '–' {
				n -= 3
			}
		default:
			n -= 4
		}
		if i > 0 && unicode.IsUpper(r) && (unicode.IsLower(text[i-1]) || i+1 < len(text) && unicode.IsLower(text[i+1])) {
			n -= 4
		}
	}
	if latin > 0 && other > 0 {
		n -= 8
	}
	if plain := strings.IndexFunc(word, func(r rune) bool { return r < utf8.RuneSelf && r != utf8.RuneError }) >= 0; !plain && foreign > 0 {
		n -= 3 * foreign // no word of Latin letters has only such ones
	}
	return n
}

// Reread returns a text, which was read in one code page of Encodings, as it is in another. Each byte has a sign in every one, so that
// nothing was lost by the first reading.
func Reread(text, as, meant string) string {
	from, to := pageOf(as), pageOf(meant)
	if from == nil || to == nil || from == to {
		return text
	}
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf {
			return r
		}
		if i := slices.Index(from.letters[:], r); i >= 0 {
			return to.letters[i]
		}
		return r
	}, text)
}

func pageOf(name string) *codePage {
	for i := range codePages {
		if codePages[i].name == name {
			return &codePages[i]
		}
	}
	return nil
}
