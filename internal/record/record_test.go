package record_test

import (
	"fmt"
	"testing"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/id"
	"ostoja/internal/record"
)

var now = time.Date(2026, 11, 29, 9, 0, 0, 0, time.UTC)

// person makes somebody of a new organisation.
func person(t *testing.T, tx *db.Tx) string {
	t.Helper()
	unit, p := id.New(), id.New()
	for _, s := range []struct {
		text string
		args []any
	}{
		{`INSERT INTO unit (id, path, kind, name, created_at) VALUES (?, ?, 'office', 'Biuro', ?)`, []any{unit, "/" + unit + "/", now}},
		{`INSERT INTO person (id, organisation_id, unit_id, given_name, family_name, sort_key, search_text, lang, state, created_at)
			VALUES (?, ?, ?, 'A', 'B', '', '', 'pl', 'active', ?)`, []any{p, unit, unit, now}},
	} {
		if err := db.Exec(t.Context(), tx, s.text, s.args...); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func TestStatementsOfOnePersonAreReadTheNewestFirst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		var mine, theirs string
		err := d.Update(ctx, func(tx *db.Tx) error {
			mine, theirs = person(t, tx), person(t, tx)
			for _, s := range []struct {
				person, object string
				verb           record.Verb
				at             time.Time
				result         map[string]any
			}{
				{mine, "course/a", record.Registered, now, nil},
				{mine, "course/a/test/final", record.Passed, now.Add(2 * time.Hour), map[string]any{"score": 0.85, "success": true, "język": "pl"}},
				{mine, "course/a/lesson/1", record.Experienced, now.Add(time.Hour), map[string]any{}},
				{mine, "course/a", record.Completed, now.Add(2 * time.Hour), nil}, // at the same moment, written after
				{theirs, "course/a", record.Registered, now.Add(3 * time.Hour), nil},
			} {
				if err := record.Add(ctx, tx, s.at, s.person, s.verb, s.object, s.result); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		list, err := record.Of(ctx, d, mine, 10)
		if err != nil || len(list) != 4 {
			t.Fatalf("%+v, %v", list, err)
		}
		want := "[completed course/a][passed course/a/test/final][experienced course/a/lesson/1][registered course/a]"
		got := ""
		for _, s := range list {
			got += fmt.Sprintf("[%s %s]", s.Verb, s.Object)
			if s.PersonID != mine || !id.Valid(s.ID) || s.Result == nil {
				t.Errorf("%+v", s)
			}
		}
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if r := list[1].Result; len(r) != 3 || r["score"] != 0.85 || r["success"] != true || r["język"] != "pl" || !list[1].At.Equal(now.Add(2*time.Hour)) {
			t.Errorf("%+v", list[1])
		}
		if list, err := record.Of(ctx, d, mine, 1); err != nil || len(list) != 1 || list[0].Verb != record.Completed {
			t.Errorf("the newest one: %+v, %v", list, err)
		}
		if list, err := record.Of(ctx, d, id.New(), 10); err != nil || len(list) != 0 {
			t.Errorf("of nobody: %+v, %v", list, err)
		}
		// Without a result the column holds an object, which readers of JSON need not tell from null.
		if n, err := db.One[int](ctx, d, `SELECT COUNT(*) FROM statement WHERE result = '{}'`); n != 4 || err != nil {
			t.Errorf("%d empty results, %v", n, err)
		}
	})
}
