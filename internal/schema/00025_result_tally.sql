-- +goose Up

-- What the results of a measurement's participants come to, by unit: the list of evidence shows it, for which the rows of 60,000
-- people would have to be read each time. It follows the rows in their transaction.
CREATE TABLE result_tally (
    measurement_id TEXT NOT NULL REFERENCES measurement (id),
    unit_id        TEXT NOT NULL REFERENCES unit (id),
    before         INTEGER NOT NULL,          -- who handed in each wave
    after          INTEGER NOT NULL,
    week           INTEGER NOT NULL,
    months3        INTEGER NOT NULL,
    months6        INTEGER NOT NULL,
    matched        INTEGER NOT NULL,          -- who handed in both before and after
    pre_sum        DOUBLE PRECISION NOT NULL, -- their scores, in per cent
    post_sum       DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (measurement_id, unit_id)
);

INSERT INTO result_tally (measurement_id, unit_id, before, after, week, months3, months6, matched, pre_sum, post_sum)
SELECT measurement_id, unit_id, COUNT(before_percent), COUNT(after_percent), COUNT(week_percent), COUNT(months3_percent), COUNT(months6_percent),
    COUNT(before_percent + after_percent),
    COALESCE(SUM(CASE WHEN after_percent IS NOT NULL THEN before_percent END), 0),
    COALESCE(SUM(CASE WHEN before_percent IS NOT NULL THEN after_percent END), 0)
FROM participant GROUP BY measurement_id, unit_id;

-- How many take part is counted by this alone. The unit stands first, so that nobody takes it for the way to a measurement's rows,
-- which lie beside each other in the order of joining.
CREATE INDEX participant_unit ON participant (unit_id, measurement_id);

-- +goose Down
DROP INDEX participant_unit;
DROP TABLE result_tally;
