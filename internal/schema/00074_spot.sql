-- +goose Up

-- An on-the-spot check of a project: so many people drawn from those whom it counts. The sample follows from the seed and the people alone (decision 67).
CREATE TABLE spot_check (
    id         TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES project (id),
    fund_id    TEXT NOT NULL,
    period     BIGINT NOT NULL,                      -- number of the period, 0 of all
    draw       BIGINT NOT NULL,                      -- from 1 for the same project, fund and period
    wanted     BIGINT NOT NULL,
    counted    BIGINT NOT NULL,                      -- how many people it was drawn from
    seed       TEXT NOT NULL,
    digest     TEXT NOT NULL,                        -- SHA-256 of who they were
    reason     TEXT NOT NULL,                        -- of a further draw
    at         BIGINT NOT NULL,
    actor_id   TEXT NOT NULL,
    UNIQUE (project_id, fund_id, period, draw)
);
CREATE TABLE spot_check_person (
    check_id  TEXT NOT NULL REFERENCES spot_check (id),
    place     BIGINT NOT NULL,                       -- from 1
    person_id TEXT NOT NULL REFERENCES person (id),
    PRIMARY KEY (check_id, place)
);
-- Whose name was looked at, and that the papers were taken away.
CREATE TABLE spot_check_act (
    id       TEXT PRIMARY KEY,
    check_id TEXT NOT NULL REFERENCES spot_check (id),
    act      TEXT NOT NULL,                          -- revealed | papers
    place    BIGINT NOT NULL,                        -- whose name; 0 of the papers
    reason   TEXT NOT NULL,
    at       BIGINT NOT NULL,
    actor_id TEXT NOT NULL
);
CREATE INDEX spot_check_act_check ON spot_check_act (check_id, at);

-- +goose Down
DROP TABLE spot_check_act;
DROP TABLE spot_check_person;
DROP TABLE spot_check;
