package firstline

import (
	"bytes"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// papers is what stands in papers.yaml.
type papers struct {
	Papers  []Paper `yaml:"papers"`
	Consent Sheet   `yaml:"consent"`
	Hear    Hearing `yaml:"hear"`
}

// Paper is a form that is filled in on the page, or by hand on what is printed of it, and sent nowhere.
type Paper struct {
	ID       string    `yaml:"id"`
	Code     string    `yaml:"code"`
	Sections []Section `yaml:"sections"`
}

// Section is a part of a paper under a heading of its own.
type Section struct {
	ID      string   `yaml:"id"`
	Fields  []Field  `yaml:"fields"`
	Phrases []Phrase `yaml:"phrases"`
}

// The kinds of fields.
const (
	FieldText    = "text"    // a line
	FieldLines   = "lines"   // several
	FieldChoice  = "choice"  // one of some options
	FieldCheck   = "check"   // to be ticked; any of some options, if there are some
	FieldConsent = "consent" // yes, no, not asked
	FieldHour    = "hour"
	FieldDate    = "date"
	FieldNote    = "note" // words to read
)

var fieldKinds = []string{FieldText, FieldLines, FieldChoice, FieldCheck, FieldConsent, FieldHour, FieldDate, FieldNote}

// Consents lists the answers of a field of consent, in order. "Not asked" is one of them, so that nothing left open passes for a no.
var Consents = []string{"yes", "no", "not-asked"}

// Field is something to fill in.
type Field struct {
	ID      string   `yaml:"id"`
	Kind    string   `yaml:"kind"`
	Hint    bool     `yaml:"hint"`
	Options []string `yaml:"options"`
	Rows    int      `yaml:"rows"`
	With    string   `yaml:"with"` // names a line beside the field
}

// Phrase is a sentence on the card of phrases, with how somebody who reads Polish says it, by language.
type Phrase struct {
	ID  string            `yaml:"id"`
	Say map[string]string `yaml:"say"`
}

// Sheet is the sheet of rights and consent, with a page for each language.
type Sheet struct {
	Code      string     `yaml:"code"`
	Languages []string   `yaml:"languages"`
	Unchecked []string   `yaml:"unchecked"` // languages that wait for a translator
	Sentences []Sentence `yaml:"sentences"`
	Questions []string   `yaml:"questions"`
}

// Sentence is one of the sheet's, with a picture of ours.
type Sentence struct {
	ID      string `yaml:"id"`
	Picture string `yaml:"picture"`
}

// Pictures are the names of the pictures that there are.
var Pictures = []string{"hand", "mouth", "house", "doctor", "passport", "phone", "child", "stop", "pen", "ear", "scales", "clock"}

// Hearing is the page of questions to hear.
type Hearing struct {
	Code      string   `yaml:"code"`
	Languages []string `yaml:"languages"`
	Questions []string `yaml:"questions"`
}

// HeardAnswers lists the answers to a question that is heard. No answer leads anywhere.
var HeardAnswers = []string{"yes", "no", "rather-not"}

func (k *Kit) readPapers(fsys fs.FS) error {
	b, err := fs.ReadFile(fsys, "papers.yaml")
	if err != nil {
		return err
	}
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	p := papers{}
	if err := d.Decode(&p); err != nil {
		return fmt.Errorf("papers.yaml: %w", err)
	}
	k.Papers, k.Consent, k.Hear = p.Papers, p.Consent, p.Hear
	return nil
}

// checkPapers finds fields and pictures that no page could show.
func (k *Kit) checkPapers(fault func(format string, args ...any)) {
	for _, p := range k.Papers {
		seen := map[string]bool{}
		once := func(id string) {
			if !idPattern.MatchString(id) || seen[id] {
				fault("the paper %s: %q needs a name of its own", p.ID, id)
			}
			seen[id] = true
		}
		for _, s := range p.Sections {
			once(s.ID)
			for _, f := range s.Fields {
				once(f.ID)
				if !slices.Contains(fieldKinds, f.Kind) {
					fault("the paper %s: the field %s is of no kind that there is: %q", p.ID, f.ID, f.Kind)
				}
				if f.Kind == FieldChoice && len(f.Options) == 0 {
					fault("the paper %s: the field %s has nothing to choose", p.ID, f.ID)
				}
			}
		}
	}
	for _, s := range k.Consent.Sentences {
		if !slices.Contains(Pictures, s.Picture) {
			fault("the sheet of consent: there is no picture %q", s.Picture)
		}
	}
	for _, tag := range k.Consent.Languages {
		for _, key := range k.consentKeys() {
			if _, in := k.Text(tag, key); in != tag {
				fault("the sheet of consent in %s lacks %s", tag, key)
			}
		}
	}
	for _, tag := range k.Hear.Languages {
		for _, id := range k.Hear.Questions {
			if _, in := k.Text(tag, "hear.ask."+id); in != tag {
				fault("the question to hear %s is not there in %s", id, tag)
			}
		}
	}
}

// paperKeys returns the keys of the texts of the papers, the sheet and the questions.
func (k *Kit) paperKeys() (keys []string) {
	add := adder(&keys)
	add("papers.*", "title", "tab", "intro", "kept", "printed", "print", "blank", "clear", "yours")
	add("paper-answer.*", Consents...)
	for _, p := range k.Papers {
		at := "paper." + p.ID + "."
		add(at+"*", "title", "tab", "intro")
		for _, s := range p.Sections {
			add(at+"*", s.ID)
			for _, f := range s.Fields {
				add(at+"*", f.ID)
				add(at+f.ID+"-of.*", f.Options...)
				if f.Hint {
					add(at+"*", f.ID+"-hint")
				}
				if f.With != "" && !slices.Contains(keys, at+f.With) {
					add(at+"*", f.With)
				}
			}
			for _, x := range s.Phrases {
				add(at+"*", x.ID)
			}
		}
	}
	keys = append(keys, k.consentKeys()...)
	add("hear.*", "title", "tab", "intro", "skip", "kept", "begin", "play", "again", "stop", "next", "back", "read", "clear", "end")
	add("hear.worker.*", "title", "before", "voice", "no-voice", "here", "after")
	add("hear.answer.*", HeardAnswers...)
	add("hear.ask.*", k.Hear.Questions...)
	return keys
}

func (k *Kit) consentKeys() (keys []string) {
	add := adder(&keys)
	add("consent.*", "title", "tab", "language", "intro", "rights", "questions", "questions-hint", "sign", "sign-hint", "day", "worker")
	for _, s := range k.Consent.Sentences {
		add("consent.*", s.ID)
	}
	add("consent.ask.*", k.Consent.Questions...)
	add("consent.answer.*", Consents...)
	return keys
}

// adder returns a function that adds keys with each of some ids in the star's place.
func adder(keys *[]string) func(format string, ids ...string) {
	return func(format string, ids ...string) {
		for _, id := range ids {
			*keys = append(*keys, strings.ReplaceAll(format, "*", id))
		}
	}
}
