-- +goose Up

-- Whom a list that was taken in was about, those already known among them, so that they can be chosen together on the next page. It is kept
-- as long as the file's preview.
CREATE TABLE import_taken (
    preview_id TEXT NOT NULL,
    person_id  TEXT NOT NULL REFERENCES person (id),
    PRIMARY KEY (preview_id, person_id)
);

CREATE VIEW identity_import AS
SELECT t.preview_id AS import_id, p.owner_id, t.person_id FROM import_taken t JOIN import_preview p ON p.id = t.preview_id;

-- +goose Down
DROP VIEW identity_import;
DROP TABLE import_taken;
