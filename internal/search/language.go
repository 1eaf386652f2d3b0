package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// leastStem is how many letters a stem has at least: shorter ones say too little.
const leastStem = 3

// Synonyms is what is known of the words of a site's languages: groups of words that mean one thing, and for each language its
// stop words and endings. The zero value and nil know nothing.
type Synonyms struct {
	languages map[string]*language
	tags      []string // sorted
	groups    []group
}

// group is the words of one meaning.
type group struct {
	id     string
	words  map[string][]string // language -> words and phrases
	leads  []string            // the documents that who asks for it should open, the best first, whatever words they hold
	urgent bool                // who asks may be in danger: the first of the leads stands before all else
}

// language is what is known of one language. Words are folded.
type language struct {
	stop       map[string]bool     // as written and folded
	enclitics  []string            // particles that stand behind a word's ending, as the Russian ся
	beginnings []string            // as the Arabic article
	endings    map[string][]string // ending -> what the stem may have had in its place
	longest    int                 // letters of the longest ending
	forms      map[string][]string // form that no ending explains -> its basic forms
	roman      []*strings.Replacer // ways to write it in Latin letters
	phrases    map[string][]phrase // stem of the first word -> phrases of the groups
	spelt      vocabulary[word]    // words of the phrases, by their folded letters
	latinised  vocabulary[word]    // the same by how they are written in Latin letters, loosely
}

// phrase is one or more words that stand for a group.
type phrase struct {
	group int
	words []word
	stems [][]string
}

// Leads returns the documents to which groups lead, by the group's name: who has the documents checks that they are there.
func (s *Synonyms) Leads() map[string][]string {
	leads := map[string][]string{}
	if s != nil {
		for _, g := range s.groups {
			leads[g.id] = g.leads
		}
	}
	return leads
}

var unknown = &language{}

func (s *Synonyms) language(tag string) *language {
	if s == nil || s.languages[tag] == nil {
		return unknown
	}
	return s.languages[tag]
}

// inflected says whether the language's words have endings, so that words are compared by their stems.
func (l *language) inflected() bool { return len(l.endings) > 0 }

// stops says whether a word of a query says nothing. As in [language.is], where words have no endings a word with accents has to have
// the same: the Vietnamese "tôi" (I) is a stop word, "tội" (a crime) is not.
func (l *language) stops(w word) bool {
	return l.stop[w.folded] && (l.inflected() || w.written == w.folded || l.stop[w.written])
}

// stems returns all that a folded word may be a form of. Words meet if they have a stem in common. More than one is returned
// where the form leaves it open: "rozmów" may belong to "rozm" as "dokumentów" belongs to "dokument", or to "rozmow".
func (l *language) stems(folded string) []string {
	if !l.inflected() || numeric(folded) {
		return []string{folded}
	}
	if basic := l.forms[folded]; basic != nil {
		var out []string
		for _, b := range basic {
			out = l.strip(out, b)
		}
		return out
	}
	return l.strip(nil, folded)
}

// strip appends the stems of a word that is no listed form.
func (l *language) strip(out []string, folded string) []string {
	out = l.ending(out, folded)
	for _, e := range l.enclitics {
		if rest, ok := strings.CutSuffix(folded, e); ok && utf8.RuneCountInString(rest) >= leastStem {
			out = l.ending(out, rest)
		}
	}
	for _, b := range l.beginnings {
		rest, ok := strings.CutPrefix(folded, b)
		if !ok || utf8.RuneCountInString(rest) < leastStem && (utf8.RuneCountInString(b) < 2 || utf8.RuneCountInString(rest) < 2) {
			continue
		}
		if basic := l.forms[rest]; basic != nil {
			for _, w := range basic {
				out = l.ending(out, w)
			}
		} else {
			out = l.ending(out, rest)
		}
		for _, e := range l.enclitics {
			if bare, ok := strings.CutSuffix(rest, e); ok && utf8.RuneCountInString(bare) >= leastStem {
				out = l.ending(out, bare)
			}
		}
	}
	return out
}

// ending appends what is left of a word without its longest ending.
func (l *language) ending(out []string, folded string) []string {
	add := func(stem string) {
		if !slices.Contains(out, stem) {
			out = append(out, stem)
		}
	}
	letters := []rune(folded)
	for n := min(l.longest, len(letters)-1); n > 0; n-- {
		replacements, ok := l.endings[string(letters[len(letters)-n:])]
		if !ok {
			continue
		}
		found := false
		for _, r := range replacements {
			if len(letters)-n+utf8.RuneCountInString(r) >= leastStem {
				add(string(letters[:len(letters)-n]) + r)
				found = true
			}
		}
		if found {
			return out
		}
	}
	add(folded)
	return out
}

