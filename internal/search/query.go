package search

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds of the work for a query. What is longer is cut.
const (
	mostQuery      = 1000 // bytes
	mostQueryWords = 12   // different ones
	mostCompletion = 300  // words that begin alike
	leastPrefix    = 3    // letters
	leastRoman     = 4    // letters of a romanised beginning
	mostEnding     = 3    // letters that a romanised word may have instead of its last vowels
	leastTypo      = 5    // letters of a word with a wrong one
)

// Weights of what a word of the query and a document have in common.
const (
	asWritten   = 1.0
	asFolded    = 0.95 // the query has no accents at all, so its author leaves them out
	otherAccent = 0.6  // both have accents, but others
	asStem      = 0.8
	asRoman     = 0.7
	asBeginning = 0.6 // times the share of the word that is typed
	asSynonym   = 0.5
	asForeign   = 0.35 // a synonym in another language
	asGuess     = 0.5  // times the weight of the group's word that was likely meant
	asTypo      = 0.03 // the heaviest weighs less than the lightest word itself
)

// Hit is a document that was found. Score has the number of the query's words that were found before the point, and how well they
// were found after it.
type Hit struct {
	ID    string
	Score float64
}

// slot is a word of the query.
type slot struct {
	word
	joined  string          // the whole number, if the word is part of one that was typed with gaps
	meaning map[int]float64 // group -> weight
	best    map[int]float64 // document -> what was found best
	typos   map[int]float64 // the same for wrong letters
	sure    bool            // some document has the word or a form of it
}

// Search returns the documents that the query finds, best first, at most as many as limit.
func (x *Index) Search(query string, limit int) []Hit {
	if limit <= 0 {
		return nil
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	type sum struct {
		words   int
		quality float64
	}
	sums := map[int]sum{}
	urgent := map[int]bool{}
	for _, s := range x.slots(query) {
		x.find(s)
		for group := range s.meaning {
			if g := x.synonyms.groups[group]; g.urgent {
				if doc, ok := x.docs[g.leads[0]]; ok {
					urgent[doc] = true
				}
			}
		}
		rarity := math.Log(1 + float64(len(x.ids))/float64(max(1, len(s.best))))
		for doc, q := range s.best {
			t := sums[doc]
			sums[doc] = sum{t.words + 1, t.quality + q*rarity}
		}
		for doc, q := range s.typos {
			if s.best[doc] != 0 {
				continue
			}
			t := sums[doc]
			if !s.sure {
				t.words++ // the word as typed does not exist, so this is it
			}
			sums[doc] = sum{t.words, t.quality + q*rarity}
		}
	}
	hits := make([]Hit, 0, len(sums))
	for doc, t := range sums {
		score := float64(t.words) + t.quality/(1+t.quality)
		if urgent[doc] {
			score += mostQueryWords // who may be in danger reads this first
		}
		hits = append(hits, Hit{x.ids[doc], score})
	}
	slices.SortFunc(hits, func(a, b Hit) int { return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.ID, b.ID)) })
	return hits[:min(limit, len(hits))]
}

// slots takes a query apart: its different words without stop words, unless there are no others, and what they mean.
func (x *Index) slots(query string) []*slot {
	if len(query) > mostQuery {
		query = query[:mostQuery]
		for len(query) > 0 && !utf8.ValidString(query[max(0, len(query)-utf8.UTFMax):]) && !utf8.RuneStart(query[len(query)-1]) {
			query = query[:len(query)-1]
		}
	}
	words := split(query, mostQuery)
	numbers := joined(words)
	all := make([]*slot, len(words))
	for i, w := range words {
		all[i] = &slot{word: w, joined: numbers[i], meaning: map[int]float64{}, best: map[int]float64{}, typos: map[int]float64{}}
		if i > 0 && numeric(w.folded) && all[i-1].joined != "" {
			all[i].joined = all[i-1].joined
		}
	}
	if x.synonyms != nil {
		for _, tag := range x.synonyms.tags {
			x.meanings(tag, words, all, nil, 1)
		}
		// A word that no text and no group has is likely a wrong spelling of one.
		unknown := make([]bool, len(words))
		for i, w := range words {
			unknown[i] = len(all[i].meaning) == 0 && x.folded.terms[w.folded] == nil
		}
		if slices.Contains(unknown, true) {
			for _, tag := range x.synonyms.tags {
				x.meanings(tag, words, all, unknown, asGuess)
			}
		}
	}
	lang := x.synonyms.language(x.lang)
	var out []*slot
	for _, only := range []bool{true, false} {
		for _, s := range all {
			if only && lang.stops(s.word) {
				continue
			}
			if len(out) < mostQueryWords && !slices.ContainsFunc(out, func(o *slot) bool { return o.folded == s.folded }) {
				out = append(out, s)
			}
		}
		if len(out) > 0 {
			break
		}
	}
	return out
}

