package main

import (
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// apply returns the source with each fault planted, reduced to the line that changed.
func apply(t *testing.T, path, text string) []string {
	t.Helper()
	faults, err := ofFile(path, text)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	before := strings.Split(text, "\n")
	for _, f := range faults {
		changed := text[:f.start] + f.with + text[f.end:]
		if _, err := parser.ParseFile(token.NewFileSet(), path, changed, 0); err != nil {
			t.Errorf("%s is no Go any more: %v", f, err)
		}
		for i, line := range strings.Split(changed, "\n") {
			if line != before[i] {
				list = append(list, f.kind+": "+strings.TrimSpace(line))
			}
		}
	}
	return list
}

func TestFaultsOfGo(t *testing.T) {
	for _, c := range []struct {
		line string
		want []string
	}{
		{`if a == b {`, []string{"condition: if a != b {"}},
		{`if a < b {`, []string{"boundary: if a <= b {", "condition: if a >= b {"}},
		{`if ok {`, []string{"condition: if !(ok) {"}},
		{`if !ok {`, []string{"condition: if ok {"}},
		{`if ok && a == b {`, []string{"condition: if !(ok && a == b) {", "condition: if ok || a == b {", "condition: if ok && a != b {"}},
		{`for i := a - 1; ok; {`, []string{"condition: for i := a - 1; !(ok); {", "boundary: for i := a - 0; ok; {"}},
	} {
		got := apply(t, "internal/x/x.go", "package x\n\nfunc f() {\n\t"+c.line+"\n\t}\n}\n")
		if !slices.Equal(got, c.want) {
			t.Errorf("%s\n got %q\nwant %q", c.line, got, c.want)
		}
	}
}

func TestFaultsOfReturns(t *testing.T) {
	const text = `package x

func one() error {
	return err
}

func two() (int, error) {
	return 1, errors.New("no")
}

func call() error {
	return f(1)
}

func none() (int, error) {
	return 1, nil
}

func both() (int, error) {
	return two()
}

func inner() int {
	g(func() error { return err })
	return 1
}
`
	want := []string{"error: return nil", "error: return 1, nil", "error: _ = f(1); return nil", "error: g(func() error { return nil })"}
	if got := apply(t, "internal/x/x.go", text); !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

func TestFaultsOfSQL(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"UPDATE t SET a = ?, b = ? WHERE id = ?", []string{"UPDATE t SET a = ?, b = ? WHERE (id = ? OR 1 = 1)", "UPDATE t SET a = ?, b = ? WHERE id <> ?"}},
		{"SELECT a FROM t WHERE b < ? AND c IS NULL ORDER BY d LIMIT 1", []string{
			"SELECT a FROM t WHERE (b < ? OR 1 = 1) AND c IS NULL ORDER BY d LIMIT 1",
			"SELECT a FROM t WHERE b <= ? AND c IS NULL ORDER BY d LIMIT 1",
			"SELECT a FROM t WHERE b < ? OR c IS NULL ORDER BY d LIMIT 1",
			"SELECT a FROM t WHERE b < ? AND (c IS NULL OR 1 = 1) ORDER BY d LIMIT 1",
			"SELECT a FROM t WHERE b < ? AND c IS NOT NULL ORDER BY d LIMIT 1",
			"SELECT a FROM t WHERE b < ? AND c IS NULL ORDER BY d DESC LIMIT 1",
		}},
		{" AND NOT EXISTS (SELECT 1 FROM u) ORDER BY a DESC", []string{
			" OR NOT EXISTS (SELECT 1 FROM u) ORDER BY a DESC",
			" AND (NOT EXISTS (SELECT 1 FROM u) OR 1 = 1) ORDER BY a DESC",
			" AND EXISTS (SELECT 1 FROM u) ORDER BY a DESC",
			" AND NOT EXISTS (SELECT 1 FROM u) ORDER BY a ASC",
		}},
		{"SELECT a FROM t LEFT JOIN u ON u.a = t.a WHERE t.x IN (", []string{
			"SELECT a FROM t JOIN u ON u.a = t.a WHERE t.x IN (",
			"SELECT a FROM t LEFT JOIN u ON u.a <> t.a WHERE t.x IN (",
			"SELECT a FROM t LEFT JOIN u ON u.a = t.a WHERE t.x NOT IN (",
		}},
		{"INSERT OR IGNORE INTO t VALUES (?)", nil},
		{"take it from here and there", nil}, // prose
	} {
		var want []string
		for _, w := range c.want {
			want = append(want, "sql: q = `"+w+"`")
		}
		if got := apply(t, "internal/x/x.go", "package x\n\nvar (\n\tq = `"+c.text+"`\n)\n"); !slices.Equal(got, want) {
			t.Errorf("%s\n got %q\nwant %q", c.text, got, want)
		}
	}
}

