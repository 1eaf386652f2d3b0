-- +goose Up

-- The day from which a fund's years of keeping are counted in a project: of the last payment, or on which the last report was approved. The end of the project is its own.
CREATE TABLE project_anchor (
    project_id TEXT NOT NULL REFERENCES project (id),
    fund_id    TEXT NOT NULL,
    day        TEXT NOT NULL, -- 2026-11-30
    at         BIGINT NOT NULL,
    actor_id   TEXT NOT NULL,
    PRIMARY KEY (project_id, fund_id)
);

-- Whom a project counts, as before; person_id is a random key instead of a person once nothing has to prove any more who it was.
CREATE TABLE report_counted_new (
    project_id TEXT NOT NULL REFERENCES project (id),
    fund_id    TEXT NOT NULL,
    person_id  TEXT NOT NULL,                        -- as whom the account counts; of a nameless row a random key
    nameless   BOOLEAN NOT NULL DEFAULT FALSE,
    period     BIGINT NOT NULL,
    service    TEXT NOT NULL,
    region     TEXT NOT NULL,
    sex        TEXT NOT NULL,
    age        TEXT NOT NULL,
    block      BIGINT,
    gone       BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (project_id, fund_id, person_id)
);
INSERT INTO report_counted_new (project_id, fund_id, person_id, period, service, region, sex, age, block, gone)
SELECT project_id, fund_id, person_id, period, service, region, sex, age, block, gone FROM report_counted;
DROP TABLE report_counted;
ALTER TABLE report_counted_new RENAME TO report_counted;
CREATE INDEX report_counted_person ON report_counted (person_id);

-- What somebody took part in, for the figures alone, once nothing has to prove any more who it was.
CREATE TABLE report_past (
    project_id  TEXT NOT NULL REFERENCES project (id),
    key         TEXT NOT NULL,    -- random; the same as in report_counted
    account     BIGINT NOT NULL,  -- of several of one person, from 0
    kind        TEXT NOT NULL,    -- training | course
    subject_id  TEXT NOT NULL,
    at          BIGINT NOT NULL,
    days        BIGINT NOT NULL,
    minutes     BIGINT NOT NULL,
    of_minutes  BIGINT NOT NULL,  -- that the training had
    share       BIGINT NOT NULL,
    own         BOOLEAN NOT NULL, -- of the project's own staff
    funds       TEXT NOT NULL,    -- JSON: of which funds they were told
    certificate BIGINT,           -- when one was issued
    booked      BOOLEAN NOT NULL,
    signed      BOOLEAN NOT NULL,
    tested      BOOLEAN NOT NULL,
    PRIMARY KEY (project_id, key, account, kind, subject_id)
);
-- Projects of which somebody has become nameless: whoever is not counted by then is not any more.
CREATE TABLE report_closed (
    project_id TEXT PRIMARY KEY REFERENCES project (id),
    at         BIGINT NOT NULL
);

-- What became of a request: '' | done | refused | held (until nothing holds the person).
ALTER TABLE kept_request ADD COLUMN outcome TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE kept_request DROP COLUMN outcome;
DROP TABLE report_closed;
DROP TABLE report_past;
CREATE TABLE report_counted_old (
    project_id TEXT NOT NULL REFERENCES project (id),
    fund_id    TEXT NOT NULL,
    person_id  TEXT NOT NULL REFERENCES person (id),
    period     BIGINT NOT NULL,
    service    TEXT NOT NULL,
    region     TEXT NOT NULL,
    sex        TEXT NOT NULL,
    age        TEXT NOT NULL,
    block      BIGINT,
    gone       BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (project_id, fund_id, person_id)
);
INSERT INTO report_counted_old (project_id, fund_id, person_id, period, service, region, sex, age, block, gone)
SELECT project_id, fund_id, person_id, period, service, region, sex, age, block, gone FROM report_counted WHERE NOT nameless;
DROP TABLE report_counted;
ALTER TABLE report_counted_old RENAME TO report_counted;
DROP TABLE project_anchor;
