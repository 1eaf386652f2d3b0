package course

import (
	"slices"
	"strings"

	"ostoja/internal/course/folder"
	"ostoja/internal/course/yamlfile"
	"ostoja/internal/fact"
	"ostoja/internal/text"
)

// Text returns a text in every language of the course.
func (l *loader) Text(v yamlfile.Value) text.Translated {
	t := l.prose(v)
	for _, lang := range t.Languages() {
		l.said = append(l.said, said{v.Get(lang).TextPlace(), t[lang], l.story})
		for _, s := range fact.Slots(t[lang]) {
			v.Get(lang).Fault("write it in words", "the slot {%s} in a text that shows none", s.ID)
		}
	}
	return t
}

// prose is Text in which slots may stand.
func (l *loader) prose(v yamlfile.Value) text.Translated {
	if !v.Exists() {
		return nil
	}
	if !v.IsMap() {
		v.Fault("write {pl: \"…\", en: \"…\"}", "here should be the text in each language")
		return nil
	}
	t := text.Translated{}
	for _, e := range v.Entries() {
		if !slices.Contains(l.written, e.Key) && strings.HasPrefix(v.Place().File, folder.PackDir+"/") {
			continue // a pack serves courses of several languages
		}
		if len(l.written) > 0 && !slices.Contains(l.written, e.Key) { // without languages that alone is the fault
			e.Value.Fault(folder.DidYouMean(e.Key, l.written), "%q is not a language of the course", e.Key)
		}
		if s := e.Value.Str(); l.course.HasLanguage(e.Key) || !slices.Contains(l.written, e.Key) {
			t[e.Key] = s
		}
	}
	for _, lang := range l.course.Languages {
		if t[lang] == "" {
			v.Fault("", "the text in %q is missing", lang)
		}
	}
	if langs := l.course.Languages; len(langs) > 0 && t[langs[0]] != "" {
		t[""] = t[langs[0]] // what the text falls back to
	}
	return t
}

// inAllLanguages says whether texts are there in every language of the course.
func (l *loader) inAllLanguages(texts ...yamlfile.Value) bool {
	for _, v := range texts {
		for _, lang := range l.course.Languages {
			if !v.Get(lang).Exists() {
				return false
			}
		}
	}
	return true
}

// Markdown is prose whose Markdown is checked too.
func (l *loader) Markdown(v yamlfile.Value) text.Translated {
	t := l.prose(v)
	for _, lang := range t.Languages() {
		s := t[lang]
		l.checkMarkdown(v.Get(lang).TextPlace(), s)
	}
	return t
}

// Answer is Markdown of what is chosen, put in order or matched: a fact that changes is never what an item scores.
func (l *loader) Answer(v yamlfile.Value) text.Translated {
	before := l.noSlots
	l.noSlots = "an answer"
	defer func() { l.noSlots = before }()
	return l.Markdown(v)
}

// Says notes a text that is put together from several values.
func (l *loader) Says(where folder.Place, text string) {
	l.said = append(l.said, said{where, text, false})
}

// Languages are those of the course.
func (l *loader) Languages() []string { return l.course.Languages }

// Written are those of its folder; a country's pack may lack some.
func (l *loader) Written() []string { return l.written }
