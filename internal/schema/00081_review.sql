-- +goose Up

-- What a reviewer of a fund was given to read of one project, until a time. The token of the letter's link stands in the letter alone; its hash is here.
CREATE TABLE review_link (
    id         TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES project (id),
    fund_id    TEXT NOT NULL,
    period     BIGINT NOT NULL,             -- number of the one period that it opens, 0: all
    name       TEXT NOT NULL,               -- '' once it is forgotten
    address    TEXT NOT NULL,
    lang       TEXT NOT NULL,
    token_hash TEXT UNIQUE,                 -- NULL until the letter leaves
    made_at    BIGINT NOT NULL,
    made_by    TEXT NOT NULL,
    sent_at    BIGINT,
    expires_at BIGINT NOT NULL,
    ended_at   BIGINT,                      -- by the office, before its time
    ended_by   TEXT NOT NULL DEFAULT ''
);
CREATE INDEX review_link_project ON review_link (project_id, made_at);

-- Single-use codes, each sent to the address for which the link was made.
CREATE TABLE review_code (
    id         TEXT PRIMARY KEY,
    link_id    TEXT NOT NULL REFERENCES review_link (id),
    code_hash  TEXT,                        -- NULL until the letter leaves
    tries      BIGINT NOT NULL DEFAULT 0,
    made_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT
);
CREATE INDEX review_code_link ON review_code (link_id, made_at);

-- What was done with a link and when. From where is written nowhere.
CREATE TABLE review_use (
    id      TEXT PRIMARY KEY,
    link_id TEXT NOT NULL REFERENCES review_link (id),
    act     TEXT NOT NULL,                  -- code-sent | other-address | wrong-code | entered | seen | package | proof
    what    TEXT NOT NULL,                  -- number of the package
    at      BIGINT NOT NULL
);
CREATE INDEX review_use_link ON review_use (link_id, at);

-- Whose a project is.
CREATE VIEW project_office AS
SELECT id AS project_id, unit_id FROM project WHERE unit_id IS NOT NULL;

-- +goose Down
DROP VIEW project_office;
DROP TABLE review_use;
DROP TABLE review_code;
DROP TABLE review_link;
