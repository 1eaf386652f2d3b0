package search

import (
	"bytes"
	"os"
	"testing"
)

func FuzzLoad(f *testing.F) {
	b, err := os.ReadFile("../../site/search.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	for _, text := range []string{
		"", "#", "---", "languages: {pl: {}}", "languages: &a {pl: *a}", "languages: {pl: {<<: {stop: [a]}}}", "languages: {pl: {endings: [ce>k/c, \">\"]}}",
		"languages: {ru: {roman: [{ж: zh}], enclitics: [ся]}}\ngroups: {a: {ru: [да, нет]}}", "? [a]\n: b", "!!binary a: b",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := Load(bytes.NewReader(b))
		if (s == nil) == (err == nil) {
			t.Fatalf("%v, %v", s, err)
		}
		if err != nil {
			return
		}
		for _, tag := range s.tags { // whatever was loaded can be searched with
			x := New(tag, s)
			x.Add(Doc{ID: "a", Title: "praca пошук عمل", Body: string(b)})
			if got := x.Search("praca", 10); len(got) != 1 {
				t.Fatalf("%s: praca is not found", tag)
			}
		}
	})
}

func FuzzSearch(f *testing.F) {
	for _, c := range reached {
		f.Add(c.query, c.text)
	}
	f.Add("\xff\xfe", "\u0301a 1 2 3")
	f.Fuzz(func(t *testing.T, query, text string) {
		s := siteSynonyms(t)
		for _, tag := range []string{"pl", "uk", "ar", "vi"} {
			x := New(tag, s)
			x.Add(Doc{ID: "a", Body: text})
			x.Add(Doc{ID: "b", Title: query})
			got := x.Search(query, 2)
			if len(got) > 2 || len(x.slots(query)) > mostQueryWords {
				t.Fatalf("%s: %v", tag, got)
			}
			if len(x.slots(query)) > 0 && !has(got, "b") {
				t.Fatalf("%s: %q does not find itself: %v", tag, query, got)
			}
		}
	})
}
