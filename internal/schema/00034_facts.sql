-- +goose Up

-- What editors doubt of a fact, apart from its source, which readers see.
ALTER TABLE site_fact ADD COLUMN note TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE site_fact DROP COLUMN note;
