-- +goose Up

-- How the office counts the days that a court has, since no source has confirmed it: as shipped three, moved to the next working day.
ALTER TABLE guardian_office ADD COLUMN term_days BIGINT NOT NULL DEFAULT 3;
ALTER TABLE guardian_office ADD COLUMN term_moved BOOLEAN NOT NULL DEFAULT TRUE;

-- +goose Down
ALTER TABLE guardian_office DROP COLUMN term_moved;
ALTER TABLE guardian_office DROP COLUMN term_days;
