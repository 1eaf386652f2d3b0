package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// arguedFile holds exported names that may be used nowhere outside, each with its argument.
const arguedFile = "internal/tools/measure/exported.txt"

// listed is what the go command says of a package.
type listed struct {
	ImportPath, Dir, Export, ForTest string
	GoFiles, TestGoFiles             []string
	XTestGoFiles                     []string
	Standard                         bool
}

// exported prints the names that are used nowhere outside their package.
func exported(root string, patterns []string) error {
	m, err := load(root)
	if err != nil {
		return err
	}
	unused, total := m.unusedNames(patterns)
	argued, err := arguments(root)
	if err != nil {
		return err
	}
	open := 0
	for _, n := range unused {
		why := argued[n.name]
		if why == "" {
			open++
		}
		if n.tested {
			why = "(only by tests) " + why
		}
		fmt.Printf("%s: %s %s\n", n.at, n.name, why)
	}
	fmt.Printf("%d of %d exported names are used nowhere outside their package, %d without an argument\n", len(unused), total, open)
	return nil
}

func arguments(root string) (map[string]string, error) {
	list := map[string]string{}
	content, err := os.ReadFile(filepath.Join(root, arguedFile))
	if errors.Is(err, os.ErrNotExist) {
		return list, nil
	}
	for line := range strings.Lines(string(content)) {
		if name, why, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && !strings.HasPrefix(line, "#") {
			list[name] = why
		}
	}
	return list, err
}

type named struct {
	name, at string
	tested   bool
}

// module is all of the module's packages, with what their names mean.
type module struct {
	set      *token.FileSet
	packages []checked // without tests
	names    map[string]string
	used     map[string]bool
	tested   map[string]bool // used by tests of other packages
	asked    map[string]bool // methods that some interface asks for
	product  map[string]bool // packages that a program is made of; all others help tests
}

// load checks the types of all packages and notes their names and uses.
func load(root string) (m *module, err error) {
	packages, err := list(root)
	if err != nil {
		return nil, err
	}
	exports := map[string]string{}
	for _, p := range packages {
		if p.Export != "" && p.ForTest == "" {
			exports[p.ImportPath] = p.Export
		}
	}
	m = &module{set: token.NewFileSet(), names: map[string]string{}, used: map[string]bool{}, tested: map[string]bool{}, asked: map[string]bool{}}
	imports := importer.ForCompiler(m.set, "gc", func(path string) (io.ReadCloser, error) {
		if exports[path] == "" {
			return nil, fmt.Errorf("no export data of %s", path)
		}
		return os.Open(exports[path])
	})
	for _, p := range packages {
		if p.Standard || !strings.HasPrefix(p.ImportPath, "ostoja/") || p.ForTest != "" || strings.HasSuffix(p.ImportPath, ".test") {
			continue
		}
		own := check(m.set, imports, p, p.GoFiles, p.ImportPath)
		m.packages = append(m.packages, own)
		m.noteInterfaces(own)
		if own.pkg.Name() != "main" {
			m.noteNames(own, p.ImportPath, root)
		}
		m.noteUses(check(m.set, imports, p, append(slices.Clone(p.GoFiles), p.TestGoFiles...), p.ImportPath), p.ImportPath, m.tested)
		if len(p.XTestGoFiles) > 0 {
			m.noteUses(check(m.set, imports, p, p.XTestGoFiles, p.ImportPath+"_test"), p.ImportPath, m.tested)
		}
	}
	m.product = reachable(m.packages)
	for _, p := range m.packages {
		if m.product[p.pkg.Path()] {
			m.noteUses(p, p.pkg.Path(), m.used)
		}
	}
	for _, name := range strings.Fields(`Error String Unwrap Is As Format MarshalJSON UnmarshalJSON MarshalText UnmarshalText UnmarshalYAML MarshalYAML
		Scan Value Read Write Close Len Less Swap ServeHTTP Render Open Kind Dump Extend RegisterFuncs Transform Parse Trigger Handle
		Enabled WithAttrs WithGroup Collect Describe Name Stat ReadDir Seek Type Set`) {
		m.asked[name] = true // by interfaces of the standard library and of modules
	}
	return m, nil
}

// unusedNames counts constants, variables, functions, types and methods. A type is used where its values are. Not counted are
// methods that some interface asks for (they are used through it), and what stands in a package main. Of a package that a
// program is made of, a test of another package is no use, and is noted beside the name; a package that only tests import
// (testrig, dbtest) is there for them, so that their use is what counts.
func (m *module) unusedNames(patterns []string) (unused []named, total int) {
	for _, name := range slices.Sorted(maps.Keys(m.names)) {
		pkg, rest := split(name)
		if !matches(pkg, patterns) {
			continue
		}
		if _, method, ok := strings.Cut(rest, "."); ok && m.asked[method] {
			continue
		}
		total++
		if !m.used[name] && (m.product[pkg] || !m.tested[name]) {
			unused = append(unused, named{name, m.names[name], m.tested[name]})
		}
	}
	return unused, total
}

