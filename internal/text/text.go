// Package text holds what several areas say about texts that people read and write: a text in several languages, and the
// functions that make two spellings comparable, one for each question that is asked (search, order, equality of answers).
//
// It is part of the kernel: values and pure functions, no database, no requests. What a text looks like on a page is not its
// concern, nor are the texts of the interface, which package lang holds.
package text

import (
	"slices"
	"strings"
)

// Translated is a text in several languages, by language tag. The text of the language it was written in may stand under ""
// too, by which the text knows what to fall back to.
type Translated map[string]string

// In returns the text in a language; where it is not there, what it falls back to: the language it was written in, or else
// the first of its languages, so that nobody meets an empty place.
func (t Translated) In(lang string) string {
	if s, ok := t[lang]; ok {
		return s
	}
	if s, ok := t[""]; ok {
		return s
	}
	if list := t.Languages(); len(list) > 0 {
		return t[list[0]]
	}
	return ""
}

// Languages returns the languages in which there is a text, sorted.
func (t Translated) Languages() []string {
	var list []string
	for lang := range t {
		if lang != "" {
			list = append(list, lang)
		}
	}
	slices.Sort(list)
	return list
}

// Canonical returns the text without what makes no difference to a reader: the one to fall back to, which repeats another,
// empty texts, spaces around a text, and the line ends of one system or the other. Two texts that say the same are equal in
// this form; nil says nothing.
func (t Translated) Canonical() Translated {
	var canonical Translated
	for _, lang := range t.Languages() {
		if s := strings.TrimSpace(strings.ReplaceAll(t[lang], "\r\n", "\n")); s != "" {
			if canonical == nil {
				canonical = Translated{}
			}
			canonical[lang] = s
		}
	}
	return canonical
}
