-- The door (app/door): how an edition keeps it, the phones it is kept with, what
-- they read, and where everybody is. change counts what those phones must hear of.
CREATE TABLE door_setup (
    edition_id TEXT PRIMARY KEY REFERENCES edition (id),
    change     BIGINT NOT NULL,
    release_at TIMESTAMPTZ
);

-- A device holds link_hash until somebody has joined by its link, secret_hash
-- from then on, and neither once it is revoked.
CREATE TABLE door_device (
    id          TEXT PRIMARY KEY,
    edition_id  TEXT NOT NULL REFERENCES edition (id),
    name        TEXT NOT NULL,
    session_id  TEXT NOT NULL,
    prints      BOOLEAN NOT NULL,
    link_hash   TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    waiting     BIGINT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    joined_at   TIMESTAMPTZ,
    seen_at     TIMESTAMPTZ,
    revoked_at  TIMESTAMPTZ
);
CREATE INDEX door_device_edition ON door_device (edition_id);
CREATE UNIQUE INDEX door_device_link ON door_device (link_hash) WHERE link_hash <> '';
CREATE UNIQUE INDEX door_device_secret ON door_device (secret_hash) WHERE secret_hash <> '';

-- What was read, never changed but for what it came to. The id is made where it was
-- read; session_id is empty at the door itself.
CREATE TABLE door_scan (
    id              TEXT PRIMARY KEY,
    edition_id      TEXT NOT NULL REFERENCES edition (id),
    registration_id TEXT NOT NULL REFERENCES registration (id),
    session_id      TEXT NOT NULL,
    act             TEXT NOT NULL,
    means           TEXT NOT NULL,
    version         BIGINT NOT NULL,
    device_id       TEXT NOT NULL,
    person_id       TEXT NOT NULL,
    at              TIMESTAMPTZ NOT NULL,
    received_at     TIMESTAMPTZ NOT NULL,
    verdict         TEXT NOT NULL,
    against         TEXT NOT NULL,
    change          BIGINT NOT NULL
);
CREATE INDEX door_scan_registration ON door_scan (registration_id);
CREATE INDEX door_scan_told ON door_scan (edition_id, change) WHERE verdict IN ('again', 'outdated', 'refused');

-- What the scans of a registration at one place come to; first_at is empty when
-- everything there was taken back.
CREATE TABLE presence (
    registration_id TEXT NOT NULL REFERENCES registration (id),
    session_id      TEXT NOT NULL,
    edition_id      TEXT NOT NULL REFERENCES edition (id),
    first_at        TIMESTAMPTZ,
    last_at         TIMESTAMPTZ NOT NULL,
    inside          BOOLEAN NOT NULL,
    seconds         BIGINT NOT NULL,
    device_id       TEXT NOT NULL,
    person_id       TEXT NOT NULL,
    change          BIGINT NOT NULL,
    PRIMARY KEY (registration_id, session_id)
);
CREATE INDEX presence_change ON presence (edition_id, change);

-- What the organiser wants said when somebody comes.
CREATE TABLE door_note (
    registration_id TEXT PRIMARY KEY REFERENCES registration (id),
    edition_id      TEXT NOT NULL REFERENCES edition (id),
    note            TEXT NOT NULL,
    changed_at      TIMESTAMPTZ NOT NULL
);
CREATE INDEX door_note_edition ON door_note (edition_id);

-- Those who had arrived before there were scans have one now, under their own id.
INSERT INTO door_setup (edition_id, change) SELECT DISTINCT edition_id, 1 FROM check_in WHERE edition_id IN (SELECT id FROM edition);
INSERT INTO door_scan (id, edition_id, registration_id, session_id, act, means, version, device_id, person_id, at, received_at, verdict, against, change)
    SELECT c.registration_id, r.edition_id, c.registration_id, '', 'in', 'code', r.version, '', c.person_id, c.at, c.at, 'came', '', 1
    FROM check_in c JOIN registration r ON r.id = c.registration_id;
INSERT INTO presence (registration_id, session_id, edition_id, first_at, last_at, inside, seconds, device_id, person_id, change)
    SELECT c.registration_id, '', r.edition_id, c.at, c.at, TRUE, 0, '', c.person_id, 1
    FROM check_in c JOIN registration r ON r.id = c.registration_id;
