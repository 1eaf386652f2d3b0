-- +goose Up

-- Evaluations that were typed from paper and can still be taken back: a JSON list. They join the sums after a quarter of an hour.
ALTER TABLE survey_result ADD COLUMN recent TEXT NOT NULL DEFAULT '[]';

-- +goose Down
ALTER TABLE survey_result DROP COLUMN recent;
