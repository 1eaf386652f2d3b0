-- +goose Up

-- What a project's people learned, as the gain report told it when it was last looked at: the first page of a project does not wait for thousands of results.
CREATE TABLE report_gain (
    project_id TEXT PRIMARY KEY REFERENCES project (id),
    gains      TEXT NOT NULL,   -- JSON: by test
    at         BIGINT NOT NULL
);

-- +goose Down
DROP TABLE report_gain;
