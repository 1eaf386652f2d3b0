package internal_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// ground lists the technical packages: they know no area.
var ground = []string{
	"access", "audit", "backup", "blob", "clock", "config", "db", "errs", "event", "id", "item", "itemweb", "job", "lang", "list", "mail", "prose", "quiz", "record", "schema", "seal", "search", "sheet", "text", "ui", "web",
}

// areas is the acyclic map of which area may know which. It is meant to stay short: an area that needs little of another
// names what it needs as an interface of its own, and app ties them together.
var areas = map[string][]string{
	"identity":    {},
	"course":      {},
	"certificate": {},
	"learning":    {"course", "certificate"},
	"desk":        {"course"},
	"assessment":  {"course"},
	"site":        {},
}

// only says which packages alone may import certain modules.
var only = map[string][]string{
	"database/sql":                  {"db"},
	"github.com/ncruces/":           {"db"},
	"github.com/jackc/":             {"db"},
	"github.com/pressly/goose":      {"db"},
	"github.com/wneessen/go-mail":   {"mail"},
	"github.com/emersion/go-smtp":   {"mail"},
	"github.com/xuri/excelize":      {"sheet"},
	"gonum.org/":                    {"assessment"},
	"codeberg.org/go-pdf":           {"certificate"},
	"github.com/spf13/":             {"app", "config"},
	"github.com/nicksnyder/go-i18n": {"lang"},
	"github.com/evanw/esbuild":      {"tools"},
}

// file is a Go source file with its imports.
type file struct {
	path    string // below internal
	top     string // first folder: the ground package or area
	pages   bool   // the area's pages (…web)
	test    bool
	imports []string
	lines   int
}

// sources parses the imports of all files below internal. It does not ask the go command, whose answers a test's cache
// would take for unchanging.
func sources(t *testing.T) []file {
	t.Helper()
	var list []file
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(p) != ".go" || !strings.Contains(p, "/") {
			return err
		}
		content, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), p, content, parser.ImportsOnly)
		if err != nil {
			return err
		}
		top, rest, _ := strings.Cut(p, "/")
		f := file{path: p, top: top, pages: strings.HasPrefix(rest, top+"web/"), test: strings.HasSuffix(p, "_test.go"), lines: strings.Count(string(content), "\n")}
		for _, i := range parsed.Imports {
			name, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			f.imports = append(f.imports, name)
		}
		list = append(list, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 50 {
		t.Fatalf("only %d files were found: the test looks in the wrong place", len(list))
	}
	return list
}

func TestArrowsRunOneWay(t *testing.T) {
	for _, f := range sources(t) {
		if f.test || f.top == "app" || f.top == "tools" || f.top == "testrig" {
			continue // app knows everything, and so does the world of the tests; tests may set up what they like
		}
		_, isArea := areas[f.top]
		if !isArea && !slices.Contains(ground, f.top) {
			t.Errorf("%s: the package %s is neither ground floor nor area; add it to the map", f.path, f.top)
		}
		for _, name := range f.imports {
			other, ours := strings.CutPrefix(name, "ostoja/internal/")
			if !ours {
				continue
			}
			top := strings.Split(other, "/")[0]
			_, otherIsArea := areas[top]
			switch {
			case top == f.top || slices.Contains(ground, top) && !strings.HasSuffix(f.top, "test"):
			case !isArea && otherIsArea:
				t.Errorf("%s: the ground floor may not know the area %s", f.path, top)
			case isArea && !slices.Contains(areas[f.top], top):
				t.Errorf("%s: %s may not know %s", f.path, f.top, top)
			}
		}
	}
}

func TestRulesKnowNoWebAndPagesNoDatabase(t *testing.T) {
	for _, f := range sources(t) {
		if _, isArea := areas[f.top]; !isArea || f.test {
			continue
		}
		for _, name := range f.imports {
			switch {
			case f.pages && name == "ostoja/internal/db":
				t.Errorf("%s: pages may not know the database", f.path)
			case !f.pages && (name == "net/http" || name == "ostoja/internal/ui" || name == "ostoja/internal/web" || strings.HasPrefix(name, "github.com/a-h/templ")):
				t.Errorf("%s: the rules of an area may not know %s", f.path, name)
			}
		}
	}
}

func TestModulesStayInTheirPlace(t *testing.T) {
	for _, f := range sources(t) {
		for _, name := range f.imports {
			for prefix, allowed := range only {
				if strings.HasPrefix(name, prefix) && !slices.Contains(allowed, f.top) && !f.test {
					t.Errorf("%s imports %s, which is for %v alone", f.path, name, allowed)
				}
			}
		}
	}
}

// TestTheProgramKnowsNoTestrig: the world of the tests imports the whole program and fake clocks; only tests may know it.
func TestTheProgramKnowsNoTestrig(t *testing.T) {
	for _, f := range sources(t) {
		if !f.test && slices.Contains(f.imports, "ostoja/internal/testrig") {
			t.Errorf("%s imports testrig", f.path)
		}
	}
}

func TestAreasHaveNoCircle(t *testing.T) {
	var visit func(area string, trail []string)
	visit = func(area string, trail []string) {
		if slices.Contains(trail, area) {
			t.Fatalf("a circle: %v", append(trail, area))
		}
		for _, next := range areas[area] {
			visit(next, append(trail, area))
		}
	}
	for area := range areas {
		visit(area, nil)
	}
}

func TestFilesAreShortEnoughToRead(t *testing.T) {
	const limit = 700
	for _, f := range sources(t) {
		if f.lines > limit && !strings.HasSuffix(f.path, "_templ.go") {
			t.Errorf("%s has %d lines; the house's limit is %d", path.Base(f.path), f.lines, limit)
		}
	}
}
