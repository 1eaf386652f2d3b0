// Package fact keeps what changes with time and with the country: numbers, periods, amounts, provisions of law, names of
// institutions. Each is kept once, with where it was read, the day it was checked and until when it may be trusted; lessons,
// items, scenarios, the glossary and the articles of the public site name it by a slot ({id}) and show its value of the day.
//
// Its goals: a fact that changed is changed everywhere at once, and nothing that lapsed is shown as if it held (decision 0038). It
// knows neither courses nor the public site: what a slot looks like is for them. A country's facts and institutions come in a pack
// ([ReadPack]); afterwards editors change them, which is the public site's for now.
package fact

import "maps"

// Kind says how a fact is shown.
type Kind string

// The kinds of facts.
const (
	Phone   Kind = "phone"   // a number that can be called
	Web     Kind = "web"     // an address
	Term    Kind = "term"    // a period or date
	amount  Kind = "amount"  // money
	limit   Kind = "limit"   // another legal limit
	Name    Kind = "name"    // of an institution or document
	article Kind = "article" // a provision of law
)

// Kinds lists the kinds.
var Kinds = []Kind{Phone, Web, Term, amount, limit, Name, article}

// AnyLang is the key of a value that is the same in all languages.
const AnyLang = "any"

// NationalLine and Emergency are the facts that no site and no course can do without: nothing could stand in for them, and the first stands
// in for each fact that has vanished from the site.
const (
	NationalLine = "national-line"
	Emergency    = "emergency"
)

// Fact is a fact. Value, Label and the forms have a text by language; Value may have one for [AnyLang].
type Fact struct {
	ID         string                       `yaml:"id"`
	Kind       Kind                         `yaml:"kind"`
	Value      map[string]string            `yaml:"value"`
	Forms      map[string]map[string]string `yaml:"forms"` // case (see [Forms]) -> language -> inflected value
	Label      map[string]string            `yaml:"label"`
	Source     string                       `yaml:"source"` // one short line for readers
	Note       string                       `yaml:"note"`   // an editor's doubt; no reader and no learner sees it
	URL        string                       `yaml:"url"`
	Checked    string                       `yaml:"checked"` // 2026-11-23
	By         string                       `yaml:"by"`
	ValidUntil string                       `yaml:"valid_until"`
	GraceDays  int                          `yaml:"grace_days"` // days after ValidUntil, after which it vanishes
	Confirm    bool                         `yaml:"confirm"`    // an editor has yet to confirm it
}

// In returns the value in a language; where there is none, in English or else in any language that has one.
func (f *Fact) In(lang string) string {
	for _, tag := range []string{lang, AnyLang, "en", "pl"} {
		if v := f.Value[tag]; v != "" {
			return v
		}
	}
	return ""
}

// As returns the value in a case of its language's grammar. A form that nobody wrote is the basic one.
func (f *Fact) As(form, lang string) string {
	if v := f.Forms[form][lang]; v != "" {
		return v
	}
	return f.In(lang)
}

// same says whether another fact is shown alike everywhere. What an editor doubts is not shown.
func (f *Fact) same(x *Fact) bool {
	return f.ID == x.ID && f.Kind == x.Kind && maps.Equal(f.Value, x.Value) && maps.EqualFunc(f.Forms, x.Forms, maps.Equal) && maps.Equal(f.Label, x.Label) &&
		f.Source == x.Source && f.URL == x.URL && f.Checked == x.Checked && f.By == x.By &&
		f.ValidUntil == x.ValidUntil && f.GraceDays == x.GraceDays && f.Confirm == x.Confirm
}
