-- +goose Up

-- Who was there at which session, for what is told on a day: a notice handed out on paper.
CREATE VIEW classroom_there AS
SELECT a.training_id, a.person_id, s.starts_at FROM attendance a JOIN training_session s ON s.id = a.session_id WHERE a.state = 'present';
-- Who takes a course, or took it.
CREATE VIEW learning_taken AS
SELECT DISTINCT course_id, person_id FROM enrolment WHERE withdrawn_at IS NULL;

-- That a fund's notice was handed out on paper to all who were at a training on a day.
CREATE TABLE report_handout (
    id          TEXT PRIMARY KEY,
    project_id  TEXT NOT NULL REFERENCES project (id),
    fund_id     TEXT NOT NULL,
    version     BIGINT NOT NULL,
    lang        TEXT NOT NULL,
    training_id TEXT NOT NULL,
    day         TEXT NOT NULL,
    at          BIGINT NOT NULL,            -- when that was written down
    actor_id    TEXT NOT NULL,
    undone_at   BIGINT
);
CREATE INDEX report_handout_of ON report_handout (project_id, at);
-- By which of them somebody was told, '' if they read it on the page.
ALTER TABLE report_notice ADD COLUMN handout_id TEXT NOT NULL DEFAULT '';
CREATE INDEX report_notice_person ON report_notice (person_id);

-- +goose Down
DROP INDEX report_notice_person;
ALTER TABLE report_notice DROP COLUMN handout_id;
DROP TABLE report_handout;
DROP VIEW learning_taken;
DROP VIEW classroom_there;
