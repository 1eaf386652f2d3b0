package course

import (
	"slices"
	"strings"

	"ostoja/internal/course/folder"
	"ostoja/internal/indicator"
	"ostoja/internal/item"
)

// Option changes what [Load] checks.
type Option func(*loader)

// Knowing has Load look for each indicator that is named in a list. Without a list any id may stand there: which there are is not a course's
// to say.
func Knowing(list indicator.List) Option { return func(l *loader) { l.known = list } }

// indicates notes at a place which indicators are named there.
func (l *loader) indicates(where folder.Place, ids []string) {
	for i, id := range ids {
		_, found := l.known.ByID(id)
		switch {
		case slices.Contains(ids[:i], id):
			l.faults.Add(where, "", "the indicator %q is named twice", id)
		case l.known != nil && !found && item.ValidID(id): // what cannot be an id has been told so
			l.faults.Add(where, folder.DidYouMean(id, l.known.IDs()), "there is no indicator %q", id)
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
