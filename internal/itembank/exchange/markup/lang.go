package markup

import (
	"regexp"
	"slices"
	"strings"
)

// Moodle keeps several languages in one text by its filters: <span lang="pl" class="multilang">…</span>, the older
// <lang lang="pl">…</lang>, and {mlang pl}…{mlang} of a plugin.
var (
	langOpens  = regexp.MustCompile(`(?i)\{mlang\s+([^{}]+)\}|<(span|lang)\s([^<>]*)>`)
	mlangClose = regexp.MustCompile(`(?i)\{mlang\s*\}`)
	spanTag    = regexp.MustCompile(`(?i)<(/?)span\b[^<>]*>`)
	langTag    = regexp.MustCompile(`(?i)<(/?)lang\b[^<>]*>`)
	langName   = regexp.MustCompile(`(?i)(?:^|\s)lang\s*=\s*["']?([a-z_-]+)`)
	multilang  = regexp.MustCompile(`(?i)(?:^|\s)class\s*=\s*(?:"[^"]*\bmultilang\b|'[^']*\bmultilang\b|multilang\b)`)
	langCode   = regexp.MustCompile(`^[a-z]{2,3}$`)
)

const maxLanguages = 24 // more than a file of any school has

// piece is a stretch of a text: for all languages, or for some.
type piece struct {
	langs []string
	name  string // how the text calls them
	text  string
	group int // those that stand side by side say the same in several languages
}

// Languages returns the languages that a text is in by Moodle's filters, in their order; none if it has no such parts. other is
// the language of a part that is for all others.
func Languages(source, other string) (list []string) {
	for _, p := range pieces(source, other) {
		for _, l := range p.langs {
			if !slices.Contains(list, l) && len(list) < maxLanguages {
				list = append(list, l)
			}
		}
	}
	return list
}

// In returns what a text says in a language. told is false where a part of it is in others and not in this one.
func In(source, lang, other string) (text string, told bool) {
	var b strings.Builder
	has, count := map[int]bool{}, map[int]int{}
	any, mine := false, false
	for _, p := range pieces(source, other) {
		if p.langs == nil {
			b.WriteString(p.text)
			continue
		}
		any = true
		count[p.group]++
		if slices.Contains(p.langs, lang) && !has[p.group] {
			b.WriteString(p.text)
			has[p.group], mine = true, true
		}
	}
	for group, n := range count {
		if n > 1 && !has[group] {
			return b.String(), false
		}
	}
	return b.String(), !any || mine
}

// Doubled returns what a text calls those parts of which nothing is kept, since another beside them is in the same language: of
// en and en_us the first.
func Doubled(source, other string) (names []string) {
	type place struct {
		group int
		lang  string
	}
	known := map[place]bool{}
	for _, p := range pieces(source, other) {
		kept := p.langs == nil
		for _, l := range p.langs {
			kept = kept || !known[place{p.group, l}]
			known[place{p.group, l}] = true
		}
		if !kept && !slices.Contains(names, p.name) {
			names = append(names, p.name)
		}
	}
	return names
}

// pieces parts a text. A part that is not closed is no part of a language.
func pieces(source, other string) (list []piece) {
	openings := langOpens.FindAllStringSubmatchIndex(source, -1)
	if openings == nil {
		return []piece{{text: source}}
	}
	p := parting{source: source, other: other, closes: mlangClose.FindAllStringIndex(source, -1), spans: closings(source, spanTag), langs: closings(source, langTag)}
	group, done := 0, 0
	common := func(s string) {
		if strings.TrimSpace(s) != "" {
			group++
		} else if done > 0 {
			return // what only parts two languages
		}
		list = append(list, piece{text: s})
	}
	for _, m := range openings {
		if m[0] < done {
			continue // within a part
		}
		langs, end, next := p.part(m)
		if next == 0 {
			continue
		}
		common(source[done:m[0]])
		list = append(list, piece{langs: langs, name: p.name, text: source[m[1]:end], group: group})
		done = next
	}
	common(source[done:])
	return list
}

type parting struct {
	source, other string
	name          string  // how the last part called its languages
	closes        [][]int // of {mlang} parts
	spans, langs  map[int][]int
}

// part reads a part whose opening was matched; next is 0 if it is none.
func (p *parting) part(m []int) (langs []string, end, next int) {
	if m[2] >= 0 {
		for len(p.closes) > 0 && p.closes[0][0] < m[1] {
			p.closes = p.closes[1:]
		}
		p.name = p.source[m[2]:m[3]]
		if langs = p.codes(p.name); len(p.closes) == 0 || len(langs) == 0 {
			return nil, 0, 0
		}
		return langs, p.closes[0][0], p.closes[0][1]
	}
	span, attributes := strings.EqualFold(p.source[m[4]:m[5]], "span"), p.source[m[6]:m[7]]
	name := langName.FindStringSubmatch(attributes)
	if name == nil || span && !multilang.MatchString(attributes) {
		return nil, 0, 0
	}
	p.name = name[1]
	if langs = p.codes(p.name); len(langs) == 0 {
		return nil, 0, 0
	}
	tags := p.langs
	if span {
		tags = p.spans
	}
	if c := tags[m[1]]; c != nil {
		return langs, c[0], c[1]
	}
	return nil, 0, 0
}

// closings finds the closing tag of each tag: by the place where it ends, from where to where its closing one stands.
func closings(source string, tags *regexp.Regexp) map[int][]int {
	found := map[int][]int{}
	var open []int
	for _, t := range tags.FindAllStringSubmatchIndex(source, -1) {
		if t[2] == t[3] {
			open = append(open, t[1])
		} else if n := len(open); n > 0 {
			found[open[n-1]] = t[:2]
			open = open[:n-1]
		}
	}
	return found
}

// codes reads the languages of a part: pl, en_us, "pl,en". A country is left out, for texts here are by language.
func (p *parting) codes(s string) (list []string) {
	for _, c := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == ',' || isSpace(r) }) {
		if c == "other" {
			list = append(list, p.other)
			continue
		}
		base, _, _ := strings.Cut(strings.ReplaceAll(c, "_", "-"), "-")
		if langCode.MatchString(base) {
			list = append(list, base)
		}
	}
	return list
}
