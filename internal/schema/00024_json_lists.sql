-- +goose Up

-- What was a list in a string of its own form is JSON: languages were ' pl en ', per cent by topic was 'identify=62.5 law=100'.
-- Tags and names of topics have no character that JSON would write otherwise. Topics stay '' where there is no result.
-- See docs/decisions/0027.
UPDATE bank_version SET langs = CASE WHEN TRIM(langs) = '' THEN '[]' ELSE '["' || REPLACE(TRIM(langs), ' ', '","') || '"]' END;
UPDATE competence_test SET langs = CASE WHEN TRIM(langs) = '' THEN '[]' ELSE '["' || REPLACE(TRIM(langs), ' ', '","') || '"]' END;
UPDATE participant SET
    before_topics  = CASE WHEN before_topics  = '' THEN '' ELSE '{"' || REPLACE(REPLACE(before_topics,  '=', '":'), ' ', ',"') || '}' END,
    after_topics   = CASE WHEN after_topics   = '' THEN '' ELSE '{"' || REPLACE(REPLACE(after_topics,   '=', '":'), ' ', ',"') || '}' END,
    week_topics    = CASE WHEN week_topics    = '' THEN '' ELSE '{"' || REPLACE(REPLACE(week_topics,    '=', '":'), ' ', ',"') || '}' END,
    months3_topics = CASE WHEN months3_topics = '' THEN '' ELSE '{"' || REPLACE(REPLACE(months3_topics, '=', '":'), ' ', ',"') || '}' END,
    months6_topics = CASE WHEN months6_topics = '' THEN '' ELSE '{"' || REPLACE(REPLACE(months6_topics, '=', '":'), ' ', ',"') || '}' END;

-- +goose Down
UPDATE participant SET
    before_topics  = REPLACE(REPLACE(REPLACE(REPLACE(before_topics,  '{"', ''), '}', ''), '":', '='), ',"', ' '),
    after_topics   = REPLACE(REPLACE(REPLACE(REPLACE(after_topics,   '{"', ''), '}', ''), '":', '='), ',"', ' '),
    week_topics    = REPLACE(REPLACE(REPLACE(REPLACE(week_topics,    '{"', ''), '}', ''), '":', '='), ',"', ' '),
    months3_topics = REPLACE(REPLACE(REPLACE(REPLACE(months3_topics, '{"', ''), '}', ''), '":', '='), ',"', ' '),
    months6_topics = REPLACE(REPLACE(REPLACE(REPLACE(months6_topics, '{"', ''), '}', ''), '":', '='), ',"', ' ');
UPDATE competence_test SET langs = REPLACE(REPLACE(REPLACE(langs, '["', ' '), '"]', ' '), '","', ' ');
UPDATE bank_version SET langs = REPLACE(REPLACE(REPLACE(langs, '["', ' '), '"]', ' '), '","', ' ');
