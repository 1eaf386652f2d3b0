package main

import (
	"go/types"
	"strings"
	"testing"
)

func TestFloors(t *testing.T) {
	for _, c := range []struct {
		name           string
		g              uses
		floors, circle int
	}{
		{"one", uses{{}}, 1, 1},
		{"a chain", uses{{1: true}, {2: true}, {}}, 3, 1},
		{"two ways, the longer counts", uses{{1: true, 2: true}, {2: true}, {}}, 3, 1},
		{"a circle is one floor", uses{{1: true}, {2: true}, {1: true, 3: true}, {}}, 3, 2},
		{"apart", uses{{}, {}, {}}, 1, 1},
	} {
		if floors, circle := c.g.layers(); floors != c.floors || circle != c.circle {
			t.Errorf("%s: %d floors and a circle of %d, want %d and %d", c.name, floors, circle, c.floors, c.circle)
		}
	}
}

func TestCopies(t *testing.T) {
	file := func(lines string) *source { return &source{lines: strings.Split(lines, "\n")} }
	six := "one()\ntwo()\nthree()\nfour()\nfive()\nsix()"
	for _, c := range []struct {
		name  string
		files []*source
		want  int
	}{
		{"none", []*source{file(six), file("other()\nlines()")}, 0},
		{"six in a row", []*source{file(six + "\nseven()"), file("before()\n" + six)}, 12},
		{"five are not enough", []*source{file("one()\ntwo()\nthree()\nfour()\nfive()"), file("one()\ntwo()\nthree()\nfour()\nfive()")}, 0},
		{"blank lines and brackets do not part them", []*source{file(six), file(strings.ReplaceAll(six, "three()", "\n}\nthree()"))}, 12},
		{"within a file", []*source{file(six + "\nbetween()\n" + six)}, 12},
	} {
		if n, _ := duplicated(c.files); n != c.want {
			t.Errorf("%s: %d lines, want %d", c.name, n, c.want)
		}
	}
}

func TestWhatOnlyTestsImportIsThereForThem(t *testing.T) {
	program, area, helper, below := types.NewPackage("p", "main"), types.NewPackage("a", "a"), types.NewPackage("h", "h"), types.NewPackage("b", "b")
	program.SetImports([]*types.Package{area})
	helper.SetImports([]*types.Package{area, below})
	var all []checked
	for _, p := range []*types.Package{program, area, helper, below} {
		all = append(all, checked{pkg: p})
	}
	m := module{
		names: map[string]string{"a.X": "", "a.Y": "", "h.X": "", "h.Y": "", "b.X": ""}, asked: map[string]bool{},
		used: map[string]bool{"a.X": true}, tested: map[string]bool{"a.Y": true, "h.X": true, "b.X": true}, product: reachable(all),
	}
	unused, total := m.unusedNames(nil)
	if total != 5 || len(unused) != 2 || unused[0] != (named{"a.Y", "", true}) || unused[1] != (named{"h.Y", "", false}) {
		t.Errorf("%d of them: %+v", total, unused)
	}
}
