-- +goose Up

-- Rules by which reminders leave by themselves (decision 0075). Days are those of the calendar since 1 January 1970, in the
-- installation's zone; 0 is none.
CREATE TABLE reminder_rule (
    id         TEXT PRIMARY KEY,
    course_id  TEXT NOT NULL REFERENCES course (id),
    unit_id    TEXT NOT NULL REFERENCES unit (id), -- whose people it writes to, with all below
    kind       TEXT NOT NULL,                      -- before | after | idle
    days       BIGINT NOT NULL,
    every      BIGINT NOT NULL DEFAULT 0,          -- days between two letters; 0: one letter
    most       BIGINT NOT NULL DEFAULT 1,          -- letters to one person in one round
    until_day  BIGINT NOT NULL DEFAULT 0,          -- the last day on which it writes
    since_day  BIGINT NOT NULL DEFAULT 0,          -- what was due before it is not sent
    state      TEXT NOT NULL,                      -- off | on | refused
    version    BIGINT NOT NULL DEFAULT 1,          -- rises with each change: who read an older one sends nothing by it
    owner_id   TEXT NOT NULL,                      -- whom its letters name
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX reminder_rule_course ON reminder_rule (course_id);

-- What a rule sent. A row is written with its letter: the key says that each leaves once.
CREATE TABLE reminder_sent (
    rule_id      TEXT NOT NULL REFERENCES reminder_rule (id),
    enrolment_id TEXT NOT NULL REFERENCES enrolment (id) ON DELETE CASCADE, -- an enrolment that is undone takes it along
    on_day       BIGINT NOT NULL, -- for which it was due
    sent_at      BIGINT NOT NULL,
    PRIMARY KEY (rule_id, enrolment_id, on_day)
);
CREATE INDEX reminder_sent_enrolment ON reminder_sent (enrolment_id);

-- To whom no rule writes about a round: a coordinator, or the person, said so.
CREATE TABLE reminder_hush (
    enrolment_id TEXT PRIMARY KEY REFERENCES enrolment (id) ON DELETE CASCADE,
    by_id        TEXT NOT NULL,
    made_at      BIGINT NOT NULL
);

-- Whose address a mail server refused for good, and when.
CREATE VIEW identity_refused AS
SELECT id, mail_refused_at FROM person WHERE mail_refused_at IS NOT NULL;

-- +goose Down
DROP VIEW identity_refused;
DROP TABLE reminder_hush;
DROP TABLE reminder_sent;
DROP TABLE reminder_rule;
