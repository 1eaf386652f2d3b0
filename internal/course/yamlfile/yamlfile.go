// Package yamlfile reads the YAML files of a course folder for people who write them by hand. Its goal is that an author sees
// all faults of a file at once, each with its line and with what to do about it: a value that is missing or of another kind is
// noted, and reading goes on with a zero value. It takes less than YAML allows: no anchors, no second document, no deep nesting,
// no number or truth value where a text is wanted, because what makes a small file endless or surprises its author has no place
// in a course. It knows nothing of courses; what a key means is for the caller.
package yamlfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"ostoja/internal/course/folder"
	"ostoja/internal/item"
)

// Sizes that docs/course-format.md states.
const (
	maxYAML  = 1 << 20 // bytes
	maxDepth = 12      // of nested YAML; a course needs 7
)

// Value is a YAML node with its file, and the list in which it notes its faults. All its methods bear a missing node: they
// return a zero value, and who needed the node has said so.
type Value struct {
	faults *folder.Faults
	file   string
	node   *yaml.Node
}

// Read reads one file, and says whether the file is there. The value is missing if it is not, or is no YAML.
func Read(fsys fs.FS, file string, faults *folder.Faults) (Value, bool) {
	content, err := fs.ReadFile(fsys, file)
	if err != nil {
		faults.Add(folder.Place{File: file}, "make the file, or take its name out where it is referred to", "the file is not there")
		return Value{faults, file, nil}, false
	}
	return Parse(file, content, 0, faults), true
}

// Parse parses content whose first line is the file's line after the given offset. The value is missing if it is no YAML.
func Parse(file string, content []byte, offset int, faults *folder.Faults) Value {
	missing := Value{faults, file, nil}
	if len(content) > maxYAML {
		faults.Add(folder.Place{File: file}, "split the file", "the file is larger than 1 MB")
		return missing
	}
	var document yaml.Node
	if !utf8.Valid(content) {
		faults.Add(folder.Place{File: file}, "save it as UTF-8", "the file is not UTF-8 text")
		return missing
	}
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	if err := decoder.Decode(&document); err != nil && !errors.Is(err, io.EOF) {
		faults.Add(folder.Place{File: file, Line: offset + yamlErrorLine(err)}, "check the indentation and quotes near this line; put texts with a colon in quotes", "this is not YAML: %s", strings.TrimPrefix(err.Error(), "yaml: "))
		return missing
	}
	if len(document.Content) == 0 {
		faults.Add(folder.Place{File: file, Line: offset + 1}, "", "the file is empty")
		return missing
	}
	shift(&document, offset)
	if second := new(yaml.Node); decoder.Decode(second) == nil {
		faults.Add(folder.Place{File: file, Line: offset + second.Line}, "take out the line with ---", "a second document begins here, which nobody would read")
	}
	v := Value{faults, file, document.Content[0]}
	if !v.harmless(v.node, 0) {
		return missing
	}
	return v
}

func shift(n *yaml.Node, offset int) {
	n.Line += offset
	for _, c := range n.Content {
		shift(c, offset)
	}
}

var errorLine = regexp.MustCompile(`line (\d+)`)

func yamlErrorLine(err error) int {
	n := 0
	if m := errorLine.FindStringSubmatch(err.Error()); m != nil {
		_, _ = fmt.Sscan(m[1], &n) // digits by the pattern
	}
	return n
}

// harmless refuses what makes a small file large or endless: anchors and aliases, and deep nesting.
func (v Value) harmless(n *yaml.Node, depth int) bool {
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		v.faults.Add(folder.Place{File: v.file, Line: n.Line}, "write the text out again", "anchors and aliases (& and *) are not used in courses")
		return false
	case depth > maxDepth:
		v.faults.Add(folder.Place{File: v.file, Line: n.Line}, "", "this is nested deeper than %d levels", maxDepth)
		return false
	}
	for _, c := range n.Content {
		if !v.harmless(c, depth+1) {
			return false
		}
	}
	return true
}

// Exists says whether the value is there and is not null.
func (v Value) Exists() bool { return v.node != nil && v.node.Tag != "!!null" }

// Place returns where the value stands: its file, and its line unless it is missing.
func (v Value) Place() folder.Place {
	if v.node == nil {
		return folder.Place{File: v.file}
	}
	return folder.Place{File: v.file, Line: v.node.Line}
}

// TextPlace returns where the characters of a text begin: a block of YAML begins below its | or >.
func (v Value) TextPlace() folder.Place {
	where := v.Place()
	if v.node != nil && v.node.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		where.Line++
	}
	return where
}

// Fault notes a fault where the value stands.
func (v Value) Fault(hint, format string, args ...any) {
	v.faults.Add(v.Place(), hint, format, args...)
}

