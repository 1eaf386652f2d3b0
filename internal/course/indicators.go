package course

import (
	"slices"
	"strings"

	"ostoja/internal/course/folder"
	"ostoja/internal/item"
)

// indicates notes at a place which indicators are named there.
func (l *loader) indicates(where folder.Place, ids []string) {
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			l.faults.Add(where, "", "the indicator %q is named twice", id)
		}
		l.course.indicators[id] = append(l.course.indicators[id], where)
	}
}

// blockIndicates notes which indicators a block of a lesson names.
func (l *loader) blockIndicates(b block) {
	ids := strings.Fields(b.attributes["indicators"])
	for _, id := range ids {
		if !item.ValidID(id) {
			l.faults.Add(b.at, "lower-case letters, digits and hyphens, a letter first", "%q cannot be an id", id)
		}
	}
	l.indicates(b.at, ids)
}
