-- +goose Up

-- Courts before which motions are filed. An office enters those of its part of the country.
CREATE TABLE guardian_court (
    id        TEXT PRIMARY KEY,
    name      TEXT NOT NULL,             -- as a motion names it
    short     TEXT NOT NULL,             -- as lists and phones show it
    region    TEXT NOT NULL DEFAULT '',  -- voivodeship code, '' if none was given
    sort_key  TEXT NOT NULL,
    closed_at BIGINT,                    -- since when nobody is proposed for it
    edition   BIGINT NOT NULL DEFAULT 1
);

-- The register: one row a person, for as long as they are in it and a while after (keeping).
CREATE TABLE guardian (
    id            TEXT PRIMARY KEY,
    person_id     TEXT NOT NULL UNIQUE REFERENCES person (id),
    unit_id       TEXT NOT NULL REFERENCES unit (id), -- the office that keeps the entry
    state         TEXT NOT NULL,            -- verified, listed, paused, removed
    state_since   BIGINT NOT NULL,
    valid_until   BIGINT NOT NULL,          -- exclusive: training and checks hold until then
    phone         TEXT NOT NULL DEFAULT '', -- shown to requesters one entry at a time, and each look is an event
    most_children BIGINT NOT NULL,          -- how many children at once, by the office's limit
    strengths     TEXT NOT NULL DEFAULT '', -- what matters about the person as a guardian; nothing about any child
    reminded      BIGINT NOT NULL DEFAULT 0, -- days before the end of validity of which the person was told last: 90, 30, 7; 0 of none
    edition       BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX guardian_unit ON guardian (unit_id);

CREATE TABLE guardian_language (
    guardian_id TEXT NOT NULL REFERENCES guardian (id) ON DELETE CASCADE,
    lang        TEXT NOT NULL, -- language tag
    PRIMARY KEY (guardian_id, lang)
);
CREATE INDEX guardian_language_lang ON guardian_language (lang);

-- Courts before which the person takes a mandate.
CREATE TABLE guardian_before (
    guardian_id TEXT NOT NULL REFERENCES guardian (id) ON DELETE CASCADE,
    court_id    TEXT NOT NULL REFERENCES guardian_court (id),
    PRIMARY KEY (guardian_id, court_id)
);
CREATE INDEX guardian_before_court ON guardian_before (court_id);

-- Days on which the person cannot be asked.
CREATE TABLE guardian_absence (
    id          TEXT PRIMARY KEY,
    guardian_id TEXT NOT NULL REFERENCES guardian (id) ON DELETE CASCADE,
    from_day    TEXT NOT NULL, -- inclusive, 2026-11-30
    until_day   TEXT NOT NULL  -- inclusive
);
CREATE INDEX guardian_absence_of ON guardian_absence (guardian_id, from_day);

-- The one history of an entry: changes of state, duty, requests, looks at the contact and why. It ends with the entry.
CREATE TABLE guardian_event (
    id          TEXT PRIMARY KEY,
    guardian_id TEXT NOT NULL REFERENCES guardian (id) ON DELETE CASCADE,
    at          BIGINT NOT NULL,
    actor_id    TEXT REFERENCES person (id), -- NULL: the program
    kind        TEXT NOT NULL,
    detail      TEXT NOT NULL DEFAULT '{}'   -- JSON: by kind; no name, no word about a child
);
CREATE INDEX guardian_event_of ON guardian_event (guardian_id, at);

-- Institutions whose people may ask for a guardian or see what was put before their court: while their signed terms are current.
CREATE TABLE guardian_institution (
    unit_id     TEXT PRIMARY KEY REFERENCES unit (id),
    kind        TEXT NOT NULL,            -- requester, court
    court_id    TEXT REFERENCES guardian_court (id), -- of a court
    phone       TEXT NOT NULL DEFAULT '', -- the known number at which the office calls back
    signed_on   TEXT NOT NULL,            -- 2026-11-30
    terms_until TEXT NOT NULL,            -- inclusive
    edition     BIGINT NOT NULL DEFAULT 1
);

-- Appointments: a list of dated facts. The child is a random case code and nothing else.
CREATE TABLE guardian_appointment (
    id           TEXT PRIMARY KEY,
    guardian_id  TEXT NOT NULL REFERENCES guardian (id),
    case_code    TEXT NOT NULL,            -- random, without a meaning; the same for all appointments of one child
    kind         TEXT NOT NULL,            -- of the data in guardian/kinds.yaml
    scope        TEXT NOT NULL DEFAULT '[]', -- JSON: procedures, of the same data
    court_id     TEXT REFERENCES guardian_court (id),
    decided_on   TEXT NOT NULL,            -- day of the court's decision
    started_on   TEXT NOT NULL,
    ended_on     TEXT NOT NULL DEFAULT '', -- '' while it lasts; of a child who turned eighteen the last day of that month
    ended        TEXT NOT NULL DEFAULT '', -- replaced, adult, moved, missing, mistaken
    contact_on   TEXT NOT NULL DEFAULT '', -- when the guardian last noted a contact: the day alone
    edition      BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX guardian_appointment_of ON guardian_appointment (guardian_id);
CREATE INDEX guardian_appointment_case ON guardian_appointment (case_code);

-- +goose Down
DROP TABLE guardian_appointment;
DROP TABLE guardian_institution;
DROP TABLE guardian_event;
DROP TABLE guardian_absence;
DROP TABLE guardian_before;
DROP TABLE guardian_language;
DROP TABLE guardian;
DROP TABLE guardian_court;
