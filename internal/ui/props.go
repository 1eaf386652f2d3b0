// Package ui is the design system: the page's shell and the components of which all pages are made. Components take typed
// arguments and already translated texts; the few words of their own come from translations/*/ui.yaml.
//
// Goals: a page that is made of these passes WCAG 2.2 AA without a thought of its own: labels tied to fields, faults named at them
// (3.3.1), order and roles for assistive technology (1.3.1, 4.1.2), 24 pixels to touch (2.5.8), nothing by colour alone (1.4.1).
// Limits: no component reads a request, a database or a role, and none carries style or script inline (the policy forbids both).
package ui

import (
	"strconv"

	"github.com/a-h/templ"

	"ostoja/internal/lang"
)

// PageProps says what a page is, around its body.
type PageProps struct {
	Title   string // never a person's name: it stands in the browser's history
	Lang    string
	Dir     string // ltr | rtl
	Home    string // where the product's name leads
	Nav     []NavItem
	Side    string    // of the main menu's current word: what Sides are called
	Sides   []NavItem // the pages below it, if the menu has one word for several
	Langs   []NavItem // languages to switch to; Href is the value sent
	Return  string    // local path to come back to after switching, "" shows no switch
	Account string    // the signed-in person's name, "" if nobody is
	Find    string    // address of the styles of what the one search finds, whose field is in the head; "": it is not
	Slash   bool      // the key / leads into it
	Said    string    // what an earlier step did
	Wide    bool      // tables and figures use the whole width
	CSS, JS string    // addresses of the built files
	Charts  string    // address of the styles of drawings; "" on pages without
	Styles  []string  // addresses of styles that other pages do without
	Scripts []string  // and of scripts
	Refresh int       // seconds after which a browser without scripts loads the page again; 0: never
	Help    string    // address of the help for this page, "" on pages without a foot of links
	Public  bool      // a page of the world outside the application: no account, languages by link
}

// NavItem is an entry of a menu.
type NavItem struct {
	Label   string
	Href    string
	Current bool
}

// FieldError is a fault of a form, in the person's language.
type FieldError struct {
	Name string // the input's name, "" if the fault is of the whole form
	Text string
}

// Field is an input with its label.
type Field struct {
	Name         string
	ID           string // of the input, where the page has another of the same name
	Label        string
	Hint         string
	Error        string
	Value        string
	Type         string // of an input: text if left out
	Autocomplete string
	InputMode    string
	Required     bool
	Optional     bool // says "(optional)" beside the label
	Options      []Option
	Rows         int      // of a text area, 2 at least
	Accept       string   // of a file
	Values       []string // the checked ones of checkboxes
	Suggestions  []string // of an input: offered while typing, and anything else may be typed
	Lang         string
	Focus        bool // of the one field for which somebody opens the page: it has the focus at once
}

// Option is a choice of a select, radio group or group of checkboxes.
type Option struct {
	Value string
	Label string
	Hint  string
}

// OptionsOf offers values, each under the text of its key: prefix and value. A value without a text stands for itself. all is the
// key of the option for any value; "" offers none.
func OptionsOf(p *lang.Printer, all, prefix string, values []string) []Option {
	var options []Option
	if all != "" {
		options = append(options, Option{Label: p.T(all)})
	}
	for _, v := range values {
		label := v
		if prefix != "" && p.Has(prefix+v) {
			label = p.T(prefix + v)
		}
		options = append(options, Option{Value: v, Label: label})
	}
	return options
}

func (f Field) id() string {
	if f.ID != "" {
		return f.ID
	}
	return FieldID(f.Name)
}

// FieldID returns the id of the input with a name, to which error summaries link.
func FieldID(name string) string { return "f-" + name }

func (f Field) describedBy() string {
	s := ""
	if f.Hint != "" {
		s = f.id() + "-hint"
	}
	if f.Error != "" {
		if s != "" {
			s += " "
		}
		s += f.id() + "-error"
	}
	return s
}

func (f Field) inputType() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

// Kind colours notices, tags and buttons by what they mean.
type Kind string

// The kinds.
const (
	Plain   Kind = "plain"
	Action  Kind = "action"
	Success Kind = "success"
	Waiting Kind = "waiting" // on the person
	Late    Kind = "late"    // waiting on the person, and past its deadline
	Danger  Kind = "danger"
	Info    Kind = "info"
)

// Bar is a bar of a chart.
type Bar struct {
	Label string
	Value float64
	Text  string // the value as shown
	Href  string
	Of    float64 // the whole, to which the bar is drawn; 0: the largest of the bars
}

func barWidth(bars []Bar, value float64) string {
	most := 0.0
	for _, b := range bars {
		most = max(most, b.Value, b.Of)
	}
	if most == 0 {
		return "0"
	}
	return strconv.FormatFloat(value/most*100, 'f', 1, 64)
}

// Pair is a line of a summary list.
type Pair struct {
	Term string
	Text string
	Href string
}

// choiceID is the id of the i-th choice of a field with an id.
func choiceID(field string, i int) string { return field + "-" + strconv.Itoa(i+1) }

// attributes are those that a field has only where they are given.
func (f Field) attributes() templ.Attributes {
	a := templ.Attributes{}
	for name, value := range map[string]string{"aria-describedby": f.describedBy(), "autocomplete": f.Autocomplete, "inputmode": f.InputMode, "lang": f.Lang} {
		if value != "" {
			a[name] = value
		}
	}
	if f.Focus {
		a["autofocus"] = true
	}
	if f.Error != "" {
		a["aria-invalid"] = "true"
	}
	if len(f.Suggestions) > 0 {
		a["list"] = f.id() + "-list"
	}
	return a
}