// meanings notes which groups the query's words stand for in a language. Words that are unknown may be wrong spellings; what is found counts by the
// share.
func (x *Index) meanings(tag string, words []word, slots []*slot, unknown []bool, share float64) {
	x.synonyms.language(tag).means(words, unknown, func(p phrase, from int) {
		weight := asSynonym
		if tag != x.lang {
			weight = asForeign
			// Short words of two languages look alike by chance.
			if len(p.words) == 1 && utf8.RuneCountInString(p.words[0].folded) < 4 && p.words[0].written != words[from].written {
				return
			}
		}
		for i := range p.words {
			m := slots[from+i].meaning
			m[p.group] = max(m[p.group], share*weight)
		}
	})
}

// find fills in which documents have the word.
func (x *Index) find(s *slot) {
	note := func(into map[int]float64, list []posting, weight float64) {
		for _, p := range list {
			into[p.doc] = max(into[p.doc], p.weight*weight)
		}
	}
	terms := func(into map[int]float64, list []*term, weight float64) {
		for _, t := range list {
			note(into, t.postings, weight)
		}
	}
	for _, t := range x.folded.terms[s.folded] {
		weight := otherAccent
		switch {
		case t.written == s.written:
			weight = asWritten
		case s.written == s.folded:
			weight = asFolded
		}
		note(s.best, t.postings, weight)
	}
	if s.joined != "" {
		terms(s.best, x.folded.terms[s.joined], asWritten)
		for _, key := range x.folded.beginning(s.joined) {
			terms(s.best, x.folded.terms[key], asBeginning)
		}
	}
	for _, lang := range x.langs {
		for _, stem := range x.synonyms.language(lang).stems(s.folded) {
			terms(s.best, x.stems[lang].terms[stem], asStem)
		}
	}
	s.sure = len(s.best) > 0
	x.sound(s, func(list []*term, weight float64) { terms(s.best, list, weight) })
	if n := utf8.RuneCountInString(s.folded); n >= leastPrefix {
		for _, key := range x.folded.beginning(s.folded) {
			terms(s.best, x.folded.terms[key], asBeginning*float64(n)/float64(utf8.RuneCountInString(key)))
		}
	}
	for group, weight := range s.meaning {
		note(s.best, x.groups[group], weight)
		for i, id := range x.synonyms.groups[group].leads {
			if doc, ok := x.docs[id]; ok {
				note(s.best, []posting{{doc, inTitle / float64(i+1)}}, weight)
			}
		}
	}
	x.mistyped(s, func(list []*term) { terms(s.typos, list, asTypo) })
}

// sound finds words that are the same in another script.
func (x *Index) sound(s *slot, found func(list []*term, weight float64)) {
	if isLatin(s.folded) {
		if numeric(s.folded) {
			return
		}
		key := loose(s.folded)
		found(x.roman.terms[key], asRoman)
		if n := utf8.RuneCountInString(key); n >= leastRoman {
			for _, k := range x.roman.beginning(key) {
				found(x.roman.terms[k], asRoman*asBeginning*float64(n)/float64(utf8.RuneCountInString(k)))
			}
		}
		if stem := strings.TrimRight(key, "aeiou"); stem != key && utf8.RuneCountInString(stem) >= leastRoman {
			for _, k := range x.roman.beginning(stem) {
				if n := utf8.RuneCountInString(stem); utf8.RuneCountInString(k) <= n+mostEnding {
					found(x.roman.terms[k], asRoman*asBeginning*float64(n)/float64(utf8.RuneCountInString(k)))
				}
			}
			found(x.roman.terms[stem], asRoman*asBeginning)
		}
		return
	}
	if x.synonyms == nil {
		return
	}
	for _, tag := range x.synonyms.tags {
		for _, key := range x.synonyms.languages[tag].latin(s.written) {
			found(x.plain.terms[key], asRoman)
			found(x.roman.terms[key], asRoman)
		}
	}
}

// beginning returns keys that begin with a prefix and go on.
func (v *vocabulary[T]) beginning(prefix string) []string {
	from, found := slices.BinarySearch(v.sorted, prefix)
	if found {
		from++
	}
	to := from
	for to < len(v.sorted) && to-from < mostCompletion && strings.HasPrefix(v.sorted[to], prefix) {
		to++
	}
	return v.sorted[from:to]
}

// mistyped hands out what stands at keys that are one letter off, if the key is long enough to tell.
func (v *vocabulary[T]) mistyped(key string, found func([]T)) {
	typed := []rune(key)
	if len(typed) < leastTypo {
		return
	}
	for size := len(typed) - 1; size <= len(typed)+1; size++ {
		for _, k := range v.bySize[size] {
			if oneOff(typed, k) {
				found(v.terms[string(k)])
			}
		}
	}
}

// mistyped finds words and stems that are one letter off.
func (x *Index) mistyped(s *slot, found func([]*term)) {
	if numeric(s.folded) {
		return
	}
	x.folded.mistyped(s.folded, found)
	for _, lang := range x.langs {
		for _, stem := range x.synonyms.language(lang).stems(s.folded) {
			x.stems[lang].mistyped(stem, found)
		}
	}
}
