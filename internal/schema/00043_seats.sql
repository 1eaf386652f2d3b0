-- +goose Up

-- Somebody's way into a training, one row for each. A seat is in all sessions of the training that are held, so that there are as many
-- as the smallest room has. It is taken while the booking is offered or confirmed; whoever changes one holds the training's row.
CREATE TABLE booking (
    id           TEXT PRIMARY KEY,
    training_id  TEXT NOT NULL REFERENCES training (id),
    person_id    TEXT NOT NULL REFERENCES person (id),
    state        TEXT NOT NULL, -- applied | offered | confirmed | waiting | declined | refused | lapsed | cancelled
    origin       TEXT NOT NULL, -- invited | applied | superior (a unit's places) | added (by who keeps the list) | hall (came without a seat)
    -- Whose quota the seat counts in, as it was when the booking was made: people change units.
    unit_id      TEXT NOT NULL REFERENCES unit (id),
    organisation TEXT NOT NULL DEFAULT '',
    region       TEXT NOT NULL DEFAULT '',
    queued_at    BIGINT,        -- since when somebody waits; the queue's order, then the id
    offer_until  BIGINT,        -- when an offer lapses
    accepted_at  BIGINT,        -- the person wants the seat; an offer that was accepted waits for the superior
    superior     TEXT NOT NULL DEFAULT '', -- the address to which the request for delegation went
    delegated_at BIGINT,        -- the superior's written consent; on paper, when it was entered
    delegated_on TEXT NOT NULL DEFAULT '', -- link | paper | places
    reason       TEXT NOT NULL DEFAULT '', -- of the last refusal or cancellation
    -- What the person was told last, and when the next letter is due: what changes back before it leaves is never told.
    told          TEXT NOT NULL DEFAULT '',
    told_sessions TEXT NOT NULL DEFAULT '{}', -- a digest of each session that was told of
    letter_at     BIGINT,
    sequence     BIGINT NOT NULL DEFAULT 0, -- rises with each calendar letter of this booking
    created_at   BIGINT NOT NULL,
    changed_at   BIGINT NOT NULL,
    UNIQUE (training_id, person_id)
);
CREATE INDEX booking_person ON booking (person_id);
CREATE INDEX booking_queue ON booking (training_id, state, queued_at, person_id); -- with who it is, for lists that look at many
CREATE INDEX booking_offer ON booking (offer_until) WHERE state = 'offered';
CREATE INDEX booking_letter ON booking (letter_at) WHERE letter_at IS NOT NULL;

-- How a booking came to be what it is.
CREATE TABLE booking_event (
    id         TEXT PRIMARY KEY,
    booking_id TEXT NOT NULL REFERENCES booking (id),
    at         BIGINT NOT NULL,
    by_person  TEXT NOT NULL DEFAULT '', -- '' for who answered by a letter's link, and for the program
    state      TEXT NOT NULL,
    reason     TEXT NOT NULL DEFAULT '',
    act        TEXT NOT NULL,            -- the same for all that one act changed, which is undone together
    before     TEXT NOT NULL DEFAULT ''  -- the booking as it was, '' if there was none
);
CREATE INDEX booking_event_act ON booking_event (act);
CREATE INDEX booking_event_booking ON booking_event (booking_id);

-- A letter's link: opens a page with a button, and is used up by the button alone.
CREATE TABLE booking_link (
    token_hash TEXT PRIMARY KEY,
    booking_id TEXT NOT NULL REFERENCES booking (id),
    purpose    TEXT NOT NULL, -- answer (accept or decline) | delegate
    expires_at BIGINT NOT NULL,
    used_at    BIGINT
);
CREATE INDEX booking_link_booking ON booking_link (booking_id);

-- Places that a unit's superior may give out.
CREATE TABLE booking_places (
    training_id TEXT NOT NULL REFERENCES training (id),
    unit_id     TEXT NOT NULL REFERENCES unit (id),
    places      BIGINT NOT NULL,
    until       BIGINT NOT NULL, -- then what was not given out is free for all
    PRIMARY KEY (training_id, unit_id)
);

-- Who wants to be trained when there is a date.
CREATE TABLE training_interest (
    person_id    TEXT NOT NULL REFERENCES person (id),
    programme_id TEXT NOT NULL, -- '' for any
    created_at   BIGINT NOT NULL,
    PRIMARY KEY (person_id, programme_id)
);

-- The secret address of a person's calendar. It can be renewed, which ends the one before.
CREATE TABLE calendar_feed (
    person_id  TEXT PRIMARY KEY REFERENCES person (id),
    token_hash TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

-- Entries for the recipient's calendar, which a letter brings: method and file of each.
ALTER TABLE mail ADD COLUMN calendar TEXT NOT NULL DEFAULT '[]';

-- +goose Down
ALTER TABLE mail DROP COLUMN calendar;
DROP TABLE calendar_feed;
DROP TABLE training_interest;
DROP TABLE booking_places;
DROP TABLE booking_link;
DROP TABLE booking_event;
DROP TABLE booking;
