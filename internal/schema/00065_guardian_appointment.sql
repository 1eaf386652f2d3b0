-- +goose Up

-- Since when the child is missing. It ends nothing by itself.
ALTER TABLE guardian_appointment ADD COLUMN missing_since BIGINT;

-- What happened to an appointment, and how its row was before, so that the latest act can be taken back for some minutes.
CREATE TABLE guardian_appointment_act (
    id             TEXT PRIMARY KEY,
    appointment_id TEXT NOT NULL REFERENCES guardian_appointment (id) ON DELETE CASCADE,
    at             BIGINT NOT NULL,
    actor_id       TEXT NOT NULL REFERENCES person (id),
    kind           TEXT NOT NULL,  -- entered, ended, missing, found, contact, court
    before         TEXT NOT NULL,  -- JSON: ended_on, ended, contact_on, missing_since as they were
    edition        BIGINT NOT NULL -- of the row after the act
);
CREATE INDEX guardian_appointment_act_of ON guardian_appointment_act (appointment_id, at);

-- What of a list (guardian/missing.yaml, guardian/handover.yaml) was done.
CREATE TABLE guardian_tick (
    appointment_id TEXT NOT NULL REFERENCES guardian_appointment (id) ON DELETE CASCADE,
    list           TEXT NOT NULL, -- missing, handover
    item           TEXT NOT NULL,
    at             BIGINT NOT NULL,
    actor_id       TEXT NOT NULL REFERENCES person (id),
    PRIMARY KEY (appointment_id, list, item)
);

-- +goose Down
DROP TABLE guardian_tick;
DROP TABLE guardian_appointment_act;
ALTER TABLE guardian_appointment DROP COLUMN missing_since;
