-- +goose Up

-- A mark of the roll, as it was made: never changed and never refused. Its id comes from the device that made it, so that one that
-- is sent twice counts once.
CREATE TABLE attendance_mark (
    id          TEXT PRIMARY KEY,
    session_id  TEXT NOT NULL REFERENCES training_session (id),
    person_id   TEXT REFERENCES person (id), -- NULL for a walk-in whom nobody has found among the people yet
    walk_in_id  TEXT NOT NULL DEFAULT '',
    state       TEXT NOT NULL,               -- present | absent | undone (takes the mark before back)
    from_at     BIGINT,                      -- of somebody who came later or left earlier
    until_at    BIGINT,
    note        TEXT NOT NULL DEFAULT '',
    made_at     BIGINT NOT NULL,             -- by the clock of the device
    received_at BIGINT NOT NULL,             -- by the server's
    made_by     TEXT NOT NULL,
    device      TEXT NOT NULL DEFAULT '',    -- a random name of the device, for undoing there
    origin      TEXT NOT NULL,               -- roll | code | sheet | correction
    flag        TEXT NOT NULL DEFAULT '',    -- '' | late (after the session was closed) | clock (the device's clock is off) | unbooked | outside (of the session's hours)
    reason      TEXT NOT NULL DEFAULT ''     -- of a correction
);
CREATE INDEX attendance_mark_session ON attendance_mark (session_id, person_id);
CREATE INDEX attendance_mark_person ON attendance_mark (person_id);

-- What the marks come to: one row for each person of a session, kept with every mark.
CREATE TABLE attendance (
    session_id TEXT NOT NULL REFERENCES training_session (id),
    person_id  TEXT NOT NULL REFERENCES person (id),
    state      TEXT NOT NULL,   -- present | absent
    minutes    BIGINT NOT NULL, -- present, of the session's
    mark_id    TEXT NOT NULL REFERENCES attendance_mark (id),
    PRIMARY KEY (session_id, person_id)
);
CREATE INDEX attendance_person ON attendance (person_id);

-- Somebody who came without a seat, until they are found or entered among the people.
CREATE TABLE walk_in (
    id          TEXT PRIMARY KEY,
    session_id  TEXT NOT NULL REFERENCES training_session (id),
    name        TEXT NOT NULL,
    institution TEXT NOT NULL DEFAULT '',
    person_id   TEXT REFERENCES person (id),
    made_at     BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    made_by     TEXT NOT NULL
);
CREATE INDEX walk_in_session ON walk_in (session_id);

-- How a session is kept: the screen's code, the head count, the sheet, the closing.
CREATE TABLE session_record (
    session_id   TEXT PRIMARY KEY REFERENCES training_session (id),
    code_secret  TEXT NOT NULL DEFAULT '', -- of the rotating code; '' while there is none
    head_count   BIGINT,
    counted_at   BIGINT,
    counted_by   TEXT NOT NULL DEFAULT '',
    sheet_count  BIGINT,                   -- signatures on the sheet
    notes        TEXT NOT NULL DEFAULT '', -- the trainer's
    closed_at    BIGINT,
    closed_by    TEXT NOT NULL DEFAULT '',
    close_reason TEXT NOT NULL DEFAULT '', -- why sheet, roll and head count differ
    revision     BIGINT NOT NULL DEFAULT 0
);

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
DROP TABLE session_record;
DROP TABLE walk_in;
DROP TABLE attendance;
DROP TABLE attendance_mark;
