-- Certificates (app/certificate): also of speaking, with what they say kept as it was
-- given out, revoked with a reason, and renewed. A table is made anew because a person
-- may now have several.
CREATE TABLE certificate_new (
    id              TEXT PRIMARY KEY,
    edition_id      TEXT NOT NULL REFERENCES edition (id),
    kind            TEXT NOT NULL,
    registration_id TEXT NOT NULL,
    speaker_id      TEXT NOT NULL,
    person_id       TEXT NOT NULL,
    code            TEXT NOT NULL UNIQUE,
    number          BIGINT NOT NULL,
    name            TEXT NOT NULL,
    facts           TEXT NOT NULL,
    issued_at       TIMESTAMPTZ NOT NULL,
    revoked_at      TIMESTAMPTZ,
    reason          TEXT NOT NULL,
    note            TEXT NOT NULL,
    told_at         TIMESTAMPTZ,
    UNIQUE (edition_id, number)
);
INSERT INTO certificate_new (id, edition_id, kind, registration_id, speaker_id, person_id, code, number, name, facts, issued_at, revoked_at, reason, note, told_at)
SELECT c.id, c.edition_id, 'attendance', c.registration_id, '', r.person_id, c.code, c.number, r.name, '{"door":true}', c.issued_at, c.revoked_at,
    CASE WHEN c.revoked_at IS NULL THEN '' ELSE 'other' END, '', c.issued_at
FROM certificate AS c JOIN registration AS r ON r.id = c.registration_id;
DROP TABLE certificate;
ALTER TABLE certificate_new RENAME TO certificate;
-- One that holds for each registration and each speaker; those before it are revoked.
CREATE UNIQUE INDEX certificate_holds ON certificate (edition_id, kind, registration_id, speaker_id) WHERE revoked_at IS NULL;
CREATE INDEX certificate_person ON certificate (person_id);

-- What an edition's certificates say and to whom they are given.
CREATE TABLE certificate_rules (
    edition_id      TEXT PRIMARY KEY REFERENCES edition (id),
    basis           TEXT NOT NULL,
    minutes         BIGINT NOT NULL,
    remote          TEXT NOT NULL,
    remote_minutes  BIGINT NOT NULL,
    speaking        BOOLEAN NOT NULL,
    letter          BOOLEAN NOT NULL,
    own             TEXT NOT NULL,
    signers         TEXT NOT NULL,
    version         BIGINT NOT NULL,
    changed_at      TIMESTAMPTZ NOT NULL
);

-- An organiser's word that somebody was there, or was not.
CREATE TABLE certificate_word (
    registration_id TEXT PRIMARY KEY REFERENCES registration (id),
    edition_id      TEXT NOT NULL,
    present         BOOLEAN NOT NULL,
    minutes         BIGINT NOT NULL,
    person_id       TEXT NOT NULL,
    at              TIMESTAMPTZ NOT NULL
);
CREATE INDEX certificate_word_edition ON certificate_word (edition_id);

-- How long who joined with their ticket was in the live rooms; not in which ones.
CREATE TABLE certificate_presence (
    registration_id TEXT PRIMARY KEY REFERENCES registration (id),
    edition_id      TEXT NOT NULL,
    seconds         BIGINT NOT NULL,
    since           TIMESTAMPTZ NOT NULL,
    seen_at         TIMESTAMPTZ NOT NULL
);
CREATE INDEX certificate_presence_edition ON certificate_presence (edition_id);
