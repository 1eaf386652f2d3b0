package search

import (
	"fmt"
	"os"
	"path"
	"strings"
	"testing"
)

// benchTags are the languages of the site.
var benchTags = []string{"pl", "en", "uk", "ru", "ar", "vi"}

// benchDocs returns 40 texts of some 200 words in each language: the paragraphs of the site's articles, put together anew.
func benchDocs(b *testing.B) []Doc {
	b.Helper()
	var docs []Doc
	for _, tag := range benchTags {
		dir := path.Join("../../site", tag)
		files, err := os.ReadDir(dir)
		if err != nil {
			b.Fatal(err)
		}
		var paragraphs []string
		for _, f := range files {
			if path.Ext(f.Name()) != ".md" {
				continue
			}
			text, err := os.ReadFile(path.Join(dir, f.Name()))
			if err != nil {
				b.Fatal(err)
			}
			paragraphs = append(paragraphs, strings.Split(string(text), "\n\n")...)
		}
		for i := range 40 {
			d := Doc{ID: fmt.Sprint(tag, i), Lang: tag, Title: paragraphs[i*5%len(paragraphs)]}
			for j := range 8 {
				d.Body += paragraphs[(i*7+j*11)%len(paragraphs)] + "\n"
			}
			docs = append(docs, d)
		}
	}
	return docs
}

// BenchmarkSearch searches 240 texts in six languages: a word, words of another language, words in Latin letters, mistyped ones, and
// as much as a query may be.
func BenchmarkSearch(b *testing.B) {
	s := siteSynonyms(b)
	x := New("pl", s)
	for _, d := range benchDocs(b) {
		x.Add(d)
	}
	for _, c := range []struct{ name, query string }{
		{"word", "paszport"},
		{"words", "szef nie zapłacił za pracę"},
		{"foreign", "صاحب العمل"},
		{"roman", "rabota dokumenty"},
		{"mistyped", "paszprot pracodwca"},
		{"longest", strings.Repeat("szef boss начальник umowa pracodawca paszport dokumenty zabrali policja telefon pomoc ubezpieczenie zezwolenie ", 20)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if len(x.Search(c.query, 20)) == 0 {
					b.Fatal("nothing found")
				}
			}
		})
	}
}

// BenchmarkIndex makes the index of 240 texts.
func BenchmarkIndex(b *testing.B) {
	s, docs := siteSynonyms(b), benchDocs(b)
	b.ReportAllocs()
	for b.Loop() {
		x := New("pl", s)
		for _, d := range docs {
			x.Add(d)
		}
	}
}
