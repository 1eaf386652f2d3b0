package internal_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	created   = regexp.MustCompile(`(?i)\bCREATE (TABLE|VIEW)(?: IF NOT EXISTS)? ([a-z_]+)|\bALTER TABLE ([a-z_]+) RENAME TO ([a-z_]+)|\bDROP (?:TABLE|VIEW)(?: IF EXISTS)? ([a-z_]+)`)
	named     = regexp.MustCompile(`\b(FROM|JOIN|INTO|UPDATE)\s+(?:ONLY\s+)?([a-z_]+|` + hole + `)?((?:\s+(?:AS\s+)?[a-z]\w*)?(?:\s*,\s*[a-z_]+(?:\s+(?:AS\s+)?[a-z]\w*)?)*)`)
	following = regexp.MustCompile(`,\s*([a-z_]+)`)
	defined   = regexp.MustCompile(`\b([a-z_]+)(?:\s*\([a-z_, ]*\))?\s+AS\s+(?:NOT MATERIALIZED |MATERIALIZED )?\(`)
	statement = regexp.MustCompile(`\b(SELECT|INSERT|UPDATE|DELETE|FROM|JOIN)\b`)
)

// schemaNames says of each table and view whether it is a view.
type schemaNames map[string]bool

// tables reads from the migrations which tables and views there are.
func tables(t *testing.T) schemaNames {
	t.Helper()
	names, err := filepath.Glob("schema/*.sql")
	if err != nil || len(names) == 0 {
		t.Fatal("no migrations were found", err)
	}
	slices.Sort(names)
	known := schemaNames{}
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		up, _, _ := strings.Cut(string(content), "-- +goose Down")
		for _, m := range created.FindAllStringSubmatch(up, -1) {
			delete(known, m[3]) // renamed
			delete(known, m[5])
			if name := m[2] + m[4]; name != "" {
				known[name] = strings.EqualFold(m[1], "VIEW")
			}
		}
	}
	return known
}

// named tables of a text: those it reads and those it writes; and whether one is known only when the program runs.
func tablesIn(text string, known schemaNames) (read, written []string, open bool) {
	if !statement.MatchString(text) {
		return nil, nil, false
	}
	local := map[string]bool{}
	for _, m := range defined.FindAllStringSubmatch(text, -1) {
		local[m[1]] = true
	}
	for _, m := range named.FindAllStringSubmatchIndex(text, -1) {
		verb, table := text[m[2]:m[3]], ""
		if m[4] >= 0 {
			table = text[m[4]:m[5]]
		}
		if table == hole {
			open = true
			continue
		}
		write := verb == "INTO" || verb == "UPDATE" || verb == "FROM" && strings.HasSuffix(strings.TrimSpace(text[:m[2]]), "DELETE")
		for i, name := range append([]string{table}, further(text[m[6]:m[7]])...) {
			view, there := known[name]
			switch {
			case !there || local[name] || view && !write:
			case write && i == 0:
				written = append(written, name)
			default:
				read = append(read, name)
			}
		}
	}
	return read, written, open
}

func further(rest string) (list []string) {
	for _, m := range following.FindAllStringSubmatch(rest, -1) {
		list = append(list, m[1])
	}
	return list
}

// foreignTables finds statements that write or read the tables of others.
func foreignTables(files []file, known schemaNames) (findings []string) {
	owner := map[string]string{}
	for area, list := range owners {
		for _, table := range list {
			owner[table] = area
		}
	}
	for _, f := range files {
		r := f.room()
		if f.test() || r.kind == "helper" || r.kind == "tools" || rank(everywhere, r.name) >= 0 {
			continue
		}
		for _, text := range f.sql {
			read, written, open := tablesIn(text, known)
			for _, table := range written {
				if owner[table] != r.top && !slices.Contains(mayWrite[r.top], table) {
					findings = append(findings, fmt.Sprintf("%s: %s may not write %s, which is %s's", f.path, r.top, table, owner[table]))
				}
			}
			for _, table := range read {
				if owner[table] != r.top && !slices.Contains(mayRead[r.top], table) && !slices.Contains(mayWrite[r.top], table) {
					findings = append(findings, fmt.Sprintf("%s: %s may not read %s, which is %s's", f.path, r.top, table, owner[table]))
				}
			}
			if open && !slices.Contains(unnamed, r.unit) {
				findings = append(findings, f.path+": the name of a table is not known before the program runs: "+strings.Join(strings.Fields(text), " "))
			}
		}
	}
	slices.Sort(findings)
	return slices.Compact(findings)
}

// idle finds what the maps allow and nobody uses any more.
func idle(files []file, known schemaNames) (findings []string) {
	used, there := map[string]bool{}, map[string]bool{}
	for _, f := range files {
		there[f.room().top] = true
		if f.test() || f.room().kind == "helper" || rank(everywhere, f.room().name) >= 0 {
			continue
		}
		for _, text := range f.sql {
			read, written, _ := tablesIn(text, known)
			for _, table := range read {
				used[f.room().top+" read "+table] = true
			}
			for _, table := range written {
				used[f.room().top+" write "+table] = true
				used[f.room().top+" read "+table] = true
			}
		}
	}
	for verb, allowed := range map[string]map[string][]string{" read ": mayRead, " write ": mayWrite} {
		for area, list := range allowed {
			for _, table := range list {
				if there[area] && !used[area+verb+table] {
					findings = append(findings, area+verb+table+" is allowed, but done nowhere: strike it out")
				}
			}
		}
	}
	return findings
}
