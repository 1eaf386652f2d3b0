-- +goose Up
-- Technical tables of the ground floor. Times are UTC microseconds, identifiers UUIDs of version 7 made by the program.

CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE job (
    id           TEXT PRIMARY KEY,
    kind         TEXT NOT NULL,
    payload      TEXT NOT NULL,           -- JSON
    run_at       BIGINT NOT NULL,         -- not before
    attempts     INTEGER NOT NULL DEFAULT 0,
    locked_until BIGINT,                  -- a worker has it until then
    last_error   TEXT NOT NULL DEFAULT '',
    created_at   BIGINT NOT NULL,
    failed_at    BIGINT                   -- given up; a person must look
);
CREATE INDEX job_waiting ON job (run_at) WHERE failed_at IS NULL;

CREATE TABLE mail (
    id         TEXT PRIMARY KEY,
    recipient  TEXT NOT NULL,
    subject    TEXT NOT NULL,
    body       TEXT NOT NULL,             -- plain text; emptied when sent, since it may hold a single-use link
    lang       TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    sent_at    BIGINT,
    failed_at  BIGINT,
    last_error TEXT NOT NULL DEFAULT ''
);
CREATE INDEX mail_unsent ON mail (created_at) WHERE sent_at IS NULL;

CREATE TABLE blob (
    hash       TEXT PRIMARY KEY,          -- SHA-256 of the content, hexadecimal
    media_type TEXT NOT NULL,
    size       BIGINT NOT NULL,           -- bytes
    content    BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE blob;
DROP TABLE mail;
DROP TABLE job;
DROP TABLE setting;
