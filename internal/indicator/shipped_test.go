package indicator_test

import (
	"strings"
	"testing"
	"unicode"

	"ostoja/indicators"
	"ostoja/internal/course/indicatorfile"
	"ostoja/internal/indicator"
)

func shipped(t *testing.T) indicator.List {
	t.Helper()
	list, err := indicatorfile.Load(indicators.Folder)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// A list that is too long is not read in a corridor, and one that is too short sends people away with what they saw unnamed.
func TestEachPlaceHasEnoughAndNotTooMuch(t *testing.T) {
	list := shipped(t)
	if len(list) < 44 || len(list) > 56 {
		t.Errorf("%d indicators", len(list))
	}
	for _, place := range indicator.Places {
		if n := len(list.For(place, indicator.Anyone)); n < 12 || n > 22 {
			t.Errorf("%s: %d indicators", place, n)
		}
		for _, who := range []string{indicator.Adult, indicator.Child} {
			if n := len(list.For(place, who)); n < 9 {
				t.Errorf("%s, %s: %d indicators", place, who, n)
			}
		}
		aboutChildren := 0
		for _, x := range list.For(place, indicator.Child) {
			if x.Who == indicator.Child {
				aboutChildren++
			}
		}
		if aboutChildren == 0 {
			t.Errorf("%s: none is about children", place)
		}
	}
}

// Few things say much alone, and whoever reads the list must learn it from the list: each place has weak ones beside, and every group is used.
func TestFewAreStrongAlone(t *testing.T) {
	list := shipped(t)
	count, groups := map[string]int{}, map[string]int{}
	last := 0
	for _, x := range list {
		count[x.Alone]++
		groups[x.Group]++
		at := 0
		for i, g := range indicator.Groups {
			if g == x.Group {
				at = i
			}
		}
		if at < last {
			t.Errorf("%s stands behind a later group", x.ID)
		}
		last = at
	}
	if count[indicator.Strong]*5 > len(list) || count[indicator.Weak]*3 < len(list) {
		t.Errorf("%v of %d", count, len(list))
	}
	for _, g := range indicator.Groups {
		if groups[g] == 0 {
			t.Errorf("none is of the group %s", g)
		}
	}
	for _, place := range indicator.Places {
		weak := 0
		for _, x := range list.For(place, indicator.Anyone) {
			if x.Alone == indicator.Weak {
				weak++
			}
		}
		if weak < 3 {
			t.Errorf("%s: %d weak ones", place, weak)
		}
	}
}

// verdicts are words that say what somebody is, and stems of words for the crime, in the six languages: a notice says what there is to see or hear.
var verdicts = []string{
	"ofiar", "handel", "handlu", "sprawc", "victim", "traffick", "perpetrator", "exploit", "wyzysk", "жертв", "торгівл", "торговл", "злочин", "преступ", "експлуат", "эксплуат",
	"ضحية", "ضحايا", "اتجار", "استغلال", "nạn nhân", "buôn người", "bóc lột", "tội phạm",
}

func TestANoticeIsNoVerdict(t *testing.T) {
	for _, x := range shipped(t) {
		for lang, notice := range x.Notice {
			for _, word := range verdicts {
				if strings.Contains(strings.ToLower(notice), word) {
					t.Errorf("%s in %q says %q", x.ID, lang, word)
				}
			}
			if strings.ContainsFunc(notice, unicode.IsDigit) || strings.HasSuffix(notice, ".") || strings.TrimSpace(notice) != notice {
				t.Errorf("%s in %q: %q", x.ID, lang, notice)
			}
		}
	}
}

// scripts tell a text in the wrong place from one in its language.
var scripts = map[string]*unicode.RangeTable{"pl": unicode.Latin, "en": unicode.Latin, "uk": unicode.Cyrillic, "ru": unicode.Cyrillic, "ar": unicode.Arabic, "vi": unicode.Latin}

// foreign are letters of its script that a language does not have, and its neighbour in the list does.
var foreign = map[string]string{"uk": "ыэъё", "ru": "іїєґ", "en": "ąćęłńśźż", "pl": "đơưă", "vi": "ąęłńśźż"}

func TestEachLanguageIsInItsScript(t *testing.T) {
	for _, x := range shipped(t) {
		if len(x.Notice) != len(indicator.Languages) {
			t.Errorf("%s is in %v", x.ID, x.Notice.Languages())
		}
		for lang, notice := range x.Notice {
			for _, r := range notice {
				if unicode.IsLetter(r) && !unicode.Is(scripts[lang], r) {
					t.Errorf("%s in %q: %q in %q", x.ID, lang, r, notice)
					break
				}
			}
			if strings.ContainsAny(strings.ToLower(notice), foreign[lang]) {
				t.Errorf("%s in %q has letters of another language: %q", x.ID, lang, notice)
			}
		}
	}
}
