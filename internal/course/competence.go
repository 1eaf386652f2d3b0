package course

import (
	"path"
	"slices"
	"strings"
	"sync"

	"ostoja/internal/course/folder"
	"ostoja/internal/course/forms"
	"ostoja/internal/item"
)

// competenceFile reads one file of forms/.
func (l *loader) competenceFile(file string) {
	in := forms.Source{Texts: l, Items: l.course.items, IDs: l.course.itemIDs}
	for _, o := range l.course.Objectives {
		in.Objectives = append(in.Objectives, o.ID)
	}
	if t := forms.Read(l.readYAML(file), strings.TrimSuffix(path.Base(file), ".yaml"), in); t != nil {
		l.course.Competences = append(l.course.Competences, t)
	}
}

// crossCheckCompetence finds competence items that no form asks.
func (l *loader) crossCheckCompetence() {
	for _, itemID := range l.course.itemIDs {
		if l.course.items[itemID].Use != item.UseCompetence {
			continue
		}
		if !slices.ContainsFunc(l.course.Competences, func(t *forms.Test) bool { return t.Asks(itemID) }) {
			l.faults.Warn(folder.Place{File: "items"}, "name it in a file of forms/, or take it out", "no form asks the competence item %q", itemID)
		}
	}
}

// NewTexts returns a course without content that renders texts of items which stand alone: they refer to no picture and no
// glossary.
func NewTexts() *Course {
	return &Course{texts: &sync.Map{}, items: map[string]*item.Item{}, Glossary: map[string]*glossaryEntry{}, pictures: map[string]folder.Size{}}
}
