package fact

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"ostoja/internal/errs"
)

// Pack is a country's facts and institutions. What else a pack holds, pieces of courses, is for the package course.
type Pack struct {
	ID        string
	Country   string // ISO 3166-1
	Languages []string
	Title     map[string]string
	Partial   bool              // it is known to lack much: what a course names and it lacks is told, and stands in no way
	Slots     map[string]string // a name that courses use -> the fact's
	Facts     []*Fact           // with the institutions, which are facts of the kind [Name]
}

// institution is a line of institutions.yaml.
type institution struct {
	ID, Role    string
	Name, Label map[string]string
	Forms       map[string]map[string]string
	Source      string
	Note        string
	URL         string `yaml:"url"`
	Checked     string
	By          string
	ValidUntil  string `yaml:"valid_until"`
	GraceDays   int    `yaml:"grace_days"`
	Confirm     bool
}

func (x institution) fact() *Fact {
	return &Fact{ID: x.ID, Kind: Name, Value: x.Name, Forms: x.Forms, Label: x.Label, Source: x.Source, Note: x.Note, URL: x.URL,
		Checked: x.Checked, By: x.By, ValidUntil: x.ValidUntil, GraceDays: x.GraceDays, Confirm: x.Confirm}
}

// ReadPack reads pack.yaml, facts.yaml and institutions.yaml of a folder. The last two may be missing.
func ReadPack(fsys fs.FS) (_ *Pack, err error) {
	defer errs.Wrap(&err, "fact.ReadPack")
	p := &Pack{}
	var head struct {
		ID, Country string
		Languages   []string
		Title       map[string]string
		Partial     bool
		Slots       map[string]string
	}
	if err := read(fsys, "pack.yaml", &head); err != nil {
		return nil, err
	}
	p.ID, p.Country, p.Languages, p.Title, p.Partial, p.Slots = head.ID, head.Country, head.Languages, head.Title, head.Partial, head.Slots
	var institutions []institution
	err = errors.Join(optional(read(fsys, "facts.yaml", &p.Facts)), optional(read(fsys, "institutions.yaml", &institutions)))
	if err != nil {
		return nil, err
	}
	for _, x := range institutions {
		p.Facts = append(p.Facts, x.fact())
	}
	seen := map[string]bool{}
	for _, f := range p.Facts {
		if seen[f.ID] {
			return nil, fmt.Errorf("the fact %q is there twice", f.ID)
		}
		seen[f.ID] = true
	}
	for name, id := range p.Slots {
		if seen[name] || !seen[id] {
			return nil, fmt.Errorf("pack.yaml: the slot %q: %q", name, id)
		}
	}
	return p, nil
}

// Has says whether the pack has a fact of that name, its own or one that courses use.
func (p *Pack) Has(id string) bool {
	for _, f := range p.Facts {
		if f.ID == id || f.ID == p.Slots[id] {
			return true
		}
	}
	return false
}

// with returns the facts that are shown where editors keep some: theirs, and the pack's of those that they never took.
func (p *Pack) with(kept []*Fact) []*Fact {
	facts := slices.Clone(kept)
	for _, f := range kept {
		p.inflect(f)
	}
	for _, f := range p.Facts {
		if !slices.ContainsFunc(kept, func(k *Fact) bool { return k.ID == f.ID }) {
			facts = append(facts, f)
		}
	}
	return facts
}

// inflect gives a fact without forms those of the pack's, as long as it says the same: the forms of a name that editors changed would be
// those of another name.
func (p *Pack) inflect(f *Fact) {
	i := slices.IndexFunc(p.Facts, func(own *Fact) bool { return own.ID == f.ID })
	if len(f.Forms) == 0 && i >= 0 && maps.Equal(p.Facts[i].Value, f.Value) {
		f.Forms = p.Facts[i].Forms
	}
}

// Names returns the names of all facts, their own and those that courses use.
func (p *Pack) Names() (names []string) {
	for _, f := range p.Facts {
		names = append(names, f.ID)
	}
	for name := range p.Slots {
		names = append(names, name)
	}
	return names
}

func optional(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func read(fsys fs.FS, file string, into any) error {
	b, err := fs.ReadFile(fsys, file)
	if err != nil {
		return err
	}
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}
