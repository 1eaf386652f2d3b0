-- +goose Up

-- Lists of people are read in an order that an index has, and counted by indexes alone: in a list of 60,000 a row that is
-- looked up only to be skipped or counted costs more than all else.
DROP INDEX person_sort;
CREATE INDEX person_sort ON person (sort_key, id, state, unit_id, region);
CREATE INDEX person_state ON person (state, sort_key, id, unit_id);
CREATE INDEX person_added ON person (created_at, sort_key, id, unit_id);
DROP INDEX person_unit;
CREATE INDEX person_unit ON person (unit_id, state, region, id);

-- +goose Down
DROP INDEX person_unit;
CREATE INDEX person_unit ON person (unit_id);
DROP INDEX person_added;
DROP INDEX person_state;
DROP INDEX person_sort;
CREATE INDEX person_sort ON person (sort_key, id);
