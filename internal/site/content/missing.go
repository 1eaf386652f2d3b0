package content

import (
	"slices"
	"time"

	"ostoja/internal/fact"
	"ostoja/internal/site/directory"
)

// Part is something without which the site would send a person in danger to an empty page.
type Part string

// The critical parts: the numbers to call, a guide behind each of the [Doors], a place of help.
const (
	PartEmergency    Part = "emergency"
	PartNationalLine Part = "national-line"
	PartPlaces       Part = "places"
)

// partOfDoor is the critical part that a door has a guide behind it.
func partOfDoor(d Door) Part { return Part("door-" + string(d)) }

// Missing returns the critical parts that the site lacks at a time, in the order in which they should be mended. It decides when a
// new site opens, and never closes one that is open.
func (s *Snapshot) Missing(now time.Time) (missing []Part) {
	for id, part := range map[string]Part{fact.Emergency: PartEmergency, fact.NationalLine: PartNationalLine} {
		if s.Facts[id] == nil {
			missing = append(missing, part)
		}
	}
	slices.Sort(missing)
	for _, d := range Doors {
		if !slices.ContainsFunc(s.Articles, func(a *Article) bool { return a.Kind == Guide && a.HasDoor(d) }) {
			missing = append(missing, partOfDoor(d))
		}
	}
	if !slices.ContainsFunc(s.Services, func(x *directory.Service) bool { return s.ServiceValidity(x, now) != fact.Expired }) {
		missing = append(missing, PartPlaces)
	}
	return missing
}
