package course

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"ostoja/internal/course/coursetest"
	"ostoja/internal/course/folder"
	"ostoja/internal/item"
)

// described says which schema describes which file of testdata/good.
var described = map[string]string{
	"course.yaml": "course", "glossary.yaml": "glossary", "items/checks.yaml": "items", "items/tests.yaml": "items", "items/competence.yaml": "items",
	"tests/final.yaml": "test", "forms/knowing.yaml": "forms", "scenarios/coach.yaml": "scenario",
}

func compileSchemas(t *testing.T) map[string]*jsonschema.Schema {
	t.Helper()
	compiled := map[string]*jsonschema.Schema{}
	for _, name := range []string{"course", "items", "test", "forms", "scenario", "glossary", "programme"} {
		b, err := os.ReadFile("../../docs/schema/" + name + ".schema.json")
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		c := jsonschema.NewCompiler()
		if err := c.AddResource(name, doc); err != nil {
			t.Fatal(err)
		}
		if compiled[name], err = c.Compile(name); err != nil {
			t.Fatal(err)
		}
	}
	return compiled
}

// check returns the schema's verdict on a YAML text.
func check(t *testing.T, s *jsonschema.Schema, text []byte) error {
	t.Helper()
	var v any
	if err := yaml.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(doc)
}

func TestSchemasAcceptTheGoodCourse(t *testing.T) {
	compiled := compileSchemas(t)
	for _, files := range []fstest.MapFS{coursetest.Good(t), indicated(t)} {
		for file, f := range files {
			if name := described[file]; name != "" {
				if err := check(t, compiled[name], f.Data); err != nil {
					t.Errorf("%s: %v", file, err)
				}
			}
		}
	}
}

