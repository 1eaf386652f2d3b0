-- +goose Up

-- What is kept about somebody for a time, and until when. The value itself stands with its area, under the ref; it is erased in one
-- transaction with the entry here, which stays for a while to say that it was there.
CREATE TABLE kept (
    kind       TEXT NOT NULL,
    ref        TEXT NOT NULL, -- what the area knows it by
    person_id  TEXT NOT NULL REFERENCES person (id),
    kept_since BIGINT NOT NULL,
    keep_until BIGINT NOT NULL,
    erased_at  BIGINT,
    PRIMARY KEY (kind, ref)
);
CREATE INDEX kept_person ON kept (person_id);
CREATE INDEX kept_due ON kept (keep_until) WHERE erased_at IS NULL;

-- What somebody needs in a training.
CREATE TABLE training_need (
    training_id TEXT NOT NULL REFERENCES training (id),
    person_id   TEXT NOT NULL REFERENCES person (id),
    field       TEXT NOT NULL, -- access | diet | language
    need        TEXT NOT NULL,
    entered_at  BIGINT NOT NULL,
    entered_by  TEXT NOT NULL,
    PRIMARY KEY (training_id, person_id, field)
);

-- +goose Down
DROP TABLE training_need;
DROP TABLE kept;
