-- +goose Up

-- A certificate is of a course that was passed or of a training that was attended. What a training does not have (enrolment, course,
-- version) is empty in it, so that the table is made anew.
DROP VIEW certificate_unrevoked;
CREATE TABLE certificate_new (
    id             TEXT PRIMARY KEY,
    number         TEXT NOT NULL UNIQUE,  -- OST-2026-000123
    code           TEXT NOT NULL UNIQUE,  -- in the QR and on the paper; random, so that numbers cannot be walked through
    person_id      TEXT NOT NULL REFERENCES person (id),
    enrolment_id   TEXT REFERENCES enrolment (id),
    attempt_id     TEXT REFERENCES attempt (id),
    course_id      TEXT REFERENCES course (id),
    version_id     TEXT REFERENCES course_version (id),
    training_id    TEXT REFERENCES training (id),
    lang           TEXT NOT NULL,
    holder         TEXT NOT NULL,
    holder_latin   TEXT NOT NULL DEFAULT '',
    heading        TEXT NOT NULL DEFAULT '',
    title          TEXT NOT NULL,
    hours          DOUBLE PRECISION NOT NULL, -- of a training: for which the holder was there
    hours_of       DOUBLE PRECISION NOT NULL DEFAULT 0, -- of a training: that it had
    hour_minutes   BIGINT NOT NULL DEFAULT 0, -- of a training: 45 or 60
    held_from      BIGINT,
    held_until     BIGINT,
    place          TEXT NOT NULL DEFAULT '',
    objectives     TEXT NOT NULL,         -- JSON: texts in lang
    fund           TEXT NOT NULL DEFAULT '',
    issuer         TEXT NOT NULL,
    issued_at      BIGINT NOT NULL,
    valid_until    BIGINT,
    revoked_at     BIGINT,
    revoked_by     TEXT NOT NULL DEFAULT '',
    revoked_reason TEXT NOT NULL DEFAULT '',
    UNIQUE (enrolment_id, attempt_id),
    CHECK (training_id IS NULL AND enrolment_id IS NOT NULL AND course_id IS NOT NULL AND version_id IS NOT NULL
        OR training_id IS NOT NULL AND enrolment_id IS NULL AND course_id IS NULL AND version_id IS NULL)
);
INSERT INTO certificate_new (id, number, code, person_id, enrolment_id, attempt_id, course_id, version_id, lang, holder, holder_latin, heading, title, hours, objectives, fund, issuer,
    issued_at, valid_until, revoked_at, revoked_by, revoked_reason)
SELECT id, number, code, person_id, enrolment_id, attempt_id, course_id, version_id, lang, holder, holder_latin, heading, title, hours, objectives, fund, issuer,
    issued_at, valid_until, revoked_at, revoked_by, revoked_reason FROM certificate;
DROP TABLE certificate;
ALTER TABLE certificate_new RENAME TO certificate;
CREATE INDEX certificate_person ON certificate (person_id, course_id, issued_at);
-- NULLs are not equal to each other: a course without a test needs its own rule of one certificate for one pass.
CREATE UNIQUE INDEX certificate_untested ON certificate (enrolment_id) WHERE attempt_id IS NULL AND training_id IS NULL;
CREATE INDEX certificate_training ON certificate (training_id, person_id) WHERE training_id IS NOT NULL;
CREATE VIEW certificate_unrevoked AS
SELECT person_id, course_id, number, issued_at FROM certificate WHERE revoked_at IS NULL AND course_id IS NOT NULL;
-- The hours that the newest certificate of a training that still stands says of somebody.
CREATE VIEW certificate_attendance AS
SELECT c.training_id, c.person_id, c.id, c.number, c.hours, c.issued_at FROM certificate c
WHERE c.training_id IS NOT NULL AND c.revoked_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM certificate n WHERE n.training_id = c.training_id AND n.person_id = c.person_id AND n.revoked_at IS NULL
        AND (n.issued_at > c.issued_at OR n.issued_at = c.issued_at AND n.id > c.id));

-- +goose Down
DROP VIEW certificate_attendance;
