package search

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// known reads what is known of a made-up language, so that a test shows by itself which bound it is about.
func known(t *testing.T, languages string) *Synonyms {
	t.Helper()
	s, err := Load(strings.NewReader("languages:\n" + strings.ReplaceAll(languages, "\t", "  ")))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestWordsAtTheBounds: what is just long enough is found, and what is a letter shorter is not.
func TestWordsAtTheBounds(t *testing.T) {
	cyrillic := known(t, "\tru:\n\t\troman: [{д: d, о: o, л: l, г: g, и: i, а: a, м: m, х: h, т: t}]\n")
	for _, c := range []struct {
		what, query, text string
		synonyms          *Synonyms
		want              bool
	}{
		{"a beginning of three", "pra", "praca", nil, true}, {"of two", "pr", "praca", nil, false},
		{"five letters, one wrong", "nerki", "nerka", nil, true}, {"four letters", "nerk", "nery", nil, false}, {"four for five", "nera", "nerka", nil, false},
		{"one missing", "paszprt", "paszport", nil, true}, {"one too many", "paszpoort", "paszport", nil, true}, {"two too many", "paszpooort", "paszport", nil, false}, {"two missing", "paszrt", "paszport", nil, false},
		{"four Latin letters of a Cyrillic word", "dolg", "долгами", cyrillic, true}, {"three", "dol", "долгами", cyrillic, false},
		{"another vowel behind four", "dolgo", "долги", cyrillic, true}, {"behind three", "dola", "долги", cyrillic, false},
		{"three letters in the place of a vowel", "dolgo", "долгами", cyrillic, true}, {"four", "dolgo", "долгамих", cyrillic, false},
		{"the same without its vowel", "dolgo", "долг", cyrillic, true},
	} {
		x := New("ru", c.synonyms)
		x.Add(Doc{ID: "page", Body: c.text})
		if got := slices.Contains(hits(x, c.query), "page"); got != c.want {
			t.Errorf("%s: %q finds %q: %v", c.what, c.query, c.text, got)
		}
	}
}

// TestHowMuchOfAQueryCounts: twelve different words, a thousand bytes cut between letters, and numbers of twenty digits.
func TestHowMuchOfAQueryCounts(t *testing.T) {
	x := New("pl", nil)
	var words []string
	for i := range mostQueryWords + 1 {
		words = append(words, "słowo"+string(rune('a'+i)))
		x.Add(Doc{ID: fmt.Sprint(i), Body: words[i]})
	}
	var got []string
	for _, s := range x.slots(strings.Join(append(words[:2:2], words...), " ")) {
		got = append(got, s.written)
	}
	if !slices.Equal(got, words[:mostQueryWords]) {
		t.Errorf("of %q count %q", words, got)
	}
	for before := mostQuery - 2; before <= mostQuery; before++ { // the last letter takes two bytes
		query := strings.Repeat("a ", before/2) + strings.Repeat("b", before%2) + "łb"
		last := x.slots(query)
		want := map[int]string{mostQuery - 2: "ł", mostQuery - 1: "b", mostQuery: "a"}[before]
		if s := last[len(last)-1]; s.written != want || !utf8.ValidString(s.written) {
			t.Errorf("%d bytes before the letter: the last word is %q, want %q", before, s.written, want)
		}
	}
	if got := joined(split("12345 67890 12345 67890", 9)); got[0] != "12345678901234567890" {
		t.Errorf("twenty digits are %q", got)
	}
	if got := joined(split("12345 67890 12345 678901", 9)); got[0] != "" || got[1] != "6789012345678901" {
		t.Errorf("twenty-one digits are %q", got)
	}
	v := vocabulary[int]{}
	for i := range mostCompletion + 5 {
		v.add(fmt.Sprintf("a%04d", i), i)
	}
	if got := v.beginning("a"); len(got) != mostCompletion || got[0] != "a0000" {
		t.Errorf("%d words begin alike, from %q", len(got), got[0])
	}
	if got := v.beginning("a0001"); len(got) != 0 {
		t.Errorf("a word begins itself: %q", got)
	}
}

// TestWordsThatAreNone: signs that fold to nothing are no words, an apostrophe ends no text, and a text of which nothing counts has no words.
func TestWordsThatAreNone(t *testing.T) {
	for text, want := range map[string]string{"boss' ": "boss", "boss'": "boss", "' x": "x", "ء x": "x", "ـ": "", "a 'b": "a b", "o'": "o"} {
		var got []string
		for _, w := range split(text, 9) {
			got = append(got, w.written)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q", text, got)
		}
	}
	if got := split("a", 0); len(got) != 0 {
		t.Errorf("none wanted: %q", got)
	}
}

// TestStemsAreLongEnough: a stem has three letters at least, behind endings, particles and beginnings alike; two are enough behind a
// beginning of two, as the Arabic article is.
func TestStemsAreLongEnough(t *testing.T) {
	s := known(t, "\txx:\n\t\tendings: [a, ami, ce>k/c]\n\t\tenclitics: [sia]\n\t\tbeginnings: [o, al]\n\t\tforms: {iti: [idz]}\n")
	l := s.language("xx")
	for word, want := range map[string][]string{
		"doma": {"dom"}, "doa": {"doa"}, "domami": {"dom"}, "doami": {"doami"}, "rece": {"rek", "rec"}, "rce": {"rce"}, "a": {"a"}, "1a": {"1a"}, "12": {"12"},
		"domasia": {"domasi", "dom"}, "dosia": {"dosi"}, "domsia": {"domsi", "dom"},
		"odom": {"odom", "dom"}, "odo": {"odo"}, "aldom": {"aldom", "dom"}, "aldo": {"aldo", "do"}, "ald": {"ald"},
		"idz": {"iti"}, "alidz": {"alidz", "iti"}, "odomsia": {"odomsi", "odom", "domsi", "dom"},
	} {
		if got := l.stems(word); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", word, got, want)
		}
	}
	if got := s.language("yy").stems("doma"); !slices.Equal(got, []string{"doma"}) {
		t.Errorf("of an unknown language: %q", got)
	}
}

// TestLatinLettersAreEvenedOut as romanisations differ; words that are not wholly in them are left alone.
func TestLatinLettersAreEvenedOut(t *testing.T) {
	for word, want := range map[string]string{"yuryst": "iurist", "juryst": "iurist", "wizza": "viza", "jy": "i", "": ""} {
		if got := loose(word); got != want {
			t.Errorf("%q: %q", word, got)
		}
	}
	for word, want := range map[string]bool{"dom": true, "dom9": true, "0": true, "дом": false, "doм": false, "": false, "a:": false, "a/": false} {
		if isLatin(word) != want {
			t.Errorf("%q: %v", word, !want)
		}
	}
	for word, want := range map[string]bool{"09": true, "": false, "1a": false, "1:": false, "1/": false} {
		if numeric(word) != want {
			t.Errorf("%q: %v", word, !want)
		}
	}
}
