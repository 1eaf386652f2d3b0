-- +goose Up

-- Rule sets of funds: what they ask of a project. Sets belong to no unit. Those that come with the program are taken in at its start.
CREATE TABLE fund (
    id             TEXT PRIMARY KEY,               -- amif-2021
    edition        BIGINT NOT NULL,                -- the newest version
    shipped_digest TEXT NOT NULL DEFAULT '',       -- SHA-256 of the set that came with the program, as it was when somebody last took it in or left it; '' of a set of the office's own
    edited         BOOLEAN NOT NULL DEFAULT FALSE  -- by the office, whose words no release overwrites
);

-- Every version stays: a report names the one that it rests on.
CREATE TABLE fund_version (
    fund_id TEXT NOT NULL REFERENCES fund (id) ON DELETE CASCADE, -- by a restore alone, into what was started once
    version BIGINT NOT NULL,
    rules   TEXT NOT NULL,                -- JSON
    at      BIGINT NOT NULL,
    by_id   TEXT REFERENCES person (id),  -- NULL: it came with the program
    PRIMARY KEY (fund_id, version)
);

-- Who has confirmed a rule as it now stands. An edit of the rule ends it; the record of acts says that it was.
CREATE TABLE fund_confirmation (
    fund_id TEXT NOT NULL REFERENCES fund (id),
    rule    TEXT NOT NULL,                -- name, retention, indicator:participants …
    at      BIGINT NOT NULL,
    by_id   TEXT NOT NULL REFERENCES person (id),
    PRIMARY KEY (fund_id, rule)
);

-- Emblems that any version names.
CREATE TABLE fund_emblem (
    fund_id   TEXT NOT NULL REFERENCES fund (id),
    blob_hash TEXT NOT NULL REFERENCES blob (hash),
    PRIMARY KEY (fund_id, blob_hash)
);

DROP VIEW blob_used;
CREATE VIEW blob_used AS
SELECT archive_hash AS hash FROM course_version
UNION ALL SELECT hash FROM course_medium
UNION ALL SELECT hash FROM site_file
UNION ALL SELECT blob_hash FROM training_emblem
UNION ALL SELECT blob_hash FROM session_sheet WHERE blob_hash IS NOT NULL
UNION ALL SELECT blob_hash FROM fund_emblem;

-- +goose Down
DROP VIEW blob_used;
CREATE VIEW blob_used AS
SELECT archive_hash AS hash FROM course_version
UNION ALL SELECT hash FROM course_medium
UNION ALL SELECT hash FROM site_file
UNION ALL SELECT blob_hash FROM training_emblem
UNION ALL SELECT blob_hash FROM session_sheet WHERE blob_hash IS NOT NULL;
DROP TABLE fund_emblem;
DROP TABLE fund_confirmation;
DROP TABLE fund_version;
DROP TABLE fund;
