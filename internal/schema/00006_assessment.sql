-- +goose Up

-- The item bank. An item's content stands in its versions; a version in use never changes.
CREATE TABLE bank_item (
    id         TEXT PRIMARY KEY,
    origin     TEXT NOT NULL,             -- the course whose folder it came in; '' if made or imported here
    code       TEXT NOT NULL,             -- the item's id within its origin
    created_at BIGINT NOT NULL,
    retired_at BIGINT,                    -- no longer offered for new forms
    UNIQUE (origin, code)
);

CREATE TABLE bank_version (
    id          TEXT PRIMARY KEY,
    item_id     TEXT NOT NULL REFERENCES bank_item (id),
    number      INTEGER NOT NULL,         -- 1, 2, 3 …
    type        TEXT NOT NULL,
    objective   TEXT NOT NULL,
    topic       TEXT NOT NULL,
    level       INTEGER NOT NULL,         -- 1 to 3
    langs       TEXT NOT NULL,            -- tags, each between spaces: ' pl en '
    content     TEXT NOT NULL,            -- JSON: course.Item
    digest      TEXT NOT NULL,            -- SHA-256 of content, objective, topic and level
    search_text TEXT NOT NULL,            -- code and question, lower case, without diacritics
    author_id   TEXT NOT NULL,            -- person; '' is the program
    created_at  BIGINT NOT NULL,
    verdict     TEXT NOT NULL DEFAULT '', -- '' awaits review | approved | returned
    reviewer_id TEXT NOT NULL DEFAULT '', -- a second person, never the author
    reviewed_at BIGINT,
    note        TEXT NOT NULL DEFAULT '', -- the reviewer's
    UNIQUE (item_id, number)
);

-- Competence tests. A changed test is another edition of its family; figures of a family are added up.
CREATE TABLE competence_test (
    id         TEXT PRIMARY KEY,
    family     TEXT NOT NULL,             -- id of the first edition
    edition    INTEGER NOT NULL,
    origin     TEXT NOT NULL,             -- course, or ''
    code       TEXT NOT NULL,
    title      TEXT NOT NULL,             -- JSON: text by language
    intro      TEXT NOT NULL,             -- JSON: Markdown by language
    minutes    INTEGER NOT NULL,          -- that it takes, without limit
    langs      TEXT NOT NULL,             -- as in bank_version: those that all its items have
    digest     TEXT NOT NULL,             -- of forms, title and intro
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    retired_at BIGINT,
    UNIQUE (family, edition)
);

CREATE TABLE test_form (
    id      TEXT PRIMARY KEY,
    test_id TEXT NOT NULL REFERENCES competence_test (id),
    name    TEXT NOT NULL,                -- A | B | C
    items   TEXT NOT NULL,                -- JSON: ids of bank_version, in order
    UNIQUE (test_id, name)
);

-- A competence test attached to a course or to a training.
CREATE TABLE measurement (
    id         TEXT PRIMARY KEY,
    test_id    TEXT NOT NULL REFERENCES competence_test (id),
    kind       TEXT NOT NULL,             -- course | training
    course_id  TEXT REFERENCES course (id),
    title      TEXT NOT NULL DEFAULT '',  -- of a training
    place      TEXT NOT NULL DEFAULT '',
    held_from  BIGINT,                    -- a training's begin
    held_until BIGINT,                    -- and end
    project    TEXT NOT NULL DEFAULT '',
    unit_id    TEXT NOT NULL REFERENCES unit (id), -- whose measurement it is: who may see and change it
    waves      TEXT NOT NULL,             -- JSON: which follow-ups: week, months3, months6
    survey     BOOLEAN NOT NULL,          -- ask for an anonymous evaluation
    seed       BIGINT NOT NULL,           -- of the random halves
    allocated  INTEGER NOT NULL DEFAULT 0, -- participants who have been given a first form
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    closed_at  BIGINT                     -- nobody new joins
);
CREATE UNIQUE INDEX measurement_course ON measurement (course_id) WHERE closed_at IS NULL;

