-- +goose Up

-- A publication that an office prints or puts on the public site. What is printed by itself, such as a language version with its own number, is one of its own.
CREATE TABLE publication (
    id          TEXT PRIMARY KEY,
    unit_id     TEXT NOT NULL REFERENCES unit (id), -- the office that keeps it
    title       TEXT NOT NULL,
    short       TEXT NOT NULL DEFAULT '',  -- for lists and phones
    edition     TEXT NOT NULL DEFAULT '',  -- as it is printed: second edition
    isbn        TEXT NOT NULL DEFAULT '',  -- as it is printed
    isbn_key    TEXT NOT NULL DEFAULT '',  -- its thirteen digits, by which it is told from others
    languages   TEXT NOT NULL,             -- JSON list of tags
    publisher   TEXT NOT NULL DEFAULT '',
    year        BIGINT NOT NULL DEFAULT 0, -- 0: not known
    issued_on   TEXT NOT NULL DEFAULT '',  -- day on which it came out; "": that of the first print run
    article_id  TEXT NOT NULL DEFAULT '',  -- the publication of the public site whose files it has
    orderable   BOOLEAN NOT NULL DEFAULT FALSE,
    row_edition BIGINT NOT NULL DEFAULT 1,
    created_at  BIGINT NOT NULL
);
CREATE INDEX publication_unit ON publication (unit_id);
CREATE UNIQUE INDEX publication_isbn ON publication (isbn_key) WHERE isbn_key <> '';

-- Where copies lie.
CREATE TABLE publication_place (
    id        TEXT PRIMARY KEY,
    unit_id   TEXT NOT NULL REFERENCES unit (id), -- the office whose copies lie there
    name      TEXT NOT NULL,
    kind      TEXT NOT NULL,               -- office | warehouse | branch
    closed_at BIGINT,
    UNIQUE (unit_id, name)
);

CREATE TABLE publication_run (
    id             TEXT PRIMARY KEY,
    publication_id TEXT NOT NULL REFERENCES publication (id),
    day            TEXT NOT NULL,
    copies         BIGINT NOT NULL CHECK (copies > 0),
    note           TEXT NOT NULL DEFAULT '',
    at             BIGINT NOT NULL,
    actor_id       TEXT NOT NULL
);
CREATE INDEX publication_run_of ON publication_run (publication_id, day);

-- How many copies lie where. It is the sum of the movements, kept so that a statement can refuse to take what is not there.
CREATE TABLE publication_stock (
    publication_id TEXT NOT NULL REFERENCES publication (id),
    place_id       TEXT NOT NULL REFERENCES publication_place (id),
    copies         BIGINT NOT NULL CHECK (copies >= 0),
    PRIMARY KEY (publication_id, place_id)
);

-- Orders of units of the tree. Those of institutions that have no account are written down with the public site (decision 0018).
CREATE TABLE publication_order (
    id             TEXT PRIMARY KEY,
    publication_id TEXT NOT NULL REFERENCES publication (id),
    unit_id        TEXT NOT NULL REFERENCES unit (id),
    copies         BIGINT NOT NULL CHECK (copies > 0),            -- asked for
    agreed         BIGINT NOT NULL DEFAULT 0 CHECK (agreed >= 0), -- that the office sends
    purpose        TEXT NOT NULL DEFAULT '',
    state          TEXT NOT NULL,          -- asked | confirmed | sent | arrived | cancelled
    at             BIGINT NOT NULL,
    actor_id       TEXT NOT NULL
);
CREATE INDEX publication_order_of ON publication_order (publication_id, state);
CREATE INDEX publication_order_unit ON publication_order (unit_id);
CREATE TABLE publication_order_act (
    id       TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES publication_order (id),
    state    TEXT NOT NULL,
    copies   BIGINT NOT NULL,
    note     TEXT NOT NULL DEFAULT '',
    at       BIGINT NOT NULL,
    actor_id TEXT NOT NULL
);
CREATE INDEX publication_order_act_of ON publication_order_act (order_id, at);

CREATE TABLE publication_move (
    id             TEXT PRIMARY KEY,
    publication_id TEXT NOT NULL REFERENCES publication (id),
    kind           TEXT NOT NULL,          -- arrival | moved | sent | handed | written-off
    from_id        TEXT REFERENCES publication_place (id),
    to_id          TEXT REFERENCES publication_place (id),
    copies         BIGINT NOT NULL CHECK (copies > 0),
    run_id         TEXT REFERENCES publication_run (id),          -- of an arrival
    order_id       TEXT REFERENCES publication_order (id),        -- of what was sent
    unit_id        TEXT REFERENCES unit (id),                     -- who asked for what was sent or moved
    training_id    TEXT NOT NULL DEFAULT '',                      -- at which it was handed out
    reason         TEXT NOT NULL DEFAULT '',
    day            TEXT NOT NULL,
    at             BIGINT NOT NULL,
    actor_id       TEXT NOT NULL,
    undone_at      BIGINT,
    undone_by      TEXT NOT NULL DEFAULT ''
);
CREATE INDEX publication_move_of ON publication_move (publication_id, at);
CREATE INDEX publication_move_day ON publication_move (publication_id, day);

-- How often files of a publication of the public site were fetched on a day: nothing of who did.
CREATE TABLE site_download (
    day        TEXT NOT NULL,
    article_id TEXT NOT NULL,
    lang       TEXT NOT NULL,
    n          BIGINT NOT NULL,
    PRIMARY KEY (day, article_id, lang)
);
CREATE INDEX site_download_article ON site_download (article_id, day);

-- What reports count: publications that came out, copies printed, and copies given away.
CREATE VIEW publication_issued AS
SELECT p.id AS publication_id, p.unit_id, p.article_id, p.languages,
    COALESCE(NULLIF(p.issued_on, ''), (SELECT MIN(r.day) FROM publication_run r WHERE r.publication_id = p.id), '') AS day
FROM publication p;
CREATE VIEW publication_printed AS
SELECT publication_id, day, copies FROM publication_run;
CREATE VIEW publication_given AS
SELECT publication_id, kind, day, copies, training_id FROM publication_move WHERE kind IN ('handed', 'sent') AND undone_at IS NULL;
CREATE VIEW site_downloaded AS
SELECT day, article_id, lang, n FROM site_download;

-- +goose Down
DROP VIEW site_downloaded;
DROP VIEW publication_given;
DROP VIEW publication_printed;
DROP VIEW publication_issued;
DROP TABLE site_download;
DROP TABLE publication_move;
DROP TABLE publication_order_act;
DROP TABLE publication_order;
DROP TABLE publication_stock;
DROP TABLE publication_run;
DROP TABLE publication_place;
DROP TABLE publication;
