-- +goose Up

-- Until when somebody should have passed: the last moment of that day. It closes nothing.
ALTER TABLE enrolment ADD COLUMN due_at BIGINT;
CREATE INDEX enrolment_due ON enrolment (course_id, due_at) WHERE latest AND due_at IS NOT NULL AND passed_at IS NULL AND withdrawn_at IS NULL;

DROP VIEW learning_latest;
DROP VIEW learning_round;

CREATE VIEW learning_round AS
SELECT id, person_id, course_id, version_id, round, lang, source, created_at, started_at, active_at, finished_at, passed_at, withdrawn_at, reminded_at, parts_done, due_at
FROM enrolment;

-- As in 00018, with the day.
CREATE VIEW learning_latest AS
SELECT e.id, e.person_id, e.course_id, e.version_id, e.round, e.source, e.created_at, e.started_at, e.active_at, e.finished_at, e.passed_at, e.withdrawn_at, e.reminded_at, e.parts_done, e.due_at,
    CASE WHEN e.round = 1 THEN e.created_at ELSE (SELECT MIN(o.created_at) FROM enrolment o WHERE o.person_id = e.person_id AND o.course_id = e.course_id) END AS first_created_at,
    CASE WHEN e.round = 1 THEN e.started_at ELSE (SELECT MIN(o.started_at) FROM enrolment o WHERE o.person_id = e.person_id AND o.course_id = e.course_id) END AS first_started_at,
    CASE WHEN e.round = 1 THEN e.finished_at ELSE (SELECT MIN(o.finished_at) FROM enrolment o WHERE o.person_id = e.person_id AND o.course_id = e.course_id) END AS first_finished_at,
    CASE WHEN e.round = 1 THEN e.passed_at ELSE (SELECT MIN(o.passed_at) FROM enrolment o WHERE o.person_id = e.person_id AND o.course_id = e.course_id) END AS first_passed_at,
    CASE WHEN e.round = 1 THEN (SELECT MAX(a.percent) FROM attempt a WHERE a.enrolment_id = e.id)
        ELSE (SELECT MAX(a.percent) FROM enrolment o JOIN attempt a ON a.enrolment_id = o.id WHERE o.person_id = e.person_id AND o.course_id = e.course_id) END AS best
FROM enrolment e WHERE e.latest;

-- +goose Down
DROP VIEW learning_latest;
DROP VIEW learning_round;
DROP INDEX enrolment_due;
ALTER TABLE enrolment DROP COLUMN due_at;

CREATE VIEW learning_round AS
SELECT id, person_id, course_id, version_id, round, lang, source, created_at, started_at, active_at, finished_at, passed_at, withdrawn_at, reminded_at, parts_done
FROM enrolment;

CREATE VIEW learning_latest AS
SELECT e.id, e.person_id, e.course_id, e.version_id, e.round, e.created_at, e.started_at, e.active_at, e.finished_at, e.passed_at, e.withdrawn_at, e.reminded_at, e.parts_done,
    CASE WHEN e.round = 1 THEN e.created_at ELSE (SELECT MIN(o.created_at) FROM enrolment o WHERE o.person_id = e.person_id AND o.course_id = e.course_id) END AS first_created_at,
    CASE WHEN e.round = 1 THEN e.started_at ELSE (SELECT MIN(o.started_at) FROM enrolment o WHERE o.person_id = e.person_id AND o.course_id = e.course_id) END AS first_started_at,
    CASE WHEN e.round = 1 THEN e.finished_at ELSE (SELECT MIN(o.finished_at) FROM enrolment o WHERE o.person_id = e.person_id AND o.course_id = e.course_id) END AS first_finished_at,
    CASE WHEN e.round = 1 THEN e.passed_at ELSE (SELECT MIN(o.passed_at) FROM enrolment o WHERE o.person_id = e.person_id AND o.course_id = e.course_id) END AS first_passed_at,
    CASE WHEN e.round = 1 THEN (SELECT MAX(a.percent) FROM attempt a WHERE a.enrolment_id = e.id)
        ELSE (SELECT MAX(a.percent) FROM enrolment o JOIN attempt a ON a.enrolment_id = o.id WHERE o.person_id = e.person_id AND o.course_id = e.course_id) END AS best
FROM enrolment e WHERE e.latest;
