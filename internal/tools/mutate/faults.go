package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A fault is one change of one file: the bytes from start to end are replaced.
type fault struct {
	file       string // below the root, with slashes
	line       int
	start, end int
	with       string
	kind       string // condition, boundary, error, sql, access
	change     string // what a person reads: "a < b → a <= b"
	function   string // in which it stands: with file and change it names the fault in the file of argued survivors
	areas      []string
}

// comparisons gives what each operator becomes: its boundary moved, and its contrary.
var comparisons = map[token.Token][]string{
	token.EQL: {"!="}, token.NEQ: {"=="},
	token.LSS: {"<=", ">="}, token.LEQ: {"<", ">"},
	token.GTR: {">=", "<="}, token.GEQ: {">", "<"},
	token.LAND: {"||"}, token.LOR: {"&&"},
}

// collect lists all faults of the hand-written and the generated sources below internal and cmd. Left out is what is no
// part of the product: tests, what helps tests, and tools.
func collect(root string) (list []fault, err error) {
	for _, top := range []string{"cmd", "internal"} {
		err = filepath.WalkDir(filepath.Join(root, top), func(p string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			name := d.Name()
			if d.IsDir() {
				if name == "tools" || name == "testdata" || name == "testrig" || strings.HasSuffix(name, "test") {
					return filepath.SkipDir
				}
				return nil
			}
			if filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
				return nil
			}
			rel, err := filepath.Rel(root, p)
			if err != nil {
				return err
			}
			content, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			found, err := ofFile(filepath.ToSlash(rel), string(content))
			list = append(list, found...)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// finder walks one file.
type finder struct {
	path, text, function string
	set                  *token.FileSet
	list                 []fault
}

// ofFile lists the faults of one source text.
func ofFile(path, text string) ([]fault, error) {
	f := &finder{path: path, text: text, set: token.NewFileSet()}
	parsed, err := parser.ParseFile(f.set, path, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	ast.PreorderStack(parsed, nil, func(n ast.Node, stack []ast.Node) bool {
		if len(stack) == 1 {
			f.function = ""
		}
		switch n := n.(type) {
		case *ast.FuncDecl:
			f.function = n.Name.Name
		case *ast.ImportSpec:
			return false
		case *ast.Field: // its tag is no text
			return n.Type != nil
		case *ast.BinaryExpr:
			f.binary(n, stack)
		case *ast.UnaryExpr:
			if n.Op == token.NOT {
				f.add(n.Pos(), n.Pos()+1, "", "condition", n, f.of(n.X))
			}
		case *ast.IfStmt:
			f.negate(n.Cond)
		case *ast.ForStmt:
			f.negate(n.Cond)
		case *ast.CaseClause:
			if len(stack) > 1 {
				if s, ok := stack[len(stack)-2].(*ast.SwitchStmt); ok && s.Tag == nil {
					for _, e := range n.List {
						f.negate(e)
					}
				}
			}
		case *ast.ReturnStmt:
			f.dropped(n, stack)
		case *ast.BasicLit:
			if n.Kind == token.STRING {
				f.sql(n)
			}
		case *ast.ValueSpec:
			if strings.HasPrefix(path, "internal/access/") {
				f.access(n)
			}
		}
		return true
	})
	count := map[string]int{}
	for i := range f.list {
		if f.list[i].areas == nil {
			f.list[i].areas = []string{areaOf(path)}
		}
		key := f.list[i].key()
		if count[key]++; count[key] > 1 {
			f.list[i].change += fmt.Sprintf(" (%d)", count[key])
		}
	}
	return f.list, nil
}

// binary changes an operator, and takes the one out of "n + 1".
func (f *finder) binary(n *ast.BinaryExpr, stack []ast.Node) {
	for i, op := range comparisons[n.Op] {
		kind := "condition"
		if i == 0 && len(comparisons[n.Op]) == 2 {
			if kind = "boundary"; f.clamps(n, stack) {
				continue
			}
		}
		f.add(n.OpPos, n.OpPos+token.Pos(len(n.Op.String())), op, kind, n, f.of(n.X)+" "+op+" "+f.of(n.Y))
	}
	if one, ok := n.Y.(*ast.BasicLit); ok && one.Value == "1" && (n.Op == token.ADD || n.Op == token.SUB) {
		f.add(one.Pos(), one.End(), "0", "boundary", n, f.of(n.X)+" "+n.Op.String()+" 0")
	}
}

// clamps says whether a comparison only bounds what it compares, as in "if n > most { n = most }" or "if len(s) > most { s = s[:most] }": at
// the boundary itself nothing changes, whichever way it goes.
func (f *finder) clamps(n *ast.BinaryExpr, stack []ast.Node) bool {
	for _, node := range slices.Backward(stack) {
		switch node := node.(type) {
		case *ast.BinaryExpr, *ast.ParenExpr:
			continue
		case *ast.IfStmt:
			if node.Else != nil || len(node.Body.List) != 1 {
				return false
			}
			a, ok := node.Body.List[0].(*ast.AssignStmt)
			if !ok || a.Tok != token.ASSIGN || len(a.Lhs) != 1 || len(a.Rhs) != 1 {
				return false
			}
			x, y, to, from := f.of(n.X), f.of(n.Y), f.of(a.Lhs[0]), f.of(a.Rhs[0])
			return to == x && from == y || to == y && from == x || x == "len("+to+")" && from == to+"[:"+y+"]"
		}
		return false
	}
	return false
}

// negate turns a condition round, unless another change of the same condition does just that.
func (f *finder) negate(cond ast.Expr) {
	switch e := cond.(type) {
	case nil:
		return
	case *ast.BinaryExpr:
		if e.Op != token.LAND && e.Op != token.LOR {
			return
		}
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			return
		}
	}
	f.add(cond.Pos(), cond.End(), "!("+f.of(cond)+")", "condition", cond, "!("+f.of(cond)+")")
}

// dropped lets a function return no error where it returns one. The call that gives the error is still made.
func (f *finder) dropped(n *ast.ReturnStmt, stack []ast.Node) {
	if len(n.Results) == 0 {
		return
	}
	var results *ast.FieldList
	for _, node := range slices.Backward(stack) {
		if fn, ok := node.(*ast.FuncDecl); ok {
			results = fn.Type.Results
			break
		}
		if fn, ok := node.(*ast.FuncLit); ok {
			results = fn.Type.Results
			break
		}
	}
	if results == nil || len(results.List) == 0 || f.of(results.List[len(results.List)-1].Type) != "error" {
		return
	}
	last := n.Results[len(n.Results)-1]
	if f.of(last) == "nil" || len(n.Results) < results.NumFields() {
		return
	}
	if call, ok := last.(*ast.CallExpr); ok && len(n.Results) == 1 {
		f.add(n.Pos(), n.End(), "_ = "+f.of(call)+"; return nil", "error", n, "return nil")
		return
	}
	f.add(last.Pos(), last.End(), "nil", "error", n, strings.TrimSuffix(f.of(n), f.of(last))+"nil")
}

// of returns the source text of a node.
func (f *finder) of(n ast.Node) string {
	return f.text[f.offset(n.Pos()):f.offset(n.End())]
}

func (f *finder) offset(p token.Pos) int { return f.set.Position(p).Offset }

// add notes a fault, unless it lies in what the templates' generator writes around a page's own conditions.
func (f *finder) add(from, to token.Pos, with, kind string, n ast.Node, becomes string) {
	f.at(f.offset(from), f.offset(to), with, kind, short(f.of(n))+" → "+short(becomes))
}

func (f *finder) at(start, end int, with, kind, change string) {
	line := 1 + strings.Count(f.text[:start], "\n")
	source, _, _ := strings.Cut(f.text[strings.LastIndex(f.text[:start], "\n")+1:], "\n")
	if strings.HasSuffix(f.path, "_templ.go") && strings.Contains(source, "templ_7745c5c3_") {
		return
	}
	f.list = append(f.list, fault{file: f.path, function: f.function, line: line, start: start, end: end, with: with, kind: kind, change: change})
}

// short puts a piece of source on one line of bearable length.
func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 90 {
		return string(r[:60]) + " … " + string(r[len(r)-27:])
	}
	return s
}

// areaOf names the folder whose tests must catch a fault of the file: the area with its pages.
func areaOf(path string) string {
	parts := strings.Split(path, "/")
	if len(parts) < 3 {
		return parts[0]
	}
	return parts[0] + "/" + parts[1]
}

// key names the fault in a way that outlives a change elsewhere in the file.
func (f fault) key() string { return f.file + "\t" + f.function + "\t" + f.change }

func (f fault) String() string {
	return fmt.Sprintf("%s:%d: [%s] %s", f.file, f.line, f.kind, f.change)
}
