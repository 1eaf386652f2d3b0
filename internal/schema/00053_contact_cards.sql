-- +goose Up

-- Whom the people of a unit call, in which order: kept by the unit's own editor, read by those who are signed in.
CREATE TABLE contact_card (
    unit_id    TEXT PRIMARY KEY REFERENCES unit (id),
    lines      TEXT NOT NULL,            -- JSON: who, phone, when, note, inside; in the order in which they are called
    note       TEXT NOT NULL DEFAULT '',
    shared     BOOLEAN NOT NULL,         -- shown to signed-in people of other units of the voivodeship too, without the lines that stay inside
    checked_at BIGINT NOT NULL,          -- when somebody last called the numbers
    checked_by TEXT NOT NULL REFERENCES person (id),
    edition    BIGINT NOT NULL,          -- rises with each change, so that of two who edit at once the second is told
    told_at    BIGINT                    -- when its editors were last written to that it is overdue
);
CREATE INDEX contact_card_checked ON contact_card (checked_at);

-- +goose Down
DROP TABLE contact_card;
