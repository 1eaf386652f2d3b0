-- +goose Up

CREATE TABLE course (
    id                 TEXT PRIMARY KEY,  -- the folder's id
    current_version_id TEXT NOT NULL,     -- on which new participants begin
    in_catalogue       BOOLEAN NOT NULL,  -- everybody signed in may enrol; else by invitation
    created_at         BIGINT NOT NULL
);

CREATE TABLE course_version (
    id           TEXT PRIMARY KEY,
    course_id    TEXT NOT NULL REFERENCES course (id),
    number       INTEGER NOT NULL,        -- 1, 2, 3 … in order of publication
    label        TEXT NOT NULL,           -- the author's
    digest       TEXT NOT NULL,           -- SHA-256 of the folder's content
    archive_hash TEXT NOT NULL REFERENCES blob (hash), -- the folder as a ZIP
    published_at BIGINT NOT NULL,
    published_by TEXT NOT NULL DEFAULT '',
    UNIQUE (course_id, number),
    UNIQUE (course_id, digest)
);

CREATE TABLE course_medium (
    version_id TEXT NOT NULL REFERENCES course_version (id),
    name       TEXT NOT NULL,             -- media/….svg
    hash       TEXT NOT NULL REFERENCES blob (hash),
    PRIMARY KEY (version_id, name)
);

-- +goose Down
DROP TABLE course_medium;
DROP TABLE course_version;
DROP TABLE course;
