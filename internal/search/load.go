package search

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"ostoja/internal/errs"
)

const (
	mostFile   = 1 << 20 // bytes
	mostPhrase = 8       // words
)

var namePattern = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

// Load reads what is known of languages, as in site/search.yaml, whose head describes the form. The error names every fault with
// its line.
func Load(r io.Reader) (_ *Synonyms, err error) {
	defer errs.Wrap(&err, "search.Load")
	b, err := io.ReadAll(io.LimitReader(r, mostFile+1))
	if err != nil {
		return nil, err
	}
	if len(b) > mostFile {
		return nil, fmt.Errorf("more than %d bytes", mostFile)
	}
	var document yaml.Node
	d := yaml.NewDecoder(strings.NewReader(string(b)))
	if err := d.Decode(&document); errors.Is(err, io.EOF) {
		document.Content = []*yaml.Node{{Kind: yaml.MappingNode, Line: 1}} // nothing, or comments alone
	} else if err != nil {
		return nil, err
	}
	if err := d.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one document")
	}
	l := &loader{out: &Synonyms{languages: map[string]*language{}}}
	parts := map[string]*yaml.Node{}
	l.entries(document.Content[0], func(key, value *yaml.Node) {
		if key.Value != "languages" && key.Value != "groups" {
			l.fault(key, "%q is neither languages nor groups", key.Value)
			return
		}
		parts[key.Value] = value
	})
	if parts["languages"] == nil {
		l.fault(document.Content[0], "languages are missing")
		return nil, errors.Join(l.faults...)
	}
	l.entries(parts["languages"], l.language)
	l.out.tags = slices.Sorted(maps.Keys(l.out.languages))
	if parts["groups"] != nil {
		l.entries(parts["groups"], l.group)
	}
	if len(l.faults) > 0 {
		return nil, errors.Join(l.faults...)
	}
	return l.out, nil
}

// loader collects the faults of a file.
type loader struct {
	out    *Synonyms
	faults []error
}

func (l *loader) fault(n *yaml.Node, format string, args ...any) {
	l.faults = append(l.faults, fmt.Errorf("line %d: %s", n.Line, fmt.Sprintf(format, args...)))
}

// entries calls do for each key of a mapping, whose keys are names and different.
func (l *loader) entries(n *yaml.Node, do func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		l.fault(n, "names with values are expected here")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode || seen[key.Value] {
			l.fault(key, "%q is there twice or is no name", key.Value)
			continue
		}
		seen[key.Value] = true
		do(key, n.Content[i+1])
	}
}

// list calls do for each text of a list, which are different.
func (l *loader) list(n *yaml.Node, do func(item *yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		l.fault(n, "a list is expected here")
		return
	}
	seen := map[string]bool{}
	for _, item := range n.Content {
		switch {
		case item.Kind != yaml.ScalarNode || item.Tag == "!!null" || strings.TrimSpace(item.Value) == "":
			l.fault(item, "a word is expected here")
		case seen[item.Value]:
			l.fault(item, "%q is there twice", item.Value)
		default:
			seen[item.Value] = true
			do(item)
		}
	}
}

// single returns the folded form of a single word, "" with a fault if it is none.
func (l *loader) single(n *yaml.Node, text string) string {
	words := split(text, 2)
	if len(words) != 1 || fold(text) != words[0].folded {
		l.fault(n, "%q is no single word", text)
		return ""
	}
	return words[0].folded
}

func (l *loader) language(key, value *yaml.Node) {
	if !namePattern.MatchString(key.Value) {
		l.fault(key, "%q is no tag of a language", key.Value)
		return
	}
	out := &language{stop: map[string]bool{}, endings: map[string][]string{}, forms: map[string][]string{}}
	l.out.languages[key.Value] = out
	l.entries(value, func(key, value *yaml.Node) {
		switch key.Value {
		case "stop":
			l.list(value, func(n *yaml.Node) { l.stop(out, n) })
		case "enclitics":
			l.list(value, func(n *yaml.Node) { out.enclitics = append(out.enclitics, l.single(n, n.Value)) })
		case "beginnings":
			l.list(value, func(n *yaml.Node) { out.beginnings = append(out.beginnings, l.single(n, n.Value)) })
		case "endings":
			l.list(value, func(n *yaml.Node) { l.ending(out, n) })
		case "forms":
			l.entries(value, func(key, value *yaml.Node) { l.forms(out, key, value) })
		case "roman":
			l.roman(out, value)
		default:
			l.fault(key, "%q is none of stop, enclitics, beginnings, endings, forms, roman", key.Value)
		}
	})
}

