-- +goose Up

-- The office's own words of letters (decision 0082), a row for each time that somebody changed them. The newest of a form and language
-- counts; one without a text says that the shipped one was put back.
CREATE TABLE mail_wording (
    form    TEXT NOT NULL,   -- of a letter: mail/wording.Forms
    lang    TEXT NOT NULL,
    version BIGINT NOT NULL, -- from 1
    subject TEXT NOT NULL,
    body    TEXT NOT NULL,
    by_id   TEXT NOT NULL,   -- who wrote it
    made_at BIGINT NOT NULL,
    PRIMARY KEY (form, lang, version)
);

-- +goose Down
DROP TABLE mail_wording;
