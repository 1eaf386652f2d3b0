package publication

import (
	"slices"
	"time"

	"ostoja/internal/errs"
	"ostoja/internal/text"
)

// Kind is which way copies went.
type Kind string

// The kinds.
const (
	Arrival    Kind = "arrival"     // from the printer or from outside to a place
	Moved      Kind = "moved"       // from a place to another
	Sent       Kind = "sent"        // from a place to a unit
	Handed     Kind = "handed"      // from a place to the people at a training
	WrittenOff Kind = "written-off" // from a place to nowhere, with the reason
)

// Kinds lists them in the order of the form.
var Kinds = []Kind{Arrival, Moved, Sent, Handed, WrittenOff}

// Takes says whether copies leave a place, Brings whether they come to one.
func (k Kind) Takes() bool { return k != Arrival }

// Brings says whether copies come to a place.
func (k Kind) Brings() bool { return k == Arrival || k == Moved }

// Move is a movement of copies.
type Move struct {
	Kind       Kind
	FromID     string // place
	ToID       string // place
	Copies     int
	RunID      string // of an arrival: the print run, "" if they came from elsewhere
	UnitID     string // who asked for it: of what was sent always, of what was moved where somebody did
	TrainingID string // at which they were handed out
	Reason     string // why they were written off or came from elsewhere
	Day        string
	orderID    string // of what was sent upon an order
}

func (m Move) cleaned() Move {
	m.Reason = text.Clean(m.Reason)
	if !m.Kind.Takes() {
		m.FromID = ""
	}
	if !m.Kind.Brings() {
		m.ToID = ""
	}
	if m.Kind != Arrival {
		m.RunID = ""
	}
	if m.Kind != Sent && m.Kind != Moved {
		m.UnitID = ""
	}
	if m.Kind != Handed {
		m.TrainingID = ""
	}
	return m
}

// known is what a movement may name.
type known struct {
	places    []Place // those that are open
	runs      []Run
	units     []string
	trainings []Training
	today     string
}

// check finds what is wrong with a cleaned movement; whether there are as many copies is asked where they are taken.
func (m Move) check(k known) (f errs.Fields) {
	if !slices.Contains(Kinds, m.Kind) {
		f.Add("kind", "publication.fault.choose")
		return f
	}
	f = append(f, checkCopies(m.Copies)...)
	f = append(f, checkDay("day", m.Day, k.today)...)
	is := func(placeID string) bool {
		return slices.ContainsFunc(k.places, func(p Place) bool { return p.ID == placeID })
	}
	if m.Kind.Takes() && !is(m.FromID) {
		f.Add("from", "publication.fault.place")
	}
	if m.Kind.Brings() && !is(m.ToID) {
		f.Add("to", "publication.fault.place")
	}
	if m.Kind == Moved && m.FromID == m.ToID && is(m.ToID) {
		f.Add("to", "publication.fault.same-place")
	}
	if m.Kind == Arrival {
		f = append(f, m.checkRun(k.runs)...)
	}
	if m.Kind == Sent && !slices.Contains(k.units, m.UnitID) || m.UnitID != "" && !slices.Contains(k.units, m.UnitID) {
		f.Add("unit", "publication.fault.unit")
	}
	if m.Kind == Handed {
		switch i := slices.IndexFunc(k.trainings, func(t Training) bool { return t.ID == m.TrainingID }); {
		case i < 0:
			f.Add("training", "publication.fault.training")
		case m.Day < k.trainings[i].Day && m.Day != "":
			f.Add("day", "publication.fault.before-training", "Day", k.trainings[i].Day)
		}
	}
	if m.Kind == WrittenOff && m.Reason == "" {
		f.Add("reason", "publication.fault.reason")
	}
	if len([]rune(m.Reason)) > mostReason {
		f.Add("reason", "publication.fault.long", "Most", mostReason)
	}
	return f
}

// checkRun finds what is wrong with an arrival: of a print run no more arrives than was printed, and not before; what comes from elsewhere says from where.
func (m Move) checkRun(runs []Run) (f errs.Fields) {
	if m.RunID == "" {
		if m.Reason == "" {
			f.Add("reason", "publication.fault.origin")
		}
		return f
	}
	i := slices.IndexFunc(runs, func(r Run) bool { return r.ID == m.RunID })
	switch {
	case i < 0:
		f.Add("run", "publication.fault.run")
	case m.Day < runs[i].Day:
		f.Add("day", "publication.fault.before-run", "Day", runs[i].Day)
	case m.Copies > runs[i].Left():
		f.Add("copies", "publication.fault.run-left", "Left", runs[i].Left())
	}
	return f
}

// change is by how much the copies at a place change.
type change struct {
	placeID string
	by      int
}

// changes returns what a movement does to the stock: what it takes first, so that it fails before it gives.
func (m Move) changes() (list []change) {
	if m.Kind.Takes() {
		list = append(list, change{m.FromID, -m.Copies})
	}
	if m.Kind.Brings() {
		list = append(list, change{m.ToID, m.Copies})
	}
	return list
}

// undone returns what taking it back does.
func undone(list []change) (back []change) {
	for _, c := range list {
		back = append(back, change{c.placeID, -c.by})
	}
	slices.SortStableFunc(back, func(a, b change) int { return a.by - b.by })
	return back
}

// Place is where copies lie.
type Place struct {
	ID       string
	UnitID   string
	Name     string
	Kind     PlaceKind
	ClosedAt time.Time
}

// PlaceKind is what sort of place it is.
type PlaceKind string

// The kinds of places.
const (
	Office    PlaceKind = "office"
	Warehouse PlaceKind = "warehouse"
	Branch    PlaceKind = "branch"
)

// PlaceKinds lists them.
var PlaceKinds = []PlaceKind{Office, Warehouse, Branch}

// Run is a print run.
type Run struct {
	ID      string
	Day     string
	Copies  int
	Note    string
	Arrived int // of them, as movements say
}

// Left is how many of its copies have not arrived yet.
func (r Run) Left() int { return r.Copies - r.Arrived }
