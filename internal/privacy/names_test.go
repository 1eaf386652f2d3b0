package privacy

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWhatLooksLikeAName(t *testing.T) {
	for text, want := range map[string]bool{
		"Bo Anna Kowalska tak mówi.":                    true,
		"Rozmawiamy z Janem.":                           true,
		"Tak powiedziała pani Zielińska":                true,
		"mr Brown said so":                              true,
		"Zgłasza to Oksana":                             true,
		"Pytał o to Ahmed":                              true,
		"Przekazać do: Zdzisława Wąsik, kadry":          true,
		"Bożydar Wąsik mówi co innego":                  true, // at the beginning too
		"Kierownik Zieliński trzyma paszporty":          true,
		"bo jan tak mówi":                               true, // a phone leaves capitals out
		"TAK MÓWI OKSANA":                               true,
		"zabrała je pani zielińska":                     true,
		"pan szewczenko nie pozwala":                    true,
		"Так сказала Оксана":                            true,
		"":                                              false,
		"Bo tak jest bezpieczniej.":                     false,
		"Najpierw rozmowa. Potem dokumenty.":            false,
		"Dzwonimy do KCIK i pytamy.":                    false,
		"Straż Graniczna sprawdzi dokumenty.":           false,
		"Pytamy Państwową Inspekcję Pracy.":             false,
		"La Strada pomoże z noclegiem.":                 false,
		"Osoba jest z Ukrainy, a kierownik z Warszawy.": false,
		"The Border Guard asks first.":                  false,
		"Pan kierownik nie może przy tym być.":          false,
		"pani psycholożka ma dyżur":                     false,
		"Z Ukrainy i z Filipin, a marka auta obca":      false,
		"W Warszawie nie ma miejsc.":                    false,
		"Nie wiemy, czy to dług. Kartka nie wystarcza.": false,
	} {
		if got := Names(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// Whatever a sentence in small letters says, it names nobody; and a name is seen wherever in it that stands.
func TestANameIsSeenWhereverItStands(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[a-ząćęłńóśźż]{2,8}`), 1, 8).Draw(t, "words")
		if text := strings.Join(words, " "); Names(text) {
			t.Fatalf("%q", text)
		}
		at := rapid.IntRange(0, len(words)).Draw(t, "at")
		text := strings.Join(append(append(append([]string{}, words[:at]...), "Katarzyna"), words[at:]...), " ")
		if !Names(text) {
			t.Fatalf("%q", text)
		}
	})
}
