-- +goose Up

-- What other areas show of who took part in what.
-- In a training: from the first session somebody was at; days are counted as UTC days, since no session begins between midnight and the end of the zone's offset.
CREATE VIEW classroom_present AS
SELECT a.training_id, a.person_id, SUM(a.minutes) AS minutes, COUNT(DISTINCT s.starts_at / 86400000000) AS days, MIN(s.starts_at) AS first_at
FROM attendance a JOIN training_session s ON s.id = a.session_id WHERE a.state = 'present' GROUP BY a.training_id, a.person_id;
CREATE VIEW classroom_held AS
SELECT t.id AS training_id, t.title, t.place, t.held_from, t.notice, t.notice_version,
    (SELECT COALESCE(SUM((s.ends_at - s.starts_at) / 60000000), 0) FROM training_session s WHERE s.training_id = t.id AND s.cancelled_at IS NULL) AS minutes
FROM training t WHERE t.cancelled_at IS NULL AND t.put_off_at IS NULL;
-- Half days at which somebody was, and how many of them have a signature: on a sheet that was photographed, or by the code in the room.
CREATE VIEW classroom_signed AS
SELECT a.training_id, a.person_id, COUNT(*) AS sessions,
    SUM(CASE WHEN m.origin IN ('code', 'sheet') OR EXISTS (SELECT 1 FROM session_sheet h WHERE h.session_id = a.session_id AND h.blob_hash IS NOT NULL AND h.withdrawn_at IS NULL) THEN 1 ELSE 0 END) AS signed
FROM attendance a JOIN attendance_mark m ON m.id = a.mark_id WHERE a.state = 'present' GROUP BY a.training_id, a.person_id;
CREATE VIEW classroom_booked AS
SELECT training_id, person_id, created_at FROM booking WHERE state = 'confirmed';
CREATE VIEW learning_passed AS
SELECT course_id, person_id, MIN(passed_at) AS passed_at, MIN(created_at) AS enrolled_at FROM enrolment WHERE passed_at IS NOT NULL GROUP BY course_id, person_id;
CREATE VIEW certificate_standing AS
SELECT COALESCE(course_id, training_id) AS subject_id, person_id, MIN(issued_at) AS issued_at FROM certificate WHERE revoked_at IS NULL GROUP BY COALESCE(course_id, training_id), person_id;
-- Who handed in the test after a course or training.
CREATE VIEW measurement_tested AS
SELECT m.subject_id, p.person_id FROM participant p JOIN measurement m ON m.id = p.measurement_id WHERE p.after_state = 'done';
-- What people said three months later about using what they learned, of each measurement.
CREATE VIEW measurement_use AS
SELECT m.id AS measurement_id, m.subject_kind, m.subject_id, m.project_id,
    SUM(CASE WHEN p.months3_use <> '' THEN 1 ELSE 0 END) AS asked, SUM(CASE WHEN p.months3_use = 'yes' THEN 1 ELSE 0 END) AS yes, SUM(CASE WHEN p.months3_use = 'no' THEN 1 ELSE 0 END) AS no
FROM measurement m JOIN participant p ON p.measurement_id = m.id WHERE p.withdrawn_at IS NULL GROUP BY m.id, m.subject_kind, m.subject_id, m.project_id;
-- The evaluation's sums that may be shown (decision 0013).
CREATE VIEW measurement_useful AS
SELECT m.id AS measurement_id, m.subject_kind, m.subject_id, m.project_id, r.tally FROM measurement m JOIN survey_release r ON r.measurement_id = m.id;
-- The groups by which people are counted.
CREATE VIEW identity_group AS
SELECT p.id, p.organisation_id, p.unit_id, p.sex, CASE WHEN p.region <> '' THEN p.region ELSE u.region END AS region FROM person p JOIN unit u ON u.id = p.unit_id;

-- Whom a project counts, as far as their groups are or will be told: with the groups of the day on which they were first seen, and the block with which they were told.
CREATE TABLE report_counted (
    project_id TEXT NOT NULL REFERENCES project (id),
    fund_id    TEXT NOT NULL,                        -- funds differ in whom they count
    person_id  TEXT NOT NULL REFERENCES person (id), -- as whom the account counts
    period     BIGINT NOT NULL,                      -- number of the period in which they were first counted
    service    TEXT NOT NULL,                        -- organisation
    region     TEXT NOT NULL,
    sex        TEXT NOT NULL,
    age        TEXT NOT NULL,                        -- band, '' if not known
    block      BIGINT,                               -- with which they were told; NULL while they wait
    gone       BOOLEAN NOT NULL DEFAULT FALSE,       -- not counted any more
    PRIMARY KEY (project_id, fund_id, person_id)
);
CREATE TABLE report_block (
    project_id TEXT NOT NULL REFERENCES project (id),
    fund_id    TEXT NOT NULL,
    number     BIGINT NOT NULL,                      -- from 1
    period     BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (project_id, fund_id, number)
);

-- An age that somebody gave for the funds that ask for it: the band alone.
CREATE TABLE report_age (
    person_id TEXT PRIMARY KEY REFERENCES person (id),
    band      TEXT NOT NULL,
    at        BIGINT NOT NULL
);

-- Who was told of a fund, in which words: the version of the rule set holds them.
CREATE TABLE report_notice (
    project_id TEXT NOT NULL REFERENCES project (id),
    person_id  TEXT NOT NULL REFERENCES person (id),
    fund_id    TEXT NOT NULL,
    version    BIGINT NOT NULL,
    lang       TEXT NOT NULL,
    at         BIGINT NOT NULL,
    how        TEXT NOT NULL,                        -- page | paper
    actor_id   TEXT NOT NULL,
    PRIMARY KEY (project_id, person_id, fund_id, version)
);

-- An indicator's figure of a period, once somebody has written or handed it in.
CREATE TABLE report_figure (
    period_id   TEXT NOT NULL REFERENCES project_period (id),
    fund_id     TEXT NOT NULL,
    indicator   TEXT NOT NULL,
    state       TEXT NOT NULL,                       -- draft | handed-in | approved
    value       DOUBLE PRECISION,                    -- of the period: typed, or counted when it was handed in; NULL if there is none
    cumulative  DOUBLE PRECISION,                    -- likewise, from the project's beginning
    narrative   TEXT NOT NULL,                       -- why it deviates from the target
    edition     BIGINT NOT NULL,
    handed_at   BIGINT,
    handed_by   TEXT NOT NULL DEFAULT '',
    approved_at BIGINT,
    approved_by TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (period_id, fund_id, indicator)
);

-- +goose Down
DROP TABLE report_figure;
DROP TABLE report_notice;
DROP TABLE report_age;
DROP TABLE report_block;
DROP TABLE report_counted;
DROP VIEW identity_group;
DROP VIEW measurement_useful;
DROP VIEW measurement_use;
DROP VIEW measurement_tested;
DROP VIEW certificate_standing;
DROP VIEW learning_passed;
DROP VIEW classroom_booked;
DROP VIEW classroom_signed;
DROP VIEW classroom_held;
DROP VIEW classroom_present;
