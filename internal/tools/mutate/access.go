package main

import (
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// access lists the faults of the access tables: a route asks less, a role may more or less than the table says, a permission
// that concerns everybody is given by a role for one unit.
func (f *finder) access(spec *ast.ValueSpec) {
	if len(spec.Values) != 1 {
		return
	}
	table, ok := spec.Values[0].(*ast.CompositeLit)
	if !ok {
		return
	}
	var all []ast.Expr // the permissions, as the longest row names them
	for _, e := range table.Elts {
		if row, ok := pair(e).(*ast.CompositeLit); ok && len(row.Elts) > len(all) {
			all = row.Elts
		}
	}
	for _, e := range table.Elts {
		row, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		switch name := spec.Names[0].Name; name {
		case "Routes":
			f.weaker(row)
		case "Rights":
			f.rights(row, all)
		case "installationWide":
			f.entry(row.Value, "false", f.of(row.Key)+" is installation-wide → within a unit", f.of(row.Key))
		}
	}
}

func pair(e ast.Expr) ast.Expr {
	if kv, ok := e.(*ast.KeyValueExpr); ok {
		return kv.Value
	}
	return nil
}

// weaker replaces what a route needs by the next weaker need.
func (f *finder) weaker(row *ast.KeyValueExpr) {
	need := f.of(row.Value)
	less := map[string]string{"signedIn": "anyone", "anyone": "nothing"}[need]
	if strings.HasPrefix(need, "with(") {
		less = "signedIn"
	}
	if less != "" {
		f.entry(row.Value, less, f.of(row.Key)+": "+need+" → "+less, f.of(row.Key))
	}
}

// rights gives a role each permission that it lacks, and takes each that it has.
func (f *finder) rights(row *ast.KeyValueExpr, all []ast.Expr) {
	list, ok := row.Value.(*ast.CompositeLit)
	if !ok {
		return
	}
	role := f.of(row.Key)
	var has []string
	for _, e := range list.Elts {
		p := f.of(e)
		has = append(has, p)
		rest := slices.DeleteFunc(slices.Clone(list.Elts), func(x ast.Expr) bool { return x == e })
		var names []string
		for _, x := range rest {
			names = append(names, f.of(x))
		}
		f.entry(list, "{"+strings.Join(names, ", ")+"}", role+" loses "+p, p)
	}
	for _, e := range all {
		if p := f.of(e); !slices.Contains(has, p) {
			f.entry(list, "{"+strings.Join(append(slices.Clone(has), p), ", ")+"}", role+" gains "+p, p)
		}
	}
}

// entry notes a fault of an access line. Its area is whoever handles the route or asks for the permission.
func (f *finder) entry(n ast.Node, with, change, names string) {
	f.at(f.offset(n.Pos()), f.offset(n.End()), with, "access", change)
	f.list[len(f.list)-1].areas = []string{"internal/access", "internal/app", "?" + names}
}

// resolve replaces the "?name" of access lines by the areas that name the route or the permission.
func resolve(root string, list []fault) error {
	texts := map[string]string{}
	for _, f := range list {
		if _, ok := texts[f.file]; !ok {
			content, err := os.ReadFile(filepath.Join(root, f.file))
			if err != nil {
				return err
			}
			texts[f.file] = string(content)
		}
	}
	for i, f := range list {
		if f.kind != "access" {
			continue
		}
		var areas []string
		for _, a := range f.areas {
			name, open := strings.CutPrefix(a, "?")
			if !open {
				areas = append(areas, a)
				continue
			}
			pattern := regexp.QuoteMeta(name)
			if !strings.HasPrefix(name, `"`) {
				pattern = `\baccess\.` + pattern + `\b`
			}
			uses := regexp.MustCompile(pattern)
			for path, text := range texts {
				if path != f.file && uses.MatchString(text) {
					areas = append(areas, areaOf(path))
				}
			}
		}
		slices.Sort(areas)
		list[i].areas = slices.Compact(areas)
	}
	return nil
}
