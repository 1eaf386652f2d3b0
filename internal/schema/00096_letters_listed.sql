-- +goose Up

-- Letters are listed, the newest first.
CREATE INDEX mail_created ON mail (created_at, id);

-- Jobs that nobody tries any more. A letter's job has the letter's id.
CREATE VIEW job_given_up AS
SELECT id, failed_at FROM job WHERE failed_at IS NOT NULL;

-- +goose Down
DROP VIEW job_given_up;
DROP INDEX mail_created;
