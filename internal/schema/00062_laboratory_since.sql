-- +goose Up

-- At which position of its run a group joined: of what was decided before, nobody asked it, and it left nothing undecided.
ALTER TABLE laboratory_group ADD COLUMN since BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE laboratory_group DROP COLUMN since;
