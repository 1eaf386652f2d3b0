-- +goose Up

-- What an office notes of a project beside its figures: visibility with proofs, risks, changes. Rows are added and never changed: what holds is the latest of an item, and what held at a
-- period's report the latest of that period and those before.
CREATE TABLE journal_entry (
    id         TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES project (id),
    period_id  TEXT NOT NULL REFERENCES project_period (id), -- the open one in which it was written
    period     BIGINT NOT NULL,                              -- its number
    kind       TEXT NOT NULL,                                -- visibility | risk | change
    item_id    TEXT NOT NULL,                                -- id of the item's first entry
    content    TEXT NOT NULL,                                -- JSON
    blob_hash  TEXT REFERENCES blob (hash),                  -- of a proof
    size       BIGINT NOT NULL DEFAULT 0,                    -- of the proof, in bytes
    at         BIGINT NOT NULL,
    actor_id   TEXT NOT NULL
);
CREATE INDEX journal_entry_project ON journal_entry (project_id, kind, at);

-- Packages that were frozen before journals stood in them can be made again with their bytes.
ALTER TABLE report_frozen ADD COLUMN format BIGINT NOT NULL DEFAULT 1;

DROP VIEW blob_used;
CREATE VIEW blob_used AS
SELECT archive_hash AS hash FROM course_version
UNION ALL SELECT hash FROM course_medium
UNION ALL SELECT hash FROM site_file
UNION ALL SELECT blob_hash FROM training_emblem
UNION ALL SELECT blob_hash FROM session_sheet WHERE blob_hash IS NOT NULL
UNION ALL SELECT blob_hash FROM fund_emblem
UNION ALL SELECT blob_hash FROM report_frozen WHERE blob_hash IS NOT NULL
UNION ALL SELECT blob_hash FROM journal_entry WHERE blob_hash IS NOT NULL;

-- +goose Down
DROP VIEW blob_used;
CREATE VIEW blob_used AS
SELECT archive_hash AS hash FROM course_version
UNION ALL SELECT hash FROM course_medium
UNION ALL SELECT hash FROM site_file
UNION ALL SELECT blob_hash FROM training_emblem
UNION ALL SELECT blob_hash FROM session_sheet WHERE blob_hash IS NOT NULL
UNION ALL SELECT blob_hash FROM fund_emblem
UNION ALL SELECT blob_hash FROM report_frozen WHERE blob_hash IS NOT NULL;
ALTER TABLE report_frozen DROP COLUMN format;
DROP TABLE journal_entry;
