-- +goose Up

-- Complaints about guardians. What was written is sealed under a purpose of its own, and gone once somebody has decided.
CREATE TABLE guardian_complaint (
    id         TEXT PRIMARY KEY,
    filed_on   TEXT NOT NULL,             -- 2026-11-30; no time of day
    unit_id    TEXT REFERENCES unit (id), -- the office that it names; NULL: not known
    lang       TEXT NOT NULL,             -- in which the page was read
    sealed     TEXT NOT NULL,             -- '' once it was decided or has lapsed
    decision   TEXT NOT NULL DEFAULT '',  -- unfounded, talk, pause, passed-on, other; lapsed: nobody decided in time
    decided_on TEXT NOT NULL DEFAULT '',
    decided_by TEXT REFERENCES person (id)
);
CREATE INDEX guardian_complaint_day ON guardian_complaint (filed_on);

-- Entries that their office is to pause, by a decision about which it knows nothing else.
CREATE TABLE guardian_notice (
    id          TEXT PRIMARY KEY,
    guardian_id TEXT NOT NULL REFERENCES guardian (id) ON DELETE CASCADE,
    at          BIGINT NOT NULL,
    done_at     BIGINT,
    done_by     TEXT REFERENCES person (id)
);
CREATE INDEX guardian_notice_of ON guardian_notice (guardian_id);

-- +goose Down
DROP TABLE guardian_notice;
DROP TABLE guardian_complaint;
