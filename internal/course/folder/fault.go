package folder

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"ostoja/internal/text"
)

// severity says whether a fault stands in the way of publishing.
type severity string

const (
	// severityError: the course cannot be published.
	severityError severity = "error"
	// severityWarning: the course works, but somebody should look.
	severityWarning severity = "warning"
)

// Fault is something wrong in a course folder.
type Fault struct {
	File     string   `json:"file"`
	Line     int      `json:"line,omitempty"` // 0 = the file as a whole
	Severity severity `json:"severity"`
	Message  string   `json:"message"`
	Hint     string   `json:"hint,omitempty"` // what to do about it
}

// Place is where a fault lies.
type Place struct {
	File string
	Line int // 0 = the file as a whole
}

// Faults collects what is wrong with a folder: authors want to see all of it at once, and not the first.
type Faults struct{ list []Fault }

// Add notes a fault that stands in the way of publishing. The hint says what to do about it, and may be empty.
func (f *Faults) Add(where Place, hint, format string, args ...any) {
	f.list = append(f.list, Fault{where.File, where.Line, severityError, fmt.Sprintf(format, args...), hint})
}

// Warn notes something that somebody should look at, although the course works.
func (f *Faults) Warn(where Place, hint, format string, args ...any) {
	f.list = append(f.list, Fault{where.File, where.Line, severityWarning, fmt.Sprintf(format, args...), hint})
}

// Count returns how many were noted so far.
func (f *Faults) Count() int { return len(f.list) }

// List returns them in the order of files and lines, each once.
func (f *Faults) List() []Fault {
	slices.SortStableFunc(f.list, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Message, b.Message))
	})
	return slices.CompactFunc(f.list, func(a, b Fault) bool { return a.File == b.File && a.Line == b.Line && a.Message == b.Message })
}

// String returns the fault on one line, in the form that editors recognise: file:line: message (hint).
func (f Fault) String() string {
	s := f.File
	if f.Line > 0 {
		s += fmt.Sprintf(":%d", f.Line)
	}
	s += ": "
	if f.Severity == severityWarning {
		s += "warning: "
	}
	s += f.Message
	if f.Hint != "" {
		s += " (" + f.Hint + ")"
	}
	return s
}

// Blocking returns the faults that stand in the way of publishing, which are all but the warnings.
func Blocking(faults []Fault) []Fault {
	var errors []Fault
	for _, f := range faults {
		if f.Severity != severityWarning {
			errors = append(errors, f)
		}
	}
	return errors
}

// DidYouMean is the hint for a word that is not known: it suggests the known one that is nearest, or lists them.
func DidYouMean(word string, known []string) string {
	best, distance := "", 3
	for _, k := range known {
		if d := text.Distance(strings.ToLower(word), k); d < distance {
			best, distance = k, d
		}
	}
	if best == "" {
		return "known here: " + strings.Join(known, ", ")
	}
	return "did you mean " + best + "?"
}
