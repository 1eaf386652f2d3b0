package listweb

import (
	"strconv"

	"github.com/a-h/templ"

	"ostoja/internal/ui"
)

// Plan is what an act on many would do, which a page says before it happens: to how many and whom, and who is passed over and why.
type Plan struct {
	Title  string   // verb, object and number
	Text   string   // what happens, and that it can be undone
	Names  []string // of all to whom it would be done
	Passed []Passed
	Notes  []Passed // what to know of some of them, who are not passed over
	// What sends it: the form's address, its fields, the button, and where Cancel leads.
	Action string
	Hidden []ui.NavItem // Label is the name, Href the value
	Button ui.NavItem   // only the Label
	Kind   ui.Kind      // of the button
	Back   string
	Other  bool // the list became another one since the number was last shown
	// Count is how many things it would be done to, where they are not named.
	Count int
	More  templ.Component // what else is to be seen before it happens; nil: nothing
}

func (v Plan) count() int { return max(v.Count, len(v.Names)) }

// Passed are those who are passed over for one reason.
type Passed struct {
	Why   string
	Names []string
}

// mostNames is how many names a page says of many: enough to see that it is the right list.
const mostNames = 10

func few(names []string) []string { return names[:min(len(names), mostNames)] }

// Sure says whether somebody who saw a plan for a number of things confirms it. What the plan is for now is only done if it is for as many.
func Sure(form interface{ Get(name string) string }, now int) (sure, other bool) {
	if form.Get("sure") == "" {
		return false, false
	}
	if n := form.Get("n"); n != "" && n != strconv.Itoa(now) {
		return false, true
	}
	return true, false
}
