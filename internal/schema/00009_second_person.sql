-- +goose Up

-- Who saved a version of a text. None of them may publish it.
CREATE TABLE site_writer (
    text_id   TEXT NOT NULL REFERENCES site_text (id),
    person_id TEXT NOT NULL,
    PRIMARY KEY (text_id, person_id)
);
INSERT INTO site_writer (text_id, person_id) SELECT id, author_id FROM site_text WHERE author_id <> '';

-- Rise with each change, so that nobody changes or publishes what they have not seen.
ALTER TABLE site_text ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE site_fact ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE site_service ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

-- A new fact or service, or a change of one, that waits for a second person. It never changes: another one takes its place.
CREATE TABLE site_proposal (
    id          TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,             -- fact | service
    object_id   TEXT NOT NULL,
    content     TEXT NOT NULL,             -- JSON: site.Change
    author_id   TEXT NOT NULL,             -- person
    proposed_at BIGINT NOT NULL,
    note        TEXT NOT NULL DEFAULT '',  -- of the person who returned it; '' waits
    UNIQUE (kind, object_id)
);

-- Doors have pages of their own, which are counted like all others. Of days that are over, 0 stands for a small number.
CREATE TABLE site_visit_new (
    day  TEXT NOT NULL,
    page TEXT NOT NULL,                    -- article or fixed page
    lang TEXT NOT NULL,
    n    BIGINT NOT NULL,
    PRIMARY KEY (day, page, lang)
);
INSERT INTO site_visit_new (day, page, lang, n) SELECT day, page, lang, SUM(n) FROM site_visit GROUP BY day, page, lang;
DROP TABLE site_visit;
ALTER TABLE site_visit_new RENAME TO site_visit;

-- +goose Down
CREATE TABLE site_visit_old (
    day  TEXT NOT NULL,
    page TEXT NOT NULL,
    lang TEXT NOT NULL,
    door TEXT NOT NULL,
    n    BIGINT NOT NULL,
    PRIMARY KEY (day, page, lang, door)
);
INSERT INTO site_visit_old (day, page, lang, door, n) SELECT day, page, lang, '', n FROM site_visit;
DROP TABLE site_visit;
ALTER TABLE site_visit_old RENAME TO site_visit;
DROP TABLE site_proposal;
ALTER TABLE site_service DROP COLUMN version;
ALTER TABLE site_fact DROP COLUMN version;
ALTER TABLE site_text DROP COLUMN version;
DROP TABLE site_writer;
