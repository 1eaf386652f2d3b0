-- +goose Up

-- A case that is played: in a room by groups, or alone by one person.
CREATE TABLE laboratory_run (
    id         TEXT PRIMARY KEY,
    case_id    TEXT NOT NULL,             -- of a file that comes with the program
    unit_id    TEXT NOT NULL REFERENCES unit (id),
    session_id TEXT REFERENCES training_session (id), -- NULL outside a training
    opened_by  TEXT NOT NULL REFERENCES person (id),
    opened_at  BIGINT NOT NULL,
    alone      BOOLEAN NOT NULL,
    code       TEXT,                      -- by which groups join; NULL alone, and once it has ended
    position   BIGINT NOT NULL,           -- 0 groups gather, 1 the first step is decided, 2 what followed is shown, 3 the second step …
    revision   BIGINT NOT NULL,           -- counts what happened, so that who watches asks for one number
    ended_at   BIGINT
);
CREATE UNIQUE INDEX laboratory_run_code ON laboratory_run (code);
CREATE INDEX laboratory_run_unit ON laboratory_run (unit_id, opened_at);
CREATE INDEX laboratory_run_opened ON laboratory_run (opened_by, opened_at);

-- A group has a number and no name: nobody's name can be in it.
CREATE TABLE laboratory_group (
    id     TEXT PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES laboratory_run (id),
    number BIGINT NOT NULL,
    paper  BOOLEAN NOT NULL,              -- it has no phone; the trainer types in what it wrote
    UNIQUE (run_id, number)
);

-- Whose phone a group decides on. Erased when the run ends.
CREATE TABLE laboratory_member (
    group_id  TEXT NOT NULL REFERENCES laboratory_group (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    PRIMARY KEY (group_id, person_id)
);
CREATE INDEX laboratory_member_person ON laboratory_member (person_id);

-- What a group decided in a step, once. The id comes from the phone, so that a decision that is sent twice counts once. How it counted
-- stands here, so that figures stay what they were when a case is rewritten.
CREATE TABLE laboratory_decision (
    id          TEXT PRIMARY KEY,
    run_id      TEXT NOT NULL REFERENCES laboratory_run (id),
    group_id    TEXT NOT NULL REFERENCES laboratory_group (id),
    step_id     TEXT NOT NULL,
    letter      TEXT NOT NULL,            -- a to d
    reason      TEXT NOT NULL,            -- erased when the run ends
    counts      TEXT NOT NULL,            -- sound | alarm | missed | open
    could_alarm BOOLEAN NOT NULL,         -- another decision of the step was a false alarm, or this
    could_miss  BOOLEAN NOT NULL,
    late        BOOLEAN NOT NULL,         -- it came after the room had moved on, and is in no figure
    decided_at  BIGINT NOT NULL,
    UNIQUE (group_id, step_id)
);
CREATE INDEX laboratory_decision_run ON laboratory_decision (run_id);

-- Of which training a session is.
CREATE VIEW classroom_session AS
SELECT s.id, s.training_id, t.title, s.starts_at FROM training_session s JOIN training t ON t.id = s.training_id;

-- +goose Down
DROP VIEW classroom_session;
DROP TABLE laboratory_decision;
DROP TABLE laboratory_member;
DROP TABLE laboratory_group;
DROP TABLE laboratory_run;