func TestFaultsOfAccess(t *testing.T) {
	const text = "package access\n\nvar Routes = map[string]Need{\n\t\"GET /a\": with(Learn),\n\t\"GET /b\": signedIn,\n\t\"GET /c\": nothing,\n}\n\n" +
		"var Rights = map[Role][]Permission{\n\tA: {P, Q},\n\tB: {Q},\n}\n"
	want := []string{
		`access: "GET /a": signedIn,`, `access: "GET /b": anyone,`,
		"access: A: {Q},", "access: A: {P},", "access: B: {},", "access: B: {Q, P},",
	}
	if got := apply(t, "internal/access/routes.go", text); !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

// One seed always draws the same faults, and the whole tree is what is drawn from.
func TestDraw(t *testing.T) {
	all, err := collect("../../..")
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 5000 {
		t.Errorf("only %d faults were found in the whole tree", len(all))
	}
	o := options{seed: 7, pattern: "./internal/learning/..."}
	a, b := draw(filter(all, o), o), draw(filter(all, o), o)
	for i := range a {
		if a[i].key() != b[i].key() {
			t.Fatalf("the draw differs at %d: %s, %s", i, a[i], b[i])
		}
		if !strings.HasPrefix(a[i].file, "internal/learning/") {
			t.Errorf("%s was drawn for learning", a[i])
		}
	}
	keys := map[string]bool{}
	for _, f := range all {
		if keys[f.key()] {
			t.Errorf("two faults have the name %q", f.key())
		}
		keys[f.key()] = true
	}
}

// TestWhatOnlyBounds: at the boundary of what bounds a value nothing changes; where more is done there, it does.
func TestWhatOnlyBounds(t *testing.T) {
	for body, boundary := range map[string]bool{
		"if a < b {\n\t\ta = b\n\t}": false, "if a > b {\n\t\tb = a\n\t}": false, "if err != nil || a < 1 {\n\t\ta = 1\n\t}": false, "if len(s) > most {\n\t\ts = s[:most]\n\t}": false,
		"if a < b {\n\t\ta = c\n\t}": true, "if a < b {\n\t\ta += b\n\t}": true, "if a < b {\n\t\ta = b\n\t\tg()\n\t}": true, "if a < b {\n\t\ta = b\n\t} else {\n\t\ta = c\n\t}": true, "if len(s) > most {\n\t\ts = s[:1]\n\t}": true,
	} {
		faults, err := ofFile("internal/x/x.go", "package x\n\nfunc f() {\n\t"+body+"\n}\n")
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.ContainsFunc(faults, func(f fault) bool { return f.kind == "boundary" }); got != boundary {
			t.Errorf("%s: %v", body, faults)
		}
	}
}

func TestWhichTestFailed(t *testing.T) {
	for out, want := range map[string]string{
		"--- FAIL: TestA (0.1s)\n    --- FAIL: TestA/sqlite (0.1s)\n        x\nFAIL\nFAIL\tostoja/internal/x\t0.2s\n": "TestA", "x\npanic: runtime error: index\n\ngoroutine 1": "panic: runtime error: index",
		"ok\nfatal error: out of memory\n": "fatal error: out of memory", "": "",
	} {
		if got := failing(out); got != want {
			t.Errorf("%q: %q", out, got)
		}
	}
}
