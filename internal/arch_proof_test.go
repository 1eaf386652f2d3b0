package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// all applies every rule to made-up files.
func all(files ...file) []string {
	known := schemaNames{"person": false, "unit": false, "enrolment": false, "course": false, "setting": false, "identity_person": true}
	return slices.Concat(arrows(files), floors(files), places(files), helpers(files), foreignTables(files, known), long(files))
}

// Each forbidden import makes a rule complain.
func TestForbiddenImportsAreFound(t *testing.T) {
	for _, c := range []struct{ what, from, name string }{
		{"an area's rules, another area's pages", "internal/learning/x.go", "ostoja/internal/course/courseweb"},
		{"an area's rules, its own pages", "internal/learning/x.go", "ostoja/internal/learning/learningweb"},
		{"an area's rules, an area that it may not know", "internal/course/x.go", "ostoja/internal/learning"},
		{"an area's rules, a package within such an area", "internal/course/x.go", "ostoja/internal/site/directory"},
		{"an area's rules, ui", "internal/learning/x.go", "ostoja/internal/ui"},
		{"an area's rules, ui/assets", "internal/learning/x.go", "ostoja/internal/ui/assets"},
		{"an area's rules, web", "internal/learning/x.go", "ostoja/internal/web"},
		{"an area's rules, the pages of lists", "internal/learning/x.go", "ostoja/internal/list/listweb"},
		{"an area's rules, the pages of items", "internal/learning/x.go", "ostoja/internal/itemweb"},
		{"an area's rules, net/http", "internal/learning/x.go", "net/http"},
		{"an area's rules, httptest", "internal/learning/x.go", "net/http/httptest"},
		{"an area's rules, html/template", "internal/learning/x.go", "html/template"},
		{"an area's rules, templ", "internal/learning/x.go", "github.com/a-h/templ"},
		{"an area's rules, templ's runtime", "internal/learning/x.go", "github.com/a-h/templ/runtime"},
		{"an area's rules, app", "internal/learning/x.go", "ostoja/internal/app"},
		{"an area's rules, a page package of app", "internal/learning/x.go", "ostoja/internal/app/systemweb"},
		{"an area's rules, tools", "internal/learning/x.go", "ostoja/internal/tools/bench"},
		{"an area's rules, the drivers", "internal/learning/x.go", "database/sql"},
		{"an area's rules, a driver's package", "internal/learning/x.go", "github.com/ncruces/go-sqlite3/driver"},
		{"an area's rules, dbtest", "internal/learning/x.go", "ostoja/internal/db/dbtest"},
		{"an area's rules, the test rig", "internal/learning/x.go", "ostoja/internal/testrig"},
		{"an area's rules, testing", "internal/learning/x.go", "testing"},
		{"a package within an area, net/http", "internal/site/directory/x.go", "net/http"},
		{"a package within an area, another area", "internal/site/directory/x.go", "ostoja/internal/identity"},
		{"pages, db", "internal/learning/learningweb/x.go", "ostoja/internal/db"},
		{"pages, dbtest", "internal/learning/learningweb/x.go", "ostoja/internal/db/dbtest"},
		{"pages within pages, db", "internal/site/siteweb/reader/x.go", "ostoja/internal/db"},
		{"pages, another area's pages", "internal/learning/learningweb/x.go", "ostoja/internal/course/courseweb"},
		{"the rules of a room, its pages", "internal/classroom/need/x.go", "ostoja/internal/classroom/need/needweb"},
		{"pages, an area that their own may not know", "internal/learning/learningweb/x.go", "ostoja/internal/identity"},
		{"pages, a test's helper", "internal/learning/learningweb/x.go", "ostoja/internal/web/webtest"},
		{"pages, app", "internal/learning/learningweb/x.go", "ostoja/internal/app"},
		{"the ground floor, an area", "internal/mail/x.go", "ostoja/internal/identity"},
		{"the ground floor, an area's pages", "internal/web/x.go", "ostoja/internal/identity/identityweb"},
		{"the ground floor, upwards", "internal/db/x.go", "ostoja/internal/job"},
		{"the ground floor, upwards to pages", "internal/lang/x.go", "ostoja/internal/ui"},
		{"the ground floor, pages of lists from lists", "internal/list/x.go", "ostoja/internal/list/listweb"},
		{"the ground floor, upwards within a folder", "internal/ui/assets/x.go", "ostoja/internal/ui"},
		{"mail, templ", "internal/mail/x.go", "github.com/a-h/templ"},
		{"mail, net/http", "internal/mail/x.go", "net/http"},
		{"the ground floor, app", "internal/mail/x.go", "ostoja/internal/app"},
		{"the ground floor, a spreadsheet module outside sheet", "internal/list/x.go", "github.com/xuri/excelize/v2"},
		{"the kernel, the ground floor", "internal/item/x.go", "ostoja/internal/errs"},
		{"the kernel, the database", "internal/quiz/x.go", "ostoja/internal/db"},
		{"the kernel, an area", "internal/item/x.go", "ostoja/internal/course"},
		{"the kernel, upwards", "internal/text/x.go", "ostoja/internal/item"},
		{"the kernel, a module", "internal/text/x.go", "github.com/google/uuid"},
		{"the kernel, net/http", "internal/text/x.go", "net/http"},
		{"cmd, db", "cmd/ostoja/main.go", "ostoja/internal/db"},
		{"cmd, an area", "cmd/ostoja/main.go", "ostoja/internal/identity"},
		{"cmd, a page package of app", "cmd/ostoja/main.go", "ostoja/internal/app/systemweb"},
		{"cmd, the drivers", "cmd/ostoja/main.go", "database/sql"},
		{"app, tools", "internal/app/x.go", "ostoja/internal/tools/bench"},
		{"app, a test's helper", "internal/app/x.go", "ostoja/internal/web/webtest"},
		{"app, the test rig", "internal/app/x.go", "ostoja/internal/testrig"},
		{"app, the drivers", "internal/app/x.go", "database/sql"},
		{"app, cmd", "internal/app/x.go", "ostoja/cmd/ostoja"},
		{"an area, the courses that are shipped", "internal/course/x.go", "ostoja/courses"},
	} {
		if findings := all(file{path: c.from, imports: []string{c.name}}); len(findings) == 0 {
			t.Errorf("%s: %s imports %s, and no rule complains", c.what, c.from, c.name)
		}
		if findings := all(file{path: "internal/learning/x_test.go", imports: []string{c.name}}); len(findings) != 0 {
			t.Errorf("%s: in a test it is allowed, but %v", c.what, findings)
		}
	}
	if len(all(file{path: "internal/misc/x.go"})) == 0 {
		t.Error("a package that stands in no map is not found")
	}
	if len(all(file{path: "internal/learning/x.go", lines: 701})) == 0 {
		t.Error("a file of 701 lines is not found")
	}
}

