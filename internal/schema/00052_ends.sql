-- +goose Up

-- Until when the fund wants the papers of a training, exclusive; NULL while nobody wrote it down (decision 0053).
ALTER TABLE training ADD COLUMN evidence_until BIGINT;

-- A photographed sheet ends, and its row with the hash stays to say that it was there.
CREATE TABLE session_sheet_new (
    id          TEXT PRIMARY KEY,
    session_id  TEXT NOT NULL REFERENCES training_session (id),
    blob_hash   TEXT REFERENCES blob (hash), -- NULL: erased
    sha256      TEXT NOT NULL, -- of the file that is kept, or was
    media_type  TEXT NOT NULL,
    uploaded_at BIGINT NOT NULL,
    uploaded_by TEXT NOT NULL,
    withdrawn_at     BIGINT,
    withdrawn_by     TEXT NOT NULL DEFAULT '',
    withdrawn_reason TEXT NOT NULL DEFAULT '',
    erased_at   BIGINT
);
INSERT INTO session_sheet_new (id, session_id, blob_hash, sha256, media_type, uploaded_at, uploaded_by, withdrawn_at, withdrawn_by, withdrawn_reason)
SELECT id, session_id, blob_hash, sha256, media_type, uploaded_at, uploaded_by, withdrawn_at, withdrawn_by, withdrawn_reason FROM session_sheet;
DROP TABLE session_sheet;
ALTER TABLE session_sheet_new RENAME TO session_sheet;
CREATE INDEX session_sheet_session ON session_sheet (session_id);
CREATE INDEX session_sheet_blob ON session_sheet (blob_hash);

-- Which files are in use. A new column that refers to a blob joins this view, else the file could be erased under it.
CREATE VIEW blob_used AS
SELECT archive_hash AS hash FROM course_version
UNION ALL SELECT hash FROM course_medium
UNION ALL SELECT hash FROM site_file
UNION ALL SELECT blob_hash FROM training_emblem
UNION ALL SELECT blob_hash FROM session_sheet WHERE blob_hash IS NOT NULL;

-- What was written down before it had an end: 30 days for refused scans, two years for interest, three for observations.
INSERT INTO kept (kind, ref, person_id, kept_since, keep_until)
SELECT 'refused-scan', id, person_id, at, at + 2592000000000 FROM refused_scan WHERE person_id IS NOT NULL;
INSERT INTO kept (kind, ref, person_id, kept_since, keep_until)
SELECT 'interest', person_id || '/' || programme_id, person_id, created_at, created_at + 63072000000000 FROM training_interest;
INSERT INTO kept (kind, ref, person_id, kept_since, keep_until)
SELECT 'observation', id, observed_id, written_at, written_at + 94608000000000 FROM teaching_observation;

-- +goose Down
DELETE FROM kept WHERE kind IN ('refused-scan', 'interest', 'observation');
DROP VIEW blob_used;
ALTER TABLE session_sheet DROP COLUMN erased_at;
ALTER TABLE training DROP COLUMN evidence_until;
