package internal_test

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// file is a Go source file as the rules see it.
type file struct {
	path    string // below the root of the module: internal/learning/store.go
	imports []string
	sql     []string // texts of string literals, joined where constants allow
	lines   int
}

// room says where a file or an imported package stands.
type room struct {
	name string // package below internal: learning/learningweb
	top  string // its first folder
	unit string // the entry of ground that it belongs to, or its area
	kind string // cmd, app, tools, helper, pages, area, ground, kernel, unknown
}

// roomOf places a package by its path below the module.
func roomOf(pkg string) room {
	name, inside := strings.CutPrefix(pkg, "internal/")
	if !inside {
		if pkg == "cmd" || strings.HasPrefix(pkg, "cmd/") {
			return room{name: pkg, top: "cmd", unit: "cmd", kind: "cmd"}
		}
		return room{name: pkg, top: pkg, unit: pkg, kind: "content"} // courses, site, translations
	}
	top, rest, _ := strings.Cut(name, "/")
	r := room{name: name, top: top, unit: top, kind: "unknown"}
	_, area := areas[top]
	switch {
	case isHelper(name):
		r.kind = "helper"
	case top == "app" || top == "tools":
		r.kind = top
	case area && isPages(rest):
		r.kind = "pages"
	case area:
		r.kind = "area"
	case rank(kernel, name) >= 0:
		r.kind, r.unit = "kernel", kernel[rank(kernel, name)]
	case rank(ground, name) >= 0:
		r.kind, r.unit = "ground", ground[rank(ground, name)]
	}
	return r
}

// isPages says whether a package within an area makes pages: a folder on its path is called after an area, or after a room of one,
// and web (course/courseweb, classroom/seat/seatweb).
func isPages(rest string) bool {
	return slices.ContainsFunc(strings.Split(rest, "/"), func(part string) bool { return strings.HasSuffix(part, "web") })
}

// rank finds the longest entry of the list that is the package or a folder above it, -1 if none is.
func rank(list []string, name string) int {
	best := -1
	for i, entry := range list {
		if within(name, entry) && (best < 0 || len(entry) > len(list[best])) {
			best = i
		}
	}
	return best
}

func within(name, folder string) bool { return name == folder || strings.HasPrefix(name, folder+"/") }

// isHelper says whether a package exists for tests alone: its name ends in test, or it is the test rig.
func isHelper(name string) bool {
	return slices.ContainsFunc(strings.Split(name, "/"), func(part string) bool { return strings.HasSuffix(part, "test") || part == "testrig" })
}

func (f file) room() room { return roomOf(path.Dir(f.path)) }

func (f file) test() bool { return strings.HasSuffix(f.path, "_test.go") }

// ours returns where an import stands, if it is ours.
func ours(name string) (room, bool) {
	pkg, ok := strings.CutPrefix(name, "ostoja/")
	return roomOf(pkg), ok
}

// each calls a rule for each import of the product's own files, and collects what it says.
func each(files []file, rule func(f file, from room, name string) string) (findings []string) {
	for _, f := range files {
		if f.test() || f.room().kind == "helper" {
			continue
		}
		for _, name := range f.imports {
			if said := rule(f, f.room(), name); said != "" {
				findings = append(findings, f.path+": "+said)
			}
		}
	}
	return findings
}

// arrows finds imports that do not run downwards, and packages that stand in no map.
func arrows(files []file) []string {
	findings := each(files, func(_ file, from room, name string) string {
		to, own := ours(name)
		if !own || to.kind == "helper" || to.kind == "content" && (from.kind == "app" || from.kind == "tools") {
			return ""
		}
		switch {
		case from.kind == "tools" || from.kind == "app" && to.kind != "tools" && to.kind != "cmd":
			return ""
		case from.kind == "cmd" && to.name == "app", from.kind != "ground" && from.kind != "kernel" && from.kind != "cmd" && to.top == from.top:
			return ""
		case (from.kind == "pages" || from.kind == "area") && (to.kind == "ground" || to.kind == "kernel"):
			return ""
		case (from.kind == "pages" || from.kind == "area") && to.kind == "area" && slices.Contains(areas[from.top], to.top):
			return ""
		case from.kind == "ground" && to.kind == "kernel":
			return ""
		case from.kind == to.kind && from.kind == "ground" && rank(ground, to.name) <= rank(ground, from.name):
			return ""
		case from.kind == to.kind && from.kind == "kernel" && rank(kernel, to.name) <= rank(kernel, from.name):
			return ""
		}
		return fmt.Sprintf("%s (%s) may not know %s (%s)", from.name, from.kind, to.name, to.kind)
	})
	for _, f := range files {
		if f.room().kind == "unknown" {
			findings = append(findings, f.path+": the package "+f.room().name+" stands in no map")
		}
	}
	return findings
}

// floors finds rules that know of pages, and pages that know the database.
func floors(files []file) []string {
	return each(files, func(_ file, from room, name string) string {
		to, own := ours(name)
		switch {
		case from.kind == "area" && own && (to.kind == "pages" || to.kind == "ground" && rank(showing, to.name) >= 0):
			return "the rules of an area may not know the pages " + to.name
		case from.kind == "pages" && own && within(to.name, "db"):
			return "pages may not know the database"
		}
		return ""
	})
}

// places finds modules and packages of the standard library outside their place.
func places(files []file) []string {
	return each(files, func(_ file, from room, name string) string {
		for prefix, allowed := range only {
			if !strings.HasPrefix(name, prefix) || strings.HasPrefix(prefix, "net/") && !within(name, prefix) {
				continue
			}
			if !slices.Contains(allowed, from.unit) && !slices.Contains(allowed, from.kind) {
				return fmt.Sprintf("%s is for %v alone", name, allowed)
			}
		}
		if from.kind == "kernel" && strings.Contains(strings.Split(name, "/")[0], ".") && !strings.HasPrefix(name, "golang.org/x/text") && !strings.HasPrefix(name, "gonum.org/") {
			return "the kernel may not know the module " + name
		}
		return ""
	})
}

// helpers finds what exists for tests in the product.
func helpers(files []file) []string {
	return each(files, func(_ file, from room, name string) string {
		to, own := ours(name)
		if own && to.kind == "helper" || name == "testing" || strings.HasPrefix(name, "testing/") && name != "testing/fstest" || name == "net/http/httptest" || strings.HasPrefix(name, "pgregory.net/rapid") {
			if from.kind != "tools" {
				return name + " is for tests alone"
			}
		}
		return ""
	})
}

// long finds files that nobody reads to the end.
func long(files []file) (findings []string) {
	const limit = 700
	for _, f := range files {
		if f.lines > limit && !strings.HasSuffix(f.path, "_templ.go") {
			findings = append(findings, fmt.Sprintf("%s has %d lines; the house's limit is %d", f.path, f.lines, limit))
		}
	}
	return findings
}
