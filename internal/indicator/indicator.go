// Package indicator holds what an indicator of trafficking is, and the list of them that courses, the first-line kit and the case
// laboratory share.
//
// Its goals: all three name the same thing by the same id; and a list says of each indicator how little it means alone. An indicator
// is something that one may see or hear, never a conclusion about a person, and there is no function here that counts them, weighs
// them or says what they add up to, because nothing does: a false sum would be believed (decision 0057). It is part of the kernel: values
// and pure functions. How the list is written in a file is for course/indicatorfile.
package indicator

import (
	"slices"

	"ostoja/internal/text"
)

// Languages are those in which each indicator is worded: the ones of the public site.
var Languages = []string{"pl", "en", "uk", "ru", "ar", "vi"}

// MostText is how long a notice may be, in characters: a line or two beside a box on a phone.
const MostText = 110

// Groups sort the list for readers. They follow no law.
var Groups = []string{"recruitment", "travel", "control", "work", "household", "begging-crime", "sexual", "marriage", "child", "health", "talk"}

// Places are where somebody may notice an indicator.
var Places = []string{"border", "workplace", "welfare", "hospital", "school", "consulate", "street"}

// Whom an indicator is about. [Anyone] is also who stands before one whose age is not known.
const (
	Anyone = "any"
	Adult  = "adult"
	Child  = "child"
)

// How much an indicator says alone. Even a strong one is a reason to ask, and proves nothing.
const (
	Weak   = "weak"
	Medium = "medium"
	Strong = "strong"
)

// Indicator is one thing that one may see or hear.
type Indicator struct {
	ID      string
	Group   string   // one of [Groups]
	Who     string   // [Anyone], [Adult] or [Child]
	Places  []string // of [Places]
	Alone   string   // [Weak], [Medium] or [Strong]
	Source  string   // the document whose structure it follows, and the group there
	Confirm bool     // nobody has compared it with the source yet
	Notice  text.Translated
}

// List is a list of indicators, by groups.
type List []Indicator

// ByID returns the indicator of an id.
func (l List) ByID(id string) (Indicator, bool) {
	if i := slices.IndexFunc(l, func(x Indicator) bool { return x.ID == id }); i >= 0 {
		return l[i], true
	}
	return Indicator{}, false
}

// IDs returns the ids in the order of the list.
func (l List) IDs() []string {
	ids := make([]string, len(l))
	for i, x := range l {
		ids[i] = x.ID
	}
	return ids
}

// For returns what may be noticed at a place about an adult or a child, in the order of the list. Of [Anyone], whose age is not known,
// both may.
func (l List) For(place, who string) List {
	var found List
	for _, x := range l {
		if slices.Contains(x.Places, place) && (who == Anyone || x.Who == Anyone || x.Who == who) {
			found = append(found, x)
		}
	}
	return found
}
