-- +goose Up

-- Days on which a coordinator of guardians is away, and who reads the area's letters in their place.
CREATE TABLE guardian_cover (
    id         TEXT PRIMARY KEY,
    person_id  TEXT NOT NULL REFERENCES person (id), -- who is away
    cover_id   TEXT REFERENCES person (id),          -- NULL: nobody
    from_day   TEXT NOT NULL, -- inclusive, 2026-11-30
    until_day  TEXT NOT NULL, -- inclusive; of one that was ended early, the day before
    entered_by TEXT NOT NULL REFERENCES person (id),
    entered_at BIGINT NOT NULL
);
CREATE INDEX guardian_cover_of ON guardian_cover (person_id, until_day);

-- The letter of the week: who wants none, and for which week somebody had theirs last.
CREATE TABLE guardian_week_letter (
    person_id TEXT PRIMARY KEY REFERENCES person (id),
    off       BOOLEAN NOT NULL,
    last_week TEXT NOT NULL DEFAULT '' -- 2026-W49
);

-- Notes of coordinators about a guardian's work, dated. Nothing about any child. They end with the entry.
CREATE TABLE guardian_note (
    id          TEXT PRIMARY KEY,
    guardian_id TEXT NOT NULL REFERENCES guardian (id) ON DELETE CASCADE,
    author_id   TEXT NOT NULL REFERENCES person (id),
    at          BIGINT NOT NULL,
    text        TEXT NOT NULL,
    released_at BIGINT,                       -- NULL: no other coordinator reads it
    released_by TEXT REFERENCES person (id),
    reason      TEXT NOT NULL DEFAULT ''      -- of a release by somebody else than the author
);
CREATE INDEX guardian_note_of ON guardian_note (guardian_id, at);

-- How a court is headed on papers, and which of the printed blanks its office uses.
CREATE TABLE guardian_court_paper (
    court_id TEXT PRIMARY KEY REFERENCES guardian_court (id),
    heading  TEXT NOT NULL DEFAULT '',   -- lines: name and address
    papers   TEXT NOT NULL DEFAULT '[]', -- JSON: names of blanks; [] is all
    edition  BIGINT NOT NULL DEFAULT 1
);

-- That a court with a name like another's is another one, and a candidate with the name or phone of somebody in the register somebody else.
CREATE TABLE guardian_court_distinct (
    first_id   TEXT NOT NULL REFERENCES guardian_court (id), -- the smaller id
    second_id  TEXT NOT NULL REFERENCES guardian_court (id),
    decided_by TEXT NOT NULL REFERENCES person (id),
    decided_at BIGINT NOT NULL,
    PRIMARY KEY (first_id, second_id)
);
CREATE TABLE guardian_entry_distinct (
    candidate_id TEXT NOT NULL REFERENCES guardian_candidate (id) ON DELETE CASCADE,
    guardian_id  TEXT NOT NULL REFERENCES guardian (id) ON DELETE CASCADE,
    decided_by   TEXT NOT NULL REFERENCES person (id),
    decided_at   BIGINT NOT NULL,
    PRIMARY KEY (candidate_id, guardian_id)
);
CREATE INDEX guardian_entry_distinct_guardian ON guardian_entry_distinct (guardian_id);

-- What of the wishes that a request can name somebody answers to, as the office ticked it.
CREATE TABLE guardian_answers_to (
    guardian_id TEXT NOT NULL REFERENCES guardian (id) ON DELETE CASCADE,
    wish        TEXT NOT NULL,
    PRIMARY KEY (guardian_id, wish)
);

-- +goose Down
DROP TABLE guardian_answers_to;
DROP TABLE guardian_entry_distinct;
DROP TABLE guardian_court_distinct;
DROP TABLE guardian_court_paper;
DROP TABLE guardian_note;
DROP TABLE guardian_week_letter;
DROP TABLE guardian_cover;
