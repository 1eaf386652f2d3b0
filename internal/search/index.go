package search

import (
	"slices"
	"sync"
)

// Doc is a document to be found.
type Doc struct {
	ID                   string
	Lang                 string // of its text; "" is the index's
	Title, Summary, Body string
}

// Weights of a word by where it stands. A word that is there often counts up to half more.
const (
	inTitle   = 8.0
	inSummary = 3.0
	inBody    = 1.0
)

// mostWords is how many words of a text count.
const mostWords = 50_000

// Index finds documents. It may be searched by many at once, also while a document is added.
type Index struct {
	lang     string
	synonyms *Synonyms

	mu     sync.RWMutex
	ids    []string
	docs   map[string]int // id -> place in ids
	langs  []string       // of documents; sorted
	terms  []*term
	known  map[[2]string]*term
	folded vocabulary[*term] // folded word -> terms
	stems  map[string]*vocabulary[*term]
	roman  vocabulary[*term] // Cyrillic words in Latin letters
	plain  vocabulary[*term] // Latin words, spelled loosely, for queries in Cyrillic
	groups map[int][]posting
}

// term is a word as it is written in documents of a language.
type term struct {
	lang, written string
	postings      []posting
}

type posting struct {
	doc    int
	weight float64
}

// vocabulary knows terms, or words, by a key.
type vocabulary[T comparable] struct {
	terms  map[string][]T
	sorted []string
	bySize map[int][][]rune // keys by the number of their letters
}

// New returns an empty index of texts in a language. What is known of it is in the synonyms, which may be nil.
func New(lang string, synonyms *Synonyms) *Index {
	return &Index{lang: lang, synonyms: synonyms, docs: map[string]int{}, known: map[[2]string]*term{}, stems: map[string]*vocabulary[*term]{}, groups: map[int][]posting{}}
}

func (v *vocabulary[T]) add(key string, t T) {
	if v.terms == nil {
		v.terms, v.bySize = map[string][]T{}, map[int][][]rune{}
	}
	if _, ok := v.terms[key]; !ok {
		r := []rune(key)
		v.sorted = append(v.sorted, key)
		v.bySize[len(r)] = append(v.bySize[len(r)], r)
	}
	if !slices.Contains(v.terms[key], t) {
		v.terms[key] = append(v.terms[key], t)
	}
}

// counts is how often something stands in the title, the summary and the body.
type counts [3]int

func (c counts) weight() float64 {
	sum := 0.0
	for i, w := range [3]float64{inTitle, inSummary, inBody} {
		n := float64(c[i])
		sum += w * 1.5 * n / (n + 0.5)
	}
	return sum
}

// Add takes a document into the index. Two of one ID are one document with the texts of both.
func (x *Index) Add(d Doc) {
	if d.Lang == "" {
		d.Lang = x.lang
	}
	l := x.synonyms.language(d.Lang)
	words, groups := map[word]counts{}, map[int]counts{}
	for field, text := range []string{d.Title, d.Summary, d.Body} {
		list := split(text, mostWords)
		numbers := joined(list)
		for i, w := range list {
			c := words[w]
			c[field]++
			words[w] = c
			if numbers[i] != "" {
				w = word{numbers[i], numbers[i]}
				c = words[w]
				c[field]++
				words[w] = c
			}
		}
		l.means(list, nil, func(p phrase, _ int) {
			c := groups[p.group]
			c[field]++
			groups[p.group] = c
		})
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	doc, ok := x.docs[d.ID]
	if !ok {
		doc = len(x.ids)
		x.docs[d.ID] = doc
		x.ids = append(x.ids, d.ID)
	}
	if i, ok := slices.BinarySearch(x.langs, d.Lang); !ok {
		x.langs = slices.Insert(x.langs, i, d.Lang)
		x.stems[d.Lang] = &vocabulary[*term]{}
	}
	for w, c := range words {
		t := x.term(d.Lang, l, w)
		t.postings = append(t.postings, posting{doc, c.weight()})
	}
	for g, c := range groups {
		x.groups[g] = append(x.groups[g], posting{doc, c.weight()})
	}
	for _, v := range []*vocabulary[*term]{&x.folded, &x.roman, &x.plain} { // nearly sorted already
		slices.Sort(v.sorted)
	}
}

// term returns the term of a word, made at need.
func (x *Index) term(lang string, l *language, w word) *term {
	key := [2]string{lang, w.written}
	if t := x.known[key]; t != nil {
		return t
	}
	t := &term{lang: lang, written: w.written}
	x.known[key] = t
	x.terms = append(x.terms, t)
	x.folded.add(w.folded, t)
	for _, stem := range l.stems(w.folded) {
		x.stems[lang].add(stem, t)
	}
	for _, r := range l.latin(w.written) {
		x.roman.add(r, t)
	}
	if !numeric(w.folded) && isLatin(w.folded) {
		x.plain.add(loose(w.folded), t)
	}
	return t
}