func TestAllowedImportsAreLeftAlone(t *testing.T) {
	for _, c := range []struct{ from, name string }{
		{"internal/learning/x.go", "ostoja/internal/course"},
		{"internal/learning/x.go", "ostoja/internal/db"},
		{"internal/learning/x.go", "ostoja/internal/item"},
		{"internal/learning/learningweb/x.go", "ostoja/internal/learning"},
		{"internal/learning/learningweb/x.go", "ostoja/internal/course"},
		{"internal/learning/learningweb/x.go", "net/http"},
		{"internal/learning/learningweb/x_templ.go", "github.com/a-h/templ"},
		{"internal/site/siteweb/x.go", "ostoja/internal/site/siteweb/reader"},
		{"internal/site/directory/hsds/x.go", "ostoja/internal/site/directory"},
		{"internal/job/x.go", "ostoja/internal/db"},
		{"internal/itemweb/x.go", "ostoja/internal/item"},
		{"internal/item/x.go", "ostoja/internal/text"},
		{"internal/text/x.go", "golang.org/x/text/unicode/norm"},
		{"internal/db/x.go", "database/sql"},
		{"internal/db/dbtest/x.go", "testing"},
		{"internal/testrig/x.go", "ostoja/internal/app"},
		{"internal/app/x.go", "ostoja/internal/learning/learningweb"},
		{"internal/app/x.go", "ostoja/courses"},
		{"cmd/ostoja/main.go", "ostoja/internal/app"},
	} {
		if findings := all(file{path: c.from, imports: []string{c.name}}); len(findings) != 0 {
			t.Errorf("%s may import %s, but %v", c.from, c.name, findings)
		}
	}
}

