-- +goose Up

-- Of which two accounts somebody said that they are of two people, so that they are not proposed again.
CREATE TABLE person_distinct (
    first_id   TEXT NOT NULL REFERENCES person (id), -- the smaller id
    second_id  TEXT NOT NULL REFERENCES person (id),
    decided_by TEXT NOT NULL,
    decided_at BIGINT NOT NULL,
    PRIMARY KEY (first_id, second_id)
);
CREATE INDEX person_distinct_second ON person_distinct (second_id);

-- +goose Down
DROP TABLE person_distinct;
