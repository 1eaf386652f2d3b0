package schema

import (
	"context"

	"ostoja/internal/db"
)

// imports is migration 27: a list of people is taken in by portions, and its row says how far that is. Previews of before, which live for an
// hour, are read otherwise now. And the stored search keys are made anew once more, by more kinds of apostrophes and hyphens.
func imports(ctx context.Context, tx *db.Tx) error {
	for _, statement := range []string{
		`DELETE FROM import_preview`,
		`ALTER TABLE import_preview ADD COLUMN begun_at BIGINT`,
		`ALTER TABLE import_preview ADD COLUMN ended_at BIGINT`,
		`ALTER TABLE import_preview ADD COLUMN all_rows INTEGER NOT NULL DEFAULT 0`,
		`ALTER TABLE import_preview ADD COLUMN done_rows INTEGER NOT NULL DEFAULT 0`,
		`ALTER TABLE import_preview ADD COLUMN result TEXT NOT NULL DEFAULT '{}'`,
	} {
		if err := db.Exec(ctx, tx, statement); err != nil {
			return err
		}
	}
	return searchKeys(ctx, tx)
}
