-- +goose Up

-- A letter that asks a service whether its entry in the directory is right, with a link that is answered once.
CREATE TABLE site_confirmation (
    id         TEXT PRIMARY KEY,
    service_id TEXT NOT NULL REFERENCES site_service (id) ON DELETE CASCADE,
    address    TEXT NOT NULL,             -- whom the letter went to; '' once the link has ended
    lang       TEXT NOT NULL,
    asked_at   BIGINT NOT NULL,
    asked_by   TEXT REFERENCES person (id), -- NULL: the program, before the entry's last day
    expires_at BIGINT NOT NULL,
    token_hash TEXT UNIQUE,               -- SHA-256, once the letter has left; the token itself is only in the letter
    ended      TEXT NOT NULL DEFAULT '',  -- confirmed, changed, renewed, withdrawn, expired; '' while it can be answered
    ended_at   BIGINT,
    answer     TEXT NOT NULL DEFAULT '{}', -- JSON: what the service says has changed, by field
    handled_at BIGINT                     -- when an editor had dealt with that
);
CREATE UNIQUE INDEX site_confirmation_open ON site_confirmation (service_id) WHERE ended = '';
CREATE INDEX site_confirmation_service ON site_confirmation (service_id, asked_at);

-- Entries whose service is asked by the program before the last day comes.
CREATE TABLE site_confirmation_auto (
    service_id TEXT PRIMARY KEY REFERENCES site_service (id) ON DELETE CASCADE,
    asked_for  TEXT NOT NULL DEFAULT ''   -- the last day for whose sake it was asked
);

-- +goose Down
DROP TABLE site_confirmation_auto;
DROP TABLE site_confirmation;
