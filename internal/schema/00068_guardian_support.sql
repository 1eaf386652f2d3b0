-- +goose Up

-- Meetings of guardians of an office with somebody who supports them.
CREATE TABLE guardian_meeting (
    id           TEXT PRIMARY KEY,
    unit_id      TEXT NOT NULL REFERENCES unit (id), -- the office whose guardians may come
    topic        TEXT NOT NULL,                      -- guardian/support.yaml
    starts_at    BIGINT NOT NULL,
    ends_at      BIGINT NOT NULL,
    place        TEXT NOT NULL,                      -- where it is, or the address of a room on the web
    seats        BIGINT NOT NULL,
    leader       TEXT NOT NULL,                      -- who leads it, as the office calls them
    sequence     BIGINT NOT NULL DEFAULT 0,          -- of the entry in calendars (RFC 5546 section 2.1.4)
    cancelled_at BIGINT,
    marked_at    BIGINT,                             -- when the office last said who was there
    edition      BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX guardian_meeting_of ON guardian_meeting (unit_id, starts_at);

-- What guardians said about a meeting, whether they were invited by letter, and whether they were there.
CREATE TABLE guardian_meeting_answer (
    meeting_id  TEXT NOT NULL REFERENCES guardian_meeting (id) ON DELETE CASCADE,
    guardian_id TEXT NOT NULL REFERENCES guardian (id) ON DELETE CASCADE,
    answer      TEXT NOT NULL DEFAULT '', -- yes, no; '' while there is none
    answered_at BIGINT,
    invited_at  BIGINT,
    present     TEXT NOT NULL DEFAULT '', -- yes, no; '' before the office said so
    PRIMARY KEY (meeting_id, guardian_id)
);
CREATE INDEX guardian_meeting_answer_of ON guardian_meeting_answer (guardian_id);

-- Whom guardians of an office may call about a topic.
CREATE TABLE guardian_expert (
    id         TEXT PRIMARY KEY,
    unit_id    TEXT NOT NULL REFERENCES unit (id),
    name       TEXT NOT NULL, -- a name or a function
    topics     TEXT NOT NULL, -- JSON: ids of guardian/support.yaml
    phone      TEXT NOT NULL DEFAULT '',
    mail       TEXT NOT NULL DEFAULT '',
    hours      TEXT NOT NULL, -- JSON: days and hours in words, by language
    checked_on TEXT NOT NULL, -- 2026-11-30
    edition    BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX guardian_expert_of ON guardian_expert (unit_id);

-- When a guardian last said that they had refreshed a topic.
CREATE TABLE guardian_refreshed (
    guardian_id TEXT NOT NULL REFERENCES guardian (id) ON DELETE CASCADE,
    topic       TEXT NOT NULL,
    day         TEXT NOT NULL,            -- 2026-11-30
    before      TEXT NOT NULL DEFAULT '', -- the day before that one, should it be taken back
    PRIMARY KEY (guardian_id, topic)
);

-- "I need help with this": a topic and how soon, and not a word more.
CREATE TABLE guardian_signal (
    id           TEXT PRIMARY KEY,
    guardian_id  TEXT NOT NULL REFERENCES guardian (id) ON DELETE CASCADE,
    topic        TEXT NOT NULL,
    soon         TEXT NOT NULL,   -- today, week, possible
    reach        TEXT NOT NULL,   -- phone (the register's), mail
    at           BIGINT NOT NULL,
    due_at       BIGINT NOT NULL, -- by when somebody was to take it
    taken_by     TEXT REFERENCES person (id),
    taken_at     BIGINT,
    done_at      BIGINT,
    withdrawn_at BIGINT,
    reminded_at  BIGINT           -- when the other coordinators were told that nobody had taken it
);
CREATE INDEX guardian_signal_of ON guardian_signal (guardian_id);
CREATE INDEX guardian_signal_due ON guardian_signal (due_at);

-- +goose Down
DROP TABLE guardian_signal;
DROP TABLE guardian_refreshed;
DROP TABLE guardian_expert;
DROP TABLE guardian_meeting_answer;
DROP TABLE guardian_meeting;
