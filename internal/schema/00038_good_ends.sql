-- +goose Up

-- When an answer to a practice item first counted by the rule of the version that asked it (decision 41). Until now any answer did.
ALTER TABLE check_answer ADD COLUMN done_at BIGINT;
UPDATE check_answer SET done_at = answered_at;

-- Whose story a run tells: choices are kept by their places in it. Of who was moved meanwhile nothing better is known than where they are.
ALTER TABLE scenario_run ADD COLUMN version_id TEXT REFERENCES course_version (id);
UPDATE scenario_run SET version_id = (SELECT e.version_id FROM enrolment e WHERE e.id = scenario_run.enrolment_id);

-- The first way of each round through a story to its end, of which the desk makes sums.
CREATE VIEW learning_story AS
SELECT r.enrolment_id, r.version_id, r.scenario_id, r.state, r.ended_at FROM scenario_run r
WHERE r.ended_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM scenario_run o WHERE o.enrolment_id = r.enrolment_id AND o.scenario_id = r.scenario_id AND o.version_id = r.version_id
    AND o.ended_at IS NOT NULL AND (o.ended_at < r.ended_at OR (o.ended_at = r.ended_at AND o.id < r.id)));

-- +goose Down
DROP VIEW learning_story;
ALTER TABLE scenario_run DROP COLUMN version_id;
ALTER TABLE check_answer DROP COLUMN done_at;
