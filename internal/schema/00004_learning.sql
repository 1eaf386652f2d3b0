-- +goose Up

-- One person's way through one course; a later repetition is another round.
CREATE TABLE enrolment (
    id           TEXT PRIMARY KEY,
    person_id    TEXT NOT NULL REFERENCES person (id),
    course_id    TEXT NOT NULL REFERENCES course (id),
    version_id   TEXT NOT NULL REFERENCES course_version (id),
    round        INTEGER NOT NULL,        -- 1, 2 …
    lang         TEXT NOT NULL,           -- in which the person takes the course
    source       TEXT NOT NULL,           -- invitation | self
    enrolled_by  TEXT NOT NULL DEFAULT '',
    created_at   BIGINT NOT NULL,         -- invited or enrolled
    started_at   BIGINT,                  -- first page of the course
    active_at    BIGINT,                  -- last step
    finished_at  BIGINT,                  -- all parts done, test aside
    passed_at    BIGINT,                  -- completion rule met
    withdrawn_at BIGINT,
    reminded_at  BIGINT,
    moved_from   TEXT NOT NULL DEFAULT '', -- version before a move that the person has not yet been told of
    parts_done   INTEGER NOT NULL DEFAULT 0,
    last_part    TEXT NOT NULL DEFAULT '', -- where to resume
    UNIQUE (person_id, course_id, round)
);
CREATE INDEX enrolment_course ON enrolment (course_id, person_id);

CREATE TABLE part_progress (
    enrolment_id TEXT NOT NULL REFERENCES enrolment (id),
    part         TEXT NOT NULL,           -- lesson:ID or scenario:ID
    opened_at    BIGINT NOT NULL,
    done_at      BIGINT,
    PRIMARY KEY (enrolment_id, part)
);

CREATE TABLE check_answer (
    enrolment_id TEXT NOT NULL REFERENCES enrolment (id),
    item_id      TEXT NOT NULL,
    answer       TEXT NOT NULL,           -- JSON
    share        DOUBLE PRECISION NOT NULL, -- 0 to 1
    tries        INTEGER NOT NULL,
    answered_at  BIGINT NOT NULL,
    PRIMARY KEY (enrolment_id, item_id)
);

CREATE TABLE scenario_run (
    id           TEXT PRIMARY KEY,
    enrolment_id TEXT NOT NULL REFERENCES enrolment (id),
    scenario_id  TEXT NOT NULL,
    state        TEXT NOT NULL,           -- JSON: node, counters, clock, path
    step         INTEGER NOT NULL,        -- grows with each choice, so that a repeated or stale one is seen
    started_at   BIGINT NOT NULL,
    ended_at     BIGINT
);
CREATE INDEX scenario_run_enrolment ON scenario_run (enrolment_id, scenario_id);

CREATE TABLE attempt (
    id           TEXT PRIMARY KEY,
    enrolment_id TEXT NOT NULL REFERENCES enrolment (id),
    version_id   TEXT NOT NULL REFERENCES course_version (id), -- whose items were asked
    test_id      TEXT NOT NULL,
    number       INTEGER NOT NULL,
    seed         BIGINT NOT NULL,         -- of the shuffles
    items        TEXT NOT NULL,           -- JSON: item ids in the order asked
    started_at   BIGINT NOT NULL,
    closes_at    BIGINT,                  -- NULL: without time limit
    submitted_at BIGINT,
    closed_late  BOOLEAN NOT NULL DEFAULT FALSE, -- submitted by the server when the time was over
    percent      DOUBLE PRECISION,        -- 0 to 100
    passed       BOOLEAN,
    UNIQUE (enrolment_id, test_id, number)
);

CREATE TABLE response (
    attempt_id TEXT NOT NULL REFERENCES attempt (id),
    item_id    TEXT NOT NULL,
    answer     TEXT NOT NULL,             -- JSON
    share      DOUBLE PRECISION,          -- set at submission
    saved_at   BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, item_id)
);

-- What people did, once, in the shape of an xAPI statement: actor, verb, object, result.
CREATE TABLE statement (
    id         TEXT PRIMARY KEY,
    at         BIGINT NOT NULL,
    person_id  TEXT NOT NULL REFERENCES person (id),
    verb       TEXT NOT NULL,             -- registered | initialized | experienced | answered | attempted | passed | failed | completed | …
    object     TEXT NOT NULL,             -- course/… , course/…/lesson/… , course/…/test/…
    result     TEXT NOT NULL DEFAULT '{}' -- JSON
);
CREATE INDEX statement_person ON statement (person_id, at);

-- +goose Down
DROP TABLE statement;
DROP TABLE response;
DROP TABLE attempt;
DROP TABLE scenario_run;
DROP TABLE check_answer;
DROP TABLE part_progress;
DROP TABLE enrolment;
