package schema_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/schema"
	"ostoja/internal/text"
)

// oldKey is how search keys were made before migration 17.
func oldKey(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(strings.ToLower(s)))
	return strings.NewReplacer("ł", "l").Replace(strings.Join(strings.Fields(s), " "))
}

// before opens empty databases of the schema as it was before a migration, on both engines.
func before(t *testing.T, migration int64, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	for name, address := range map[string]func(t testing.TB) string{
		"sqlite":   func(t testing.TB) string { return filepath.Join(t.TempDir(), "ostoja.db") },
		"postgres": dbtest.EmptyPostgresURL,
	} {
		t.Run(name, func(t *testing.T) {
			d, err := db.Open(t.Context(), address(t))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := d.Close(); err != nil {
					t.Error(err)
				}
			})
			if _, err := d.MigrateTo(t.Context(), schema.FS, migration-1); err != nil {
				t.Fatal(err)
			}
			fn(t, d)
		})
	}
}

// TestStoredSearchKeysAreMadeAnew fills a database as an earlier release did, migrates it, and finds everybody by either spelling.
func TestStoredSearchKeysAreMadeAnew(t *testing.T) {
	before(t, 17, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		const people = 1203 // three portions; ids in another order than the names
		if err := d.Update(ctx, func(tx *db.Tx) error { return fillOld(ctx, tx, people) }); err != nil {
			t.Fatal(err)
		}
		ran, err := d.Migrate(ctx, schema.FS)
		if err != nil || len(ran) == 0 || ran[0] != 17 {
			t.Fatalf("ran %v, %v", ran, err)
		}
		type row struct{ GivenName, FamilyName, Mail, ServiceNumber, SortKey, SearchText string }
		rows, err := db.All[row](ctx, d, `SELECT given_name, family_name, COALESCE(mail, '') AS mail, COALESCE(service_number, '') AS service_number, sort_key, search_text FROM person`)
		if err != nil || len(rows) != people {
			t.Fatalf("%d people, %v", len(rows), err)
		}
		for _, r := range rows {
			want := text.Search(strings.Join([]string{r.FamilyName, r.GivenName, r.FamilyName, r.Mail, r.ServiceNumber}, " "))
			if r.SearchText != want || r.SortKey != text.SortKey(r.FamilyName, r.GivenName) {
				t.Fatalf("%+v is found by %q", r, r.SearchText)
			}
		}
		for typed, want := range map[string]int{"O'Brien": people / 3, "o’brien": people / 3, "nowak-kowalska": people / 3, "Nowak–Kowalska": people / 3, "Łódź": people / 3, "lodz": people / 3} {
			n, err := db.One[int](ctx, d, `SELECT COUNT(*) FROM person WHERE search_text LIKE ? ESCAPE '\'`, db.Like(text.Search(typed)))
			if err != nil || n != want {
				t.Errorf("%q finds %d, want %d, %v", typed, n, want, err)
			}
		}
		items, err := db.All[string](ctx, d, `SELECT search_text FROM bank_version ORDER BY id`)
		if err != nil || len(items) != 2+people || items[0] != `the-item know what's a "victim"? kto jest ofiara?` || items[1] != "the-item know drugie pytanie" {
			t.Errorf("%d items are found, the first by %q, %v", len(items), items[:min(2, len(items))], err)
		}
		for i, found := range items[min(2, len(items)):] {
			if found != "the-item know question's zolte pytanie" {
				t.Fatalf("item %d is found by %q", i, found)
			}
		}
		if ran, err := d.Migrate(ctx, schema.FS); err != nil || len(ran) > 0 {
			t.Errorf("the second time it ran %v, %v", ran, err)
		}
	})
}

// fillOld writes people and items with the keys that they had.
func fillOld(ctx context.Context, tx *db.Tx, people int) error {
	now := time.Date(2026, 10, 23, 7, 0, 0, 0, time.UTC)
	if err := db.Exec(ctx, tx, `INSERT INTO unit (id, path, kind, name, created_at) VALUES ('u', '/u/', 'service', 'Straż Graniczna', ?)`, now); err != nil {
		return err
	}
	families := []string{"O’Brien", "Nowak‑Kowalska", "Łódź\u200b"}
	for i := range people {
		family := families[i%3]
		mail := any(fmt.Sprintf("p%d@example.org", i))
		if i%2 == 0 {
			mail = nil
		}
		if err := db.Exec(ctx, tx, `INSERT INTO person (id, organisation_id, unit_id, given_name, family_name, sort_key, search_text, mail, lang, state, created_at)
			VALUES (?, 'u', 'u', 'Żaneta', ?, 'old', ?, ?, 'pl', 'active', ?)`, fmt.Sprintf("%05d", (i*7919)%100000), family, oldKey(family+" Żaneta"), mail, now); err != nil {
			return err
		}
	}
	if err := db.Exec(ctx, tx, `INSERT INTO bank_item (id, origin, code, created_at) VALUES ('i', '', 'the-item', ?)`, now); err != nil {
		return err
	}
	questions := []map[string]string{{"pl": "Kto jest ofiarą?", "en": "What’s a “victim”?"}, {"pl": "Drugie pytanie"}}
	for range people { // as many as people, so that both go in several portions
		questions = append(questions, map[string]string{"pl": "Żółte pytanie", "en": "Question’s"})
	}
	for number, question := range questions {
		content, err := json.Marshal(map[string]any{"Question": question})
		if err != nil {
			return err
		}
		if err := db.Exec(ctx, tx, `INSERT INTO bank_version (id, item_id, number, type, objective, topic, level, langs, content, digest, search_text, author_id, created_at)
			VALUES (?, 'i', ?, 'single', 'know', 'law', 1, '', ?, '', ?, '', ?)`, fmt.Sprintf("%05d", number), number+1, string(content), oldKey("the-item know "+question["pl"]), now); err != nil {
			return err
		}
	}
	return nil
}
