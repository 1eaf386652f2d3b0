package course

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

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
	for _, name := range []string{"course", "items", "test", "forms", "scenario", "glossary"} {
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
	for file, f := range good(t) {
		if name := described[file]; name != "" {
			if err := check(t, compiled[name], f.Data); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
}

// TestSchemasAcceptTheShippedCourse: an editor that understands schemas marks nothing in it.
func TestSchemasAcceptTheShippedCourse(t *testing.T) {
	compiled := compileSchemas(t)
	root := os.DirFS("../../courses/border-guard")
	folders := map[string]string{"course.yaml": "course", "glossary.yaml": "glossary", "items": "items", "tests": "test", "forms": "forms", "scenarios": "scenario"}
	checked := map[string]int{}
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
			t.Errorf("%s: %v", file, err)
		}
		checked[name]++
		return nil
	})
	if err != nil || len(checked) != len(folders) {
		t.Errorf("checked %v, %v", checked, err)
	}
}

// TestTheShippedCompetenceTest has two forms to be crossed over and one for later, long enough to tell people apart.
func TestTheShippedCompetenceTest(t *testing.T) {
	c, faults := loadAll(t, os.DirFS("../../courses/border-guard"))
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
// value of another kind. An unknown key is refused by both; and whatever the schema refuses, the loader refuses.
func TestSchemaAndLoaderAgree(t *testing.T) {
	compiled := compileSchemas(t)
	base := good(t)
	for file, name := range described {
		var doc yaml.Node
		if err := yaml.Unmarshal(base[file].Data, &doc); err != nil {
			t.Fatal(err)
		}
		n := 0
		eachChange(&doc, func(what string) {
			n++
			text, err := yaml.Marshal(&doc)
			if err != nil {
				t.Fatal(err)
			}
			changed := fstest.MapFS{}
			for k, v := range base {
				changed[k] = v
			}
			changed[file] = &fstest.MapFile{Data: text}
			_, faults := loadAll(t, changed)
			refused := check(t, compiled[name], text) != nil
			loaderRefuses := len(Blocking(faults)) > 0
			switch {
			case strings.HasPrefix(what, "unknown") && (!refused || !loaderRefuses):
				t.Errorf("%s: %s: refused by the schema: %v, by the loader: %v", file, what, refused, loaderRefuses)
			case refused && !loaderRefuses:
				t.Errorf("%s: %s: the schema refuses it, the loader does not:\n%s", file, what, text)
			}
		})
		if n < 10 {
			t.Errorf("%s: only %d changes", file, n)
		}
	}
}

// eachChange makes one change after the other, calls try, and takes it back.
func eachChange(n *yaml.Node, try func(what string)) {
	switch n.Kind {
	case yaml.MappingNode:
		content := n.Content
		n.Content = append(slices.Clone(content), &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: "zzz_unknown"}, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: "x"})
		try(fmt.Sprintf("unknown key on line %d", n.Line))
		for i := 0; i+1 < len(content); i += 2 {
			n.Content = append(slices.Clone(content[:i]), content[i+2:]...)
			if len(n.Content) > 0 {
				try(fmt.Sprintf("without %s of line %d", content[i].Value, content[i].Line))
			}
		}
		n.Content = content
	case yaml.SequenceNode:
		content := n.Content
		for i := range content {
			if n.Content = append(slices.Clone(content[:i]), content[i+1:]...); len(n.Content) > 0 {
				try(fmt.Sprintf("without element %d on line %d", i, content[i].Line))
			}
		}
		n.Content = content
	case yaml.ScalarNode:
		before := *n
		for _, other := range []yaml.Node{
			{Kind: yaml.SequenceNode, Tag: "!!seq", Content: []*yaml.Node{{Kind: yaml.ScalarNode, Tag: "!!str", Value: "x"}}},
			{Kind: yaml.MappingNode, Tag: "!!map", Content: []*yaml.Node{{Kind: yaml.ScalarNode, Value: "x"}, {Kind: yaml.ScalarNode, Value: "y"}}},
			{Kind: yaml.ScalarNode, Tag: "!!int", Value: "-77"},
			{Kind: yaml.ScalarNode, Tag: "!!str", Value: "No Such Word", Style: yaml.DoubleQuotedStyle},
			{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "true"},
		} {
			*n = other
			try(fmt.Sprintf("%q on line %d as %s %s", before.Value, before.Line, other.Tag, other.Value))
		}
		*n = before
	}
	for i, c := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			continue // keys are changed with their mapping
		}
		eachChange(c, try)
	}
}
