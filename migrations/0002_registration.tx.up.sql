-- How an edition takes registrations: its rules and its form (app/registration).
CREATE TABLE registration_setup (
    edition_id TEXT PRIMARY KEY REFERENCES edition (id),
    rules      TEXT NOT NULL,
    form       TEXT NOT NULL,
    version    BIGINT NOT NULL
);

-- pending waits for an organiser's word, not for a place. party is the id of
-- the registration that came with its colleagues. joined is the position at
-- which the line was entered. reminded counts the reminders sent.
ALTER TABLE registration ADD COLUMN pending BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE registration ADD COLUMN party TEXT NOT NULL DEFAULT '';
ALTER TABLE registration ADD COLUMN together BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE registration ADD COLUMN joined BIGINT NOT NULL DEFAULT 0;
ALTER TABLE registration ADD COLUMN hold_id TEXT NOT NULL DEFAULT '';
ALTER TABLE registration ADD COLUMN offer_until TIMESTAMPTZ;
ALTER TABLE registration ADD COLUMN asked_at TIMESTAMPTZ;
ALTER TABLE registration ADD COLUMN coming_at TIMESTAMPTZ;
ALTER TABLE registration ADD COLUMN consent_at TIMESTAMPTZ;
ALTER TABLE registration ADD COLUMN reminded BIGINT NOT NULL DEFAULT 0;
CREATE INDEX registration_offer ON registration (offer_until) WHERE state = 'offered';
CREATE INDEX registration_party ON registration (party) WHERE party <> '';

CREATE INDEX mail_person ON mail (edition_id, email);

-- Places held back: for a purpose, behind a code, or for one invited person.
-- place.held is the sum of seats - used over those that are not released.
CREATE TABLE hold (
    id          TEXT PRIMARY KEY,
    edition_id  TEXT NOT NULL REFERENCES edition (id),
    kind        TEXT NOT NULL,
    name        TEXT NOT NULL,
    code        TEXT NOT NULL,
    email       TEXT NOT NULL,
    seats       BIGINT NOT NULL,
    used        BIGINT NOT NULL,
    release_at  TIMESTAMPTZ,
    released_at TIMESTAMPTZ,
    created_at  TIMESTAMPTZ NOT NULL,
    CHECK (used >= 0 AND used <= seats)
);
CREATE UNIQUE INDEX hold_code ON hold (edition_id, code) WHERE code <> '';
CREATE INDEX hold_edition ON hold (edition_id);

-- What the places were at the end of each hour in which something changed.
CREATE TABLE tally (
    edition_id TEXT NOT NULL REFERENCES edition (id),
    kind       TEXT NOT NULL,
    hour       TIMESTAMPTZ NOT NULL,
    capacity   BIGINT,
    taken      BIGINT NOT NULL,
    waiting    BIGINT NOT NULL,
    PRIMARY KEY (edition_id, kind, hour)
);

-- A form filled in before the opening, found again by its owner's secret, and a
-- list that was sent in and waits for the organiser's yes (app/registration).
CREATE TABLE draft (
    hash       TEXT PRIMARY KEY,
    edition_id TEXT NOT NULL REFERENCES edition (id),
    form       TEXT NOT NULL,
    saved_at   TIMESTAMPTZ NOT NULL
);
CREATE INDEX draft_saved ON draft (saved_at);
CREATE TABLE list_import (
    id         TEXT PRIMARY KEY,
    edition_id TEXT NOT NULL REFERENCES edition (id),
    person_id  TEXT NOT NULL,
    list       TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

-- Workshops and topic tables with places of their own (app/workshop). A row
-- without a session is a topic table. audience empty is for everybody.
CREATE TABLE workshop (
    id         TEXT PRIMARY KEY,
    edition_id TEXT NOT NULL REFERENCES edition (id),
    session_id TEXT REFERENCES session (id) ON DELETE CASCADE,
    title      TEXT NOT NULL,
    about      TEXT NOT NULL,
    audience   TEXT NOT NULL,
    capacity   BIGINT,
    taken      BIGINT NOT NULL,
    waiting    BIGINT NOT NULL,
    line       BIGINT NOT NULL,
    rank       BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    CHECK (taken >= 0 AND waiting >= 0),
    CHECK (taken <= capacity)
);
CREATE UNIQUE INDEX workshop_session ON workshop (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX workshop_edition ON workshop (edition_id, rank);
CREATE TABLE sign_up (
    id              TEXT PRIMARY KEY,
    workshop_id     TEXT NOT NULL REFERENCES workshop (id) ON DELETE CASCADE,
    registration_id TEXT NOT NULL REFERENCES registration (id),
    state           TEXT NOT NULL,
    line            BIGINT NOT NULL,
    created_at      TIMESTAMPTZ NOT NULL,
    changed_at      TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX sign_up_once ON sign_up (workshop_id, registration_id) WHERE state <> 'cancelled';
CREATE INDEX sign_up_line ON sign_up (workshop_id, line) WHERE state = 'waiting';
CREATE INDEX sign_up_registration ON sign_up (registration_id);

-- Who is coming, for those who wish to be found; deleted after the day (app/meet).
CREATE TABLE listing (
    registration_id TEXT PRIMARY KEY REFERENCES registration (id),
    edition_id      TEXT NOT NULL REFERENCES edition (id),
    about           TEXT NOT NULL,
    topics          TEXT NOT NULL,
    created_at      TIMESTAMPTZ NOT NULL
);
CREATE INDEX listing_edition ON listing (edition_id);

-- What organisers write to groups of people (app/message).
CREATE TABLE message (
    id         TEXT PRIMARY KEY,
    edition_id TEXT NOT NULL REFERENCES edition (id),
    person_id  TEXT NOT NULL,
    audience   TEXT NOT NULL,
    subject    TEXT NOT NULL,
    body       TEXT NOT NULL,
    version    BIGINT NOT NULL,
    letters    BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    sent_at    TIMESTAMPTZ
);
CREATE INDEX message_edition ON message (edition_id, created_at);
