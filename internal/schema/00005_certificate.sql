-- +goose Up

-- What the paper says, kept as it was printed: later changes of a name or a course do not change it.
CREATE TABLE certificate (
    id             TEXT PRIMARY KEY,
    number         TEXT NOT NULL UNIQUE,  -- OST-2026-000123
    code           TEXT NOT NULL UNIQUE,  -- in the QR and on the paper; random, so that numbers cannot be walked through
    person_id      TEXT NOT NULL REFERENCES person (id),
    enrolment_id   TEXT NOT NULL REFERENCES enrolment (id),
    attempt_id     TEXT REFERENCES attempt (id),
    course_id      TEXT NOT NULL REFERENCES course (id),
    version_id     TEXT NOT NULL REFERENCES course_version (id),
    lang           TEXT NOT NULL,
    holder         TEXT NOT NULL,
    title          TEXT NOT NULL,
    hours          DOUBLE PRECISION NOT NULL,
    objectives     TEXT NOT NULL,         -- JSON: texts in lang
    fund           TEXT NOT NULL DEFAULT '',
    issuer         TEXT NOT NULL,
    issued_at      BIGINT NOT NULL,
    valid_until    BIGINT,
    revoked_at     BIGINT,
    revoked_by     TEXT NOT NULL DEFAULT '',
    revoked_reason TEXT NOT NULL DEFAULT '',
    UNIQUE (enrolment_id, attempt_id)
);
CREATE INDEX certificate_person ON certificate (person_id, course_id, issued_at);
-- NULLs are not equal to each other: a course without a test needs its own rule of one certificate for one pass.
CREATE UNIQUE INDEX certificate_untested ON certificate (enrolment_id) WHERE attempt_id IS NULL;

-- +goose Down
DROP TABLE certificate;
