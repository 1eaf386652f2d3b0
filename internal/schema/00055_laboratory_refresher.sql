-- +goose Up

-- Who asked for one case a month by mail.
CREATE TABLE laboratory_refresher (
    person_id TEXT PRIMARY KEY REFERENCES person (id),
    since     BIGINT NOT NULL,
    next_at   BIGINT NOT NULL,
    last_case TEXT NOT NULL DEFAULT ''
);
CREATE INDEX laboratory_refresher_due ON laboratory_refresher (next_at);

-- +goose Down
DROP TABLE laboratory_refresher;
