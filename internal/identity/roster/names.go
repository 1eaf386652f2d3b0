package roster

import (
	_ "embed"
	"strings"
	"unicode"

	"ostoja/internal/text"
)

//go:embed givennames.txt
var givenNamesText string

// givenNames are common given names, by which the order of names is told.
var givenNames = func() map[string]bool {
	m := map[string]bool{}
	for _, n := range strings.Fields(givenNamesText) {
		m[text.Search(n)] = true
	}
	return m
}()

// Order says which name is first where both stand in one column, or whether two columns hold what their headings say.
type Order string

// The orders that a person can choose. The zero value is what the header and the rows say.
const (
	GivenFirst  Order = "given"
	FamilyFirst Order = "family"
	Exchanged   Order = "exchanged"
)

// orders lists those that can be chosen for one column of names.
var orders = []Order{FamilyFirst, GivenFirst}

// orderIn tells from the rows in which order the names in one column stand: the header says it, but "Imię i nazwisko" often stands above
// "Kowalska Anna", so that given names in the rows are right where they plainly say otherwise.
func orderIn(header string, names []string) Order {
	order, folded := GivenFirst, text.Search(header)
	for _, first := range []string{"nazwisk", "surname", "last", "family", "прізвищ", "фамили"} {
		if strings.HasPrefix(folded, first) {
			order = FamilyFirst
		}
	}
	first, last := 0, 0
	for _, name := range names {
		switch evidence(name) {
		case GivenFirst:
			first++
		case FamilyFirst:
			last++
		}
	}
	if n := first + last; n >= 3 && max(first, last)*10 >= n*7 {
		if order = GivenFirst; last > first {
			order = FamilyFirst
		}
	}
	return order
}

// evidence says in which order a full name stands, "" if it does not tell: a comma and capitals say that the family name is first,
// as in "KOWALSKA Anna", and so does a given name at one end alone.
func evidence(name string) Order {
	if f, g, ok := strings.Cut(name, ","); ok && strings.TrimSpace(f) != "" && strings.TrimSpace(g) != "" {
		return FamilyFirst
	}
	words := strings.Fields(name)
	if len(words) < 2 {
		return ""
	}
	head, tail := words[0], words[len(words)-1]
	switch {
	case shouted(head) && !shouted(tail):
		return FamilyFirst
	case shouted(tail) && !shouted(head):
		return GivenFirst
	}
	switch given, family := isGiven(head), isGiven(tail); {
	case given && !family:
		return GivenFirst
	case family && !given:
		return FamilyFirst
	}
	return ""
}

func isGiven(word string) bool { return givenNames[text.Search(word)] }

// exchanged says whether the names of two columns stand in each other's: the family name is a given name, and the given name is none.
func exchanged(given, family string) bool {
	g, f := strings.Fields(given), strings.Fields(family)
	return len(g) > 0 && len(f) > 0 && isGiven(f[0]) && !isGiven(g[0])
}

// splitName takes a full name apart.
func splitName(name string, order Order) (given, family string) {
	if f, g, ok := strings.Cut(name, ","); ok {
		return text.Clean(g), text.Clean(f)
	}
	words := strings.Fields(name)
	switch n := len(words); {
	case n == 0:
		return "", ""
	case n == 1:
		return "", words[0]
	case order == FamilyFirst:
		return strings.Join(words[1:], " "), words[0]
	default:
		return strings.Join(words[:n-1], " "), words[n-1]
	}
}

func shouted(s string) bool {
	letters := 0
	for _, r := range s {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			letters++
		}
	}
	return letters > 1
}

// properCase turns "KOWALSKA-NOWAK" and "anna" into a name; what has both kinds of letters is left as it was written. Behind an
// apostrophe a capital stands only after one Latin letter: O'Connor, D'Angelo, but Мар'яна and Solov'iov.
func properCase(s string) string {
	if !shouted(s) && s != strings.ToLower(s) {
		return s
	}
	var b strings.Builder
	letters, latin := 0, true // of the part of the word so far
	for _, r := range s {
		switch {
		case r == ' ' || text.Marks(string(r)) == "-":
			letters, latin = 0, true
		case text.Marks(string(r)) == "'":
			if letters == 1 && latin {
				letters = 0
			}
		default:
			if letters == 0 {
				r = unicode.ToUpper(r)
			} else {
				r = unicode.ToLower(r)
			}
			letters, latin = letters+1, latin && unicode.Is(unicode.Latin, r)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// misread returns a sign that no name holds but a file that was read in another encoding than it was written in; ok is false if
// there is none.
func misread(name string) (sign rune, ok bool) {
	for _, r := range name {
		if r > unicode.MaxASCII && text.Marks(string(r)) == string(r) && (unicode.In(r, unicode.S, unicode.No, unicode.Co, unicode.Cs) || r == '¿' || r == '¡' || r == '§' || r == '¶' || r == '‰' || r == '†' || r == '‡') {
			return r, true
		}
	}
	return 0, false
}
