-- +goose Up

-- Which letter brings a link: its token is made when the letter leaves. NULL: it was handed over.
ALTER TABLE access_link ADD COLUMN letter TEXT;
CREATE UNIQUE INDEX access_link_letter ON access_link (letter) WHERE letter IS NOT NULL;

-- What the single-use token opens that is made when a letter leaves, and for whom. '': the letter brings none.
ALTER TABLE mail ADD COLUMN token_kind TEXT NOT NULL DEFAULT '';
ALTER TABLE mail ADD COLUMN token_ref TEXT NOT NULL DEFAULT '';

-- Since when mail servers refuse the person's address for good; NULL: they take it, or were not asked.
ALTER TABLE person ADD COLUMN mail_refused_at BIGINT;

-- +goose Down
ALTER TABLE person DROP COLUMN mail_refused_at;
ALTER TABLE mail DROP COLUMN token_ref;
ALTER TABLE mail DROP COLUMN token_kind;
DROP INDEX access_link_letter;
ALTER TABLE access_link DROP COLUMN letter;
