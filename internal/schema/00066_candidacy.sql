-- +goose Up

-- Somebody on the way from interest to the register. Before there is an account the row is the person: address and what they wrote.
CREATE TABLE guardian_candidate (
    id          TEXT PRIMARY KEY,
    unit_id     TEXT NOT NULL REFERENCES unit (id),  -- the office that leads them
    person_id   TEXT REFERENCES person (id),         -- once the office took them in as an account
    state       TEXT NOT NULL,                       -- draft, applied, admitted, declined, withdrawn
    lang        TEXT NOT NULL,                       -- of the form and of letters: pl, en, uk
    address     TEXT NOT NULL,                       -- mail, proved by the link that was sent there
    given_name  TEXT NOT NULL DEFAULT '',
    family_name TEXT NOT NULL DEFAULT '',
    sort_key    TEXT NOT NULL DEFAULT '',
    search_text TEXT NOT NULL DEFAULT '',
    application TEXT NOT NULL DEFAULT '{}',          -- JSON: what they wrote; emptied when they withdraw
    begun_at    BIGINT NOT NULL,
    sent_at     BIGINT,
    agreed_at   BIGINT,                              -- consent to processing, given with the application
    decided_at  BIGINT,
    decided_by  TEXT REFERENCES person (id),         -- NULL of who withdrew
    reasons     TEXT NOT NULL DEFAULT '',            -- of the decision: the candidate reads them
    keep_until  BIGINT NOT NULL,                     -- exclusive: then the row goes with all that hangs on it
    edition     BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX guardian_candidate_unit ON guardian_candidate (unit_id);
CREATE INDEX guardian_candidate_address ON guardian_candidate (address);
CREATE INDEX guardian_candidate_person ON guardian_candidate (person_id);
CREATE INDEX guardian_candidate_keep ON guardian_candidate (keep_until);

-- Single-use links of letters, by which somebody without an account comes to what is theirs.
CREATE TABLE guardian_candidate_link (
    id           TEXT PRIMARY KEY,
    candidate_id TEXT NOT NULL REFERENCES guardian_candidate (id) ON DELETE CASCADE,
    token_hash   TEXT NOT NULL DEFAULT '', -- SHA-256; '' until the letter leaves
    made_at      BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    used_at      BIGINT
);
CREATE INDEX guardian_candidate_link_of ON guardian_candidate_link (candidate_id, made_at);
CREATE INDEX guardian_candidate_link_hash ON guardian_candidate_link (token_hash);

-- Who sees to a step of the path until when, and when it was done. Steps that other rows tell of (application, talk, checks, decision) have no day here.
CREATE TABLE guardian_candidate_step (
    candidate_id TEXT NOT NULL REFERENCES guardian_candidate (id) ON DELETE CASCADE,
    step         TEXT NOT NULL,
    owner_id     TEXT REFERENCES person (id),
    due_on       TEXT NOT NULL DEFAULT '',  -- 2026-11-30
    done_on      TEXT NOT NULL DEFAULT '',
    done_by      TEXT REFERENCES person (id),
    PRIMARY KEY (candidate_id, step)
);

-- What an office changed of the rules of checks that come with the program, and who answers for them.
CREATE TABLE guardian_check_rule (
    kind         TEXT PRIMARY KEY,          -- sexual-offenders, criminal-record, foreign-certificate
    needed       TEXT NOT NULL,             -- always, abroad, never
    valid_days   BIGINT NOT NULL,           -- from the day on which it was seen
    copy_days    BIGINT NOT NULL,           -- how long a copy is kept; 0: none is
    confirmed_by TEXT REFERENCES person (id), -- NULL: nobody has confirmed it
    confirmed_at BIGINT,
    edition      BIGINT NOT NULL
);

-- That somebody of the office saw a paper or a register's answer. What stood there is not written down: only whether it stands in the way.
CREATE TABLE guardian_check (
    id           TEXT PRIMARY KEY,
    candidate_id TEXT NOT NULL REFERENCES guardian_candidate (id) ON DELETE CASCADE,
    kind         TEXT NOT NULL,
    clear        BOOLEAN NOT NULL,
    seen_on      TEXT NOT NULL,             -- 2026-11-30
    seen_by      TEXT NOT NULL REFERENCES person (id),
    valid_until  TEXT NOT NULL,             -- inclusive
    noted_at     BIGINT NOT NULL
);
CREATE INDEX guardian_check_of ON guardian_check (candidate_id, kind, noted_at);

-- Copies of certificates, sealed for a key that lies in no table and no backup (decision 0061).
CREATE TABLE guardian_document (
    id           TEXT PRIMARY KEY,
    candidate_id TEXT NOT NULL REFERENCES guardian_candidate (id) ON DELETE CASCADE,
    kind         TEXT NOT NULL,
    media        TEXT NOT NULL,             -- application/pdf, image/jpeg, image/png
    size         BIGINT NOT NULL,           -- of the document, in bytes
    sealed       BYTEA NOT NULL,            -- age
    sealed_for   TEXT NOT NULL,             -- the public key
    added_at     BIGINT NOT NULL,
    added_by     TEXT NOT NULL REFERENCES person (id),
    keep_until   BIGINT NOT NULL            -- exclusive
);
CREATE INDEX guardian_document_of ON guardian_document (candidate_id);
CREATE INDEX guardian_document_keep ON guardian_document (keep_until);

-- Each look at a document: the candidate reads it, after the document has gone too.
CREATE TABLE guardian_document_look (
    id           TEXT PRIMARY KEY,
    candidate_id TEXT NOT NULL REFERENCES guardian_candidate (id) ON DELETE CASCADE,
    document_id  TEXT NOT NULL,             -- no foreign key: the look outlives the document
    kind         TEXT NOT NULL,
    person_id    TEXT NOT NULL REFERENCES person (id),
    at           BIGINT NOT NULL,
    why          TEXT NOT NULL              -- check, decision, renewal, asked
);
CREATE INDEX guardian_document_look_of ON guardian_document_look (candidate_id, at);

-- The talk with a candidate, and what two assessors mark, each alone.
CREATE TABLE guardian_talk (
    id           TEXT PRIMARY KEY,
    candidate_id TEXT NOT NULL UNIQUE REFERENCES guardian_candidate (id) ON DELETE CASCADE,
    held_on      TEXT NOT NULL,             -- 2026-11-30
    joint        TEXT NOT NULL DEFAULT '{}', -- JSON by criterion: the mark on which both agree, and why
    settled_at   BIGINT,
    edition      BIGINT NOT NULL DEFAULT 1
);
CREATE TABLE guardian_talk_mark (
    talk_id     TEXT NOT NULL REFERENCES guardian_talk (id) ON DELETE CASCADE,
    assessor_id TEXT NOT NULL REFERENCES person (id),
    marks       TEXT NOT NULL DEFAULT '{}', -- JSON: 1 to 4 by criterion
    note        TEXT NOT NULL DEFAULT '',
    given_at    BIGINT,
    PRIMARY KEY (talk_id, assessor_id)
);
CREATE INDEX guardian_talk_mark_of ON guardian_talk_mark (assessor_id);

-- Two candidates with the same name or phone of whom somebody decided that they are two people.
CREATE TABLE guardian_candidate_distinct (
    first_id   TEXT NOT NULL REFERENCES guardian_candidate (id) ON DELETE CASCADE, -- the smaller id
    second_id  TEXT NOT NULL REFERENCES guardian_candidate (id) ON DELETE CASCADE,
    decided_by TEXT NOT NULL REFERENCES person (id),
    decided_at BIGINT NOT NULL,
    PRIMARY KEY (first_id, second_id)
);
CREATE INDEX guardian_candidate_distinct_second ON guardian_candidate_distinct (second_id);

-- +goose Down
DROP TABLE guardian_candidate_distinct;
DROP TABLE guardian_talk_mark;
DROP TABLE guardian_talk;
DROP TABLE guardian_document_look;
DROP TABLE guardian_document;
DROP TABLE guardian_check;
DROP TABLE guardian_check_rule;
DROP TABLE guardian_candidate_step;
DROP TABLE guardian_candidate_link;
DROP TABLE guardian_candidate;
