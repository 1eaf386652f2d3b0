package search

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawIndex makes an index of some documents, with what is known of the site's languages.
func drawIndex(t *rapid.T, s *Synonyms) (*Index, []Doc) {
	tags := []string{"pl", "en", "uk", "ru", "ar", "vi", "xx", ""}
	x := New(rapid.SampledFrom(tags[:6]).Draw(t, "lang"), s)
	var docs []Doc
	for i := range rapid.IntRange(0, 5).Draw(t, "documents") {
		d := Doc{
			ID: fmt.Sprint(i), Lang: rapid.SampledFrom(tags).Draw(t, "lang"),
			Title: texts().Draw(t, "title"), Summary: texts().Draw(t, "summary"), Body: texts().Draw(t, "body"),
		}
		x.Add(d)
		docs = append(docs, d)
	}
	return x, docs
}

func TestDocumentIsFoundByItsOwnWords(t *testing.T) {
	s := siteSynonyms(t)
	rapid.Check(t, func(t *rapid.T) {
		x, docs := drawIndex(t, s)
		for _, d := range docs {
			for _, w := range split(d.Title+"\n"+d.Body, 20) {
				if !has(x.Search(w.written, len(docs)), d.ID) {
					t.Fatalf("%q does not find %+v", w.written, d)
				}
			}
		}
	})
}

func TestSearchIsBounded(t *testing.T) {
	s := siteSynonyms(t)
	rapid.Check(t, func(t *rapid.T) {
		x, docs := drawIndex(t, s)
		query := strings.Repeat(rapid.OneOf(texts(), rapid.Just("boss"), rapid.Just("صاحب العمل")).Draw(t, "query")+" ", rapid.IntRange(1, 60).Draw(t, "times"))
		limit := rapid.IntRange(-1, 10).Draw(t, "limit")
		if n := len(x.slots(query)); n > mostQueryWords {
			t.Fatalf("%d words of the query count", n)
		}
		hits := x.Search(query, limit)
		if len(hits) > max(0, limit) || len(hits) > len(docs) {
			t.Fatalf("%d hits", len(hits))
		}
		seen := map[string]bool{}
		for i, h := range hits {
			if seen[h.ID] || !slices.ContainsFunc(docs, func(d Doc) bool { return d.ID == h.ID }) {
				t.Fatalf("%q is no document or there twice", h.ID)
			}
			seen[h.ID] = true
			if h.Score <= 0 || h.Score >= mostQueryWords+1 || i > 0 && h.Score > hits[i-1].Score {
				t.Fatalf("scores %v", hits)
			}
		}
		if again := x.Search(query, limit); !slices.Equal(again, hits) {
			t.Fatalf("%v, then %v", hits, again)
		}
	})
}

func TestWrongLetterIsNeverAboveTheWord(t *testing.T) {
	letters := rapid.RuneFrom([]rune("abcdefghijklmnop"))
	rapid.Check(t, func(t *rapid.T) {
		word := []rune(rapid.StringOfN(letters, 5, 12, -1).Draw(t, "word"))
		wrong := slices.Clone(word)
		at := rapid.IntRange(0, len(word)-1).Draw(t, "at")
		wrong[at] = 'q' + rune(rapid.IntRange(0, 5).Draw(t, "wrong"))
		x := New("pl", nil)
		x.Add(Doc{ID: "b", Body: string(word)})
		many := strings.Repeat(string(wrong)+" ", rapid.IntRange(1, 30).Draw(t, "times"))
		x.Add(Doc{ID: "a", Title: many, Summary: many, Body: many})
		for i := range rapid.IntRange(0, 30).Draw(t, "others with the word") {
			x.Add(Doc{ID: fmt.Sprintf("c%d", i), Body: string(word)})
		}
		hits := x.Search(string(word), 100)
		if len(hits) < 2 || hits[len(hits)-1].ID != "a" {
			t.Fatalf("%q: the text with %q is not the last: %v", string(word), string(wrong), hits)
		}
	})
}

func has(hits []Hit, id string) bool {
	return slices.ContainsFunc(hits, func(h Hit) bool { return h.ID == id })
}
