-- +goose Up

-- What somebody asks about what is kept of them (GDPR articles 16, 17 and 21), for the office that keeps their account.
CREATE TABLE kept_request (
    id          TEXT PRIMARY KEY,
    person_id   TEXT NOT NULL REFERENCES person (id),
    kind        TEXT NOT NULL,            -- correct | object | erase
    words       TEXT NOT NULL,
    at          BIGINT NOT NULL,
    answer      TEXT NOT NULL DEFAULT '', -- what was done, or why not
    answered_at BIGINT,
    answered_by TEXT NOT NULL DEFAULT ''
);
CREATE INDEX kept_request_person ON kept_request (person_id, at);
CREATE INDEX kept_request_open ON kept_request (answered_at, at);

-- +goose Down
DROP TABLE kept_request;
