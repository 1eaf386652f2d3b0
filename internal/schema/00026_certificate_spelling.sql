-- +goose Up

-- What the course calls its certificate; '' in those issued before courses could.
ALTER TABLE certificate ADD COLUMN heading TEXT NOT NULL DEFAULT '';

-- The holder's name in Latin letters, as in the passport, for a name in a script that the paper cannot print.
ALTER TABLE certificate ADD COLUMN holder_latin TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE certificate DROP COLUMN holder_latin;
ALTER TABLE certificate DROP COLUMN heading;
