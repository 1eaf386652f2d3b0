package ui

// PartState is where a part of a way stands.
type PartState string

// The states of parts.
const (
	Ahead  PartState = ""       // not begun
	Open   PartState = "open"   // begun
	Done   PartState = "done"   // finished
	Closed PartState = "closed" // cannot be opened yet; say why in Note
)

// Part is a lesson, scenario or test in the list of a course's parts, or a step of some other way.
type Part struct {
	Label   string
	Href    string // "" shows plain text
	Note    string // such as "8 min"
	State   PartState
	Current bool
}

// PartGroup is a module with its parts. Without a label it shows its parts only.
type PartGroup struct {
	Label string
	Parts []Part
}

// ReadingProps say what stands around a text that is read.
type ReadingProps struct {
	Label  string // of the list of parts: "Parts of the course"
	Note   string // beside it: "3 of 8 done"
	Groups []PartGroup
	Prev   NavItem // no Href: not shown
	Next   NavItem
}

// Event is a line of a [Timeline].
type Event struct {
	When  string // as shown
	ISO   string // for machines: 2026-11-23 or 2026-11-23T10:00Z
	Title string
	Text  string
	Kind  Kind
}

// ConfirmProps ask again before something is lost.
type ConfirmProps struct {
	Title  string   // the question: "Delete the unit Chełm?"
	Lost   []string // what will be lost, line by line
	Kept   string   // what stays, or how it can be undone
	Action string   // where the form is sent
	Button string   // says what happens: "Delete the unit"
	Cancel NavItem
}
