package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// rooms prints for each larger package how much stands in it and how high. A room is a file that people wrote. A floor is a step on the
// longest way down through the package's own declarations: a function stands above those that it calls and the types,
// constants and variables that it names; what names one another in a circle stands on one floor.
func rooms(set *token.FileSet, packages []checked) {
	fmt.Printf("%-44s %6s %6s %6s %13s\n", "package", "lines", "rooms", "floors", "largest circle")
	for _, p := range packages {
		lines, rooms := 0, 0
		for _, f := range p.files {
			if end := set.Position(f.FileEnd); !strings.HasSuffix(end.Filename, "_templ.go") {
				lines += end.Line
				rooms++
			}
		}
		if lines < 500 {
			continue
		}
		floors, circle := graph(p).layers()
		fmt.Printf("%-44s %6d %6d %6d %13d\n", p.pkg.Path(), lines, rooms, floors, circle)
	}
}

// uses says which declarations name which others, by their numbers.
type uses []map[int]bool

func graph(p checked) uses {
	number := map[types.Object]int{}
	var bodies []ast.Node
	add := func(name *ast.Ident, body ast.Node) {
		if obj := p.info.Defs[name]; obj != nil {
			number[obj] = len(bodies)
			bodies = append(bodies, body)
		}
	}
	for _, f := range p.files {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				add(d.Name, d)
			case *ast.GenDecl:
				for _, s := range d.Specs {
					switch s := s.(type) {
					case *ast.TypeSpec:
						add(s.Name, s)
					case *ast.ValueSpec:
						for _, name := range s.Names {
							add(name, s)
						}
					}
				}
			}
		}
	}
	g := make(uses, len(bodies))
	for i, body := range bodies {
		g[i] = map[int]bool{}
		ast.Inspect(body, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				obj := p.info.Uses[id]
				if f, ok := obj.(*types.Func); ok {
					obj = f.Origin()
				}
				if j, ok := number[obj]; ok && j != i {
					g[i][j] = true
				}
			}
			return true
		})
	}
	return g
}

// layers finds the circles (Tarjan) and the longest way through what remains.
func (g uses) layers() (floors, circle int) {
	index, low, group := make([]int, len(g)), make([]int, len(g)), make([]int, len(g))
	height := []int{0} // of each group, as they are finished: those below first
	var stack []int
	next := 1
	var visit func(int)
	visit = func(v int) {
		index[v], low[v] = next, next
		next++
		stack = append(stack, v)
		for w := range g[v] {
			if index[w] == 0 {
				visit(w)
				low[v] = min(low[v], low[w])
			} else if group[w] == 0 {
				low[v] = min(low[v], index[w])
			}
		}
		if low[v] != index[v] {
			return
		}
		at := slices.Index(stack, v)
		members := slices.Clone(stack[at:])
		stack = stack[:at]
		circle = max(circle, len(members))
		h := 1
		for _, m := range members {
			group[m] = len(height)
		}
		for _, m := range members {
			for w := range g[m] {
				if group[w] != len(height) {
					h = max(h, height[group[w]]+1)
				}
			}
		}
		height = append(height, h)
		floors = max(floors, h)
	}
	for v := range g {
		if index[v] == 0 {
			visit(v)
		}
	}
	return floors, circle
}
