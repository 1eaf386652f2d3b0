package markup

import (
	"bytes"
	"regexp"
	"strings"
)

var (
	entity    = regexp.MustCompile(`&(#?[a-zA-Z0-9]+;)`)
	lineSign  = regexp.MustCompile(`^(?:#{1,6}$|[-+]$|-[-:|]|[>=:|]|~~~)`)
	listPoint = regexp.MustCompile(`^(\d{1,9})([.)])$`)
)

// signs mean something in Markdown wherever they stand.
const signs = "\\`*[]<_~"

// escapeWord keeps Markdown from seeing signs in a word that had none where it comes from.
func escapeWord(w string, lineStart bool) string {
	w = entity.ReplaceAllString(w, "&amp;$1")
	if lineStart {
		if lineSign.MatchString(w) {
			return `\` + w[:1] + escapeSigns(w[1:])
		}
		if p := listPoint.FindStringSubmatch(w); p != nil {
			return p[1] + `\` + p[2]
		}
	}
	return escapeSigns(w)
}

func escapeSigns(w string) string {
	if !strings.ContainsAny(w, signs) {
		return w
	}
	var b strings.Builder
	runes := []rune(w)
	for i, r := range runes {
		within := r == '_' && i > 0 && i+1 < len(runes) && letter(runes[i-1]) && letter(runes[i+1])
		if strings.ContainsRune(signs, r) && !within {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// breakLine writes a line end that stays. Behind an escaped backslash goldmark sees none, so that one becomes an entity.
func breakLine(b *bytes.Buffer) {
	if bytes.HasSuffix(b.Bytes(), []byte(`\\`)) {
		b.Truncate(b.Len() - 2)
		b.WriteString("&#92;")
	}
	b.WriteString("\\\n")
}

// shift is how raised or lowered characters are written: by Unicode's own where it has each of them, else behind a sign and in
// brackets. Art. 22¹ is another one than 221.
type shift struct {
	sign string
	to   map[rune]rune
}

func (s shift) apply(text string) string {
	var b strings.Builder
	for _, r := range text {
		to, ok := s.to[r]
		if !ok {
			return s.sign + "(" + text + ")"
		}
		b.WriteRune(to)
	}
	return b.String()
}

var shifts = map[string]shift{
	"sup": {"^", pairs("0123456789+-−=()abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")},
	"sub": {"_", pairs("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")},
}

func pairs(from, to string) map[rune]rune {
	m, shifted := map[rune]rune{}, []rune(to)
	for i, r := range []rune(from) {
		m[r] = shifted[i]
	}
	return m
}
