package kitpage

import (
	"maps"
	"slices"

	"github.com/a-h/templ"

	"ostoja/internal/firstline"
	"ostoja/internal/lang"
)

// typed keeps what is typed on the page: no suggestions are kept, and no spelling is looked up at a server.
var typed = templ.Attributes{"autocomplete": "off", "autocapitalize": "sentences", "spellcheck": "false"}

// described names the hint of a field, if it has one.
func described(f firstline.Field, id string) templ.Attributes {
	if !f.Hint {
		return nil
	}
	return templ.Attributes{"aria-describedby": id + "h"}
}

func paperKey(p firstline.Paper, id string) string { return "paper." + p.ID + "." + id }

// option is one of those to choose from, with the key of its text.
type option struct{ key string }

func options(p firstline.Paper, f firstline.Field) (list []option) {
	for _, o := range f.Options {
		list = append(list, option{paperKey(p, f.ID) + "-of." + o})
	}
	return list
}

func consents(prefix string) (list []option) {
	for _, o := range firstline.Consents {
		list = append(list, option{prefix + o})
	}
	return list
}

// spoken are the languages of a phrase, Polish first, for who reads another.
func spoken(x firstline.Phrase) []string {
	return append([]string{"pl"}, slices.Sorted(maps.Keys(x.Say))...)
}

// own returns a text in a language of its own.
func (w words) own(tag, key string) string { text, _ := w.kit.Text(tag, key); return text }

// Own writes a text of one paragraph in a language; what it stands in is marked by [foreign].
func (w words) Own(tag, key string) templ.Component {
	text, in := w.kit.Text(tag, key)
	return templ.Raw(inner(w.Prose(text, in)))
}

// foreign marks what is in another language than the page.
func foreign(tag string, w words) templ.Attributes {
	if tag == w.Tag() {
		return nil
	}
	return templ.Attributes{"lang": tag, "dir": lang.Dir(tag)}
}

// unchecked says whether the sheet in a language waits for a translator.
func (w words) unchecked(tag string) bool { return slices.Contains(w.kit.Consent.Unchecked, tag) }

// RecordingCode is the name under which a recording stands beside the questions to hear.
func RecordingCode(k *firstline.Kit, r firstline.Recording) string { return k.Hear.Code + "-" + r.Name }

// paperPages are the papers, the sheets and the questions to hear.
func paperPages(k *firstline.Kit, tag string) (list []Page) {
	text := func(key string) string { s, _ := k.Text(tag, key); return s }
	for _, p := range k.Papers {
		list = append(list, Page{Code: p.Code, Tab: text(paperKey(p, "tab")), Paper: true, Body: func(v View) templ.Component { return paper(words{v, k}, p) }})
	}
	if slices.Contains(k.Hear.Languages, tag) {
		list = append(list, Page{Code: k.Hear.Code, Tab: text("hear.tab"), Paper: true, Plays: len(k.Recordings(tag)) > 0, Body: func(v View) templ.Component { return hear(words{v, k}) }})
	}
	if tag != sheetLang {
		return list
	}
	for _, of := range k.Consent.Languages {
		list = append(list, Page{Code: k.Consent.Code + "-" + of, Tab: text("consent.tab"), Alone: true, Paper: true, Body: func(v View) templ.Component { return consent(words{v, k}, of) }})
	}
	return list
}

// sheetLang is the language beside which the sheet of rights and consent shows the person's.
const sheetLang = "pl"
