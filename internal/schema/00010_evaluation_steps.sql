-- +goose Up

-- What is shown of an evaluation: the sums as they were when at least five new answers had gathered. They follow
-- survey_result in such steps, so that nobody's answer is the difference of what was shown before and after it.
CREATE TABLE survey_release (
    measurement_id TEXT PRIMARY KEY REFERENCES measurement (id),
    responses      INTEGER NOT NULL,
    tally          TEXT NOT NULL,         -- JSON: question -> choice -> count
    comments       TEXT NOT NULL          -- JSON: sorted
);
INSERT INTO survey_release (measurement_id, responses, tally, comments)
    SELECT measurement_id, responses, tally, comments FROM survey_result WHERE responses >= 5;

-- +goose Down
DROP TABLE survey_release;
