-- +goose Up

-- Ids of items of the attempt, JSON: asked and not counted, since a fact that they rest on had lapsed when the attempt began. It is
-- decided then and kept, so that no mark changes when a fact lapses or is renewed.
ALTER TABLE attempt ADD COLUMN lapsed TEXT NOT NULL DEFAULT '[]';

-- +goose Down
ALTER TABLE attempt DROP COLUMN lapsed;
