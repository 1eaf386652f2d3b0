-- +goose Up

-- Who answers in a week for a court and a language.
CREATE TABLE guardian_duty (
    court_id    TEXT NOT NULL REFERENCES guardian_court (id),
    lang        TEXT NOT NULL, -- language tag
    week        TEXT NOT NULL, -- ISO 8601, 2026-W49
    guardian_id TEXT NOT NULL REFERENCES guardian (id) ON DELETE CASCADE,
    PRIMARY KEY (court_id, lang, week)
);
CREATE INDEX guardian_duty_of ON guardian_duty (guardian_id, week);

-- Whether who is on duty in a week was asked by letter, and what they answered. The link of the letter works once.
CREATE TABLE guardian_ask (
    guardian_id TEXT NOT NULL REFERENCES guardian (id) ON DELETE CASCADE,
    week        TEXT NOT NULL,
    token_hash  TEXT,                     -- NULL until the letter is made; and once it was answered
    asked_at    BIGINT NOT NULL,
    answer      TEXT NOT NULL DEFAULT '', -- yes, no; '' while there is none
    answered_at BIGINT,
    PRIMARY KEY (guardian_id, week)
);
CREATE UNIQUE INDEX guardian_ask_token ON guardian_ask (token_hash);

-- Courts and weeks without anybody on duty, of which the office was told. A row goes once somebody answers for them.
CREATE TABLE guardian_gap (
    court_id TEXT NOT NULL REFERENCES guardian_court (id),
    week     TEXT NOT NULL,
    told_at  BIGINT NOT NULL,
    PRIMARY KEY (court_id, week)
);

-- Statements about an entry that were given out, so that whoever holds the paper can ask whether it is true.
CREATE TABLE guardian_statement (
    code        TEXT PRIMARY KEY, -- as printed
    guardian_id TEXT NOT NULL REFERENCES guardian (id) ON DELETE CASCADE,
    made_at     BIGINT NOT NULL,
    made_by     TEXT NOT NULL REFERENCES person (id),
    valid_until BIGINT NOT NULL   -- what the paper says
);
CREATE INDEX guardian_statement_of ON guardian_statement (guardian_id);

-- +goose Down
DROP TABLE guardian_statement;
DROP TABLE guardian_gap;
DROP TABLE guardian_ask;
DROP TABLE guardian_duty;
