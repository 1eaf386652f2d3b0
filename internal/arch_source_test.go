package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// parsed reads the sources once. It does not ask the go command, whose answers a test's cache would take for unchanging.
var parsed = sync.OnceValues(func() ([]file, error) {
	var list []file
	folders := map[string][]*ast.File{}
	index := map[string]int{}
	set := token.NewFileSet()
	for _, top := range []string{"../internal", "../cmd"} {
		err := filepath.WalkDir(top, func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(p) != ".go" || filepath.Dir(p) == "../internal" || strings.Contains(p, "/testdata/") {
				return err
			}
			content, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			tree, err := parser.ParseFile(set, p, content, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			f := file{path: strings.TrimPrefix(filepath.ToSlash(p), "../"), lines: strings.Count(string(content), "\n")}
			for _, i := range tree.Imports {
				name, err := strconv.Unquote(i.Path.Value)
				if err != nil {
					return err
				}
				f.imports = append(f.imports, name)
			}
			index[p] = len(list)
			list = append(list, f)
			folders[filepath.Dir(p)] = append(folders[filepath.Dir(p)], tree)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	for _, trees := range folders {
		known := constants(trees)
		for _, tree := range trees {
			i := index[set.Position(tree.Pos()).Filename]
			if !list[i].test() && !strings.HasSuffix(list[i].path, "_templ.go") {
				list[i].sql = texts(tree, known)
			}
		}
	}
	return list, nil
})

func sources(t *testing.T) []file {
	t.Helper()
	list, err := parsed()
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 50 {
		t.Fatalf("only %d files were found: the test looks in the wrong place", len(list))
	}
	return list
}

// constants finds what the names of a package's constants and variables stand for.
func constants(trees []*ast.File) map[string]ast.Expr {
	known := map[string]ast.Expr{}
	for _, tree := range trees {
		for _, d := range tree.Decls {
			if d, ok := d.(*ast.GenDecl); ok {
				define(d, known)
			}
		}
	}
	return known
}

// locals adds what the names of a function stand for at first.
func locals(f *ast.FuncDecl, known map[string]ast.Expr) map[string]ast.Expr {
	known = maps.Clone(known)
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GenDecl:
			define(n, known)
		case *ast.Field: // a parameter hides what has its name
			for _, name := range n.Names {
				delete(known, name.Name)
			}
		case *ast.AssignStmt:
			for i, x := range n.Lhs {
				if name, ok := x.(*ast.Ident); ok && n.Tok == token.DEFINE {
					delete(known, name.Name)
					if len(n.Lhs) == len(n.Rhs) {
						known[name.Name] = n.Rhs[i]
					}
				}
			}
		}
		return true
	})
	return known
}

func define(d *ast.GenDecl, known map[string]ast.Expr) {
	for _, s := range d.Specs {
		if v, ok := s.(*ast.ValueSpec); ok {
			for i, name := range v.Names {
				if i < len(v.Values) {
					known[name.Name] = v.Values[i]
				}
			}
		}
	}
}

// hole stands for what is known only when the program runs.
const hole = "…"

// texts returns the string literals of a file, joined where they are.
func texts(tree *ast.File, known map[string]ast.Expr) (list []string) {
	for _, d := range tree.Decls {
		here := known
		if f, ok := d.(*ast.FuncDecl); ok {
			here = locals(f, known)
		}
		list = append(list, textsOf(d, here)...)
	}
	return list
}

func textsOf(tree ast.Node, known map[string]ast.Expr) (list []string) {
	part := map[ast.Node]bool{} // of a joined text
	ast.Inspect(tree, func(n ast.Node) bool {
		if part[n] {
			if b, ok := n.(*ast.BinaryExpr); ok {
				part[b.X], part[b.Y] = true, true
			}
			return true // what is called within it has texts of its own
		}
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.Field:
			return n.Tag == nil
		case *ast.BinaryExpr:
			if n.Op != token.ADD {
				return true
			}
			part[n.X], part[n.Y] = true, true
			list = append(list, value(n, known, 0))
		case *ast.BasicLit:
			if n.Kind == token.STRING {
				list = append(list, value(n, known, 0))
			}
		}
		return true
	})
	return list
}

// value computes a string expression as far as it can.
func value(e ast.Expr, known map[string]ast.Expr, depth int) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil && e.Kind == token.STRING {
			return text
		}
	case *ast.ParenExpr:
		return value(e.X, known, depth)
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			return value(e.X, known, depth) + value(e.Y, known, depth)
		}
	case *ast.Ident:
		if c := known[e.Name]; c != nil && depth < 8 {
			return value(c, known, depth+1)
		}
	}
	return hole
}
