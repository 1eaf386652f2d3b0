-- +goose Up
-- Work that time alone makes due: when each comes next, for all nodes together, and what went wrong the last time.
CREATE TABLE periodic (
    name       TEXT PRIMARY KEY,
    next_at    BIGINT NOT NULL,          -- not before; who moves it on does the work
    last_error TEXT NOT NULL DEFAULT ''  -- '' if it went well
);

-- +goose Down
DROP TABLE periodic;
