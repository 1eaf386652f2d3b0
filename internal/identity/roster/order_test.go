package roster_test

import (
	"strings"
	"testing"

	"ostoja/internal/identity/roster"
	"ostoja/internal/testrig"
)

// TestRowsTellTheOrderOfNames: at least three rows that tell, seven in ten of them alike, say more than the header; else the header holds.
func TestRowsTellTheOrderOfNames(t *testing.T) {
	w := testrig.New(t)
	const family, given, silent = "Kowalska Anna", "Anna Kowalska", "Tran Van"
	for name, c := range map[string]struct {
		header       string
		family, give int
		silent       int
		want         bool // the family name is first
	}{
		"the header":                {"Imię i nazwisko", 0, 0, 4, false},
		"the other header":          {"Nazwisko i imię", 0, 0, 4, true},
		"in English":                {"Surname and name", 0, 0, 1, true},
		"two rows are too few":      {"Imię i nazwisko", 2, 0, 5, false},
		"three rows":                {"Imię i nazwisko", 3, 0, 0, true},
		"three rows, the other way": {"Nazwisko i imię", 0, 3, 0, false},
		"seven of ten":              {"Imię i nazwisko", 7, 3, 0, true},
		"seven of ten, otherwise":   {"Nazwisko i imię", 3, 7, 0, false},
		"two of three":              {"Imię i nazwisko", 2, 1, 0, false},
		"six of nine, otherwise":    {"Nazwisko i imię", 3, 6, 0, true},
	} {
		lines := c.header + ";E-mail\n"
		for i, row := range map[int]string{0: strings.Repeat(family+"|", c.family), 1: strings.Repeat(given+"|", c.give), 2: strings.Repeat(silent+"|", c.silent)} {
			for j, name := range strings.Split(strings.TrimSuffix(row, "|"), "|") {
				if name != "" {
					lines += name + ";p" + strings.Repeat("x", i*20+j) + "@example.org\n"
				}
			}
		}
		p := testrig.Must(w.Roster.Preview(t.Context(), w.TerespolCoordinator, []byte(lines), roster.Options{UnitID: w.Terespol, Lang: "pl"}))(t)
		if p.FamilyFirst != c.want || len(p.Lines) != c.family+c.give+c.silent {
			t.Errorf("%s: the family name is first: %v, of %d rows", name, p.FamilyFirst, len(p.Lines))
		}
	}
}

// TestWhatTellsTheOrder of names in one row: a comma, capitals, or a given name at one end alone.
func TestWhatTellsTheOrder(t *testing.T) {
	for name, want := range map[string]roster.Order{
		"Kowalska, Anna": roster.FamilyFirst, "Anna,": "", "KOWALSKA Anna": roster.FamilyFirst, "anna KOWALSKA": roster.GivenFirst, "TRAN VAN": "",
		"Anna Kowalska": roster.GivenFirst, "Kowalska Anna": roster.FamilyFirst, "Anna Adam": "", "Tran Van": "", "Anna": "", "": "", "Ż Anna": roster.FamilyFirst,
	} {
		if got := roster.Evidence(name); got != want {
			t.Errorf("%q tells %q, want %q", name, got, want)
		}
	}
	for _, c := range []struct {
		name  string
		order roster.Order
		g, f  string
	}{
		{"Kowalska , Anna Maria", roster.GivenFirst, "Anna Maria", "Kowalska"}, {"", roster.GivenFirst, "", ""}, {"Kowalska", roster.GivenFirst, "", "Kowalska"},
		{"Anna Maria Kowalska", roster.GivenFirst, "Anna Maria", "Kowalska"}, {"Kowalska Anna Maria", roster.FamilyFirst, "Anna Maria", "Kowalska"},
	} {
		if g, f := roster.SplitName(c.name, c.order); g != c.g || f != c.f {
			t.Errorf("%q: %q, %q", c.name, g, f)
		}
	}
	for names, want := range map[[2]string]bool{{"Nowak", "Ewa"}: true, {"Ewa", "Nowak"}: false, {"Ewa", "Adam"}: false, {"Tran", "Van"}: false, {"", "Ewa"}: false, {"Nowak", ""}: false} {
		if got := roster.TurnedRound(names[0], names[1]); got != want {
			t.Errorf("%q: %v", names, got)
		}
	}
	for name, want := range map[string]rune{"Kowalska": 0, "Łukasz": 0, "O’Connor": 0, "Kr³l": '³', "Bo¿ena": '¿', "§": '§', "A+": 0} {
		if got, _ := roster.Misread(name); got != want {
			t.Errorf("%q: %q", name, got)
		}
	}
}
