-- +goose Up

-- What somebody saw who watched another teach: for the one who taught, to get better by.
CREATE TABLE teaching_observation (
    id          TEXT PRIMARY KEY,
    session_id  TEXT NOT NULL REFERENCES training_session (id),
    observed_id TEXT NOT NULL REFERENCES person (id),
    observer_id TEXT NOT NULL REFERENCES person (id),
    levels      TEXT NOT NULL,           -- JSON: criterion to 1 to 4; what was not seen is missing
    strength    TEXT NOT NULL,           -- what to keep
    next_step   TEXT NOT NULL,           -- what to try next time
    written_at  BIGINT NOT NULL,
    answer      TEXT NOT NULL DEFAULT '', -- of the one who taught
    answered_at BIGINT,
    UNIQUE (session_id, observed_id, observer_id),
    CHECK (observed_id <> observer_id)
);
CREATE INDEX teaching_observation_observed ON teaching_observation (observed_id);
CREATE INDEX teaching_observation_observer ON teaching_observation (observer_id);

-- +goose Down
DROP TABLE teaching_observation;
