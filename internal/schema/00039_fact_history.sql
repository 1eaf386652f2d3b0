-- +goose Up

-- Each fact as it came to be shown in courses, and since when: what editors keep, and what the country's pack has that they never took. Rows
-- are only added. What held before this migration is known from its last change on; the pack's facts come with the first start.
CREATE TABLE fact_version (
    fact_id     TEXT NOT NULL,             -- of site_fact or of the pack
    since       BIGINT NOT NULL,
    kind        TEXT NOT NULL,             -- '' of a fact that is no more
    value       TEXT NOT NULL,             -- JSON: by language, or any
    forms       TEXT NOT NULL,             -- JSON: by case and language; '{}' as the pack has them for that value
    label       TEXT NOT NULL,             -- JSON: by language
    source      TEXT NOT NULL,
    url         TEXT NOT NULL,
    checked_on  TEXT NOT NULL,             -- days, as 2026-11-23
    checked_by  TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    grace_days  INTEGER NOT NULL,
    confirm     BOOLEAN NOT NULL,
    PRIMARY KEY (fact_id, since)
);
INSERT INTO fact_version (fact_id, since, kind, value, forms, label, source, url, checked_on, checked_by, valid_until, grace_days, confirm)
    SELECT id, changed_at, kind, value, '{}', label, source, url, checked_on, checked_by, valid_until, grace_days, confirm FROM site_fact;

-- +goose Down
DROP TABLE fact_version;
