-- +goose Up

-- Of which facts that items of a course rest on, and that were not confirmed in time, authors were told, and what was wrong with them then.
CREATE TABLE course_told (
    course_id TEXT NOT NULL REFERENCES course (id),
    fact      TEXT NOT NULL,
    fault     TEXT NOT NULL, -- overdue, gone, missing
    told_at   BIGINT NOT NULL,
    PRIMARY KEY (course_id, fact)
);

-- +goose Down
DROP TABLE course_told;
