-- +goose Up

-- A person's latest round of a course, told when a round is written instead of looked for at each reading: all figures of
-- the desk and the list of who could be enrolled ask for it, of everybody.
ALTER TABLE enrolment ADD COLUMN latest BOOLEAN NOT NULL DEFAULT TRUE;
UPDATE enrolment SET latest = FALSE WHERE EXISTS (
    SELECT 1 FROM enrolment n WHERE n.person_id = enrolment.person_id AND n.course_id = enrolment.course_id AND n.round > enrolment.round);
CREATE INDEX enrolment_latest ON enrolment (course_id, person_id, withdrawn_at) WHERE latest; -- says alone who is in a course now
-- Nobody has two. Over an expression, since SQLite would prefer a unique index of the columns to the one above, and read rows.
CREATE UNIQUE INDEX enrolment_latest_once ON enrolment ((course_id || '/' || person_id)) WHERE latest;

-- What an area lets others read. The name begins with the area's, which alone may change the view; who reads it need not
-- know the tables. Each view is of one table, so that both engines read the table through it at no cost.

CREATE VIEW identity_unit AS
SELECT id, path, name, region FROM unit;

CREATE VIEW identity_person AS
SELECT id, unit_id, given_name, family_name, sort_key, search_text, mail, lang, region, state FROM person;

CREATE VIEW learning_round AS
SELECT id, person_id, course_id, version_id, round, lang, source, created_at, started_at, active_at, finished_at, passed_at, withdrawn_at, reminded_at, parts_done
FROM enrolment;

-- A person's latest round of a course. What begins with first_ is when it first came true in any round, and best is the best
-- result in any. Nearly everybody has one round, for which no other row is looked at.
CREATE VIEW learning_latest AS
SELECT e.id, e.person_id, e.course_id, e.version_id, e.round, e.created_at, e.started_at, e.active_at, e.finished_at, e.passed_at, e.withdrawn_at, e.reminded_at, e.parts_done,
    CASE WHEN e.round = 1 THEN e.created_at ELSE (SELECT MIN(o.created_at) FROM enrolment o WHERE o.person_id = e.person_id AND o.course_id = e.course_id) END AS first_created_at,
    CASE WHEN e.round = 1 THEN e.started_at ELSE (SELECT MIN(o.started_at) FROM enrolment o WHERE o.person_id = e.person_id AND o.course_id = e.course_id) END AS first_started_at,
    CASE WHEN e.round = 1 THEN e.finished_at ELSE (SELECT MIN(o.finished_at) FROM enrolment o WHERE o.person_id = e.person_id AND o.course_id = e.course_id) END AS first_finished_at,
    CASE WHEN e.round = 1 THEN e.passed_at ELSE (SELECT MIN(o.passed_at) FROM enrolment o WHERE o.person_id = e.person_id AND o.course_id = e.course_id) END AS first_passed_at,
    CASE WHEN e.round = 1 THEN (SELECT MAX(a.percent) FROM attempt a WHERE a.enrolment_id = e.id)
        ELSE (SELECT MAX(a.percent) FROM enrolment o JOIN attempt a ON a.enrolment_id = o.id WHERE o.person_id = e.person_id AND o.course_id = e.course_id) END AS best
FROM enrolment e WHERE e.latest;

CREATE VIEW learning_attempt AS
SELECT id, enrolment_id, number, started_at, submitted_at, closed_late, percent, passed FROM attempt;

CREATE VIEW certificate_unrevoked AS
SELECT person_id, course_id, number, issued_at FROM certificate WHERE revoked_at IS NULL;

-- +goose Down
DROP VIEW certificate_unrevoked;
DROP VIEW learning_attempt;
DROP VIEW learning_latest;
DROP VIEW learning_round;
DROP VIEW identity_person;
DROP VIEW identity_unit;
DROP INDEX enrolment_latest_once;
DROP INDEX enrolment_latest;
ALTER TABLE enrolment DROP COLUMN latest;
