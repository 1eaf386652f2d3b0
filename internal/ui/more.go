package ui

// ConfirmProps ask again before something is lost.
type ConfirmProps struct {
	Title  string   // the question: "Delete the unit Chełm?"
	Lost   []string // what will be lost, line by line
	Kept   string   // what stays, or how it can be undone
	Action string   // where the form is sent
	Button string   // says what happens: "Delete the unit"
	Cancel NavItem
	Alone  bool // the page asks nothing else, so that the question is its heading
}
