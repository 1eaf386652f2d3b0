-- Acts on many that can be undone for ten minutes, and letters that are held until then.

-- +goose Up
ALTER TABLE mail ADD COLUMN act_id TEXT NOT NULL DEFAULT '';     -- the act that it tells of
ALTER TABLE mail ADD COLUMN held_until BIGINT;                   -- it does not leave before, and may be dropped; NULL once it leaves
ALTER TABLE mail ADD COLUMN kind TEXT NOT NULL DEFAULT '';       -- which letter it is; '' of before there were kinds
CREATE INDEX mail_act ON mail (act_id) WHERE act_id <> '';

CREATE TABLE act (
    id        TEXT PRIMARY KEY,
    kind      TEXT NOT NULL,              -- enrol | remind | withdraw | restore | move …
    object    TEXT NOT NULL,              -- in which thing: course:…
    actor_id  TEXT NOT NULL,              -- without a reference: an account may be erased
    n         INTEGER NOT NULL,           -- to how many it was done
    at        BIGINT NOT NULL,
    until     BIGINT NOT NULL,            -- exclusive: then it cannot be undone any more
    sent_at   BIGINT,                     -- its letters were sent before that
    undone_at BIGINT,
    undone_by TEXT NOT NULL DEFAULT ''
);
CREATE INDEX act_object ON act (object, until);

CREATE TABLE act_of (
    act_id TEXT NOT NULL REFERENCES act (id),
    ref    TEXT NOT NULL,                 -- what the area knows it by
    before TEXT NOT NULL DEFAULT '',      -- JSON: how it was
    kept   TEXT NOT NULL DEFAULT '',      -- why it was not taken back: the end of a text's key
    PRIMARY KEY (act_id, ref)
);

-- +goose Down
DROP TABLE act_of;
DROP TABLE act;
DROP INDEX mail_act;
ALTER TABLE mail DROP COLUMN kind;
ALTER TABLE mail DROP COLUMN held_until;
ALTER TABLE mail DROP COLUMN act_id;