// is says whether a word of a text is a form of one of a group. Where words have no endings, as in Vietnamese, accents are what
// tells them apart, so a word with accents has to have the same.
func (l *language) is(w word, stems []string, of word, ofStems []string) bool {
	if w.written == of.written {
		return true
	}
	if !l.inflected() {
		return w.written == w.folded && w.folded == of.folded
	}
	return slices.ContainsFunc(stems, func(s string) bool { return slices.Contains(ofStems, s) })
}

// meant is a word that stands at a place of a text, or may have been meant there.
type meant struct {
	word
	stems []string
}

// means calls found for each phrase of a group in the words, with its place. Words that are unknown may be wrong spellings of groups'
// words, or such words in Latin letters; nil is none.
func (l *language) means(words []word, unknown []bool, found func(p phrase, from int)) {
	if len(l.phrases) == 0 {
		return
	}
	places := make([][]meant, len(words))
	for i, w := range words {
		places[i] = []meant{{w, l.stems(w.folded)}}
		if unknown == nil || !unknown[i] {
			continue
		}
		for _, n := range l.near(w) {
			places[i] = append(places[i], meant{n, l.stems(n.folded)})
		}
	}
	for i := range places {
		var done []*word // phrases are found by each of the stems
		for _, m := range places[i] {
			for _, stem := range m.stems {
				for _, p := range l.phrases[stem] {
					if i+len(p.words) <= len(places) && !slices.Contains(done, &p.words[0]) && l.stands(p, places[i:]) {
						done = append(done, &p.words[0])
						found(p, i)
					}
				}
			}
		}
	}
}

// stands says whether a phrase stands at the first of the places.
func (l *language) stands(p phrase, places [][]meant) bool {
	for j := range p.words {
		if !slices.ContainsFunc(places[j], func(m meant) bool { return l.is(m.word, m.stems, p.words[j], p.stems[j]) }) {
			return false
		}
	}
	return true
}

// near returns the groups' words that a word may be a wrong spelling of (one letter wrong, missing, extra or swapped), or of which it may be the
// spelling in Latin letters, whose last vowel may be another.
func (l *language) near(w word) (list []word) {
	if numeric(w.folded) {
		return nil
	}
	if isLatin(w.folded) {
		key := loose(w.folded)
		list = append(list, l.latinised.terms[key]...)
		if bare := strings.TrimRight(key, "aeiou"); bare != key && len(bare) >= leastRoman {
			list = append(list, l.latinised.terms[bare]...)
		}
	}
	l.spelt.mistyped(w.folded, func(words []word) { list = append(list, words...) })
	return list
}

// spell notes how a word of a group may be spelt.
func (l *language) spell(w word) {
	if utf8.RuneCountInString(w.folded) >= leastTypo {
		l.spelt.add(w.folded, w)
	}
	for _, key := range l.latin(w.written) {
		for _, k := range []string{key, strings.TrimRight(key, "aeiou")} {
			if len(k) >= leastRoman {
				l.latinised.add(k, w)
			}
		}
	}
}

// add takes a word or phrase of a group.
func (l *language) add(group int, text string) {
	p := phrase{group: group, words: split(text, mostPhrase)}
	for _, w := range p.words {
		p.stems = append(p.stems, l.stems(w.folded))
		l.spell(w)
	}
	if l.phrases == nil {
		l.phrases = map[string][]phrase{}
	}
	for _, stem := range p.stems[0] {
		l.phrases[stem] = append(l.phrases[stem], p)
	}
}

// latin returns the ways to write a word in Latin letters, loosely. None for words that are in Latin letters or unknown ones.
func (l *language) latin(written string) []string {
	var out []string
	for _, r := range l.roman {
		if s := r.Replace(written); s != written {
			if s = loose(fold(s)); s != "" && isLatin(s) && !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}

func isLatin(s string) bool {
	for _, r := range s {
		if !unicode.Is(unicode.Latin, r) && (r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}

// loose evens out in what romanisations differ most: y, j and i, w and v, doubled letters.
func loose(s string) string {
	var out []rune
	for _, r := range s {
		switch r {
		case 'y', 'j':
			r = 'i'
		case 'w':
			r = 'v'
		}
		if len(out) == 0 || out[len(out)-1] != r {
			out = append(out, r)
		}
	}
	return string(out)
}
