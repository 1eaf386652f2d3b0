package access

// Holder is somebody who holds a permission somewhere and can be written to.
type Holder struct {
	Mail, Lang string
	Actor      Actor // says where
}

// Keepers returns the places, in the list, of those who keep what belongs to a unit, and so are told of it: who has the permission for
// that unit and not for the whole installation; where nobody has, or the path is "" because the installation keeps it, who has it for
// the whole. Whoever is responsible for everything is thus not written to about what somebody nearer looks after.
func Keepers(holders []Holder, p Permission, unitPath string) []int {
	var near, all []int
	for i, h := range holders {
		switch {
		case h.Actor.Everywhere(p):
			all = append(all, i)
		case h.Actor.May(p, unitPath):
			near = append(near, i)
		}
	}
	if len(near) > 0 {
		return near
	}
	return all
}
