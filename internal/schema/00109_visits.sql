-- +goose Up

-- When somebody opened their first page last, and when before that, on an earlier day: the page tells what has changed since. Both go with the account.
ALTER TABLE person ADD COLUMN here_at BIGINT;
ALTER TABLE person ADD COLUMN here_before BIGINT;

-- +goose Down
ALTER TABLE person DROP COLUMN here_before;
ALTER TABLE person DROP COLUMN here_at;
