-- +goose Up

-- Up to when what people did in a year is told to everybody: it moves on by five people at least.
CREATE TABLE report_year (
    year       BIGINT PRIMARY KEY,
    told_until BIGINT NOT NULL
);
-- What may be told of a year.
CREATE TABLE report_year_told (
    year       BIGINT NOT NULL,
    figure     TEXT NOT NULL,
    n          DOUBLE PRECISION NOT NULL,
    at_least   BOOLEAN NOT NULL,
    counted_on TEXT NOT NULL,           -- day
    PRIMARY KEY (year, figure)
);
-- Of them, what an editor chose for the public site, and what the site says since somebody confirmed it. One row.
CREATE TABLE site_figures (
    id           TEXT PRIMARY KEY,
    chosen       TEXT NOT NULL,         -- JSON: years and figures
    shown        TEXT NOT NULL,         -- JSON: as confirmed; an empty list is no page
    edition      BIGINT NOT NULL,
    confirmed_at BIGINT,
    confirmed_by TEXT NOT NULL DEFAULT ''
);

CREATE VIEW report_year_figure AS
SELECT year, figure, n, at_least, counted_on FROM report_year_told;
CREATE VIEW site_opened AS
SELECT day, page, lang, n FROM site_visit;
CREATE VIEW site_article_page AS
SELECT id AS article_id FROM site_article;

-- +goose Down
DROP VIEW site_article_page;
DROP VIEW site_opened;
DROP VIEW report_year_figure;
DROP TABLE site_figures;
DROP TABLE report_year_told;
DROP TABLE report_year;
