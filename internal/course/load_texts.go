package course

import (
	"ostoja/internal/course/folder"
	"ostoja/internal/course/yamlfile"
	"ostoja/internal/text"
)

// text returns a text in every language of the course.
func (l *loader) text(v yamlfile.Value) text.Translated {
	if !v.Exists() {
		return nil
	}
	if !v.IsMap() {
		v.Fault("write {pl: \"…\", en: \"…\"}", "here should be the text in each language")
		return nil
	}
	t := text.Translated{}
	for _, e := range v.Entries() {
		if len(l.course.Languages) > 0 && !l.course.HasLanguage(e.Key) { // without languages that alone is the fault
			e.Value.Fault(folder.DidYouMean(e.Key, l.course.Languages), "%q is not a language of the course", e.Key)
		}
		t[e.Key] = e.Value.Str()
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

// markdown is text whose Markdown is checked too.
func (l *loader) markdown(v yamlfile.Value) text.Translated {
	t := l.text(v)
	for _, lang := range t.Languages() {
		s := t[lang]
		l.checkMarkdown(v.Get(lang).TextPlace(), s)
	}
	return t
}
