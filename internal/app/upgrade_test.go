package app_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/backup"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
)

// changed lists the columns whose values a migration may change, and why. Every other value of a stored backup must come
// through all migrations as it was.
var changed = map[string]string{
	"person.search_text":       "what is searched for is folded by package text",
	"person.sort_key":          "the order of names is package text's",
	"bank_version.search_text": "what is searched for is folded by package text",
	"bank_version.search":      "what is searched for is folded by package text",
	"setting.value":            "the program counts the public site's revision",
}

// rewritten lists the columns whose values say the same in another form since migration 24, and how a value of before is said
// now.
var rewritten = map[string]func(string) string{
	"bank_version.langs":         languagesAsJSON,
	"competence_test.langs":      languagesAsJSON,
	"participant.before_topics":  topicsAsJSON,
	"participant.after_topics":   topicsAsJSON,
	"participant.week_topics":    topicsAsJSON,
	"participant.months3_topics": topicsAsJSON,
	"participant.months6_topics": topicsAsJSON,
}

// languagesAsJSON turns ' pl en ' into a list; what is one already stays.
func languagesAsJSON(old string) string {
	if strings.HasPrefix(old, "[") {
		return old
	}
	return asJSON(append([]string{}, strings.Fields(old)...))
}

// topicsAsJSON turns 'identify=62.5 law=100' into an object; what is one already, or nothing, stays.
func topicsAsJSON(old string) string {
	if old == "" || strings.HasPrefix(old, "{") {
		return old
	}
	percents := map[string]json.Number{}
	for _, one := range strings.Fields(old) {
		topic, percent, _ := strings.Cut(one, "=")
		percents[topic] = json.Number(percent)
	}
	return asJSON(percents)
}

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// moved lists the columns that went to another table. What was in them is looked for by trainings and projects below.
var moved = map[string]string{
	"measurement.kind":       "subject_kind",
	"measurement.course_id":  "subject_id",
	"measurement.title":      "training",
	"measurement.place":      "training",
	"measurement.held_from":  "training",
	"measurement.held_until": "training",
	"measurement.announced":  "training",
	"measurement.project":    "project",
}

type rows map[string][]map[string]any

// TestEveryReleasedSchemaMigrates restores a populated backup of each schema that was released, on both engines, and compares
// what it held with what is there after all migrations. The files are made by scripts/dump-schema before a release.
func TestEveryReleasedSchemaMigrates(t *testing.T) {
	dumps, err := filepath.Glob(filepath.Join("testdata", "schema-*.ostoja"))
	if err != nil || len(dumps) < 3 {
		t.Fatalf("%d dumps, %v", len(dumps), err)
	}
	for _, dump := range dumps {
		for engine, address := range map[string]func(testing.TB) string{
			"sqlite": func(t testing.TB) string { return filepath.Join(t.TempDir(), "a.db") }, "postgres": dbtest.EmptyPostgresURL,
		} {
			t.Run(filepath.Base(dump)+"/"+engine, func(t *testing.T) { upgrade(t, dump, address(t)) })
		}
	}
}

