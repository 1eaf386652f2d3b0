package search

import (
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// What readers of six languages typed, and the articles of which one has to be among the first three.
func TestWhatReadersTyped(t *testing.T) {
	b, err := os.ReadFile("testdata/search.tsv")
	if err != nil {
		t.Fatal(err)
	}
	indexes := map[string]*Index{}
	for line := range strings.Lines(string(b)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		parts := strings.Split(strings.TrimSpace(line), "\t")
		tag, query, wanted := parts[0], parts[1], strings.Split(parts[2], "|")
		if indexes[tag] == nil {
			indexes[tag] = articles(t, tag)
		}
		if got := hits(indexes[tag], query); !slices.ContainsFunc(got[:min(3, len(got))], func(id string) bool { return slices.Contains(wanted, id) }) {
			t.Errorf("%s: %q finds %q, want one of %q among the first three", tag, query, got, wanted)
		}
	}
}

// inDanger are words of people who are beaten, raped, locked in or at their end: as spoken, inflected, misspelt, without marks, in Latin letters.
var inDanger = map[string][]string{
	"pl": {"mąż mnie bije", "bije", "mnie bije", "biją mnie", "maz mnie bije", "on mnie pobił", "pobili mnie w pracy", "zgwałcił mnie", "zgwalcil mnie", "zgwałcono mnie", "gwałt", "molestowanie", "zamknęli mnie", "zamkneli mnie w pokoju", "nie mogę wyjść",
		"chcę się zabić", "samobójstwo", "samobojstwo", "jestem głodna", "nie mam co jeść", "997", "112", "999", "grozi mi śmiercią", "szef mi grozi", "boję się", "uciekłam", "ratunku", "przemoc domowa", "przemocc", "dusi mnie"},
	"en": {"he beats me", "my husband hits me", "he hit me", "raped", "i was raped", "rape", "rapped me", "locked in", "they locked me in the room", "suicide", "i want to die", "kill myself", "hungry", "nothing to eat", "999", "911", "threatens me",
		"i am afraid", "afraid of my boss", "domestic violence", "vilence", "run away", "emergancy"},
	"uk": {"чоловік мене б'є", "чоловік мене бʼє", "мене бють", "шеф б'є", "зґвалтували", "мене зґвалтував", "згвалтували", "замкнули", "мене зачинили", "самогубство", "не хочу жити", "голодна", "немає їжі", "102", "103", "погрожує вбити", "боюся", "boiusia", "nasylstvo", "насилство"},
	"ru": {"муж меня бьет", "бьют", "муж бьёт", "меня избили", "изнасиловали", "изнасиловал", "меня заперли", "самоубийство", "не хочу жить", "хочу умереть", "голодная", "нечего есть", "102", "112", "угрожает убить", "боюсь", "nasilie", "iznasilovali", "изнасиловалли", "насилее"},
	"ar": {"زوجي يضربني", "يضربني", "اغتصبني", "اغتصاب", "اغتصبوني", "حبسوني", "محبوسة", "انتحار", "أريد أن أموت", "جائع", "لا يوجد طعام", "٩٩٧", "997", "يهددني", "سيقتلني", "خائفة", "النجدة"},
	"vi": {"chồng đánh tôi", "bị đánh", "bi danh dap", "hiếp dâm", "hiep dam", "bị cưỡng hiếp", "nhốt tôi", "bị nhốt", "tự tử", "muốn chết", "đói", "không có ăn", "112", "113", "dọa giết", "sợ hãi", "bạo hành", "bao luc"},
}

// Whatever the language of the page on which they are typed.
func TestWhoIsInDangerIsLedToHelpFirst(t *testing.T) {
	for tag := range inDanger {
		x := articles(t, tag)
		for lang, queries := range inDanger {
			for _, query := range queries {
				if got := hits(x, query); len(got) == 0 || got[0] != "danger" {
					t.Errorf("on the page in %s, %q (%s) finds %q, want danger first", tag, query, lang, got[:min(3, len(got))])
				}
			}
		}
	}
}

// Each word that the site knows leads to one of the articles of its group, in its own language and in each other's, also without marks and with
// one letter wrong.
func TestEachWordOfAGroupLeadsSomewhere(t *testing.T) {
	s := siteSynonyms(t)
	for tag := range asked {
		x := articles(t, tag)
		nowhere, misspelt, words := 0, 0, 0
		for _, g := range s.groups {
			if len(g.leads) == 0 {
				t.Fatalf("the group %s leads nowhere", g.id)
			}
			for lang, list := range g.words {
				for _, text := range list {
					words++
					got := hits(x, text)
					if !slices.ContainsFunc(g.leads, func(id string) bool { return slices.Contains(got, id) }) {
						nowhere++
						t.Errorf("%s: %q of %s (%s) finds %q", tag, text, g.id, lang, got)
					}
					if g.urgent && (len(got) == 0 || got[0] != g.leads[0]) {
						t.Errorf("%s: %q of %s (%s) finds %q first", tag, text, g.id, lang, got[:min(2, len(got))])
					}
					if lang != tag {
						continue
					}
					if len(hits(x, fold(text))) == 0 {
						t.Errorf("%s: %q without marks finds nothing", tag, fold(text))
					}
					if wrong := mistype(text); wrong != "" && len(hits(x, wrong)) == 0 {
						misspelt++
						t.Errorf("%s: %q, mistyped for %q, finds nothing", tag, wrong, text)
					}
				}
			}
		}
		if words < 2000 {
			t.Errorf("only %d words", words)
		}
		t.Logf("%s: of %d words %d lead nowhere, %d misspelt find nothing", tag, words, nowhere, misspelt)
	}
}

// mistype doubles a letter in the middle of a long word; "" where words are too short to guess at.
func mistype(text string) string {
	words := strings.Fields(text)
	for i, w := range words {
		if utf8.RuneCountInString(fold(w)) >= leastTypo {
			r := []rune(w)
			middle := len(r) / 2
			words[i] = string(slices.Insert(r, middle, r[middle]))
			return strings.Join(words, " ")
		}
	}
	return ""
}

// The leads of the shipped groups are articles, or pages, of the site.
func TestLeadsExist(t *testing.T) {
	files, err := os.ReadDir("../../site/pl")
	if err != nil {
		t.Fatal(err)
	}
	var known []string
	for _, f := range files {
		known = append(known, strings.TrimSuffix(f.Name(), path.Ext(f.Name())))
	}
	for _, g := range siteSynonyms(t).groups {
		for _, id := range g.leads {
			if page, ok := strings.CutPrefix(id, "page:"); !slices.Contains(known, id) && (!ok || page != "services" && page != "check") {
				t.Errorf("%s leads to %q, which the site does not have", g.id, id)
			}
		}
		if g.urgent && g.leads[0] != "danger" {
			t.Errorf("%s is urgent and leads to %s first", g.id, g.leads[0])
		}
	}
}
