-- +goose Up

-- A project, by whatever name its funder knows it: figures are added up under it.
CREATE TABLE project (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);
INSERT INTO project (id, name, created_at)
SELECT MIN(id), TRIM(project), MIN(created_at) FROM measurement WHERE TRIM(project) <> '' GROUP BY TRIM(project);

-- A training in a room, on given days. It needs no measurement.
CREATE TABLE training (
    id         TEXT PRIMARY KEY,
    title      TEXT NOT NULL,
    place      TEXT NOT NULL,
    held_from  BIGINT NOT NULL,
    held_until BIGINT NOT NULL,
    project_id TEXT REFERENCES project (id),
    unit_id    TEXT NOT NULL REFERENCES unit (id), -- whose training it is: who may change it
    announced  BOOLEAN NOT NULL,                   -- stands on the public site
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
CREATE INDEX training_unit ON training (unit_id);
CREATE INDEX training_announced ON training (held_from) WHERE announced;
INSERT INTO training (id, title, place, held_from, held_until, project_id, unit_id, announced, created_at, created_by)
SELECT m.id, m.title, m.place, COALESCE(m.held_from, m.created_at), COALESCE(m.held_until, m.held_from, m.created_at), p.id, m.unit_id, m.announced, m.created_at, m.created_by
FROM measurement m LEFT JOIN project p ON p.name = TRIM(m.project) WHERE m.kind = 'training';

-- A measurement knows of what it measures only the kind and the id. The project is that of a measurement of a course: a training
-- has its own.
ALTER TABLE measurement ADD COLUMN subject_kind TEXT NOT NULL DEFAULT ''; -- course | training
ALTER TABLE measurement ADD COLUMN subject_id TEXT NOT NULL DEFAULT '';
ALTER TABLE measurement ADD COLUMN project_id TEXT REFERENCES project (id);
UPDATE measurement SET subject_kind = kind, subject_id = CASE WHEN kind = 'course' THEN course_id ELSE id END,
    project_id = CASE WHEN kind = 'course' THEN (SELECT p.id FROM project p WHERE p.name = TRIM(measurement.project)) END;
DROP INDEX measurement_course;
CREATE UNIQUE INDEX measurement_course ON measurement (subject_kind, subject_id) WHERE closed_at IS NULL AND subject_kind = 'course';
CREATE INDEX measurement_subject ON measurement (subject_id, subject_kind);
ALTER TABLE measurement DROP COLUMN kind;
ALTER TABLE measurement DROP COLUMN course_id;
ALTER TABLE measurement DROP COLUMN title;
ALTER TABLE measurement DROP COLUMN place;
ALTER TABLE measurement DROP COLUMN held_from;
ALTER TABLE measurement DROP COLUMN held_until;
ALTER TABLE measurement DROP COLUMN project;
ALTER TABLE measurement DROP COLUMN announced;

CREATE VIEW project_name AS
SELECT id, name FROM project;

-- Which projects are in use, and in which units.
CREATE VIEW classroom_project AS
SELECT project_id, unit_id FROM training WHERE project_id IS NOT NULL;

CREATE VIEW measurement_project AS
SELECT project_id, unit_id FROM measurement WHERE project_id IS NOT NULL;

-- +goose Down
DROP VIEW measurement_project;
DROP VIEW classroom_project;
DROP VIEW project_name;
ALTER TABLE measurement ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE measurement ADD COLUMN course_id TEXT REFERENCES course (id);
ALTER TABLE measurement ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE measurement ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE measurement ADD COLUMN held_from BIGINT;
ALTER TABLE measurement ADD COLUMN held_until BIGINT;
ALTER TABLE measurement ADD COLUMN project TEXT NOT NULL DEFAULT '';
ALTER TABLE measurement ADD COLUMN announced BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE measurement SET kind = subject_kind, course_id = CASE WHEN subject_kind = 'course' THEN subject_id END,
    project = COALESCE((SELECT p.name FROM project p WHERE p.id = measurement.project_id), '');
UPDATE measurement SET
    title = (SELECT t.title FROM training t WHERE t.id = measurement.subject_id),
    place = (SELECT t.place FROM training t WHERE t.id = measurement.subject_id),
    held_from = (SELECT t.held_from FROM training t WHERE t.id = measurement.subject_id),
    held_until = (SELECT t.held_until FROM training t WHERE t.id = measurement.subject_id),
    project = COALESCE((SELECT p.name FROM training t JOIN project p ON p.id = t.project_id WHERE t.id = measurement.subject_id), ''),
    announced = (SELECT t.announced FROM training t WHERE t.id = measurement.subject_id)
WHERE subject_kind = 'training';
DROP INDEX measurement_subject;
DROP INDEX measurement_course;
CREATE UNIQUE INDEX measurement_course ON measurement (course_id) WHERE closed_at IS NULL;
ALTER TABLE measurement DROP COLUMN project_id;
ALTER TABLE measurement DROP COLUMN subject_id;
ALTER TABLE measurement DROP COLUMN subject_kind;
DROP TABLE training;
DROP TABLE project;
