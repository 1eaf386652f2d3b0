-- +goose Up

-- What an office says of itself to those who ask: one row an office that keeps guardians.
CREATE TABLE guardian_office (
    unit_id    TEXT PRIMARY KEY REFERENCES unit (id),
    phone      TEXT NOT NULL,
    hours      TEXT NOT NULL DEFAULT '',
    court_view BOOLEAN NOT NULL DEFAULT FALSE, -- clerks of courts see what was put before their court: off as shipped
    edition    BIGINT NOT NULL DEFAULT 1
);

-- A unit's question for a guardian. The child is not in it.
CREATE TABLE guardian_request (
    id          TEXT PRIMARY KEY,
    unit_id     TEXT NOT NULL REFERENCES unit (id), -- the institution whose terms are current
    asked_by    TEXT NOT NULL REFERENCES person (id),
    asked_at    BIGINT NOT NULL,
    purpose     TEXT NOT NULL,
    reference   TEXT NOT NULL,              -- the unit's own file number
    court_id    TEXT NOT NULL REFERENCES guardian_court (id),
    lang        TEXT NOT NULL,              -- the child's language, as a tag
    wishes      TEXT NOT NULL DEFAULT '[]', -- JSON: what matters about the guardian, of a fixed list
    from_day    TEXT NOT NULL,              -- 2026-11-30
    motion_on   TEXT NOT NULL DEFAULT '',   -- the day on which the motion was filed, '' until the unit says so
    state       TEXT NOT NULL,              -- asking, accepted, office, withdrawn
    state_since BIGINT NOT NULL,
    accepted_by TEXT REFERENCES guardian (id) ON DELETE SET NULL,
    edition     BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX guardian_request_state ON guardian_request (state, asked_at);
CREATE INDEX guardian_request_unit ON guardian_request (unit_id, asked_at);
CREATE INDEX guardian_request_accepted ON guardian_request (accepted_by, state_since);

-- Whom the answer names: the person on duty and two more.
CREATE TABLE guardian_proposal (
    id          TEXT PRIMARY KEY,
    request_id  TEXT NOT NULL REFERENCES guardian_request (id) ON DELETE CASCADE,
    guardian_id TEXT NOT NULL REFERENCES guardian (id) ON DELETE CASCADE,
    place       BIGINT NOT NULL,            -- 0 is asked first
    reasons     TEXT NOT NULL,              -- JSON: why this person stands there
    asked_at    BIGINT,
    answered_at BIGINT,
    answer      TEXT NOT NULL DEFAULT '',   -- accepted, declined, missed
    token_hash  TEXT UNIQUE,                -- SHA-256, once the letter has left
    UNIQUE (request_id, guardian_id)
);
CREATE INDEX guardian_proposal_guardian ON guardian_proposal (guardian_id, asked_at);

-- Whom an account was shown, and whose contact it opened.
CREATE TABLE guardian_seen (
    id          TEXT PRIMARY KEY,
    person_id   TEXT NOT NULL REFERENCES person (id),
    guardian_id TEXT NOT NULL REFERENCES guardian (id) ON DELETE CASCADE,
    request_id  TEXT NOT NULL REFERENCES guardian_request (id) ON DELETE CASCADE,
    at          BIGINT NOT NULL,
    revealed_at BIGINT,
    purpose     TEXT NOT NULL DEFAULT '',
    UNIQUE (request_id, guardian_id)
);
CREATE INDEX guardian_seen_person ON guardian_seen (person_id, at);
CREATE INDEX guardian_seen_guardian ON guardian_seen (guardian_id);

-- What the office let an account see beyond its limit.
CREATE TABLE guardian_release (
    id        TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    by_id     TEXT NOT NULL REFERENCES person (id),
    at        BIGINT NOT NULL,
    more      BIGINT NOT NULL,
    reason    TEXT NOT NULL
);
CREATE INDEX guardian_release_person ON guardian_release (person_id, at);

-- +goose Down
DROP TABLE guardian_release;
DROP TABLE guardian_seen;
DROP TABLE guardian_proposal;
DROP TABLE guardian_request;
DROP TABLE guardian_office;
