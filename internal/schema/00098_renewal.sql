-- +goose Up

-- Of which end of a certificate its holder was told last: how many days before it the letter was due. A row is written with its letter
-- (decision 0079), and without one where the holder has no address: whoever coordinates was told.
CREATE TABLE certificate_ending (
    certificate_id TEXT PRIMARY KEY REFERENCES certificate (id),
    days           BIGINT NOT NULL, -- 90 | 30 | 7
    sent_at        BIGINT NOT NULL
);
CREATE INDEX certificate_ending_sent ON certificate_ending (sent_at);

-- When whoever coordinates was told last of certificates that end in their units.
CREATE TABLE certificate_told (
    person_id TEXT PRIMARY KEY REFERENCES person (id),
    told_at   BIGINT NOT NULL
);

CREATE INDEX certificate_valid_until ON certificate (valid_until) WHERE valid_until IS NOT NULL AND revoked_at IS NULL;

-- Until when the certificates hold that stand. The newest of a course or training is not told apart: whoever asks, asks for the latest end.
CREATE VIEW certificate_valid AS
SELECT id, person_id, course_id, training_id, issued_at, valid_until FROM certificate WHERE revoked_at IS NULL;

-- +goose Down
DROP VIEW certificate_valid;
DROP INDEX certificate_valid_until;
DROP TABLE certificate_told;
DROP TABLE certificate_ending;
