-- +goose Up

-- What somebody asks a second person to approve, in any area, and what came of it. The row tells people and remembers the talk about it;
-- what is approved, and by whom it may be, stays the area's.
CREATE TABLE approval (
    id          TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,                       -- of what it is about; the words and the page belong to it
    ref         TEXT NOT NULL,                       -- which one
    title       TEXT NOT NULL DEFAULT '',            -- '' where it would name a person
    path        TEXT NOT NULL,                       -- of the page on which it is answered
    permission  TEXT NOT NULL,                       -- of who may answer
    unit_id     TEXT NOT NULL DEFAULT '',            -- within which; '' is the whole installation
    asked_by    TEXT NOT NULL REFERENCES person (id),
    excluded    TEXT NOT NULL DEFAULT '[]',          -- who else may not answer, since they wrote some of it
    invited     TEXT NOT NULL DEFAULT '[]',          -- who alone may; '[]' is all that have the permission
    note        TEXT NOT NULL DEFAULT '',            -- why
    asked_at    BIGINT NOT NULL,
    told        BOOLEAN NOT NULL DEFAULT FALSE,      -- whether those who may answer were looked for
    outcome     TEXT NOT NULL DEFAULT '',            -- '' while it waits | approved | returned | withdrawn
    answered_by TEXT REFERENCES person (id),
    answer      TEXT NOT NULL DEFAULT '',
    answered_at BIGINT,
    seen_at     BIGINT                               -- by who asked
);
CREATE UNIQUE INDEX approval_open ON approval (kind, ref) WHERE answered_at IS NULL;
CREATE INDEX approval_asked_by ON approval (asked_by);
CREATE INDEX approval_answered_at ON approval (answered_at);

-- Questions and answers between who asks and who may approve.
CREATE TABLE approval_word (
    id          TEXT PRIMARY KEY,
    approval_id TEXT NOT NULL REFERENCES approval (id),
    person_id   TEXT NOT NULL REFERENCES person (id),
    said_at     BIGINT NOT NULL,
    words       TEXT NOT NULL
);
CREATE INDEX approval_word_of ON approval_word (approval_id);

-- What a person is to be told by letter: a line for each thing, until one letter tells all of them.
CREATE TABLE approval_line (
    id          TEXT PRIMARY KEY,
    approval_id TEXT NOT NULL REFERENCES approval (id),
    person_id   TEXT NOT NULL REFERENCES person (id),
    what        TEXT NOT NULL,                       -- asked | approved | returned | said
    made_at     BIGINT NOT NULL,
    told_at     BIGINT
);
CREATE INDEX approval_line_of ON approval_line (approval_id);
CREATE INDEX approval_line_person ON approval_line (person_id, told_at);

-- +goose Down
DROP TABLE approval_line;
DROP TABLE approval_word;
DROP TABLE approval;
