package text

import "strings"

// Bind puts a space that does not break behind each word of one letter (a, i, o, u, w, z), so that none is left at the end of a line: a rule
// of Polish typesetting, so that texts in other languages stay as they are. It is given HTML, and leaves alone what stands in tags, code and
// preformatted text.
func Bind(lang, html string) string {
	if lang != "pl" {
		return html
	}
	var b strings.Builder
	done, before, raw := 0, byte(' '), 0 // before is the byte before the current one, as a reader sees it
	for i := 0; i < len(html); i++ {
		switch c := html[i]; {
		case c == '<':
			end := strings.IndexByte(html[i:], '>')
			if end < 0 {
				end = len(html) - i - 1
			}
			raw = max(0, raw+rawness(html[i:i+end+1]))
			if i += end; breaks(html[i-end : i+1]) {
				before = ' '
			}
			continue
		case raw == 0 && strings.IndexByte("aiouwzAIOUWZ", c) >= 0 && opens(before) && i+1 < len(html) && (html[i+1] == ' ' || html[i+1] == '\n'):
			b.WriteString(html[done : i+1])
			b.WriteString(noBreak)
			i++
			done, before = i+1, ' '
			continue
		}
		before = html[i]
	}
	if done == 0 {
		return html
	}
	b.WriteString(html[done:])
	return b.String()
}

const noBreak = "\u00a0"

// opens says whether a word begins behind a byte: behind a space, a bracket, or the last byte of a space that does not break (C2 A0) or of a
// low quotation mark (E2 80 9E). Letters that end in the same bytes (à, Ş) Polish has not.
func opens(before byte) bool { return strings.IndexByte(" \n\t([\"'\xa0\x9e", before) >= 0 }

// rawness is 1 for a tag behind which spaces are meant as they are, -1 for its end.
func rawness(tag string) int {
	for _, name := range [...]string{"code", "pre"} {
		switch {
		case tag == "<"+name+">", strings.HasPrefix(tag, "<"+name+" "):
			return 1
		case tag == "</"+name+">":
			return -1
		}
	}
	return 0
}

// breaks says whether what follows a tag begins a word: not behind the end of emphasis within a word, or its beginning.
func breaks(tag string) bool {
	name := strings.TrimLeft(tag, "</")
	if end := strings.IndexAny(name, " />"); end >= 0 {
		name = name[:end]
	}
	switch name {
	case "a", "abbr", "b", "bdi", "cite", "code", "del", "dfn", "em", "i", "ins", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "u":
		return false
	}
	return true
}