-- A participant's results stand here once more, one row a person, since the report reads all of them at once. Unit, region,
-- sex and language are those of the day of joining.
CREATE TABLE participant (
    id              TEXT PRIMARY KEY,
    measurement_id  TEXT NOT NULL REFERENCES measurement (id),
    person_id       TEXT NOT NULL REFERENCES person (id),
    organisation_id TEXT NOT NULL REFERENCES unit (id),
    unit_id         TEXT NOT NULL REFERENCES unit (id),
    region          TEXT NOT NULL,
    sex             TEXT NOT NULL,
    lang            TEXT NOT NULL,
    joined_at       BIGINT NOT NULL,
    withdrawn_at    BIGINT,
    first_form      TEXT NOT NULL DEFAULT '', -- A | B; '' before the first sitting
    -- State of each wave: '' not asked | asked | begun | declined | closed | done; percent and topics once done.
    before_state    TEXT NOT NULL DEFAULT '',
    before_percent  DOUBLE PRECISION,
    before_topics   TEXT NOT NULL DEFAULT '', -- 'identify=62.5 law=100': per cent by topic
    after_state     TEXT NOT NULL DEFAULT '',
    after_percent   DOUBLE PRECISION,
    after_topics    TEXT NOT NULL DEFAULT '',
    after_at        BIGINT,               -- when it was handed in
    week_state      TEXT NOT NULL DEFAULT '',
    week_percent    DOUBLE PRECISION,
    week_topics     TEXT NOT NULL DEFAULT '',
    week_use        TEXT NOT NULL DEFAULT '', -- '' not asked | asked | yes | no: were the skills used at work?
    months3_state   TEXT NOT NULL DEFAULT '',
    months3_percent DOUBLE PRECISION,
    months3_topics  TEXT NOT NULL DEFAULT '',
    months3_use     TEXT NOT NULL DEFAULT '',
    months6_state   TEXT NOT NULL DEFAULT '',
    months6_percent DOUBLE PRECISION,
    months6_topics  TEXT NOT NULL DEFAULT '',
    months6_use     TEXT NOT NULL DEFAULT '',
    survey_state    TEXT NOT NULL DEFAULT '', -- '' | asked | answered; without a time, on purpose
    UNIQUE (measurement_id, person_id)
);
CREATE INDEX participant_person ON participant (person_id);

-- One person's sitting of one wave: there is never a second.
CREATE TABLE sitting (
    id             TEXT PRIMARY KEY,
    participant_id TEXT NOT NULL REFERENCES participant (id),
    wave           TEXT NOT NULL,         -- before | after | week | months3 | months6
    state          TEXT NOT NULL,         -- asked | begun | declined | closed | done
    form_id        TEXT REFERENCES test_form (id), -- given when it begins
    seed           BIGINT NOT NULL,       -- of the shuffles
    due_at         BIGINT NOT NULL,       -- from when it may be sat
    mail_at        BIGINT,                -- when the next letter goes out; NULL: none
    letters        INTEGER NOT NULL DEFAULT 0,
    mailed_at      BIGINT,                -- the newest letter
    closes_at      BIGINT,                -- NULL: without end
    started_at     BIGINT,
    submitted_at   BIGINT,
    skills_used    TEXT NOT NULL DEFAULT '', -- yes | no
    skills_note    TEXT NOT NULL DEFAULT '',
    token_hash     TEXT UNIQUE,           -- SHA-256 of the newest letter's link
    token_used_at  BIGINT,
    UNIQUE (participant_id, wave)
);
CREATE INDEX sitting_mail ON sitting (mail_at) WHERE mail_at IS NOT NULL;
CREATE INDEX sitting_closes ON sitting (closes_at) WHERE state IN ('asked', 'begun');
CREATE INDEX sitting_form ON sitting (form_id, wave);

CREATE TABLE sitting_answer (
    sitting_id TEXT NOT NULL REFERENCES sitting (id),
    version_id TEXT NOT NULL REFERENCES bank_version (id),
    answer     TEXT NOT NULL,             -- JSON
    share      DOUBLE PRECISION,          -- 0 to 1, set at submission
    saved_at   BIGINT NOT NULL,
    PRIMARY KEY (sitting_id, version_id)
);

-- All answers of a measurement's evaluation in one row: counts, and the comments in alphabetical order. There is no row of
-- one answer, so that neither a key nor an order nor a time can join one to a person.
CREATE TABLE survey_result (
    measurement_id TEXT PRIMARY KEY REFERENCES measurement (id),
    responses      INTEGER NOT NULL,
    tally          TEXT NOT NULL,         -- JSON: question -> choice -> count
    comments       TEXT NOT NULL          -- JSON: sorted
);

-- +goose Down
DROP TABLE survey_result;
DROP TABLE sitting_answer;
DROP TABLE sitting;
DROP TABLE participant;
DROP TABLE measurement;
DROP TABLE test_form;
DROP TABLE competence_test;
DROP TABLE bank_version;
DROP TABLE bank_item;
