-- +goose Up

-- Organisations and their units are one tree; an organisation is a unit without a parent.
CREATE TABLE unit (
    id         TEXT PRIMARY KEY,
    parent_id  TEXT REFERENCES unit (id),
    path       TEXT NOT NULL UNIQUE,      -- '/' + ids from the organisation down + '/'; a prefix selects a subtree
    kind       TEXT NOT NULL,             -- office | service | region | post | welfare-centre | other
    name       TEXT NOT NULL,
    code       TEXT NOT NULL DEFAULT '',  -- short name that spreadsheets use
    region     TEXT NOT NULL DEFAULT '',  -- voivodeship code, '' if it has none
    created_at BIGINT NOT NULL
);
CREATE INDEX unit_parent ON unit (parent_id);

CREATE TABLE person (
    id              TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES unit (id),
    unit_id         TEXT NOT NULL REFERENCES unit (id),
    given_name      TEXT NOT NULL,
    family_name     TEXT NOT NULL,
    sort_key        TEXT NOT NULL,        -- Polish collation key of family and given name, hexadecimal: the same order on both engines
    search_text     TEXT NOT NULL,        -- names, mail and number, lower case, without diacritics
    mail            TEXT UNIQUE,          -- lower case
    service_number  TEXT,
    lang            TEXT NOT NULL,
    sex             TEXT NOT NULL DEFAULT '', -- f | m | x | '' not given
    region          TEXT NOT NULL DEFAULT '',
    password_hash   TEXT NOT NULL DEFAULT '',
    state           TEXT NOT NULL,        -- added | invited | active | blocked
    created_at      BIGINT NOT NULL,
    activated_at    BIGINT,
    UNIQUE (organisation_id, service_number)
);
CREATE INDEX person_unit ON person (unit_id);
CREATE INDEX person_sort ON person (sort_key, id);

CREATE TABLE role_grant (
    id         TEXT PRIMARY KEY,
    person_id  TEXT NOT NULL REFERENCES person (id),
    role       TEXT NOT NULL,             -- administrator | coordinator | author | trainer | reviewer | learner
    unit_id    TEXT REFERENCES unit (id), -- NULL: the whole installation
    expires_at BIGINT,                    -- a reviewer's time limit
    created_at BIGINT NOT NULL,
    created_by TEXT
);
CREATE INDEX role_grant_person ON role_grant (person_id);
CREATE UNIQUE INDEX role_grant_once ON role_grant (person_id, role, (COALESCE(unit_id, '')));

CREATE TABLE session (
    token_hash TEXT PRIMARY KEY,          -- SHA-256; the token itself is only in the cookie
    id         TEXT NOT NULL UNIQUE,      -- names the session in the person's own list
    person_id  TEXT NOT NULL REFERENCES person (id),
    device     TEXT NOT NULL,             -- "Firefox on Linux": what the person recognises, not the whole user agent
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX session_person ON session (person_id);

-- Single-use links: set-up of the installation, invitation, sign-in by mail.
CREATE TABLE access_link (
    token_hash TEXT PRIMARY KEY,
    person_id  TEXT REFERENCES person (id), -- NULL: set-up of the installation
    kind       TEXT NOT NULL,             -- set-up | invitation | sign-in
    next       TEXT NOT NULL DEFAULT '',  -- local path to go to
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT
);
CREATE INDEX access_link_person ON access_link (person_id);

CREATE TABLE sign_in_throttle (
    bucket       TEXT PRIMARY KEY,        -- keyed hash of what is counted: neither name nor address can be read from it
    failures     INTEGER NOT NULL,
    first_at     BIGINT NOT NULL,
    locked_until BIGINT NOT NULL
);

-- A participants' file between its preview and the confirmation; one a person, for an hour.
CREATE TABLE import_preview (
    owner_id   TEXT PRIMARY KEY REFERENCES person (id),
    id         TEXT NOT NULL UNIQUE,
    options    TEXT NOT NULL,             -- JSON
    lines      TEXT NOT NULL,             -- JSON: the rows as read
    created_at BIGINT NOT NULL
);

CREATE TABLE audit (
    id        TEXT PRIMARY KEY,
    at        BIGINT NOT NULL,
    actor_id  TEXT NOT NULL DEFAULT '',   -- person; '' is the system. No foreign key: the record outlives the person
    action    TEXT NOT NULL,
    object    TEXT NOT NULL DEFAULT '',   -- kind:identifier
    detail    TEXT NOT NULL DEFAULT '{}'  -- JSON, without names or addresses
);
CREATE INDEX audit_object ON audit (object, at);
CREATE INDEX audit_at ON audit (at);

-- +goose Down
DROP TABLE audit;
DROP TABLE import_preview;
DROP TABLE sign_in_throttle;
DROP TABLE access_link;
DROP TABLE session;
DROP TABLE role_grant;
DROP TABLE person;
DROP TABLE unit;
