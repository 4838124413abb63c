-- What one installation remembers about itself, and who does a job now (app/db).
CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
CREATE TABLE lease (
    name   TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until  TIMESTAMPTZ NOT NULL
);
-- The stored answer of an act, so that repeating the act repeats the answer (app/db).
CREATE TABLE idempotency (
    scope      TEXT NOT NULL,
    key        TEXT NOT NULL,
    body_hash  TEXT NOT NULL,
    answer     TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_created ON idempotency (created_at);

-- Who did what (app/audit).
CREATE TABLE audit (
    id         TEXT PRIMARY KEY,
    at         TIMESTAMPTZ NOT NULL,
    person_id  TEXT NOT NULL,
    edition_id TEXT NOT NULL,
    act        TEXT NOT NULL,
    subject    TEXT NOT NULL,
    detail     TEXT NOT NULL
);
CREATE INDEX audit_edition ON audit (edition_id, at);

-- The outbox (app/mail): one row per recipient, written with the fact it tells.
CREATE TABLE mail (
    id         TEXT PRIMARY KEY,
    edition_id TEXT NOT NULL,
    email      TEXT NOT NULL,
    name       TEXT NOT NULL,
    language   TEXT NOT NULL,
    kind       TEXT NOT NULL,
    args       TEXT NOT NULL,
    attachment TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    next_at    TIMESTAMPTZ NOT NULL,
    attempts   BIGINT NOT NULL,
    sent_at    TIMESTAMPTZ,
    problem    TEXT NOT NULL
);
CREATE INDEX mail_due ON mail (next_at) WHERE sent_at IS NULL;
CREATE INDEX mail_edition ON mail (edition_id, created_at);
CREATE INDEX mail_again ON mail (email, created_at) WHERE kind = 'already_registered';

-- People and how they sign in (app/account).
CREATE TABLE person (
    id         TEXT PRIMARY KEY,
    email      TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    language   TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE sign_in_link (
    hash       TEXT PRIMARY KEY,
    person_id  TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    code_hash  TEXT NOT NULL,
    tries      BIGINT NOT NULL,
    next       TEXT NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at    TIMESTAMPTZ
);
CREATE INDEX sign_in_link_person ON sign_in_link (person_id);
CREATE TABLE login (
    hash       TEXT PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    person_id  TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    agent      TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    seen_at    TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX login_person ON login (person_id);
-- scope is 'all', 'series:ID' or 'edition:ID'.
CREATE TABLE role (
    person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    scope     TEXT NOT NULL,
    role      TEXT NOT NULL,
    PRIMARY KEY (person_id, scope, role)
);
CREATE INDEX role_scope ON role (scope);

-- Series and their editions (app/edition). revision is raised by whatever
-- changes a public page of the edition, so that pages can be kept.
CREATE TABLE series (
    id         TEXT PRIMARY KEY,
    slug       TEXT NOT NULL UNIQUE,
    title      TEXT NOT NULL,
    about      TEXT NOT NULL,
    hashtag    TEXT NOT NULL,
    accent     TEXT NOT NULL,
    date_rule  TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE edition (
    id         TEXT PRIMARY KEY,
    series_id  TEXT NOT NULL REFERENCES series (id),
    slug       TEXT NOT NULL,
    title      TEXT NOT NULL,
    lead       TEXT NOT NULL,
    city       TEXT NOT NULL,
    venue      TEXT NOT NULL,
    zone       TEXT NOT NULL,
    languages  TEXT NOT NULL,
    starts_at  TIMESTAMPTZ NOT NULL,
    ends_at    TIMESTAMPTZ NOT NULL,
    opens_at   TIMESTAMPTZ NOT NULL,
    closes_at  TIMESTAMPTZ NOT NULL,
    stream_url TEXT NOT NULL,
    practical  TEXT NOT NULL,
    revision   BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (series_id, slug)
);

-- Places and who holds them (app/registration). place is the one authority on
-- capacity; capacity NULL is unlimited.
CREATE TABLE place (
    edition_id TEXT NOT NULL REFERENCES edition (id),
    kind       TEXT NOT NULL,
    capacity   BIGINT,
    overbook   BIGINT NOT NULL,
    held       BIGINT NOT NULL,
    taken      BIGINT NOT NULL,
    waiting    BIGINT NOT NULL,
    line       BIGINT NOT NULL,
    PRIMARY KEY (edition_id, kind),
    CHECK (taken >= 0 AND waiting >= 0 AND held >= 0 AND overbook >= 0),
    CHECK (taken + held <= capacity + overbook)
);
CREATE TABLE registration (
    id           TEXT PRIMARY KEY,
    edition_id   TEXT NOT NULL REFERENCES edition (id),
    person_id    TEXT NOT NULL REFERENCES person (id),
    kind         TEXT NOT NULL,
    state        TEXT NOT NULL,
    meanwhile    BOOLEAN NOT NULL,
    line         BIGINT NOT NULL,
    code         TEXT NOT NULL UNIQUE,
    version      BIGINT NOT NULL,
    name         TEXT NOT NULL,
    email        TEXT NOT NULL,
    organisation TEXT NOT NULL,
    language     TEXT NOT NULL,
    photo        TEXT NOT NULL,
    needs        TEXT NOT NULL,
    answers      TEXT NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL,
    changed_at   TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX registration_once ON registration (edition_id, person_id) WHERE state <> 'cancelled';
CREATE INDEX registration_line ON registration (edition_id, kind, line) WHERE state = 'waiting';
CREATE INDEX registration_person ON registration (person_id);
CREATE INDEX registration_recent ON registration (edition_id, created_at);

-- The programme (app/program). A slot without a release belongs to the draft.
CREATE TABLE room (
    id          TEXT PRIMARY KEY,
    edition_id  TEXT NOT NULL REFERENCES edition (id),
    guid        TEXT NOT NULL,
    slug        TEXT NOT NULL,
    name        TEXT NOT NULL,
    description TEXT NOT NULL,
    capacity    BIGINT,
    stream_url  TEXT NOT NULL,
    rank        BIGINT NOT NULL,
    UNIQUE (edition_id, slug),
    UNIQUE (edition_id, guid)
);
CREATE TABLE track (
    id         TEXT PRIMARY KEY,
    edition_id TEXT NOT NULL REFERENCES edition (id),
    slug       TEXT NOT NULL,
    name       TEXT NOT NULL,
    color      TEXT NOT NULL,
    rank       BIGINT NOT NULL,
    UNIQUE (edition_id, slug)
);
CREATE TABLE session (
    id          TEXT PRIMARY KEY,
    edition_id  TEXT NOT NULL REFERENCES edition (id),
    guid        TEXT NOT NULL,
    slug        TEXT NOT NULL,
    title       TEXT NOT NULL,
    subtitle    TEXT NOT NULL,
    abstract    TEXT NOT NULL,
    description TEXT NOT NULL,
    language    TEXT NOT NULL,
    kind        TEXT NOT NULL,
    track_id    TEXT REFERENCES track (id),
    capacity    BIGINT,
    cancelled   BOOLEAN NOT NULL,
    extra       TEXT NOT NULL,
    version     BIGINT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    changed_at  TIMESTAMPTZ NOT NULL,
    UNIQUE (edition_id, slug),
    UNIQUE (edition_id, guid)
);
CREATE TABLE speaker (
    id         TEXT PRIMARY KEY,
    edition_id TEXT NOT NULL REFERENCES edition (id),
    guid       TEXT NOT NULL,
    slug       TEXT NOT NULL,
    name       TEXT NOT NULL,
    biography  TEXT NOT NULL,
    extra      TEXT NOT NULL,
    person_id  TEXT REFERENCES person (id),
    UNIQUE (edition_id, slug),
    UNIQUE (edition_id, guid)
);
CREATE TABLE session_speaker (
    session_id TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    speaker_id TEXT NOT NULL REFERENCES speaker (id) ON DELETE CASCADE,
    rank       BIGINT NOT NULL,
    PRIMARY KEY (session_id, speaker_id)
);
CREATE INDEX session_speaker_speaker ON session_speaker (speaker_id);
CREATE TABLE release (
    id          TEXT PRIMARY KEY,
    edition_id  TEXT NOT NULL REFERENCES edition (id),
    number      BIGINT NOT NULL,
    name        TEXT NOT NULL,
    note        TEXT NOT NULL,
    released_at TIMESTAMPTZ NOT NULL,
    UNIQUE (edition_id, number)
);
CREATE TABLE slot (
    id         TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    release_id TEXT REFERENCES release (id),
    room_id    TEXT REFERENCES room (id),
    starts_at  TIMESTAMPTZ NOT NULL,
    ends_at    TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX slot_draft ON slot (session_id) WHERE release_id IS NULL;
CREATE UNIQUE INDEX slot_released ON slot (release_id, session_id);

-- Material of sessions (app/material).
CREATE TABLE material (
    id         TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL,
    title      TEXT NOT NULL,
    url        TEXT NOT NULL,
    extra      TEXT NOT NULL,
    rank       BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX material_session ON material (session_id, rank);

-- Live rooms and their questions (app/qa). version is raised in the transaction
-- of every change; a changed question stores it. room_key is what voters and
-- askers are hashed with, emptied when the room closes. A question without a
-- name knows nobody: owner is the hash of a secret that only its asker holds.
CREATE TABLE live_room (
    session_id TEXT PRIMARY KEY REFERENCES session (id),
    epoch      TEXT NOT NULL,
    version    BIGINT NOT NULL,
    changed    BIGINT NOT NULL,
    state      TEXT NOT NULL,
    room_key   TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE question (
    id          TEXT PRIMARY KEY,
    session_id  TEXT NOT NULL REFERENCES live_room (session_id),
    version     BIGINT NOT NULL,
    state       TEXT NOT NULL,
    text        TEXT NOT NULL,
    original    TEXT NOT NULL,
    name        TEXT,
    person_id   TEXT REFERENCES person (id) ON DELETE SET NULL,
    owner       TEXT NOT NULL,
    asker       TEXT NOT NULL,
    source      TEXT NOT NULL,
    votes       BIGINT NOT NULL,
    rank        BIGINT NOT NULL,
    reason      TEXT NOT NULL,
    asked_at    TIMESTAMPTZ NOT NULL,
    now_at      TIMESTAMPTZ,
    answered_at TIMESTAMPTZ,
    CHECK (votes >= 0),
    CHECK (person_id IS NULL OR name IS NOT NULL)
);
CREATE INDEX question_session ON question (session_id, version);
CREATE UNIQUE INDEX question_now ON question (session_id) WHERE state = 'now';
CREATE INDEX question_asker ON question (asker, asked_at) WHERE asker <> '';
CREATE INDEX question_person ON question (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX question_owner ON question (owner) WHERE owner <> '';
CREATE TABLE vote (
    question_id TEXT NOT NULL REFERENCES question (id) ON DELETE CASCADE,
    voter       TEXT NOT NULL,
    session_id  TEXT NOT NULL,
    PRIMARY KEY (question_id, voter)
);
CREATE INDEX vote_voter ON vote (session_id, voter);
CREATE TABLE answer (
    id           TEXT PRIMARY KEY,
    question_id  TEXT NOT NULL REFERENCES question (id) ON DELETE CASCADE,
    speaker_id   TEXT REFERENCES speaker (id),
    name         TEXT NOT NULL,
    text         TEXT NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL
);
CREATE INDEX answer_question ON answer (question_id);

-- The door (app/door).
CREATE TABLE check_in (
    registration_id TEXT PRIMARY KEY REFERENCES registration (id),
    edition_id      TEXT NOT NULL,
    at              TIMESTAMPTZ NOT NULL,
    person_id       TEXT NOT NULL
);
CREATE INDEX check_in_edition ON check_in (edition_id);

-- Certificates (app/paper).
CREATE TABLE certificate (
    id              TEXT PRIMARY KEY,
    edition_id      TEXT NOT NULL REFERENCES edition (id),
    registration_id TEXT NOT NULL UNIQUE REFERENCES registration (id),
    code            TEXT NOT NULL UNIQUE,
    number          BIGINT NOT NULL,
    issued_at       TIMESTAMPTZ NOT NULL,
    revoked_at      TIMESTAMPTZ,
    UNIQUE (edition_id, number)
);
