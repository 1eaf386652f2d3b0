package course

import (
	"ostoja/internal/course/folder"
	"ostoja/internal/course/itemfile"
	"ostoja/internal/course/yamlfile"
	"ostoja/internal/item"
)

// itemsFile reads one file of items.
func (l *loader) itemsFile(file string) {
	for _, v := range l.readYAML(file).List() {
		l.item(v)
	}
}

func (l *loader) item(v yamlfile.Value) {
	l.owner = itemOwner(v.Get("id").Str())
	if v.Get("use").Str() == item.UseCompetence {
		l.noSlots = "a competence item, which stands outside of its course"
		defer func() { l.noSlots = "" }()
	}
	it := itemfile.Read(v, l)
	if it == nil {
		return
	}
	l.indicates(v.Get("indicators").Place(), it.Indicators)
	l.rests = append(l.rests, v.Get("rests_on").List()...)
	if it.Objective != "" && !l.hasObjective(it.Objective) {
		v.Get("objective").Fault(folder.DidYouMean(it.Objective, l.objectiveIDs()), "there is no objective %q", it.Objective)
	}
	if l.course.items[it.ID] != nil {
		v.Get("id").Fault("", "the item %q is there twice", it.ID)
		return
	}
	l.course.items[it.ID], l.course.places[it.ID] = it, v.Place()
	l.course.itemIDs = append(l.course.itemIDs, it.ID)
}
