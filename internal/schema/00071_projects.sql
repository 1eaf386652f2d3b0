-- +goose Up

-- A project was a name. One that an office answers for has the rest as well; unit_id is empty as long as it is a name alone.
ALTER TABLE project ADD COLUMN short TEXT NOT NULL DEFAULT '';      -- for lists and phones
ALTER TABLE project ADD COLUMN number TEXT NOT NULL DEFAULT '';     -- of the agreement, as the fund writes it
ALTER TABLE project ADD COLUMN document TEXT NOT NULL DEFAULT '';   -- number of the project in the office's accounts, nothing else of them
ALTER TABLE project ADD COLUMN unit_id TEXT REFERENCES unit (id);
ALTER TABLE project ADD COLUMN first_day TEXT NOT NULL DEFAULT '';  -- days are 2026-11-30
ALTER TABLE project ADD COLUMN last_day TEXT NOT NULL DEFAULT '';
ALTER TABLE project ADD COLUMN edition BIGINT NOT NULL DEFAULT 1;

-- Which funds pay, and which share of the cost.
CREATE TABLE project_fund (
    project_id TEXT NOT NULL REFERENCES project (id),
    fund_id    TEXT NOT NULL,           -- a rule set
    share      BIGINT NOT NULL,         -- hundredths of a percent
    PRIMARY KEY (project_id, fund_id),
    CHECK (share > 0 AND share <= 10000)
);

CREATE TABLE project_partner (
    project_id TEXT NOT NULL REFERENCES project (id),
    place      BIGINT NOT NULL,         -- in the list, from 1
    name       TEXT NOT NULL,
    PRIMARY KEY (project_id, place)
);

-- Periods follow upon each other without a gap. What belongs to one can be changed only while it is open.
CREATE TABLE project_period (
    id         TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES project (id),
    number     BIGINT NOT NULL,         -- from 1
    first_day  TEXT NOT NULL,
    last_day   TEXT NOT NULL,
    open       BOOLEAN NOT NULL DEFAULT FALSE,
    frozen_at  BIGINT,                  -- when its report was made last
    UNIQUE (project_id, number)
);
CREATE TABLE project_period_act (
    id        TEXT PRIMARY KEY,
    period_id TEXT NOT NULL REFERENCES project_period (id) ON DELETE CASCADE,
    act       TEXT NOT NULL,            -- opened | locked
    reason    TEXT NOT NULL,
    at        BIGINT NOT NULL,
    actor_id  TEXT NOT NULL
);
CREATE INDEX project_period_act_of ON project_period_act (period_id, at);

-- Targets by versions: version 0 is the agreement, each further one an annex.
CREATE TABLE project_annex (
    project_id TEXT NOT NULL REFERENCES project (id),
    number     BIGINT NOT NULL,
    since      TEXT NOT NULL,           -- day from which it holds
    note       TEXT NOT NULL,           -- why
    at         BIGINT NOT NULL,
    actor_id   TEXT NOT NULL,
    PRIMARY KEY (project_id, number)
);
CREATE TABLE project_target (
    project_id TEXT NOT NULL,
    annex      BIGINT NOT NULL,
    fund_id    TEXT NOT NULL,
    indicator  TEXT NOT NULL,
    target     DOUBLE PRECISION NOT NULL,
    baseline   DOUBLE PRECISION,
    PRIMARY KEY (project_id, annex, fund_id, indicator),
    FOREIGN KEY (project_id, annex) REFERENCES project_annex (project_id, number)
);

-- What belongs to a project beside the trainings that name it in their own data. share is of the part's cost.
CREATE TABLE project_part (
    project_id TEXT NOT NULL REFERENCES project (id),
    kind       TEXT NOT NULL,           -- training | course | guardians | publication
    subject_id TEXT NOT NULL,
    share      BIGINT NOT NULL,         -- percent
    document   TEXT NOT NULL DEFAULT '',
    at         BIGINT NOT NULL,
    actor_id   TEXT NOT NULL,
    PRIMARY KEY (project_id, kind, subject_id),
    CHECK (share > 0 AND share <= 100)
);
CREATE INDEX project_part_subject ON project_part (kind, subject_id);

-- Own staff of a project: never counted in it.
CREATE TABLE project_staff (
    project_id TEXT NOT NULL REFERENCES project (id),
    person_id  TEXT NOT NULL REFERENCES person (id),
    at         BIGINT NOT NULL,
    actor_id   TEXT NOT NULL,
    PRIMARY KEY (project_id, person_id)
);

-- What a human said of two accounts: one person, counted as the first of them, or two. Taken back, the row goes; project_pair_act keeps it.
CREATE TABLE project_pair (
    person_id TEXT NOT NULL REFERENCES person (id), -- the smaller id
    other_id  TEXT NOT NULL REFERENCES person (id),
    same      BOOLEAN NOT NULL,
    at        BIGINT NOT NULL,
    actor_id  TEXT NOT NULL,
    PRIMARY KEY (person_id, other_id),
    CHECK (person_id < other_id)
);
CREATE INDEX project_pair_other ON project_pair (other_id);
-- As whom an account counts: of all accounts of one person, the one with the smallest id. Only accounts with another are here.
CREATE TABLE project_same (
    person_id TEXT PRIMARY KEY REFERENCES person (id),
    counts_as TEXT NOT NULL REFERENCES person (id)
);

-- Which trainings name a project in their own data, and which share of their cost it pays.
DROP VIEW classroom_project;
CREATE VIEW classroom_project AS
SELECT project_id, unit_id, id AS training_id, project_share AS share FROM training WHERE project_id IS NOT NULL;

-- Everything that belongs to a project, whoever says so; and as whom an account counts.
CREATE VIEW project_subject AS
SELECT project_id, kind, subject_id, share FROM project_part
UNION ALL SELECT project_id, 'training', training_id, share FROM classroom_project;
CREATE VIEW project_counted_as AS
SELECT person_id, counts_as FROM project_same;
CREATE VIEW project_not_counted AS
SELECT s.project_id, COALESCE(c.counts_as, s.person_id) AS person_id FROM project_staff s LEFT JOIN project_same c ON c.person_id = s.person_id;

-- +goose Down
DROP VIEW project_not_counted;
DROP VIEW project_counted_as;
DROP VIEW project_subject;
DROP VIEW classroom_project;
CREATE VIEW classroom_project AS
SELECT project_id, unit_id FROM training WHERE project_id IS NOT NULL;
DROP TABLE project_same;
DROP TABLE project_pair;
DROP TABLE project_staff;
DROP TABLE project_part;
DROP TABLE project_target;
DROP TABLE project_annex;
DROP TABLE project_period_act;
DROP TABLE project_period;
DROP TABLE project_partner;
DROP TABLE project_fund;
ALTER TABLE project DROP COLUMN edition;
ALTER TABLE project DROP COLUMN last_day;
ALTER TABLE project DROP COLUMN first_day;
ALTER TABLE project DROP COLUMN unit_id;
ALTER TABLE project DROP COLUMN document;
ALTER TABLE project DROP COLUMN number;
ALTER TABLE project DROP COLUMN short;
