-- +goose Up

-- Forms on paper, typed in (decision 0045). A sheet that was read twice and handed in becomes the sitting's answers and result; what stands
-- here is how it got there.
ALTER TABLE sitting ADD COLUMN paper_form_id TEXT REFERENCES test_form (id); -- was printed for it; NULL: none was
ALTER TABLE sitting ADD COLUMN typed_at BIGINT;                              -- handed in from paper; NULL: sat online

-- JSON: places in the order of the halves that came back with spare sheets on which nobody wrote; the next who begin take them first.
ALTER TABLE measurement ADD COLUMN returned TEXT NOT NULL DEFAULT '[]';

-- The sheets whose first reading was ended together, and of which some are read a second time.
CREATE TABLE paper_batch (
    id             TEXT PRIMARY KEY,
    measurement_id TEXT NOT NULL REFERENCES measurement (id),
    wave           TEXT NOT NULL,
    number         INTEGER NOT NULL,          -- 1, 2 … of the wave
    seed           BIGINT NOT NULL,           -- of the draw, made when the first reading had ended
    every          BOOLEAN NOT NULL,          -- too many differences: every sheet is read again
    written_at     BIGINT NOT NULL,           -- when the sheets were filled in
    drawn_at       BIGINT NOT NULL,
    drawn_by       TEXT NOT NULL,
    done_at        BIGINT,                    -- handed in
    UNIQUE (measurement_id, wave, number)
);

CREATE TABLE paper_sheet (
    id             TEXT PRIMARY KEY,
    measurement_id TEXT NOT NULL REFERENCES measurement (id),
    wave           TEXT NOT NULL,
    number         INTEGER NOT NULL,          -- of the person or the spare sheet, at all waves
    code           TEXT NOT NULL,             -- as printed: wave, form, number and two letters by chance
    form_id        TEXT NOT NULL REFERENCES test_form (id),
    seed           BIGINT NOT NULL,           -- of the order in which the choices are printed
    lang           TEXT NOT NULL,
    place          INTEGER,                   -- of a spare sheet in the order of the halves; NULL: it takes none
    spare          BOOLEAN NOT NULL,          -- printed for whoever comes
    sitting_id     TEXT REFERENCES sitting (id), -- NULL: a spare sheet that is nobody's yet
    printed_at     BIGINT NOT NULL,
    printed_by     TEXT NOT NULL,
    void_at        BIGINT,                    -- not to be used: a spare sheet that came back, or one for which another was written
    reason         TEXT NOT NULL DEFAULT '',  -- why it counts though there are answers online, or its form is not the planned one
    batch_id       TEXT REFERENCES paper_batch (id),
    drawn          BOOLEAN NOT NULL DEFAULT FALSE, -- to be read a second time
    settled        TEXT NOT NULL DEFAULT '{}', -- JSON: question -> value, reason, who and when: differences and corrections
    UNIQUE (measurement_id, code)
);
CREATE INDEX paper_sheet_sitting ON paper_sheet (sitting_id);

CREATE TABLE paper_reading (
    sheet_id TEXT NOT NULL REFERENCES paper_sheet (id),
    reading  INTEGER NOT NULL,                -- 1 | 2
    cells    TEXT NOT NULL,                   -- JSON: question -> as typed
    typed_at BIGINT NOT NULL,
    typed_by TEXT NOT NULL,
    PRIMARY KEY (sheet_id, reading)
);

-- +goose Down
DROP TABLE paper_reading;
DROP TABLE paper_sheet;
DROP TABLE paper_batch;
ALTER TABLE measurement DROP COLUMN returned;
ALTER TABLE sitting DROP COLUMN typed_at;
ALTER TABLE sitting DROP COLUMN paper_form_id;
