package course

import (
	"path"
	"slices"
	"strings"
	"sync"

	"ostoja/internal/course/folder"
	"ostoja/internal/course/yamlfile"
	"ostoja/internal/item"
	"ostoja/internal/text"
)

// Competence is a competence test of a course folder: parallel forms that measure the same before, after and later.
type Competence struct {
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

// FormNames are the names that the forms of a test have, in order. The first two are crossed over before and after; a third
// is for later.
var FormNames = []string{"A", "B", "C"}

// LeastForm is the least number of items of a form: fewer tell too little of a person to be compared.
const LeastForm = 5

// Numbers of anchors: with fewer than four, two forms are compared by what one question happens to ask (Kolen and Brennan, Test
// Equating, 2014, section 8.1); with many, learners sit what is not counted.
const (
	leastAnchors = 4
	mostAnchors  = 12
)

// MostForm is the greatest number of items of a form.
const MostForm = 60

// competenceFile reads one file of forms/.
func (l *loader) competenceFile(file string) {
	v := l.readYAML(file)
	if !v.Keys("id", "title", "intro", "minutes", "forms", "anchors") {
		return
	}
	t := &Competence{ID: v.Need("id").ID(), Title: l.Text(v.Need("title")), Intro: l.Markdown(v.Get("intro")), Minutes: v.Get("minutes").Integer(0, 240)}
	if t.ID != strings.TrimSuffix(path.Base(file), ".yaml") {
		v.Get("id").Fault("", "the id %q differs from the file's name", t.ID)
	}
	used := map[string]string{} // item -> form
	for i, f := range v.Need("forms").List() {
		if !f.Keys("name", "items") {
			continue
		}
		form := Form{Name: f.Need("name").Str()}
		if i >= len(FormNames) || form.Name != FormNames[i] {
			f.Get("name").Fault("name them A, B and, for later, C", "the form number %d is named %q", i+1, form.Name)
		}
		for _, v := range f.Need("items").List() {
			l.formItem(v, form.Name, used)
			form.Items = append(form.Items, v.Str())
		}
		if n := len(form.Items); n < LeastForm || n > MostForm {
			f.Fault("", "the form has %d items, and %d to %d are allowed", n, LeastForm, MostForm)
		}
		t.Forms = append(t.Forms, form)
	}
	for _, v := range v.Get("anchors").List() {
		l.formItem(v, "of anchors", used)
		t.Anchors = append(t.Anchors, v.Str())
	}
	if n := len(t.Anchors); v.Get("anchors").Exists() && (n < leastAnchors || n > mostAnchors) {
		v.Get("anchors").Fault("", "there are %d anchors, and %d to %d are allowed", n, leastAnchors, mostAnchors)
	}
	if len(t.Forms) < 2 {
		v.Fault("write a form A and a form B", "a competence test has two parallel forms, and this one has %d", len(t.Forms))
	}
	l.sameObjectives(v, t)
	l.course.Competences = append(l.course.Competences, t)
}

func (l *loader) formItem(v yamlfile.Value, form string, used map[string]string) {
	itemID := v.Str()
	it := l.course.items[itemID]
	switch other, twice := used[itemID]; {
	case it == nil:
		v.Fault(folder.DidYouMean(itemID, l.course.itemIDs), "there is no item %q", itemID)
	case it.Use != item.UseCompetence:
		v.Fault("give it use: competence, and let nothing else ask it", "the item %q is for use in a %s", itemID, it.Use)
	case twice:
		v.Fault("", "the item %q is in the form %s already", itemID, other)
	}
	used[itemID] = form
}

// sameObjectives sees that the forms are parallel: the same number of items of each objective.
func (l *loader) sameObjectives(v yamlfile.Value, t *Competence) {
	count := func(f Form) map[string]int {
		n := map[string]int{}
		for _, itemID := range f.Items {
			if it := l.course.items[itemID]; it != nil {
				n[it.Objective]++
			}
		}
		return n
	}
	for _, f := range t.Forms[min(1, len(t.Forms)):] {
		first, other := count(t.Forms[0]), count(f)
		for _, o := range l.course.Objectives {
			if first[o.ID] != other[o.ID] {
				v.Get("forms").Fault("parallel forms ask the same number of items of each objective", "the objective %q has %d items in form A and %d in form %s", o.ID, first[o.ID], other[o.ID], f.Name)
			}
		}
	}
}

// crossCheckCompetence finds competence items that no form asks.
func (l *loader) crossCheckCompetence() {
	for _, itemID := range l.course.itemIDs {
		if l.course.items[itemID].Use != item.UseCompetence {
			continue
		}
		asked := func(t *Competence) bool {
			return slices.Contains(t.Anchors, itemID) || slices.ContainsFunc(t.Forms, func(f Form) bool { return slices.Contains(f.Items, itemID) })
		}
		if !slices.ContainsFunc(l.course.Competences, asked) {
			l.faults.Warn(folder.Place{File: "items"}, "name it in a file of forms/, or take it out", "no form asks the competence item %q", itemID)
		}
	}
}

// NewTexts returns a course without content that renders texts of items which stand alone: they refer to no picture and no
// glossary.
func NewTexts() *Course {
	return &Course{texts: &sync.Map{}, items: map[string]*item.Item{}, Glossary: map[string]*glossaryEntry{}, pictures: map[string]folder.Size{}}
}
