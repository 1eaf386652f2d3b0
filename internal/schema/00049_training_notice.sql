-- +goose Up

-- Who took note of which version of a training's privacy notice.
CREATE TABLE training_notice (
    training_id TEXT NOT NULL REFERENCES training (id),
    person_id   TEXT NOT NULL REFERENCES person (id),
    version     TEXT NOT NULL,
    noted_at    BIGINT NOT NULL,
    noted_on    TEXT NOT NULL, -- page | paper (entered by somebody from the signed sheet)
    entered_by  TEXT NOT NULL,
    PRIMARY KEY (training_id, person_id, version)
);
CREATE INDEX training_notice_person ON training_notice (person_id);

-- +goose Down
DROP TABLE training_notice;
