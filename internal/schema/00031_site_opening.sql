-- +goose Up

-- Since when the public site is open to readers: setting "site.opened". One that has the numbers to call and texts is open already.
INSERT INTO setting (name, value)
    SELECT 'site.opened', 'before' FROM site_fact e JOIN site_fact n ON e.id = 'emergency' AND n.id = 'national-line'
    WHERE EXISTS (SELECT 1 FROM site_text WHERE state = 'published');

-- Of which lapsed facts and places editors were told, and what was wrong with them then.
CREATE TABLE site_told (
    object  TEXT PRIMARY KEY, -- fact:id or service:id
    fault   TEXT NOT NULL,    -- overdue, gone, hours
    told_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE site_told;
DELETE FROM setting WHERE name = 'site.opened';
