package course

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

	"ostoja/internal/item"
	"ostoja/internal/text"
)

// Sizes that docs/course-format.md states, in bytes.
const (
	maxYAML   = 1 << 20
	maxLesson = 200 << 10
	maxDepth  = 12 // of nested YAML; a course needs 7
)

// loader reads a folder and notes its faults.
type loader struct {
	fsys   fs.FS
	course *Course
	faults []Fault
	used   map[string]bool // files that something refers to

	outlines map[string][]string // file -> the blocks of a lesson
}

// at is a place in a file.
type at struct {
	file string
	line int
}

func (l *loader) fault(where at, hint, format string, args ...any) {
	l.faults = append(l.faults, Fault{File: where.file, Line: where.line, Severity: SeverityError, Message: fmt.Sprintf(format, args...), Hint: hint})
}

func (l *loader) warn(where at, hint, format string, args ...any) {
	l.faults = append(l.faults, Fault{File: where.file, Line: where.line, Severity: SeverityWarning, Message: fmt.Sprintf(format, args...), Hint: hint})
}

// value is a YAML node with its file, and the loader to which it tells its faults. All its methods bear a missing node: they
// return a zero value, and who needed the node has said so.
type value struct {
	l    *loader
	file string
	node *yaml.Node
}

// readYAML reads one file. The result is missing if the file is, or cannot be read.
func (l *loader) readYAML(file string) value {
	missing := value{l: l, file: file}
	content, err := fs.ReadFile(l.fsys, file)
	if err != nil {
		l.fault(at{file, 0}, "make the file, or take its name out where it is referred to", "the file is not there")
		return missing
	}
	l.used[file] = true
	return l.parseYAML(file, content, 0)
}

// parseYAML parses content whose first line is the file's line after the given offset.
func (l *loader) parseYAML(file string, content []byte, offset int) value {
	missing := value{l: l, file: file}
	if len(content) > maxYAML {
		l.fault(at{file, 0}, "split the file", "the file is larger than 1 MB")
		return missing
	}
	var document yaml.Node
	if !utf8.Valid(content) {
		l.fault(at{file, 0}, "save it as UTF-8", "the file is not UTF-8 text")
		return missing
	}
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	if err := decoder.Decode(&document); err != nil && !errors.Is(err, io.EOF) {
		l.fault(at{file, offset + yamlErrorLine(err)}, "check the indentation and quotes near this line; put texts with a colon in quotes", "this is not YAML: %s", strings.TrimPrefix(err.Error(), "yaml: "))
		return missing
	}
	if len(document.Content) == 0 {
		l.fault(at{file, offset + 1}, "", "the file is empty")
		return missing
	}
	shift(&document, offset)
	if second := new(yaml.Node); decoder.Decode(second) == nil {
		l.fault(at{file, offset + second.Line}, "take out the line with ---", "a second document begins here, which nobody would read")
	}
	v := value{l: l, file: file, node: document.Content[0]}
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
func (v value) harmless(n *yaml.Node, depth int) bool {
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		v.l.fault(at{v.file, n.Line}, "write the text out again", "anchors and aliases (& and *) are not used in courses")
		return false
	case depth > maxDepth:
		v.l.fault(at{v.file, n.Line}, "", "this is nested deeper than %d levels", maxDepth)
		return false
	}
	for _, c := range n.Content {
		if !v.harmless(c, depth+1) {
			return false
		}
	}
	return true
}

func (v value) there() bool { return v.node != nil && v.node.Tag != "!!null" }

func (v value) at() at {
	if v.node == nil {
		return at{v.file, 0}
	}
	return at{v.file, v.node.Line}
}

func (v value) fault(hint, format string, args ...any) { v.l.fault(v.at(), hint, format, args...) }

// keys checks that v is a map with no keys but the known ones, each once.
func (v value) keys(known ...string) bool {
	if !v.there() {
		return false
	}
	if v.node.Kind != yaml.MappingNode {
		v.fault("", "here should be keys with values (%s)", strings.Join(known, ", "))
		return false
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		key := v.node.Content[i]
		switch {
		case seen[key.Value]:
			v.l.fault(at{v.file, key.Line}, "", "the key %q is there twice", key.Value)
		case !slices.Contains(known, key.Value):
			v.l.fault(at{v.file, key.Line}, didYouMean(key.Value, known), "unknown key %q", key.Value)
		}
		seen[key.Value] = true
	}
	return true
}

// didYouMean suggests the known word that is nearest.
func didYouMean(word string, known []string) string {
	best, distance := "", 3
	for _, k := range known {
		if d := editDistance(strings.ToLower(word), k); d < distance {
			best, distance = k, d
		}
	}
	if best == "" {
		return "known here: " + strings.Join(known, ", ")
	}
	return "did you mean " + best + "?"
}