// stop takes a word both folded and as it is written.
func (l *loader) stop(out *language, n *yaml.Node) {
	if folded := l.single(n, n.Value); folded != "" {
		out.stop[folded] = true
		out.stop[split(n.Value, 1)[0].written] = true
	}
}

// ending takes "ami" or "ce>k/c". Endings that differ in accents alone are one.
func (l *loader) ending(out *language, n *yaml.Node) {
	text, replacements, _ := strings.Cut(n.Value, ">")
	ending := l.single(n, text)
	if ending == "" {
		return
	}
	for _, r := range strings.Split(replacements, "/") {
		if r != "" {
			if r = l.single(n, r); r == "" {
				return
			}
		}
		if !slices.Contains(out.endings[ending], r) {
			out.endings[ending] = append(out.endings[ending], r)
		}
	}
	out.longest = max(out.longest, utf8.RuneCountInString(ending))
}

// forms takes a word with forms of it that the endings do not explain. The word itself remains one of its forms.
func (l *loader) forms(out *language, key, value *yaml.Node) {
	basic := l.single(key, key.Value)
	l.list(value, func(n *yaml.Node) {
		form := l.single(n, n.Value)
		if basic != "" && form != "" && form != basic && !slices.Contains(out.forms[form], basic) {
			out.forms[form] = append(out.forms[form], basic)
		}
	})
}

// roman takes the ways to write a language in Latin letters: each a mapping from letter to letters.
func (l *loader) roman(out *language, n *yaml.Node) {
	if n.Kind != yaml.SequenceNode {
		l.fault(n, "a list is expected here")
		return
	}
	for _, way := range n.Content {
		var pairs []string
		l.entries(way, func(key, value *yaml.Node) {
			if utf8.RuneCountInString(key.Value) != 1 || value.Kind != yaml.ScalarNode || value.Value != "" && !isLatin(value.Value) {
				l.fault(key, "a letter with Latin letters is expected here")
				return
			}
			pairs = append(pairs, key.Value, value.Value)
		})
		out.roman = append(out.roman, strings.NewReplacer(pairs...))
	}
}

func (l *loader) group(key, value *yaml.Node) {
	if !namePattern.MatchString(key.Value) {
		l.fault(key, "%q is no name of a group: small letters, digits and hyphens", key.Value)
	}
	g := group{id: key.Value, words: map[string][]string{}}
	number := len(l.out.groups)
	total := 0
	l.entries(value, func(key, value *yaml.Node) {
		switch key.Value {
		case "leads":
			l.list(value, func(n *yaml.Node) { g.leads = append(g.leads, n.Value) })
			return
		case "urgent":
			g.urgent = value.Value == "true"
			return
		}
		lang := l.out.languages[key.Value]
		if lang == nil {
			l.fault(key, "the language %q is none of the languages above", key.Value)
			return
		}
		l.list(value, func(n *yaml.Node) {
			if words := split(n.Value, mostPhrase+1); len(words) == 0 || len(words) > mostPhrase {
				l.fault(n, "%q has no word or more than %d", n.Value, mostPhrase)
				return
			}
			total++
			g.words[key.Value] = append(g.words[key.Value], n.Value)
			lang.add(number, n.Value)
		})
	})
	if total < 2 {
		l.fault(key, "the group %q has fewer than two words", key.Value)
	}
	if g.urgent && len(g.leads) == 0 {
		l.fault(key, "the group %q is urgent and leads nowhere", key.Value)
	}
	l.out.groups = append(l.out.groups, g)
}
