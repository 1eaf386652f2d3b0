-- +goose Up

-- The unit that keeps an article, a fact, a service or an order; NULL is the installation. What was there before belongs to the
-- installation: only who has the right everywhere may change it.
ALTER TABLE site_article ADD COLUMN unit_id TEXT REFERENCES unit (id);
ALTER TABLE site_fact ADD COLUMN unit_id TEXT REFERENCES unit (id);
ALTER TABLE site_service ADD COLUMN unit_id TEXT REFERENCES unit (id);
ALTER TABLE site_order ADD COLUMN unit_id TEXT REFERENCES unit (id);

-- Of something new, the unit that will keep it.
ALTER TABLE site_proposal ADD COLUMN unit_id TEXT REFERENCES unit (id);

-- +goose Down
ALTER TABLE site_proposal DROP COLUMN unit_id;
ALTER TABLE site_order DROP COLUMN unit_id;
ALTER TABLE site_service DROP COLUMN unit_id;
ALTER TABLE site_fact DROP COLUMN unit_id;
ALTER TABLE site_article DROP COLUMN unit_id;
