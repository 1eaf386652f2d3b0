// Package firstline is the kit for those who meet people at risk in their work: what to ask first, what follows from the answers, whom to
// call, and the words for it in each language.
//
// Goals: the next step follows from the place and the answers alone and never from how many signs somebody noticed, so that nobody is
// scored; the rule ([Kit.Next]) and what a page without a script shows come from the same table; an office changes the table and the words
// in files, and a fault in them is named before a page is made. Limits: it keeps nothing and knows no database and no page; it never says
// who is a victim; law, institutions and numbers are facts of the country's pack, which the public site fills in.
package firstline

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"ostoja/internal/errs"
	"ostoja/internal/indicator"
	"ostoja/internal/lang"
)

// Kit is the whole of it, as a folder holds it.
type Kit struct {
	Page       string     `yaml:"page"` // code of its first page
	Places     []Coded    `yaml:"places"`
	Questions  []Question `yaml:"questions"`
	Ages       []string   `yaml:"ages"`
	Beside     []string   `yaml:"beside"`
	Actions    []Action   `yaml:"actions"`
	Calls      []Call     `yaml:"calls"`
	Carry      []Carry    `yaml:"carry"`
	Never      []string   `yaml:"never"`
	Situations []Coded    `yaml:"situations"`
	Roles      []string   `yaml:"roles"`

	Indicators indicator.List `yaml:"-"` // the shared list: what may be noticed, by place
	Papers     []Paper        `yaml:"-"`
	Consent    Sheet          `yaml:"-"`
	Hear       Hearing        `yaml:"-"`

	texts      *lang.Catalogue
	recordings map[string][]Recording // by language
}

// Coded is what has a page of its own. A code never changes: it may stand on paper.
type Coded struct {
	ID   string `yaml:"id"`
	Code string `yaml:"code"`
}

// Urgency says when something is to be done.
type Urgency string

// The urgencies, the most pressing first.
const (
	Now     Urgency = "now"
	Today   Urgency = "today"
	Consult Urgency = "consult"
)

// Urgencies lists them in order.
var Urgencies = []Urgency{Now, Today, Consult}

// Question is one of those that are asked before anything else. Yes is always the answer that presses.
type Question struct {
	ID      string  `yaml:"id"`
	Urgency Urgency `yaml:"urgency"`
}

// Answer is an answer to a question; empty while nobody has answered.
type Answer string

// The answers.
const (
	Yes    Answer = "yes"
	No     Answer = "no"
	Unsure Answer = "unsure"
)

// AnswersOf lists the answers that a question offers, in order.
var AnswersOf = []Answer{Yes, No, Unsure}

// Action is something to do, as soon as one of When holds.
type Action struct {
	ID      string  `yaml:"id"`
	Urgency Urgency `yaml:"urgency"`
	When    []Atom  `yaml:"when"`
}

// Call is a number of the pack that is worth calling.
type Call struct {
	Fact string `yaml:"fact"`
	When []Atom `yaml:"when"`
}

// Carry is a category that other forms know too.
type Carry struct {
	ID   string `yaml:"id"`
	When []Atom `yaml:"when"`
}

// Read reads a folder and checks all of it, with what may be noticed. The error names every fault. Times in its texts are shown in zone.
func Read(fsys fs.FS, noticed indicator.List, zone *time.Location) (_ *Kit, err error) {
	defer errs.Wrap(&err, "firstline.Read")
	b, err := fs.ReadFile(fsys, "kit.yaml")
	if err != nil {
		return nil, err
	}
	k := &Kit{Indicators: noticed}
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(k); err != nil {
		return nil, fmt.Errorf("kit.yaml: %w", err)
	}
	if err := k.readPapers(fsys); err != nil {
		return nil, err
	}
	if k.texts, err = lang.Load(fsys, zone); err != nil {
		return nil, err
	}
	if err := k.readRecordings(fsys); err != nil {
		return nil, err
	}
	return k, errors.Join(k.check()...)
}

// Text returns a text in a language, or, where it is not translated, in the one that all follow ([lang.Default]), and in which it is.
func (k *Kit) Text(tag, key string) (text, in string) {
	if k.texts.Has(tag) {
		if p := k.texts.Printer(tag); p.Has(key) {
			return p.T(key), tag
		}
	}
	return k.texts.Printer(lang.Default).T(key), lang.Default
}

// Has says whether there is a text for the key in any language.
func (k *Kit) Has(key string) bool { return k.texts.Printer(lang.Default).Has(key) }

// Texts calls f with each text of each language.
func (k *Kit) Texts(f func(tag, key, text string)) {
	for _, tag := range k.texts.Langs() {
		for _, key := range k.texts.Keys(tag) {
			f(tag, key, k.texts.Printer(tag).T(key))
		}
	}
}

// Missing returns the keys of texts that a language does not have and that are shown in another.
func (k *Kit) Missing(tag string) (keys []string) {
	for _, key := range k.texts.Keys(lang.Default) {
		if _, in := k.Text(tag, key); in != tag {
			keys = append(keys, key)
		}
	}
	return keys
}

// Codes returns the codes of all its pages, those of steps and languages aside, which begin with one of them and a hyphen.
func (k *Kit) Codes() []string {
	codes := []string{k.Page, k.Consent.Code, k.Hear.Code}
	for _, p := range k.Papers {
		codes = append(codes, p.Code)
	}
	for _, list := range [][]Coded{k.Places, k.Situations} {
		for _, c := range list {
			codes = append(codes, c.Code)
		}
	}
	return codes
}

// StepCode is the code of the page with the next step of an urgency at a place.
func StepCode(place Coded, u Urgency) string { return place.Code + "-" + string(u) }

// Owns says whether a page of the kit has the mark as its address, or could have.
func (k *Kit) Owns(mark string) bool {
	for _, code := range k.Codes() {
		if mark == code || strings.HasPrefix(mark, code+"-") {
			return true
		}
	}
	return false
}
