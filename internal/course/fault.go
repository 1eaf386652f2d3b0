package course

import (
	"cmp"
	"fmt"
	"slices"
)

// Severity says whether a fault stands in the way of publishing.
type Severity string

// Severities.
const (
	// SeverityError: the course cannot be published.
	SeverityError Severity = "error"
	// SeverityWarning: the course works, but somebody should look.
	SeverityWarning Severity = "warning"
)

// Fault is something wrong in a course folder.
type Fault struct {
	File     string   `json:"file"`
	Line     int      `json:"line,omitempty"` // 0 = the file as a whole
	Severity Severity `json:"severity"`
	Message  string   `json:"message"`
	Hint     string   `json:"hint,omitempty"` // what to do about it
}

// String returns the fault on one line, in the form that editors recognise: file:line: message (hint).
func (f Fault) String() string {
	s := f.File
	if f.Line > 0 {
		s += fmt.Sprintf(":%d", f.Line)
	}
	s += ": "
	if f.Severity == SeverityWarning {
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
		if f.Severity != SeverityWarning {
			errors = append(errors, f)
		}
	}
	return errors
}

// sortFaults puts faults in the order of files and lines and drops repetitions.
func sortFaults(faults []Fault) []Fault {
	slices.SortStableFunc(faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Message, b.Message))
	})
	return slices.CompactFunc(faults, func(a, b Fault) bool { return a.File == b.File && a.Line == b.Line && a.Message == b.Message })
}