func upgrade(t *testing.T, dump, address string) {
	d, err := db.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	stored, err := os.ReadFile(dump)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := backup.Open(bytes.NewReader(stored), int64(len(stored)), backup.Trust{Unverified: true})
	if err != nil {
		t.Fatal(err)
	}
	m, err := whole.Restore(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	if m.Rows["enrolment"] == 0 || m.Rows["certificate"] == 0 || m.Rows["response"] == 0 {
		t.Errorf("the dump is not populated: %v", m.Rows)
	}
	var again bytes.Buffer
	if _, err := backup.Write(t.Context(), d, m.Made, &again, backup.Protection{Key: make(ed25519.PrivateKey, ed25519.PrivateKeySize)}); err != nil {
		t.Fatal(err)
	}
	before, after := unpack(t, stored), unpack(t, again.Bytes())
	compare(t, before, after)
	if m.Schema >= 7 {
		trainings(t, before, after)
	}

	a := newApp(t, d)
	if _, err := a.Courses.Current(t.Context(), "border-guard"); err != nil {
		t.Error(err)
	}
	list, err := a.Desk.Home(t.Context(), access.System)
	if err != nil || len(list) != 1 {
		t.Errorf("%d courses on the desk, %v", len(list), err)
	}
	if measured, err := a.Measurement.Measurements(t.Context(), access.System); err != nil || len(measured) != m.Rows["measurement"] {
		t.Errorf("%d of %d measurements, %v", len(measured), m.Rows["measurement"], err)
	}
	if snap, err := a.Site.Snapshot(t.Context()); err != nil || len(snap.Articles) != m.Rows["site_article"] || len(snap.Facts) != m.Rows["site_fact"] {
		t.Errorf("%d articles with %d facts of %d and %d on the public site, %v", len(snap.Articles), len(snap.Facts), m.Rows["site_article"], m.Rows["site_fact"], err)
	}
}

// unpack reads the rows of a backup.
func unpack(t *testing.T, content []byte) rows {
	t.Helper()
	zip, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	all := rows{}
	for archive := tar.NewReader(zip); ; {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		table, ok := strings.CutSuffix(path.Base(h.Name), ".jsonl")
		if !ok {
			continue
		}
		all[table] = []map[string]any{}
		for lines := json.NewDecoder(archive); lines.More(); {
			row := map[string]any{}
			if err := lines.Decode(&row); err != nil {
				t.Fatal(err)
			}
			all[table] = append(all[table], row)
		}
	}
}

// compare looks for each row of the backup among those after the migration: the same number, and each value that is not said
// to be changed or moved. Rows are told by all their values, since not every table has one key.
func compare(t *testing.T, before, after rows) {
	t.Helper()
	for _, table := range slices.Sorted(maps.Keys(before)) {
		now, there := after[table]
		if !there {
			t.Errorf("the table %s with %d rows is gone", table, len(before[table]))
			continue
		}
		if len(now) != len(before[table]) && table != "setting" {
			t.Errorf("%s had %d rows and has %d", table, len(before[table]), len(now))
		}
		if len(before[table]) == 0 || len(now) == 0 {
			continue
		}
		var kept []string
		for _, column := range slices.Sorted(maps.Keys(before[table][0])) {
			name := table + "." + column
			if _, ok := now[0][column]; !ok {
				if moved[name] == "" {
					t.Errorf("the column %s is gone, and nothing says where its values are", name)
				}
				continue
			}
			if changed[name] == "" {
				kept = append(kept, column)
			}
		}
		left := map[string]int{}
		for _, row := range now {
			left[values(row, kept)]++
		}
		lost := 0
		for _, row := range before[table] {
			for _, column := range kept {
				if anew, ok := rewritten[table+"."+column]; ok {
					row[column] = anew(fmt.Sprint(row[column]))
				}
			}
			if left[values(row, kept)]--; left[values(row, kept)] < 0 {
				if lost++; lost <= 3 {
					t.Errorf("%s: not as it was: %s", table, values(row, kept))
				}
			}
		}
		if lost > 3 {
			t.Errorf("%s: %d of %d rows are not as they were", table, lost, len(before[table]))
		}
	}
}

func values(row map[string]any, columns []string) string {
	var b strings.Builder
	for _, c := range columns {
		v := row[c]
		switch v { // SQLite has no booleans
		case true:
			v = float64(1)
		case false:
			v = float64(0)
		}
		fmt.Fprintf(&b, "%s=%v ", c, v)
	}
	return b.String()
}

// trainings looks for each training of the backup, with its project, whichever tables hold them now.
func trainings(t *testing.T, before, after rows) {
	t.Helper()
	want, got := map[string]int{}, map[string]int{}
	for _, m := range before["measurement"] {
		if m["kind"] == "training" {
			want[values(m, []string{"title", "place", "held_from", "held_until", "announced"})+fmt.Sprint(m["project"])]++
		}
	}
	projects := map[any]string{nil: "", "": ""}
	for _, p := range after["project"] {
		projects[p["id"]] = fmt.Sprint(p["name"])
	}
	list, divided := after["training"]
	if !divided {
		list = slices.DeleteFunc(slices.Clone(after["measurement"]), func(m map[string]any) bool { return m["kind"] != "training" })
	}
	for _, c := range list {
		project := fmt.Sprint(c["project"])
		if _, ok := c["project_id"]; ok {
			project = projects[c["project_id"]]
		}
		got[values(c, []string{"title", "place", "held_from", "held_until", "announced"})+project]++
	}
	if len(want) == 0 || !reflect.DeepEqual(want, got) {
		t.Errorf("trainings were\n%v\nand are\n%v", want, got)
	}
}
