-- Files (app/file): what was sent in, whole. The bytes lie in the store under the
-- file's id; the name is only what its sender called it. scope says what it was
-- sent for, and so who may take it up ("session:ID", "speaker:ID", "edition:ID").
CREATE TABLE file (
    id         TEXT PRIMARY KEY,
    edition_id TEXT NOT NULL,
    scope      TEXT NOT NULL,
    name       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    size       BIGINT NOT NULL,
    sha256     TEXT NOT NULL,
    width      BIGINT NOT NULL,
    height     BIGINT NOT NULL,
    reading    TEXT NOT NULL,
    kept       BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX file_edition ON file (edition_id);
CREATE INDEX file_loose ON file (created_at) WHERE NOT kept;
CREATE INDEX file_reading ON file (created_at) WHERE reading = 'wanted';
-- The words that a file holds, for the search.
CREATE TABLE file_text (
    file_id TEXT PRIMARY KEY REFERENCES file (id) ON DELETE CASCADE,
    text    TEXT NOT NULL
);
-- What is being sent in, part by part: received grows by a conditional update,
-- which also writes down under which names the parts lie in the store (parts).
CREATE TABLE upload (
    id         TEXT PRIMARY KEY,
    edition_id TEXT NOT NULL,
    scope      TEXT NOT NULL,
    name       TEXT NOT NULL,
    size       BIGINT NOT NULL,
    received   BIGINT NOT NULL,
    parts      TEXT NOT NULL,
    file_id    TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX upload_changed ON upload (changed_at);

-- Material (app/material) is a file, a link or a recording at an address that
-- stays; each new version is a row of material_version, the newest stands in
-- material too. visibility: public, registered, hidden; shown: now, after (the
-- session), at (shown_at).
ALTER TABLE material ADD COLUMN edition_id TEXT NOT NULL DEFAULT '';
ALTER TABLE material ADD COLUMN slug TEXT NOT NULL DEFAULT '';
ALTER TABLE material ADD COLUMN file_id TEXT NOT NULL DEFAULT '';
ALTER TABLE material ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE material ADD COLUMN visibility TEXT NOT NULL DEFAULT 'public';
ALTER TABLE material ADD COLUMN shown TEXT NOT NULL DEFAULT 'now';
ALTER TABLE material ADD COLUMN shown_at TIMESTAMPTZ;
ALTER TABLE material ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE material ADD COLUMN licence TEXT NOT NULL DEFAULT '';
-- speaker_id is whose consent it hangs on, if a speaker brought it.
ALTER TABLE material ADD COLUMN speaker_id TEXT NOT NULL DEFAULT '';
-- recorded_at is the moment at which a recording begins.
ALTER TABLE material ADD COLUMN recorded_at TIMESTAMPTZ;
ALTER TABLE material ADD COLUMN captions TEXT NOT NULL DEFAULT '[]';
ALTER TABLE material ADD COLUMN transcript_url TEXT NOT NULL DEFAULT '';
ALTER TABLE material ADD COLUMN changed_at TIMESTAMPTZ;
UPDATE material SET slug = id, changed_at = created_at,
    edition_id = (SELECT edition_id FROM session WHERE session.id = material.session_id);
CREATE UNIQUE INDEX material_slug ON material (edition_id, slug);
CREATE TABLE material_version (
    material_id TEXT NOT NULL REFERENCES material (id) ON DELETE CASCADE,
    number      BIGINT NOT NULL,
    file_id     TEXT NOT NULL,
    url         TEXT NOT NULL,
    person_id   TEXT NOT NULL,
    speaker_id  TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (material_id, number)
);
INSERT INTO material_version (material_id, number, file_id, url, person_id, speaker_id, created_at)
    SELECT id, 1, '', url, '', '', created_at FROM material;
-- Speakers who took their consent back: what hangs on it is not shown.
CREATE TABLE withdrawn (
    speaker_id TEXT NOT NULL,
    part       TEXT NOT NULL,
    edition_id TEXT NOT NULL,
    PRIMARY KEY (speaker_id, part)
);
-- How often something was opened on a day of the edition's clock; nobody's name.
CREATE TABLE download (
    material_id TEXT NOT NULL REFERENCES material (id) ON DELETE CASCADE,
    day         TEXT NOT NULL,
    n           BIGINT NOT NULL,
    PRIMARY KEY (material_id, day)
);
-- What a session does not owe, although others of its kind do (app/speaking).
CREATE TABLE spared (
    session_id TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    item       TEXT NOT NULL,
    PRIMARY KEY (session_id, item)
);

-- Speakers (app/program): a picture, and who is the same human in other editions:
-- rows with the same who are.
ALTER TABLE speaker ADD COLUMN picture TEXT NOT NULL DEFAULT '';
ALTER TABLE speaker ADD COLUMN who TEXT NOT NULL DEFAULT '';
ALTER TABLE speaker ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
UPDATE speaker SET who = COALESCE(person_id, id);
CREATE INDEX speaker_who ON speaker (who);

-- The speaker's own side (app/speaking): their link, their word, what may be published.
CREATE TABLE speaking (
    speaker_id      TEXT PRIMARY KEY REFERENCES speaker (id) ON DELETE CASCADE,
    edition_id      TEXT NOT NULL,
    email           TEXT NOT NULL,
    language        TEXT NOT NULL,
    state           TEXT NOT NULL,
    link            BIGINT NOT NULL,
    version         BIGINT NOT NULL,
    hold_id         TEXT NOT NULL,
    registration_id TEXT NOT NULL,
    guest           BOOLEAN NOT NULL,
    consent         TEXT NOT NULL,
    licence         TEXT NOT NULL,
    consent_at      TIMESTAMPTZ,
    withheld        TEXT NOT NULL,
    original        TEXT NOT NULL,
    note            TEXT NOT NULL,
    equipment       TEXT NOT NULL,
    practical_at    TIMESTAMPTZ,
    invited_at      TIMESTAMPTZ,
    answered_at     TIMESTAMPTZ,
    opened_at       TIMESTAMPTZ,
    reminded_at     TIMESTAMPTZ,
    untold          TEXT NOT NULL,
    untold_at       TIMESTAMPTZ,
    told_at         TIMESTAMPTZ,
    created_at      TIMESTAMPTZ NOT NULL
);
CREATE INDEX speaking_edition ON speaking (edition_id);
CREATE INDEX speaking_registration ON speaking (registration_id) WHERE registration_id <> '';
CREATE INDEX speaking_withheld ON speaking (withheld) WHERE withheld <> '';
CREATE INDEX speaking_untold ON speaking (untold_at) WHERE untold_at IS NOT NULL;
-- What an edition asks of its speakers and leaves to them.
CREATE TABLE speaking_rules (
    edition_id TEXT PRIMARY KEY REFERENCES edition (id),
    rules      TEXT NOT NULL,
    version    BIGINT NOT NULL
);
-- What was changed through a speaker's link, before and after, for organisers.
CREATE TABLE speaking_change (
    id         TEXT PRIMARY KEY,
    edition_id TEXT NOT NULL,
    speaker_id TEXT NOT NULL REFERENCES speaker (id) ON DELETE CASCADE,
    session_id TEXT NOT NULL,
    field      TEXT NOT NULL,
    language   TEXT NOT NULL,
    was        TEXT NOT NULL,
    became     TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX speaking_change_speaker ON speaking_change (speaker_id, created_at);
CREATE INDEX speaking_change_edition ON speaking_change (edition_id, created_at);

-- The open call (app/proposal). state is what was decided, told what the proposer
-- knows of it; sent_at is empty as long as a proposal is only kept.
CREATE TABLE call (
    edition_id TEXT PRIMARY KEY REFERENCES edition (id),
    opens_at   TIMESTAMPTZ NOT NULL,
    closes_at  TIMESTAMPTZ NOT NULL,
    text       TEXT NOT NULL,
    kinds      TEXT NOT NULL,
    form       TEXT NOT NULL,
    rules      TEXT NOT NULL,
    version    BIGINT NOT NULL
);
CREATE TABLE proposal (
    id         TEXT PRIMARY KEY,
    edition_id TEXT NOT NULL REFERENCES edition (id),
    code       TEXT NOT NULL,
    link       BIGINT NOT NULL,
    version    BIGINT NOT NULL,
    state      TEXT NOT NULL,
    told       TEXT NOT NULL,
    words      TEXT NOT NULL,
    name       TEXT NOT NULL,
    email      TEXT NOT NULL,
    others     TEXT NOT NULL,
    language   TEXT NOT NULL,
    biography  TEXT NOT NULL,
    title      TEXT NOT NULL,
    abstract   TEXT NOT NULL,
    kind       TEXT NOT NULL,
    minutes    BIGINT NOT NULL,
    spoken     TEXT NOT NULL,
    track_id   TEXT NOT NULL,
    note       TEXT NOT NULL,
    answers    TEXT NOT NULL,
    session_id TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    sent_at    TIMESTAMPTZ,
    changed_at TIMESTAMPTZ NOT NULL,
    decided_at TIMESTAMPTZ,
    told_at    TIMESTAMPTZ,
    UNIQUE (edition_id, code)
);
CREATE INDEX proposal_edition ON proposal (edition_id, state);
CREATE INDEX proposal_email ON proposal (email);
CREATE TABLE review (
    proposal_id TEXT NOT NULL REFERENCES proposal (id) ON DELETE CASCADE,
    person_id   TEXT NOT NULL,
    stance      TEXT NOT NULL,
    score       BIGINT,
    comment     TEXT NOT NULL,
    changed_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (proposal_id, person_id)
);

-- Who made the day (app/edition), thanked by name; person_id is who that is,
-- where it is known, so that they can have their name taken away. And which
-- edition one was planned from.
ALTER TABLE edition ADD COLUMN planned_from TEXT NOT NULL DEFAULT '';
CREATE TABLE thanks (
    id         TEXT PRIMARY KEY,
    edition_id TEXT NOT NULL REFERENCES edition (id),
    kind       TEXT NOT NULL,
    name       TEXT NOT NULL,
    what       TEXT NOT NULL,
    url        TEXT NOT NULL,
    logo       TEXT NOT NULL,
    person_id  TEXT NOT NULL,
    rank       BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX thanks_edition ON thanks (edition_id, rank);
CREATE INDEX thanks_person ON thanks (person_id) WHERE person_id <> '';