// reachable returns the packages that the programs, the packages named main, are made of.
func reachable(packages []checked) map[string]bool {
	imports, reached := map[string][]*types.Package{}, map[string]bool{}
	var reach func(path string)
	reach = func(path string) {
		if reached[path] {
			return
		}
		reached[path] = true
		for _, p := range imports[path] {
			reach(p.Path())
		}
	}
	for _, p := range packages {
		imports[p.pkg.Path()] = p.pkg.Imports()
	}
	for _, p := range packages {
		if p.pkg.Name() == "main" {
			reach(p.pkg.Path())
		}
	}
	return reached
}

// split parts ostoja/internal/x.T.M into its package and what follows.
func split(name string) (pkg, rest string) {
	slash := strings.LastIndex(name, "/")
	p, rest, _ := strings.Cut(name[slash+1:], ".")
	return name[:slash+1] + p, rest
}

func matches(pkg string, patterns []string) bool {
	if len(patterns) == 0 {
		return true
	}
	return slices.ContainsFunc(patterns, func(p string) bool {
		prefix, below := strings.CutSuffix("ostoja/"+strings.TrimPrefix(p, "./"), "/...")
		return pkg == prefix || below && strings.HasPrefix(pkg, prefix+"/")
	})
}

func list(root string) (packages []listed, err error) {
	c := exec.Command("go", "list", "-e", "-export", "-deps", "-test", "-json=ImportPath,Dir,Export,ForTest,GoFiles,TestGoFiles,XTestGoFiles,Standard", "./...")
	c.Dir, c.Stderr = root, os.Stderr
	out, err := c.Output()
	if err != nil {
		return nil, err
	}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return packages, nil
		} else if err != nil {
			return nil, err
		}
		packages = append(packages, p)
	}
}

type checked struct {
	pkg   *types.Package
	info  *types.Info
	files []*ast.File
}

// check finds what each name means. Faults are passed over: the build finds them.
func check(set *token.FileSet, imports types.Importer, p listed, names []string, path string) checked {
	var files []*ast.File
	for _, n := range names {
		if f, err := parser.ParseFile(set, filepath.Join(p.Dir, n), nil, parser.SkipObjectResolution); err == nil {
			files = append(files, f)
		}
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}}
	c := types.Config{Importer: imports, Error: func(error) {}}
	pkg, _ := c.Check(path, set, files, info) // what could not be checked has no uses
	return checked{pkg, info, files}
}

func (m *module) noteUses(c checked, path string, used map[string]bool) {
	for _, obj := range c.info.Uses {
		if obj.Pkg() == nil || !strings.HasPrefix(obj.Pkg().Path(), "ostoja/") {
			continue
		}
		if obj.Pkg().Path() != path {
			if name := fullName(obj); name != "" {
				used[name] = true
			}
		}
		noteTypes(obj.Type(), path, used)
	}
}

// noteTypes notes the types of other packages whose values are handled here, though nobody writes their names.
func noteTypes(t types.Type, path string, used map[string]bool) {
	switch t := t.(type) {
	case *types.Named:
		if pkg := t.Obj().Pkg(); pkg != nil && pkg.Path() != path && strings.HasPrefix(pkg.Path(), "ostoja/") {
			used[fullName(t.Obj())] = true
		}
	case *types.Pointer:
		noteTypes(t.Elem(), path, used)
	case *types.Slice:
		noteTypes(t.Elem(), path, used)
	case *types.Map:
		noteTypes(t.Key(), path, used)
		noteTypes(t.Elem(), path, used)
	case *types.Signature:
		for _, tuple := range []*types.Tuple{t.Params(), t.Results()} {
			for v := range tuple.Variables() {
				noteTypes(v.Type(), path, used)
			}
		}
	}
}

func (m *module) noteInterfaces(c checked) {
	for _, obj := range c.info.Defs {
		t, ok := obj.(*types.TypeName)
		if !ok {
			continue
		}
		if i, ok := t.Type().Underlying().(*types.Interface); ok {
			for method := range i.Methods() {
				m.asked[method.Name()] = true
			}
		}
	}
}

func (m *module) noteNames(c checked, path, root string) {
	for id, obj := range c.info.Defs {
		if obj == nil || !obj.Exported() || obj.Pkg() == nil || strings.HasSuffix(m.set.Position(id.Pos()).Filename, "_templ.go") {
			continue
		}
		if name := fullName(obj); strings.HasPrefix(name, path+".") {
			at := m.set.Position(id.Pos())
			rel, err := filepath.Rel(root, at.Filename)
			if err != nil || strings.HasPrefix(rel, "..") {
				rel = at.Filename
			}
			m.names[name] = fmt.Sprintf("%s:%d", rel, at.Line)
		}
	}
}

// fullName names what stands at package level, and methods by their type; fields and local names have none.
func fullName(obj types.Object) string {
	if f, ok := obj.(*types.Func); ok {
		if r := f.Origin().Signature().Recv(); r != nil {
			t := r.Type()
			if p, ok := t.(*types.Pointer); ok {
				t = p.Elem()
			}
			n, ok := t.(*types.Named)
			if !ok || types.IsInterface(n) || !n.Obj().Exported() {
				return ""
			}
			return n.Obj().Pkg().Path() + "." + n.Obj().Name() + "." + f.Name()
		}
	}
	if obj.Parent() == nil || obj.Parent() != obj.Pkg().Scope() {
		return ""
	}
	return obj.Pkg().Path() + "." + obj.Name()
}
