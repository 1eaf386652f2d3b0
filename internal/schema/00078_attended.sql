-- +goose Up

-- A random name of what is written of who was at a session, new with each change of it: reports keep what they read for as long as its name stands.
ALTER TABLE training_session ADD COLUMN attended TEXT NOT NULL DEFAULT '';
DROP VIEW classroom_half;
CREATE VIEW classroom_half AS
SELECT s.id, s.training_id, s.starts_at, (s.ends_at - s.starts_at) / 60000000 AS minutes, s.attended
FROM training_session s JOIN training t ON t.id = s.training_id WHERE s.cancelled_at IS NULL AND t.cancelled_at IS NULL AND t.put_off_at IS NULL;
-- One view says who was there.
DROP VIEW classroom_there;

-- +goose Down
CREATE VIEW classroom_there AS
SELECT a.training_id, a.person_id, s.starts_at FROM attendance a JOIN training_session s ON s.id = a.session_id WHERE a.state = 'present';
DROP VIEW classroom_half;
CREATE VIEW classroom_half AS
SELECT s.id, s.training_id, s.starts_at, (s.ends_at - s.starts_at) / 60000000 AS minutes
FROM training_session s JOIN training t ON t.id = s.training_id WHERE s.cancelled_at IS NULL AND t.cancelled_at IS NULL AND t.put_off_at IS NULL;
ALTER TABLE training_session DROP COLUMN attended;
