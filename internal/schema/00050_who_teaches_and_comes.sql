-- +goose Up

-- The powiat that a unit works for; '' leaves it to the unit above. Plans of trainings promise people of powiats.
ALTER TABLE unit ADD COLUMN powiat TEXT NOT NULL DEFAULT '';

-- Which kind of institution a unit is or is part of, and which powiat it works for: what it says itself, or else the nearest above it that
-- says something. '' where nobody does.
CREATE VIEW identity_institution AS
SELECT u.id AS unit_id,
    COALESCE((SELECT v.kind FROM unit v WHERE v.kind <> 'other' AND SUBSTR(u.path, 1, LENGTH(v.path)) = v.path ORDER BY LENGTH(v.path) DESC LIMIT 1), '') AS kind,
    COALESCE((SELECT v.powiat FROM unit v WHERE v.powiat <> '' AND SUBSTR(u.path, 1, LENGTH(v.path)) = v.path ORDER BY LENGTH(v.path) DESC LIMIT 1), '') AS powiat
FROM unit u;

-- Who is to be in which session, and what they do there: those whom the session names, or else all of the training. Who observes is in every one.
DROP VIEW classroom_teaches;
CREATE VIEW classroom_teaches AS
SELECT s.id AS session_id, s.training_id, t.person_id, t.part FROM training_trainer t JOIN training_session s ON s.training_id = t.training_id
WHERE t.part = 'observer' OR NOT EXISTS (SELECT 1 FROM session_trainer y WHERE y.session_id = s.id)
    OR EXISTS (SELECT 1 FROM session_trainer y WHERE y.session_id = s.id AND y.person_id = t.person_id)
UNION ALL
SELECT y.session_id, s.training_id, y.person_id, 'co' FROM session_trainer y JOIN training_session s ON s.id = y.session_id
WHERE NOT EXISTS (SELECT 1 FROM training_trainer t WHERE t.training_id = s.training_id AND t.person_id = y.person_id);

-- +goose Down
DROP VIEW classroom_teaches;
CREATE VIEW classroom_teaches AS
SELECT x.session_id, s.training_id, x.person_id FROM session_trainer x JOIN training_session s ON s.id = x.session_id
UNION ALL
SELECT s.id, s.training_id, t.person_id FROM training_trainer t JOIN training_session s ON s.training_id = t.training_id
WHERE NOT EXISTS (SELECT 1 FROM session_trainer y WHERE y.session_id = s.id);
DROP VIEW identity_institution;
ALTER TABLE unit DROP COLUMN powiat;