// editDistance is Levenshtein's.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		previous := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			previous, row[j] = row[j], min(row[j]+1, row[j-1]+1, previous+cost)
		}
	}
	return row[len(b)]
}

// get returns the value of a key, missing if it is not there.
func (v value) get(key string) value {
	if v.node != nil && v.node.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(v.node.Content); i += 2 {
			if v.node.Content[i].Value == key {
				return value{v.l, v.file, v.node.Content[i+1]}
			}
		}
	}
	return value{l: v.l, file: v.file}
}

// need is get for a key that must be there.
func (v value) need(key string) value {
	child := v.get(key)
	if v.there() && !child.there() {
		v.fault("", "%q is missing", key)
	}
	return child
}

// list returns the elements of a sequence.
func (v value) list() []value {
	if !v.there() {
		return nil
	}
	if v.node.Kind != yaml.SequenceNode {
		v.fault("begin each element with a dash", "here should be a list")
		return nil
	}
	out := make([]value, len(v.node.Content))
	for i, n := range v.node.Content {
		out[i] = value{v.l, v.file, n}
	}
	return out
}

// entry is a key with its value.
type entry struct {
	key   string
	value value
}

// entries returns the keys and values of a map in their order.
func (v value) entries() []entry {
	if !v.there() {
		return nil
	}
	if v.node.Kind != yaml.MappingNode {
		v.fault("", "here should be keys with values")
		return nil
	}
	var out []entry
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		out = append(out, entry{v.node.Content[i].Value, value{v.l, v.file, v.node.Content[i+1]}})
	}
	return out
}

// str returns a text.
func (v value) str() string {
	if !v.there() {
		return ""
	}
	if v.node.Kind != yaml.ScalarNode {
		v.fault("", "here should be a text")
		return ""
	}
	if v.node.Tag != "!!str" { // docs/schema would refuse it, and 1.10 or no would surprise their author elsewhere
		v.fault(fmt.Sprintf("put it in quotes: %q", v.node.Value), "here should be a text, but %s is not one", v.node.Value)
	}
	return strings.TrimSpace(v.node.Value)
}

// decode puts a number or a truth value into target.
func decode[T any](v value, what string) T {
	var out T
	if v.there() && v.node.Decode(&out) != nil {
		v.fault("", "%q is not %s", v.node.Value, what)
	}
	return out
}

func (v value) integer(low, high int) int {
	n := decode[int](v, "a whole number")
	if v.there() && (n < low || n > high) {
		v.fault("", "%d is not between %d and %d", n, low, high)
	}
	return n
}

func (v value) number() float64 {
	x := decode[float64](v, "a number")
	if math.IsNaN(x) || math.IsInf(x, 0) { // YAML knows .nan and .inf, which pass every comparison or none
		v.fault("", "%q is not a number", v.node.Value)
		return 0
	}
	return x
}

func (v value) boolean() bool { return decode[bool](v, "true or false") }

// id returns an identifier.
func (v value) id() string {
	s := v.str()
	if v.there() && !item.ValidID(s) {
		v.fault("use lower-case Latin letters, digits and hyphens, at most 60, beginning with a letter", "%q is not an id", s)
	}
	return s
}

// oneOf returns a word out of those allowed.
func (v value) oneOf(allowed ...string) string {
	s := v.str()
	if v.there() && !slices.Contains(allowed, s) {
		v.fault(didYouMean(s, allowed), "%q is not one of %s", s, strings.Join(allowed, ", "))
	}
	return s
}

// text returns a text in every language of the course.
func (v value) text() text.Translated {
	if !v.there() {
		return nil
	}
	if v.node.Kind != yaml.MappingNode {
		v.fault("write {pl: \"…\", en: \"…\"}", "here should be the text in each language")
		return nil
	}
	t := text.Translated{}
	for _, e := range v.entries() {
		if len(v.l.course.Languages) > 0 && !v.l.course.HasLanguage(e.key) { // without languages that alone is the fault
			e.value.fault(didYouMean(e.key, v.l.course.Languages), "%q is not a language of the course", e.key)
		}
		t[e.key] = e.value.str()
	}
	for _, lang := range v.l.course.Languages {
		if t[lang] == "" {
			v.fault("", "the text in %q is missing", lang)
		}
	}
	if langs := v.l.course.Languages; len(langs) > 0 && t[langs[0]] != "" {
		t[""] = t[langs[0]] // what the text falls back to
	}
	return t
}

// markdown is text whose Markdown is checked too.
func (v value) markdown() text.Translated {
	t := v.text()
	for _, lang := range t.Languages() {
		s := t[lang]
		where := v.get(lang).at()
		if n := v.get(lang).node; n != nil && n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
			where.line++ // the text begins below its | or >
		}
		v.l.checkMarkdown(where, s)
	}
	return t
}
