-- +goose Up

-- A candidate can send a copy of a certificate themself, mostly before they have an account (decision 0062).
CREATE TABLE guardian_document_new (
    id           TEXT PRIMARY KEY,
    candidate_id TEXT NOT NULL REFERENCES guardian_candidate (id) ON DELETE CASCADE,
    kind         TEXT NOT NULL,
    media        TEXT NOT NULL,             -- application/pdf, image/jpeg, image/png
    size         BIGINT NOT NULL,           -- of the document, in bytes
    sealed       BYTEA NOT NULL,            -- age
    sealed_for   TEXT NOT NULL,             -- the public key
    added_at     BIGINT NOT NULL,
    added_by     TEXT REFERENCES person (id), -- NULL: the candidate
    keep_until   BIGINT NOT NULL            -- exclusive
);
INSERT INTO guardian_document_new (id, candidate_id, kind, media, size, sealed, sealed_for, added_at, added_by, keep_until)
SELECT id, candidate_id, kind, media, size, sealed, sealed_for, added_at, added_by, keep_until FROM guardian_document;
DROP TABLE guardian_document;
ALTER TABLE guardian_document_new RENAME TO guardian_document;
CREATE INDEX guardian_document_of ON guardian_document (candidate_id);
CREATE INDEX guardian_document_keep ON guardian_document (keep_until);

-- +goose Down
DELETE FROM guardian_document WHERE added_by IS NULL;
CREATE TABLE guardian_document_old (
    id           TEXT PRIMARY KEY,
    candidate_id TEXT NOT NULL REFERENCES guardian_candidate (id) ON DELETE CASCADE,
    kind         TEXT NOT NULL,
    media        TEXT NOT NULL,
    size         BIGINT NOT NULL,
    sealed       BYTEA NOT NULL,
    sealed_for   TEXT NOT NULL,
    added_at     BIGINT NOT NULL,
    added_by     TEXT NOT NULL REFERENCES person (id),
    keep_until   BIGINT NOT NULL
);
INSERT INTO guardian_document_old (id, candidate_id, kind, media, size, sealed, sealed_for, added_at, added_by, keep_until)
SELECT id, candidate_id, kind, media, size, sealed, sealed_for, added_at, added_by, keep_until FROM guardian_document;
DROP TABLE guardian_document;
ALTER TABLE guardian_document_old RENAME TO guardian_document;
CREATE INDEX guardian_document_of ON guardian_document (candidate_id);
CREATE INDEX guardian_document_keep ON guardian_document (keep_until);
