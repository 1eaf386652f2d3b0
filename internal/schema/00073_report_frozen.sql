-- +goose Up

-- A period's report as it was signed by two people: the package is a blob, and the row says of what and by whom. A row is there from when somebody asked for it.
CREATE TABLE report_frozen (
    id          TEXT PRIMARY KEY,
    project_id  TEXT NOT NULL REFERENCES project (id),
    period_id   TEXT NOT NULL UNIQUE REFERENCES project_period (id),
    number      BIGINT NOT NULL,              -- within the project, from 1
    state       TEXT NOT NULL,                -- waiting | done | failed
    step        BIGINT NOT NULL DEFAULT 0,    -- how far the work is
    fault       TEXT NOT NULL DEFAULT '',     -- key of the text that says why it failed
    at          BIGINT NOT NULL,              -- which the package names as its time
    frozen_by   TEXT NOT NULL,
    approved_by TEXT NOT NULL DEFAULT '[]',   -- JSON: who approved its figures
    publisher   TEXT NOT NULL,                -- JSON: as whom the office publishes by IATI
    rules       TEXT NOT NULL DEFAULT '{}',   -- JSON: version of each fund's rule set
    blob_hash   TEXT REFERENCES blob (hash),  -- SHA-256 of the package, NULL until it is done
    size        BIGINT NOT NULL DEFAULT 0,
    UNIQUE (project_id, number)
);

DROP VIEW blob_used;
CREATE VIEW blob_used AS
SELECT archive_hash AS hash FROM course_version
UNION ALL SELECT hash FROM course_medium
UNION ALL SELECT hash FROM site_file
UNION ALL SELECT blob_hash FROM training_emblem
UNION ALL SELECT blob_hash FROM session_sheet WHERE blob_hash IS NOT NULL
UNION ALL SELECT blob_hash FROM fund_emblem
UNION ALL SELECT blob_hash FROM report_frozen WHERE blob_hash IS NOT NULL;

-- +goose Down
DROP VIEW blob_used;
CREATE VIEW blob_used AS
SELECT archive_hash AS hash FROM course_version
UNION ALL SELECT hash FROM course_medium
UNION ALL SELECT hash FROM site_file
UNION ALL SELECT blob_hash FROM training_emblem
UNION ALL SELECT blob_hash FROM session_sheet WHERE blob_hash IS NOT NULL
UNION ALL SELECT blob_hash FROM fund_emblem;
DROP TABLE report_frozen;
