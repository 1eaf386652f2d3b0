package schema_test

import (
	"context"
	"testing"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/schema"
)

// Languages and topics that were strings of a form of their own are JSON after migration 24, whatever there is of them.
func TestStringsBecomeJSON(t *testing.T) {
	before(t, 24, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		langs := map[string]string{"  ": `[]`, " pl ": `["pl"]`, " pl en uk ": `["pl","en","uk"]`}
		topics := map[string]string{"": ``, "law=100": `{"law":100}`, "identify=62.5 law=0 protect=33.333333333333336": `{"identify":62.5,"law":0,"protect":33.333333333333336}`}
		if err := d.Update(ctx, func(tx *db.Tx) error { return fillStrings(ctx, tx, langs, topics) }); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Migrate(ctx, schema.FS); err != nil {
			t.Fatal(err)
		}
		read := func(query string, args ...any) string {
			t.Helper()
			got, err := db.One[string](ctx, d, query, args...)
			if err != nil {
				t.Error(err)
			}
			return got
		}
		for was, want := range langs {
			for _, query := range []string{`SELECT langs FROM bank_version WHERE id = ?`, `SELECT langs FROM competence_test WHERE id = ?`} {
				if got := read(query, was); got != want {
					t.Errorf("%s: %q is %s, want %s", query, was, got, want)
				}
			}
		}
		for was, want := range topics {
			for _, column := range topicColumns {
				if got := read(`SELECT `+column+` FROM participant WHERE id = ?`, was); got != want {
					t.Errorf("%s: %q is %s, want %s", column, was, got, want)
				}
			}
		}
	})
}

var topicColumns = []string{"before_topics", "after_topics", "week_topics", "months3_topics", "months6_topics"}

// fillStrings writes a row for each value, whose id is the value.
func fillStrings(ctx context.Context, tx *db.Tx, langs, topics map[string]string) error {
	now := time.Date(2026, 10, 23, 7, 0, 0, 0, time.UTC)
	if err := db.Exec(ctx, tx, `INSERT INTO unit (id, path, kind, name, created_at) VALUES ('u', '/u/', 'service', 'Straż Graniczna', ?)`, now); err != nil {
		return err
	}
	for was := range langs {
		if err := db.Exec(ctx, tx, `INSERT INTO bank_item (id, origin, code, created_at) VALUES (?, '', ?, ?)`, was, was, now); err != nil {
			return err
		}
		if err := db.Exec(ctx, tx, `INSERT INTO bank_version (id, item_id, number, type, objective, topic, level, langs, content, digest, search_text, author_id, created_at)
			VALUES (?, ?, 1, 'single', 'know', 'law', 1, ?, '{}', '', '', '', ?)`, was, was, was, now); err != nil {
			return err
		}
		if err := db.Exec(ctx, tx, `INSERT INTO competence_test (id, family, edition, origin, code, title, intro, minutes, langs, digest, created_at, created_by)
			VALUES (?, ?, 1, '', '', '{}', '{}', 1, ?, '', ?, '')`, was, was, was, now); err != nil {
			return err
		}
	}
	if err := db.Exec(ctx, tx, `INSERT INTO measurement (id, test_id, subject_kind, unit_id, waves, survey, seed, created_at, created_by)
		VALUES ('m', '  ', 'training', 'u', '[]', FALSE, 1, ?, '')`, now); err != nil {
		return err
	}
	for was := range topics {
		if err := db.Exec(ctx, tx, `INSERT INTO person (id, organisation_id, unit_id, given_name, family_name, sort_key, search_text, lang, state, created_at)
			VALUES (?, 'u', 'u', 'Żaneta', 'Nowak', '', '', 'pl', 'active', ?)`, was, now); err != nil {
			return err
		}
		if err := db.Exec(ctx, tx, `INSERT INTO participant (id, measurement_id, person_id, organisation_id, unit_id, region, sex, lang, joined_at) VALUES (?, 'm', ?, 'u', 'u', '02', '', 'pl', ?)`,
			was, was, now); err != nil {
			return err
		}
		for _, column := range topicColumns {
			if err := db.Exec(ctx, tx, `UPDATE participant SET `+column+` = ? WHERE id = ?`, was, was); err != nil {
				return err
			}
		}
	}
	return nil
}
