-- +goose Up

-- Ids of bank_version, JSON: items that stand on every form of the test and are not scored, so that a later form can be equated.
ALTER TABLE competence_test ADD COLUMN anchors TEXT NOT NULL DEFAULT '[]';

-- +goose Down
ALTER TABLE competence_test DROP COLUMN anchors;
