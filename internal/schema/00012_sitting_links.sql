-- +goose Up

-- The link before the newest one: whoever comes with it is offered a new letter, since the newest may never have arrived.
ALTER TABLE sitting ADD COLUMN token_before TEXT;
CREATE INDEX sitting_token_before ON sitting (token_before) WHERE token_before IS NOT NULL;

-- +goose Down
DROP INDEX sitting_token_before;
ALTER TABLE sitting DROP COLUMN token_before;
