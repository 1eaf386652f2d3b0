-- +goose Up

-- Whom an article is written for, with spaces between: foreigner worker young near professional.
ALTER TABLE site_article ADD COLUMN audiences TEXT NOT NULL DEFAULT '';
