-- +goose Up

-- A training is planned by its sessions. The days and the place of the row above follow from them: from the first session that is
-- held to the last.
ALTER TABLE training ADD COLUMN programme_id TEXT NOT NULL DEFAULT '';      -- of the classroom programme that is taught; '' if none
ALTER TABLE training ADD COLUMN programme_version TEXT NOT NULL DEFAULT ''; -- its author's label
ALTER TABLE training ADD COLUMN course_id TEXT REFERENCES course (id);      -- what participants take online before they come
ALTER TABLE training ADD COLUMN audience TEXT NOT NULL DEFAULT '';
ALTER TABLE training ADD COLUMN objectives TEXT NOT NULL DEFAULT '';        -- a line each
ALTER TABLE training ADD COLUMN materials TEXT NOT NULL DEFAULT '';         -- a line each: what is handed out and signed for
ALTER TABLE training ADD COLUMN langs TEXT NOT NULL DEFAULT '["pl"]';       -- in which it is held
ALTER TABLE training ADD COLUMN theory_minutes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE training ADD COLUMN exercise_minutes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE training ADD COLUMN hour_minutes BIGINT NOT NULL DEFAULT 45;    -- 45 or 60: each paper prints which
ALTER TABLE training ADD COLUMN project_share BIGINT NOT NULL DEFAULT 100;  -- percent of the cost that the project pays
ALTER TABLE training ADD COLUMN statement TEXT NOT NULL DEFAULT '';         -- the fund's, for all papers
ALTER TABLE training ADD COLUMN notice TEXT NOT NULL DEFAULT '';            -- of privacy, in the fund's words
ALTER TABLE training ADD COLUMN notice_version TEXT NOT NULL DEFAULT '';
ALTER TABLE training ADD COLUMN sign_up TEXT NOT NULL DEFAULT 'invited';    -- invited | approved (anybody may apply) | closed
ALTER TABLE training ADD COLUMN delegation BOOLEAN NOT NULL DEFAULT FALSE;  -- a superior's written consent is asked for
ALTER TABLE training ADD COLUMN series_id TEXT NOT NULL DEFAULT '';         -- of trainings that were made as one series
ALTER TABLE training ADD COLUMN put_off_at BIGINT;                          -- since when it waits for new days: none of its sessions is held
ALTER TABLE training ADD COLUMN cancelled_at BIGINT;
ALTER TABLE training ADD COLUMN cancel_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE training ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;         -- rises with each change of seats or sessions; its row is the lock of both
ALTER TABLE training ADD COLUMN edition BIGINT NOT NULL DEFAULT 0;          -- rises with each change of the plan, so that of two who edit at once the second is told
CREATE INDEX training_held ON training (held_from);

-- A half-day or a day in a room.
CREATE TABLE training_session (
    id            TEXT PRIMARY KEY,
    training_id   TEXT NOT NULL REFERENCES training (id),
    title         TEXT NOT NULL DEFAULT '', -- '' if the day says enough
    starts_at     BIGINT NOT NULL,
    ends_at       BIGINT NOT NULL,
    place         TEXT NOT NULL,            -- the house, as people know it
    address       TEXT NOT NULL DEFAULT '',
    access_notes  TEXT NOT NULL DEFAULT '', -- steps, lift, loop, parking, entrance
    room          TEXT NOT NULL DEFAULT '',
    link          TEXT NOT NULL DEFAULT '', -- of a session held online
    capacity      BIGINT,                   -- people; NULL: nobody wrote down how many there is room for
    sequence      BIGINT NOT NULL DEFAULT 0, -- rises with each change that calendars show (RFC 5546, 2.1.4)
    cancelled_at  BIGINT,
    cancel_reason TEXT NOT NULL DEFAULT '',
    CHECK (ends_at > starts_at AND (capacity IS NULL OR capacity >= 0))
);
CREATE INDEX training_session_training ON training_session (training_id, starts_at);
CREATE INDEX training_session_time ON training_session (starts_at);
-- What was held or planned before has one session, as long as the training. How many there was room for nobody wrote down.
INSERT INTO training_session (id, training_id, starts_at, ends_at, place)
SELECT id, id, held_from, CASE WHEN held_until > held_from THEN held_until ELSE held_from + 1 END, place FROM training;

