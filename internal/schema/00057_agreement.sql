-- +goose Up

-- Two people of an office say, each alone, how soon something is to be done in written situations.
CREATE TABLE agreement_round (
    id       TEXT PRIMARY KEY,
    unit_id  TEXT NOT NULL REFERENCES unit (id),
    begun_at BIGINT NOT NULL
);

-- The two of a round, numbered: who began it is the first. Nobody takes both places.
CREATE TABLE agreement_reader (
    round_id  TEXT NOT NULL REFERENCES agreement_round (id),
    place     INTEGER NOT NULL CHECK (place IN (1, 2)),
    person_id TEXT NOT NULL REFERENCES person (id),
    saved_at  BIGINT NOT NULL,           -- when they took the place or last said something
    done_at   BIGINT,                    -- from then on nothing they said changes
    PRIMARY KEY (round_id, place),
    UNIQUE (round_id, person_id)
);

CREATE TABLE agreement_answer (
    round_id  TEXT NOT NULL,
    place     INTEGER NOT NULL,
    situation TEXT NOT NULL,             -- id in the kit's file
    step      TEXT NOT NULL,             -- now, today, consult
    PRIMARY KEY (round_id, place, situation),
    FOREIGN KEY (round_id, place) REFERENCES agreement_reader (round_id, place)
);

-- +goose Down
DROP TABLE agreement_answer;
DROP TABLE agreement_reader;
DROP TABLE agreement_round;
