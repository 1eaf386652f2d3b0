-- +goose Up

-- The newest finished sittings of a form, which the item analysis and the balance of forms read.
CREATE INDEX sitting_form_done ON sitting (form_id, state, wave, submitted_at);
DROP INDEX sitting_form;

-- +goose Down
CREATE INDEX sitting_form ON sitting (form_id, wave);
DROP INDEX sitting_form_done;
