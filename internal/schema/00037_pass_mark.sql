-- +goose Up

-- What experts say of the items of a course version's test (decision 0040): who would answer them rightly, of people who are just competent.
CREATE TABLE course_judgement (
    version_id TEXT NOT NULL REFERENCES course_version (id),
    round      INTEGER NOT NULL,  -- 1 or 2
    expert     TEXT NOT NULL,     -- initials or a number
    shares     TEXT NOT NULL,     -- JSON: per cent by item
    entered_at BIGINT NOT NULL,
    entered_by TEXT NOT NULL,     -- person
    PRIMARY KEY (version_id, round, expert)
);

-- +goose Down
DROP TABLE course_judgement;
