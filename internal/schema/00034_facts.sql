-- +goose Up

-- What editors doubt of a fact, apart from its source, which readers see.
ALTER TABLE site_fact ADD COLUMN note TEXT NOT NULL DEFAULT '';

-- Calls to facts that are phones: whether they still help whom they promise to. Nothing of who answered.
CREATE TABLE site_call (
    id        TEXT PRIMARY KEY,
    fact_id   TEXT NOT NULL REFERENCES site_fact (id),
    called_at BIGINT NOT NULL,
    caller_id TEXT NOT NULL,    -- person
    answered  BOOLEAN NOT NULL,
    languages TEXT NOT NULL,    -- in which one can talk, in words
    nights    TEXT NOT NULL,    -- whether somebody answers at night, as they said: yes | no | ''
    note      TEXT NOT NULL
);
CREATE INDEX site_call_fact ON site_call (fact_id, called_at);

-- +goose Down
DROP TABLE site_call;
ALTER TABLE site_fact DROP COLUMN note;