// Each foreign table that is read or written makes the rule complain, however the statement is put together.
func TestForeignTablesAreFound(t *testing.T) {
	for _, c := range []struct {
		code  string
		wrong bool
	}{
		{"`SELECT id FROM person WHERE id = ?`", true},
		{"`SELECT e.id FROM enrolment e JOIN person p ON p.id = e.person_id`", true},
		{"`SELECT e.id FROM enrolment e LEFT JOIN unit u ON u.id = e.unit_id`", true},
		{"`SELECT e.id FROM enrolment e, person p WHERE p.id = e.person_id`", true},
		{"`SELECT 1 FROM enrolment WHERE person_id IN (SELECT id FROM person)`", true},
		{"`WITH x AS (SELECT id FROM person) SELECT id FROM x`", true},
		{"`INSERT INTO person (id) VALUES (?)`", true},
		{"`INSERT INTO enrolment (id) SELECT id FROM person`", true},
		{"`UPDATE person SET name = ?`", true},
		{"`UPDATE enrolment SET a = u.a FROM unit u`", true},
		{"`DELETE FROM person WHERE id = ?`", true},
		{"`SELECT id FROM ` + people + ` WHERE id = ?`", true},
		{"columns + `FROM person`", true},
		{"`SELECT ` + db.In(3) + ` FROM person`", true},
		{"`SELECT ` + with(`(SELECT MAX(id) FROM person)`) + ` FROM enrolment`", true},
		{"`SELECT id FROM ` + chosen()", true},        // not known before it runs
		{"`UPDATE identity_person SET id = ?`", true}, // a view shows, and changes nothing
		{"`SELECT id FROM identity_person`", false},
		{"`SELECT id FROM enrolment WHERE a = ?`", false},
		{"`INSERT INTO enrolment (id) VALUES (?)`", false},
		{"`WITH person AS (SELECT id FROM enrolment) SELECT id FROM person`", false},
		{"`UPDATE enrolment SET a = ?`", false},
		{"`a person from here`", false},
	} {
		source := "package learning\n\nconst people = \"person\"\nconst columns = \"SELECT id \"\n\nvar q = " + c.code + "\n\nfunc f() {\n\tuse(" + c.code + ")\n}\n"
		tree, err := parser.ParseFile(token.NewFileSet(), "x.go", source, 0)
		if err != nil {
			t.Fatal(err)
		}
		found := all(file{path: "internal/learning/x.go", sql: texts(tree, constants([]*ast.File{tree}))})
		if (len(found) > 0) != c.wrong {
			t.Errorf("%s: found %v, want a finding: %t", c.code, found, c.wrong)
		}
		if c.wrong && !strings.Contains(c.code, "chosen") {
			if found := all(file{path: "internal/app/demo/x.go", sql: texts(tree, constants([]*ast.File{tree}))}); len(found) > 0 {
				t.Errorf("%s: the demonstration may, but %v", c.code, found)
			}
		}
	}
}

// A migration's tables and views are known by their last names.
func TestTablesOfMigrations(t *testing.T) {
	known := tables(t)
	for _, name := range []string{"person", "enrolment", "site_visit"} {
		if view, there := known[name]; !there || view {
			t.Errorf("%s: known %t, a view %t", name, there, view)
		}
	}
	for _, name := range []string{"site_visit_new", "site_visit_old", "nothing"} {
		if _, there := known[name]; there {
			t.Errorf("%s is no table, and known", name)
		}
	}
}