// TestSchemasAcceptTheShippedCourses: an editor that understands schemas marks nothing in them.
func TestSchemasAcceptTheShippedCourses(t *testing.T) {
	compiled := compileSchemas(t)
	folders := map[string]string{"course.yaml": "course", "glossary.yaml": "glossary", "items": "items", "tests": "test", "forms": "forms", "scenarios": "scenario", "programme.yaml": "programme"}
	checked := map[string]int{}
	for _, course := range []string{"border-guard", "social-welfare", "temporary-guardian"} {
		root := os.DirFS("../../courses/" + course)
		err := fs.WalkDir(root, ".", func(file string, d fs.DirEntry, err error) error {
			name := folders[strings.Split(file, "/")[0]]
			if err != nil || d.IsDir() || name == "" {
				return err
			}
			b, err := fs.ReadFile(root, file)
			if err != nil {
				return err
			}
			if err := check(t, compiled[name], b); err != nil {
				t.Errorf("%s/%s: %v", course, file, err)
			}
			checked[name]++
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(checked) != len(folders) {
		t.Errorf("checked %v", checked)
	}
}

// TestTheShippedCompetenceTest has two forms to be crossed over and one for later, long enough to tell people apart.
func TestTheShippedCompetenceTest(t *testing.T) {
	c, faults := loadAll(t, shipped())
	if len(faults) > 0 {
		t.Fatalf("faults:\n%s", list(faults))
	}
	if len(c.Competences) != 1 || len(c.Competences[0].Forms) != 3 {
		t.Fatalf("%+v", c.Competences)
	}
	steps := 0
	for _, f := range c.Competences[0].Forms {
		if len(f.Items) < 15 {
			t.Errorf("form %s has %d items", f.Name, len(f.Items))
		}
		for _, itemID := range f.Items {
			if c.Item(itemID).Type == item.Step {
				steps++
			}
		}
	}
	if steps == 0 {
		t.Error("no scenario step is asked")
	}
}

// TestSchemaAndLoaderAgree changes the good course in every place of every file: a key that nobody knows, a key taken away, a
// value of another kind. An unknown key is refused by both; and whatever the schema refuses, the loader refuses. The loader is
// stricter, so what the schema accepts need not be loaded.
func TestSchemaAndLoaderAgree(t *testing.T) {
	compiled := compileSchemas(t)
	base := coursetest.Good(t)
	for file, name := range described {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			var doc yaml.Node
			if err := yaml.Unmarshal(base[file].Data, &doc); err != nil {
				t.Fatal(err)
			}
			n, loaded := 0, 0
			eachChange(&doc, "", map[string]bool{}, func(what string) {
				n++
				text, err := yaml.Marshal(&doc)
				if err != nil {
					t.Fatal(err)
				}
				if check(t, compiled[name], text) == nil {
					if strings.Contains(what, "unknown key") {
						t.Errorf("%s: the schema accepts it", what)
					}
					return
				}
				loaded++
				changed := maps.Clone(base)
				changed[file] = &fstest.MapFile{Data: text}
				if _, faults := loadAll(t, changed); len(folder.Blocking(faults)) == 0 {
					t.Errorf("%s: the schema refuses it, the loader does not:\n%s", what, text)
				}
			})
			if n < 10 || loaded < 10 {
				t.Errorf("only %d changes, %d of them refused", n, loaded)
			}
		})
	}
}

// eachChange makes one change after the other, calls try, and takes it back. The same change in the same place of two items of one
// type is made once: path tells the place by keys and types, and how long lists are.
func eachChange(n *yaml.Node, path string, tried map[string]bool, try func(what string)) {
	once := func(what string, change func()) {
		if place := path + ": " + what; !tried[place] {
			tried[place] = true
			before := *n
			change()
			try(fmt.Sprintf("%s (line %d)", place, before.Line))
			*n = before
		}
	}
	without := func(i, count int) func() {
		return func() { n.Content = slices.Concat(n.Content[:i], n.Content[i+count:]) }
	}
	switch n.Kind {
	case yaml.MappingNode:
		path += typeOf(n)
		once("unknown key", func() {
			n.Content = append(slices.Clone(n.Content), &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: "zzz_unknown"}, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: "x"})
		})
		for i := 0; i+1 < len(n.Content) && len(n.Content) > 2; i += 2 {
			once("without "+n.Content[i].Value, without(i, 2))
		}
	case yaml.SequenceNode:
		for i := 0; i < len(n.Content) && len(n.Content) > 1; i++ {
			once(fmt.Sprintf("without one of %d elements", len(n.Content)), without(i, 1))
		}
	case yaml.ScalarNode:
		for _, other := range []yaml.Node{
			{Kind: yaml.SequenceNode, Tag: "!!seq", Content: []*yaml.Node{{Kind: yaml.ScalarNode, Tag: "!!str", Value: "x"}}},
			{Kind: yaml.MappingNode, Tag: "!!map", Content: []*yaml.Node{{Kind: yaml.ScalarNode, Value: "x"}, {Kind: yaml.ScalarNode, Value: "y"}}},
			{Kind: yaml.ScalarNode, Tag: "!!int", Value: "-77"},
			{Kind: yaml.ScalarNode, Tag: "!!str", Value: "No Such Word", Style: yaml.DoubleQuotedStyle},
			{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "true"},
		} {
			once(other.Tag+" "+other.Value, func() { *n = other })
		}
	}
	for i, c := range n.Content {
		switch {
		case n.Kind == yaml.MappingNode && i%2 == 0: // keys are changed with their mapping
		case n.Kind == yaml.MappingNode:
			eachChange(c, path+"."+n.Content[i-1].Value, tried, try)
		default:
			eachChange(c, path+"[]", tried, try)
		}
	}
}

// typeOf returns what a mapping says of its use and type, on which depends what it may hold.
func typeOf(n *yaml.Node) string {
	var of string
	for i := 0; i+1 < len(n.Content); i += 2 {
		if k := n.Content[i].Value; k == "type" || k == "use" {
			of += "(" + n.Content[i+1].Value + ")"
		}
	}
	return of
}