-- Who teaches: the training, each of its sessions unless session_trainer says otherwise.
CREATE TABLE training_trainer (
    training_id TEXT NOT NULL REFERENCES training (id),
    person_id   TEXT NOT NULL REFERENCES person (id),
    part        TEXT NOT NULL, -- lead | co (teaches with somebody) | observer (learns to train)
    PRIMARY KEY (training_id, person_id)
);
-- Who may be asked to teach.
CREATE VIEW identity_trainer AS
SELECT person_id, expires_at FROM role_grant WHERE role = 'trainer';
CREATE INDEX training_trainer_person ON training_trainer (person_id);
CREATE TABLE session_trainer (
    session_id TEXT NOT NULL REFERENCES training_session (id),
    person_id  TEXT NOT NULL REFERENCES person (id),
    PRIMARY KEY (session_id, person_id)
);
CREATE INDEX session_trainer_person ON session_trainer (person_id);
-- Who is to be in which session.
CREATE VIEW classroom_teaches AS
SELECT x.session_id, s.training_id, x.person_id FROM session_trainer x JOIN training_session s ON s.id = x.session_id
UNION ALL
SELECT s.id, s.training_id, t.person_id FROM training_trainer t JOIN training_session s ON s.training_id = t.training_id
WHERE NOT EXISTS (SELECT 1 FROM session_trainer y WHERE y.session_id = s.id);

-- How many are wanted of a kind of institution or a powiat: what the plan promises, beside what came.
CREATE TABLE training_wanted (
    training_id TEXT NOT NULL REFERENCES training (id),
    kind        TEXT NOT NULL, -- institution | powiat
    name        TEXT NOT NULL,
    number      BIGINT NOT NULL,
    PRIMARY KEY (training_id, kind, name)
);

-- The most seats that people of an organisation or a region may have.
CREATE TABLE training_quota (
    training_id TEXT NOT NULL REFERENCES training (id),
    kind        TEXT NOT NULL, -- organisation | region
    name        TEXT NOT NULL, -- the id of the organisation; the region
    places      BIGINT NOT NULL,
    PRIMARY KEY (training_id, kind, name)
);

-- Pictures that the office uploaded for the head of its papers.
CREATE TABLE training_emblem (
    training_id TEXT NOT NULL REFERENCES training (id),
    position    BIGINT NOT NULL,
    blob_hash   TEXT NOT NULL REFERENCES blob (hash),
    description TEXT NOT NULL, -- read out in its place
    PRIMARY KEY (training_id, position)
);

-- What was done to the days of trainings at once: moved, put off or cancelled. Whom it concerns is told once, a while afterwards, so
-- that it can be undone until then.
CREATE TABLE training_act (
    id        TEXT PRIMARY KEY,
    kind      TEXT NOT NULL, -- moved | put-off | cancelled
    at        BIGINT NOT NULL,
    by_person TEXT NOT NULL,
    note      TEXT NOT NULL DEFAULT '', -- for whom it concerns: why
    before    TEXT NOT NULL, -- JSON: the sessions as they were, for undoing
    undone_at BIGINT,
    told_at   BIGINT
);
CREATE INDEX training_act_told ON training_act (at) WHERE told_at IS NULL;
CREATE TABLE training_act_of (
    act_id      TEXT NOT NULL REFERENCES training_act (id),
    training_id TEXT NOT NULL REFERENCES training (id),
    PRIMARY KEY (act_id, training_id)
);
CREATE INDEX training_act_of_training ON training_act_of (training_id);

-- +goose Down
DROP TABLE training_act_of;
DROP TABLE training_act;
DROP TABLE training_emblem;
DROP TABLE training_quota;
DROP TABLE training_wanted;
DROP VIEW classroom_teaches;
DROP VIEW identity_trainer;
DROP TABLE session_trainer;
DROP TABLE training_trainer;
DROP TABLE training_session;