// Warn notes something that somebody should look at where the value stands.
func (v Value) Warn(hint, format string, args ...any) {
	v.faults.Warn(v.Place(), hint, format, args...)
}

// IsMap says whether the value has keys.
func (v Value) IsMap() bool { return v.node != nil && v.node.Kind == yaml.MappingNode }

// Keys checks that v is a map with no keys but the known ones, each once.
func (v Value) Keys(known ...string) bool {
	if !v.Exists() {
		return false
	}
	if v.node.Kind != yaml.MappingNode {
		v.Fault("", "here should be keys with values (%s)", strings.Join(known, ", "))
		return false
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		key := v.node.Content[i]
		switch {
		case seen[key.Value]:
			v.faults.Add(folder.Place{File: v.file, Line: key.Line}, "", "the key %q is there twice", key.Value)
		case !slices.Contains(known, key.Value):
			v.faults.Add(folder.Place{File: v.file, Line: key.Line}, folder.DidYouMean(key.Value, known), "unknown key %q", key.Value)
		}
		seen[key.Value] = true
	}
	return true
}

// Get returns the value of a key, missing if it is not there.
func (v Value) Get(key string) Value {
	if v.IsMap() {
		for i := 0; i+1 < len(v.node.Content); i += 2 {
			if v.node.Content[i].Value == key {
				return Value{v.faults, v.file, v.node.Content[i+1]}
			}
		}
	}
	return Value{v.faults, v.file, nil}
}

// Need is get for a key that must be there.
func (v Value) Need(key string) Value {
	child := v.Get(key)
	if v.Exists() && !child.Exists() {
		v.Fault("", "%q is missing", key)
	}
	return child
}

// List returns the elements of a sequence.
func (v Value) List() []Value {
	if !v.Exists() {
		return nil
	}
	if v.node.Kind != yaml.SequenceNode {
		v.Fault("begin each element with a dash", "here should be a list")
		return nil
	}
	out := make([]Value, len(v.node.Content))
	for i, n := range v.node.Content {
		out[i] = Value{v.faults, v.file, n}
	}
	return out
}

// Entry is a key with its value.
type Entry struct {
	Key   string
	Value Value
}

// Entries returns the keys and values of a map in their order.
func (v Value) Entries() []Entry {
	if !v.Exists() {
		return nil
	}
	if v.node.Kind != yaml.MappingNode {
		v.Fault("", "here should be keys with values")
		return nil
	}
	var out []Entry
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		out = append(out, Entry{v.node.Content[i].Value, Value{v.faults, v.file, v.node.Content[i+1]}})
	}
	return out
}

// Str returns a text.
func (v Value) Str() string {
	if !v.Exists() {
		return ""
	}
	if v.node.Kind != yaml.ScalarNode {
		v.Fault("", "here should be a text")
		return ""
	}
	if v.node.Tag != "!!str" { // docs/schema would refuse it, and 1.10 or no would surprise their author elsewhere
		v.Fault(fmt.Sprintf("put it in quotes: %q", v.node.Value), "here should be a text, but %s is not one", v.node.Value)
	}
	return strings.TrimSpace(v.node.Value)
}

// decode puts a number or a truth value into target.
func decode[T any](v Value, what string) T {
	var out T
	if v.Exists() && v.node.Decode(&out) != nil {
		v.Fault("", "%q is not %s", v.node.Value, what)
	}
	return out
}

// Integer returns a whole number within bounds.
func (v Value) Integer(low, high int) int {
	n := decode[int](v, "a whole number")
	if v.Exists() && (n < low || n > high) {
		v.Fault("", "%d is not between %d and %d", n, low, high)
	}
	return n
}

// Number returns a number.
func (v Value) Number() float64 {
	x := decode[float64](v, "a number")
	if math.IsNaN(x) || math.IsInf(x, 0) { // YAML knows .nan and .inf, which pass every comparison or none
		v.Fault("", "%q is not a number", v.node.Value)
		return 0
	}
	return x
}

// Boolean returns true or false.
func (v Value) Boolean() bool { return decode[bool](v, "true or false") }

// ID returns an identifier ([item.ValidID]).
func (v Value) ID() string {
	s := v.Str()
	if v.Exists() && !item.ValidID(s) {
		v.Fault("use lower-case Latin letters, digits and hyphens, at most 60, beginning with a letter", "%q is not an id", s)
	}
	return s
}

// IDs returns the identifiers of a list; nil if it is missing or empty.
func (v Value) IDs() (ids []string) {
	for _, e := range v.List() {
		ids = append(ids, e.ID())
	}
	return ids
}

// OneOf returns a word out of those allowed.
func (v Value) OneOf(allowed ...string) string {
	s := v.Str()
	if v.Exists() && !slices.Contains(allowed, s) {
		v.Fault(folder.DidYouMean(s, allowed), "%q is not one of %s", s, strings.Join(allowed, ", "))
	}
	return s
}
