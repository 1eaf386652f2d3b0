// Package forms holds the competence tests of a course: parallel forms that measure the same before, after and later.
//
// Its goals: forms that are crossed over ask the same number of items of each objective, and no item twice, so that a difference between
// two sittings is what was learned and not which form was sat. It reads files of forms/ and knows no folder: texts and items are handed to
// it by the package course. Who sits which form and when is for the package measurement.
package forms

import (
	"slices"

	"ostoja/internal/course/folder"
	"ostoja/internal/course/yamlfile"
	"ostoja/internal/item"
	"ostoja/internal/text"
)

// Test is a competence test of a course folder: parallel forms that measure the same before, after and later.
type Test struct {
	ID      string
	Title   text.Translated
	Intro   text.Translated // Markdown, nil if none
	Minutes int             // that it takes; there is no limit
	Forms   []Form
	Anchors []string // ids of items that stand on every form and are not scored, so that a later form can be equated
}

// Form is one of the parallel forms.
type Form struct {
	Name  string   // A, B, C …
	Items []string // ids, of items with use: competence
}

// Names are the names that the forms of a test have, in order. The first two are crossed over before and after; a third
// is for later.
var Names = []string{"A", "B", "C"}

// Least is the least number of items of a form: fewer tell too little of a person to be compared.
const Least = 5

// Numbers of anchors: with fewer than four, two forms are compared by what one question happens to ask (Kolen and Brennan, Test
// Equating, 2014, section 8.1); with many, learners sit what is not counted.
const (
	leastAnchors = 4
	mostAnchors  = 12
)

// Most is the greatest number of items of a form.
const Most = 60

// Texts reads texts in the languages of a course, and notes what is wrong with them.
type Texts interface {
	Text(v yamlfile.Value) text.Translated
	Markdown(v yamlfile.Value) text.Translated
}

// Source is what of a course its tests are read by.
type Source struct {
	Texts      Texts
	Items      map[string]*item.Item
	IDs        []string // of the items, in the order of their files
	Objectives []string
}

// Read reads a test whose file has a name, without its ending, and notes what is wrong; nil where there is nothing to read.
func Read(v yamlfile.Value, name string, in Source) *Test {
	if !v.Keys("id", "title", "intro", "minutes", "forms", "anchors") {
		return nil
	}
	t := &Test{ID: v.Need("id").ID(), Title: in.Texts.Text(v.Need("title")), Intro: in.Texts.Markdown(v.Get("intro")), Minutes: v.Get("minutes").Integer(0, 240)}
	if t.ID != name {
		v.Get("id").Fault("", "the id %q differs from the file's name", t.ID)
	}
	used := map[string]string{} // item -> form
	for i, f := range v.Need("forms").List() {
		if !f.Keys("name", "items") {
			continue
		}
		form := Form{Name: f.Need("name").Str()}
		if i >= len(Names) || form.Name != Names[i] {
			f.Get("name").Fault("name them A, B and, for later, C", "the form number %d is named %q", i+1, form.Name)
		}
		for _, v := range f.Need("items").List() {
			in.formItem(v, form.Name, used)
			form.Items = append(form.Items, v.Str())
		}
		if n := len(form.Items); n < Least || n > Most {
			f.Fault("", "the form has %d items, and %d to %d are allowed", n, Least, Most)
		}
		t.Forms = append(t.Forms, form)
	}
	for _, v := range v.Get("anchors").List() {
		in.formItem(v, "of anchors", used)
		t.Anchors = append(t.Anchors, v.Str())
	}
	if n := len(t.Anchors); v.Get("anchors").Exists() && (n < leastAnchors || n > mostAnchors) {
		v.Get("anchors").Fault("", "there are %d anchors, and %d to %d are allowed", n, leastAnchors, mostAnchors)
	}
	if len(t.Forms) < 2 {
		v.Fault("write a form A and a form B", "a competence test has two parallel forms, and this one has %d", len(t.Forms))
	}
	in.sameObjectives(v, t)
	return t
}

// Asks says whether a form of the test asks an item, or all of them do.
func (t *Test) Asks(itemID string) bool {
	return slices.Contains(t.Anchors, itemID) || slices.ContainsFunc(t.Forms, func(f Form) bool { return slices.Contains(f.Items, itemID) })
}

// formItem sees that an item can stand in a form, and in one alone.
func (in Source) formItem(v yamlfile.Value, form string, used map[string]string) {
	itemID := v.Str()
	it := in.Items[itemID]
	switch other, twice := used[itemID]; {
	case it == nil:
		v.Fault(folder.DidYouMean(itemID, in.IDs), "there is no item %q", itemID)
	case it.Use != item.UseCompetence:
		v.Fault("give it use: competence, and let nothing else ask it", "the item %q is for use in a %s", itemID, it.Use)
	case twice:
		v.Fault("", "the item %q is in the form %s already", itemID, other)
	}
	used[itemID] = form
}

// sameObjectives sees that the forms are parallel: the same number of items of each objective.
func (in Source) sameObjectives(v yamlfile.Value, t *Test) {
	count := func(f Form) map[string]int {
		n := map[string]int{}
		for _, itemID := range f.Items {
			if it := in.Items[itemID]; it != nil {
				n[it.Objective]++
			}
		}
		return n
	}
	for _, f := range t.Forms[min(1, len(t.Forms)):] {
		first, other := count(t.Forms[0]), count(f)
		for _, o := range in.Objectives {
			if first[o] != other[o] {
				v.Get("forms").Fault("parallel forms ask the same number of items of each objective", "the objective %q has %d items in form A and %d in form %s", o, first[o], other[o], f.Name)
			}
		}
	}
}
