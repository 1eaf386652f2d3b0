-- +goose Up

-- A mark of the roll, as it was made: never changed and never refused. Its id comes from the device that made it, so that one that
-- is sent twice counts once.
CREATE TABLE attendance_mark (
    id          TEXT PRIMARY KEY,
    session_id  TEXT NOT NULL REFERENCES training_session (id),
    person_id   TEXT REFERENCES person (id), -- NULL for a walk-in whom nobody had found among the people yet
    walk_in_id  TEXT NOT NULL DEFAULT '',
    state       TEXT NOT NULL,               -- present | absent | undone (takes back the mark named in undoes)
    undoes      TEXT NOT NULL DEFAULT '',
    from_at     BIGINT,                      -- of somebody who came later or left earlier
    until_at    BIGINT,
    note        TEXT NOT NULL DEFAULT '',
    made_at     BIGINT NOT NULL,             -- by the clock of the device
    at          BIGINT NOT NULL,             -- the same moment by the server's clock, reckoned from what the device's said on sending
    received_at BIGINT NOT NULL,             -- by the server's
    made_by     TEXT NOT NULL,
    device      TEXT NOT NULL DEFAULT '',    -- a random name of the device, for undoing there
    origin      TEXT NOT NULL,               -- roll | code | sheet | correction
    flags       TEXT NOT NULL DEFAULT '',    -- words: late (after the session was closed) clock (the device's is off) unbooked outside (of the session's hours)
    reason      TEXT NOT NULL DEFAULT ''     -- of a correction
);
CREATE INDEX attendance_mark_session ON attendance_mark (session_id, person_id);
CREATE INDEX attendance_mark_person ON attendance_mark (person_id);

-- What the marks come to: one row for each person of a session, written anew with every mark.
CREATE TABLE attendance (
    session_id TEXT NOT NULL REFERENCES training_session (id),
    person_id  TEXT NOT NULL REFERENCES person (id),
    state      TEXT NOT NULL,   -- present | absent
    minutes    BIGINT NOT NULL, -- present, of the session's
    mark_id    TEXT NOT NULL REFERENCES attendance_mark (id),
    training_id TEXT NOT NULL REFERENCES training (id), -- the session's
    programme   TEXT NOT NULL, -- the training's; of one without a programme its title: who was in it before is found in one step
    PRIMARY KEY (session_id, person_id)
);
CREATE INDEX attendance_person ON attendance (person_id);
CREATE INDEX attendance_programme ON attendance (programme, person_id, state, training_id);

-- Somebody who came without a seat, until they are found or entered among the people.
CREATE TABLE walk_in (
    id          TEXT PRIMARY KEY,
    session_id  TEXT NOT NULL REFERENCES training_session (id),
    name        TEXT NOT NULL,
    institution TEXT NOT NULL DEFAULT '',
    person_id   TEXT REFERENCES person (id),
    linked_at   BIGINT,
    linked_by   TEXT NOT NULL DEFAULT '',
    made_at     BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    made_by     TEXT NOT NULL
);
CREATE INDEX walk_in_session ON walk_in (session_id);

-- What else is written down in a hall, and never changed either: the last number of each kind counts.
CREATE TABLE session_entry (
    id          TEXT PRIMARY KEY,
    session_id  TEXT NOT NULL REFERENCES training_session (id),
    kind        TEXT NOT NULL,           -- count (heads) | sheet (signatures on it) | note
    number      BIGINT NOT NULL DEFAULT 0,
    body        TEXT NOT NULL DEFAULT '',
    made_at     BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    made_by     TEXT NOT NULL,
    device      TEXT NOT NULL DEFAULT '',
    flags       TEXT NOT NULL DEFAULT '' -- words: late clock
);
CREATE INDEX session_entry_session ON session_entry (session_id);

-- A session is closed by one row, and open again when that was reopened.
CREATE TABLE session_closing (
    id            TEXT PRIMARY KEY,
    session_id    TEXT NOT NULL REFERENCES training_session (id),
    closed_at     BIGINT NOT NULL,
    closed_by     TEXT NOT NULL,
    present       BIGINT NOT NULL,       -- on the roll
    heads         BIGINT,                -- counted
    signatures    BIGINT,                -- on the sheet
    reason        TEXT NOT NULL DEFAULT '', -- why they differ, or what else stood against closing
    reopened_at   BIGINT,
    reopened_by   TEXT NOT NULL DEFAULT '',
    reopen_reason TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX session_closing_once ON session_closing (session_id) WHERE reopened_at IS NULL;
CREATE INDEX session_closing_session ON session_closing (session_id);

-- The secret of the code on a session's screen, from when it is shown for the first time.
CREATE TABLE session_code (
    session_id TEXT PRIMARY KEY REFERENCES training_session (id),
    secret     TEXT NOT NULL,
    made_at    BIGINT NOT NULL
);

-- A device on which the roll was opened, to be used without network. Its id is random and says nothing of the device.
CREATE TABLE session_device (
    id         TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES training_session (id),
    opened_at  BIGINT NOT NULL,
    opened_by  TEXT NOT NULL,
    heard_at   BIGINT, -- when it last sent something, or asked
    erased_at  BIGINT  -- when it said that it keeps nothing any more
);
CREATE INDEX session_device_session ON session_device (session_id);

-- The photographed sheet, as it is kept: turned upright, without metadata.
CREATE TABLE session_sheet (
    id          TEXT PRIMARY KEY,
    session_id  TEXT NOT NULL REFERENCES training_session (id),
    blob_hash   TEXT NOT NULL REFERENCES blob (hash),
    sha256      TEXT NOT NULL, -- of the file that is kept
    media_type  TEXT NOT NULL,
    uploaded_at BIGINT NOT NULL,
    uploaded_by TEXT NOT NULL,
    withdrawn_at     BIGINT,
    withdrawn_by     TEXT NOT NULL DEFAULT '',
    withdrawn_reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX session_sheet_session ON session_sheet (session_id);

-- A scan of the code that did not count, with the reason in a word that the texts know.
CREATE TABLE refused_scan (
    id         TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES training_session (id),
    person_id  TEXT REFERENCES person (id),
    at         BIGINT NOT NULL,
    reason     TEXT NOT NULL
);
CREATE INDEX refused_scan_session ON refused_scan (session_id);

-- Who scanned before the session began: recorded by itself when it does.
CREATE TABLE early_scan (
    session_id TEXT NOT NULL REFERENCES training_session (id),
    person_id  TEXT NOT NULL REFERENCES person (id),
    at         BIGINT NOT NULL,
    PRIMARY KEY (session_id, person_id)
);

-- +goose Down
DROP TABLE early_scan;
DROP TABLE refused_scan;
DROP TABLE session_sheet;
DROP TABLE session_device;
DROP TABLE session_code;
DROP TABLE session_closing;
DROP TABLE session_entry;
DROP TABLE walk_in;
DROP TABLE attendance;
DROP TABLE attendance_mark;
