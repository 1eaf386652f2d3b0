package agreement

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"ostoja/internal/errs"
	"ostoja/internal/firstline"
	"ostoja/internal/lang"
)

// File is the name of the file of situations in the kit's folder.
const File = "agreement.yaml"

// Situation is a written one, in which somebody has to say how soon something is to be done.
type Situation struct {
	ID         string            `yaml:"id"`
	Place      string            `yaml:"place"`
	Answers    []firstline.Atom  `yaml:"answers"`     // that the text implies
	Expected   firstline.Urgency `yaml:"expected"`    // what Step is today, so that a changed rule shows
	FalseAlarm bool              `yaml:"false-alarm"` // the text itself gives a plain reason
	Title      map[string]string `yaml:"title"`       // by language
	Text       map[string]string `yaml:"text"`
	Source     map[string]string `yaml:"source"` // what our step rests on
	Step       firstline.Urgency `yaml:"-"`      // ours: the most urgent heading under which the kit's table puts anything
}

// Table is the list of situations with what the kit says of each.
type Table struct {
	Situations []Situation
	kit        *firstline.Kit
}

// Read reads the situations of a kit's folder, and asks the kit for the step of each; an office's own kit may have none. The error names every fault.
func Read(fsys fs.FS, kit *firstline.Kit) (_ *Table, err error) {
	defer errs.Wrap(&err, "agreement.Read")
	b, err := fs.ReadFile(fsys, File)
	if errors.Is(err, fs.ErrNotExist) {
		return &Table{kit: kit}, nil
	}
	if err != nil {
		return nil, err
	}
	var file struct {
		Situations []Situation `yaml:"situations"`
	}
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(&file); err != nil {
		return nil, fmt.Errorf("%s: %w", File, err)
	}
	t := &Table{file.Situations, kit}
	for i, s := range t.Situations {
		t.Situations[i].Step = kit.Next(s.Place, firstline.Given(s.Answers...)).Urgency()
	}
	return t, errors.Join(t.check()...)
}

// check finds what does not fit together.
func (t *Table) check() (faults []error) {
	known := map[firstline.Atom]bool{}
	for _, s := range t.kit.Subjects() {
		for _, x := range s.Atoms() {
			known[x] = true
		}
	}
	seen := map[string]bool{}
	for _, s := range t.Situations {
		fault := func(format string, args ...any) {
			faults = append(faults, fmt.Errorf(File+": %s: "+format, append([]any{s.ID}, args...)...))
		}
		if s.ID == "" || seen[s.ID] {
			fault("each situation needs a name of its own")
		}
		seen[s.ID] = true
		if !slices.ContainsFunc(t.kit.Places, func(p firstline.Coded) bool { return p.ID == s.Place }) {
			fault("there is no place %q", s.Place)
		}
		subjects := map[string]bool{}
		for _, x := range s.Answers {
			subject, _, _ := strings.Cut(string(x), "=")
			if !known[x] || subjects[subject] {
				fault("nothing answers %q, or something else does", x)
			}
			subjects[subject] = true
		}
		for name, texts := range map[string]map[string]string{"title": s.Title, "text": s.Text, "source": s.Source} {
			if texts[lang.Default] == "" {
				fault("the %s is missing in %s, which all other languages follow", name, lang.Default)
			}
		}
	}
	return faults
}

// In returns one of a situation's texts in a language, or, where it is not translated, in the one that all follow, and in which it is.
func In(texts map[string]string, tag string) (text, in string) {
	if texts[tag] != "" {
		return texts[tag], tag
	}
	return texts[lang.Default], lang.Default
}

// Place is the name of a place, in the kit's words.
func (t *Table) Place(tag, id string) string {
	text, _ := t.kit.Text(tag, "place."+id+".title")
	return text
}

// Word is the heading under which the kit puts what is done at an urgency.
func (t *Table) Word(tag string, u firstline.Urgency) string {
	text, _ := t.kit.Text(tag, "aid."+string(u))
	return text
}

// number returns the index of a situation, -1 if there is none of that name.
func (t *Table) number(id string) int {
	return slices.IndexFunc(t.Situations, func(s Situation) bool { return s.ID == id })
}

// place is where an urgency stands in their order, -1 for what is none.
func place(u firstline.Urgency) int { return slices.Index(firstline.Urgencies, u) }
