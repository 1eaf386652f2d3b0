// Command measure counts what the house's rules are about, so that a change of the house can be shown in figures: size, rooms
// and floors, tests, comments, duplication, functions, dropped results, and exported names that nobody outside uses. What
// each figure means stands at the function that counts it. Generated files and what helps tests count nowhere.
package main

import (
	"cmp"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// source is a parsed file.
type source struct {
	path, folder, area  string
	test                bool
	lines               []string
	file                *ast.File
	set                 *token.FileSet
	code, comment, drop int
	functions           []function
}

type function struct {
	name  string
	lines int
}

func main() {
	root := flag.String("root", ".", "root of the module that is measured")
	flag.Parse()
	var err error
	if flag.Arg(0) == "exported" {
		err = exported(*root, flag.Args()[1:])
	} else {
		err = all(*root)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
}

// all prints a table by area and the figures of the whole.
func all(root string) error {
	files, err := read(root)
	if err != nil {
		return err
	}
	fmt.Printf("%-16s %6s %6s %6s %11s %9s %12s %6s %7s %8s\n", "area", "core", "pages", "tests", "tests/source", "comments", "median func", "most", "files", "dropped")
	areas := map[string][]*source{}
	for _, f := range files {
		areas[f.area] = append(areas[f.area], f)
	}
	for _, name := range slices.Sorted(maps.Keys(areas)) {
		row(name, areas[name])
	}
	row("all", files)
	fmt.Println()
	longest(files)
	n, total := duplicated(files)
	fmt.Printf("duplicated lines: %d of %d (%.1f %%)\n", n, total, 100*float64(n)/float64(total))
	m, err := load(root)
	if err != nil {
		return err
	}
	unused, names := m.unusedNames(nil)
	tested := 0
	for _, n := range unused {
		if n.tested {
			tested++
		}
	}
	fmt.Printf("exported names that the product uses nowhere outside their package: %d of %d (%d of them are used by tests of others)\n\n", len(unused), names, tested)
	rooms(m.set, m.packages)
	return nil
}

// row counts one area. Lines are physical lines; comments are lines of comment to lines of code; dropped are assignments of
// results to the blank name alone.
func row(name string, files []*source) {
	var core, pages, tests, code, comment, drop, n int
	var lengths []int
	for _, f := range files {
		switch {
		case f.test:
			tests += len(f.lines)
			continue
		case strings.HasSuffix(f.folder, "web") || strings.Contains(f.folder, "web/"):
			pages += len(f.lines)
		default:
			core += len(f.lines)
		}
		n++
		code, comment, drop = code+f.code, comment+f.comment, drop+f.drop
		for _, fn := range f.functions {
			lengths = append(lengths, fn.lines)
		}
	}
	slices.Sort(lengths)
	median, most := 0, 0
	if len(lengths) > 0 {
		median, most = lengths[len(lengths)/2], lengths[len(lengths)-1]
	}
	fmt.Printf("%-16s %6d %6d %6d %11.2f %9.2f %12d %6d %7d %8d\n", name, core, pages, tests, share(tests, core+pages), share(comment, code), median, most, n, drop)
}

func share(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// read parses the hand-written Go files below internal, cmd and e2e.
func read(root string) (list []*source, err error) {
	for _, top := range []string{"internal", "cmd", "e2e"} {
		err = filepath.WalkDir(filepath.Join(root, top), func(p string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			name := d.Name()
			if d.IsDir() && (name == "testdata" || name == "tools") {
				return filepath.SkipDir
			}
			if d.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_templ.go") {
				return nil
			}
			rel, err := filepath.Rel(root, p)
			if err != nil {
				return err
			}
			f, err := parse(p, filepath.ToSlash(rel))
			list = append(list, f)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

func parse(file, rel string) (*source, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	f := &source{path: rel, folder: path.Dir(rel), set: token.NewFileSet()}
	parts := strings.Split(rel, "/")
	f.area = parts[0]
	if parts[0] == "internal" && len(parts) > 2 {
		f.area = parts[1]
	}
	f.test = strings.HasSuffix(rel, "_test.go") || parts[0] == "e2e" || strings.HasSuffix(f.folder, "test") || strings.Contains(f.folder, "testrig")
	f.lines = strings.Split(strings.TrimSuffix(string(content), "\n"), "\n")
	if f.file, err = parser.ParseFile(f.set, file, content, parser.ParseComments); err != nil {
		return nil, err
	}
	f.count()
	return f, nil
}

func (f *source) count() {
	commented := map[int]bool{}
	for _, g := range f.file.Comments {
		for _, c := range g.List {
			for l := f.set.Position(c.Pos()).Line; l <= f.set.Position(c.End()).Line; l++ {
				commented[l] = true
			}
		}
	}
	for i, l := range f.lines {
		l = strings.TrimSpace(l)
		switch {
		case l == "":
		case commented[i+1] && (strings.HasPrefix(l, "//") || strings.HasPrefix(l, "/*") || strings.HasPrefix(l, "*")):
			f.comment++
		default:
			f.code++
			if commented[i+1] { // beside the code
				f.comment++
			}
		}
	}
	ast.Inspect(f.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			f.functions = append(f.functions, function{n.Name.Name, f.set.Position(n.End()).Line - f.set.Position(n.Pos()).Line + 1})
		case *ast.AssignStmt:
			if !slices.ContainsFunc(n.Lhs, func(e ast.Expr) bool { id, ok := e.(*ast.Ident); return !ok || id.Name != "_" }) {
				f.drop++
			}
		}
		return true
	})
}

func longest(files []*source) {
	type at struct {
		where string
		lines int
	}
	var list []at
	for _, f := range files {
		if !f.test {
			for _, fn := range f.functions {
				list = append(list, at{f.path + " " + fn.name, fn.lines})
			}
		}
	}
	slices.SortFunc(list, func(a, b at) int { return cmp.Compare(b.lines, a.lines) })
	for _, x := range list[:min(3, len(list))] {
		fmt.Printf("longest function: %d %s\n", x.lines, x.where)
	}
}

// window is the number of lines in a row that must be equal to count as a copy.
const window = 6

// duplicated counts lines that stand in a run of six equal ones elsewhere too. Blank lines, comments, imports and lone
// brackets are left out before.
func duplicated(files []*source) (n, total int) {
	type place struct{ file, line int }
	first := map[string][]place{}
	lines := make([][]string, len(files))
	for i, f := range files {
		if f.test {
			continue
		}
		for _, l := range f.lines {
			l = strings.TrimSpace(l)
			if len(l) > 2 && !strings.HasPrefix(l, "//") && !strings.HasPrefix(l, `"`) && l != "return err" && l != "return nil" {
				lines[i] = append(lines[i], l)
			}
		}
		total += len(lines[i])
		for j := 0; j+window <= len(lines[i]); j++ {
			key := strings.Join(lines[i][j:j+window], "\n")
			first[key] = append(first[key], place{i, j})
		}
	}
	copied := map[place]bool{}
	for _, places := range first {
		if len(places) < 2 {
			continue
		}
		for _, p := range places {
			for k := range window {
				copied[place{p.file, p.line + k}] = true
			}
		}
	}
	return len(copied), total
}
