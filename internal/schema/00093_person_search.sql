-- +goose Up

-- The one search stands on every page: it reads this narrow index, and of the wide rows of people those alone that match.
CREATE INDEX person_search ON person (search_text, state, unit_id, id);

-- +goose Down
DROP INDEX person_search;
