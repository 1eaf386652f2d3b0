-- +goose Up

-- The public site. What all languages of a text have in common.
CREATE TABLE site_article (
    id          TEXT PRIMARY KEY,          -- in links between texts: [text](article:id)
    code        TEXT NOT NULL UNIQUE,      -- the page's address; never changes, it stands on leaflets
    kind        TEXT NOT NULL,             -- guide | news | publication
    topic       TEXT NOT NULL,
    doors       TEXT NOT NULL,             -- help worry plan, with spaces between
    leaflet     BOOLEAN NOT NULL,
    source_lang TEXT NOT NULL,
    position    INTEGER NOT NULL,
    day         TEXT NOT NULL,             -- of news and publications; ''
    created_at  BIGINT NOT NULL
);

-- Versions of an article's text in a language. A published one never changes; at most one is published.
CREATE TABLE site_text (
    id          TEXT PRIMARY KEY,
    article_id  TEXT NOT NULL REFERENCES site_article (id),
    lang        TEXT NOT NULL,
    number      INTEGER NOT NULL,
    title       TEXT NOT NULL,
    tab         TEXT NOT NULL,
    summary     TEXT NOT NULL,
    body        TEXT NOT NULL,
    follows     INTEGER NOT NULL,          -- number of the source text
    state       TEXT NOT NULL,             -- draft | review | returned | published | superseded
    author_id   TEXT NOT NULL,             -- person; '' is the program
    changed_at  BIGINT NOT NULL,
    reviewer_id TEXT NOT NULL DEFAULT '',
    reviewed_at BIGINT,
    review_due  TEXT NOT NULL DEFAULT '',  -- day on which it should be read again
    note        TEXT NOT NULL DEFAULT '',
    UNIQUE (article_id, lang, number)
);
CREATE UNIQUE INDEX site_text_published ON site_text (article_id, lang) WHERE state = 'published';
CREATE UNIQUE INDEX site_text_open ON site_text (article_id, lang) WHERE state IN ('draft', 'review', 'returned');

CREATE TABLE site_fact (
    id          TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    value       TEXT NOT NULL,             -- JSON: by language, or any
    label       TEXT NOT NULL,             -- JSON: by language
    source      TEXT NOT NULL,
    url         TEXT NOT NULL,
    checked_on  TEXT NOT NULL,             -- days, as 2026-11-23
    checked_by  TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    grace_days  INTEGER NOT NULL,
    confirm     BOOLEAN NOT NULL,          -- an editor has yet to confirm it
    position    INTEGER NOT NULL,
    changed_at  BIGINT NOT NULL
);

CREATE TABLE site_service (
    id         TEXT PRIMARY KEY,
    content    TEXT NOT NULL,              -- JSON: directory.Service
    listed     BOOLEAN NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE TABLE site_file (
    id         TEXT PRIMARY KEY,
    article_id TEXT NOT NULL REFERENCES site_article (id),
    edition    TEXT NOT NULL,
    lang       TEXT NOT NULL,
    name       TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size       BIGINT NOT NULL,            -- bytes
    hash       TEXT NOT NULL REFERENCES blob (hash),
    added_at   BIGINT NOT NULL
);

-- Orders of printed copies, by institutions; staff write them down. Readers are never asked for an address.
CREATE TABLE site_order (
    id          TEXT PRIMARY KEY,
    article_id  TEXT NOT NULL REFERENCES site_article (id),
    lang        TEXT NOT NULL,
    copies      INTEGER NOT NULL,
    institution TEXT NOT NULL,
    address     TEXT NOT NULL,
    state       TEXT NOT NULL,             -- new | sent | cancelled
    ordered_at  BIGINT NOT NULL,
    ordered_by  TEXT NOT NULL REFERENCES person (id),
    settled_at  BIGINT
);

-- How many times a page was opened on a day. Nothing of who opened it.
CREATE TABLE site_visit (
    day  TEXT NOT NULL,
    page TEXT NOT NULL,                    -- article or fixed page
    lang TEXT NOT NULL,
    door TEXT NOT NULL,                    -- of a door's page; ''
    n    BIGINT NOT NULL,
    PRIMARY KEY (day, page, lang, door)
);

-- The coordinator agrees that a training stands on the public site.
ALTER TABLE measurement ADD COLUMN announced BOOLEAN NOT NULL DEFAULT FALSE;

-- +goose Down
ALTER TABLE measurement DROP COLUMN announced;
DROP TABLE site_visit;
DROP TABLE site_order;
DROP TABLE site_file;
DROP TABLE site_service;
DROP TABLE site_fact;
DROP TABLE site_text;
DROP TABLE site_article;
