-- What a room has (app/program), in words.
ALTER TABLE room ADD COLUMN equipment TEXT NOT NULL DEFAULT '{}';
-- When a speaker can be there: spans of time; none means any time (app/program).
ALTER TABLE speaker ADD COLUMN availability TEXT NOT NULL DEFAULT '[]';

-- Whether the session was cancelled when the release was made, so that the next
-- one can tell the difference (app/program). Unused in the draft.
ALTER TABLE slot ADD COLUMN cancelled BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE slot SET cancelled = TRUE WHERE release_id IS NOT NULL AND session_id IN (SELECT id FROM session WHERE cancelled);

-- What was done to the draft's slots, so that it can be undone and redone, and
-- so that two organisers see each other (app/program). seq counts within the
-- edition; changes hold every slot touched before and after.
CREATE TABLE edit (
    id         TEXT PRIMARY KEY,
    edition_id TEXT NOT NULL REFERENCES edition (id),
    seq        BIGINT NOT NULL,
    person_id  TEXT NOT NULL,
    act        TEXT NOT NULL,
    changes    TEXT NOT NULL,
    undone     BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (edition_id, seq)
);

-- How late a room runs from a moment on, to the end of that day (app/program).
CREATE TABLE delay (
    room_id    TEXT NOT NULL REFERENCES room (id) ON DELETE CASCADE,
    day        TEXT NOT NULL,
    minutes    BIGINT NOT NULL,
    since      TIMESTAMPTZ NOT NULL,
    person_id  TEXT NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (room_id, day)
);

-- What people have marked as their own (app/agenda).
CREATE TABLE favourite (
    person_id  TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    session_id TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    edition_id TEXT NOT NULL REFERENCES edition (id),
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (person_id, session_id)
);
CREATE INDEX favourite_session ON favourite (session_id);
CREATE INDEX favourite_edition ON favourite (edition_id, person_id);

-- What a file last said of a room, track, speaker or session, field by field as
-- short sums, so that importing again tells the organiser's changes from the
-- file's (app/program).
CREATE TABLE imported (
    subject_id TEXT PRIMARY KEY,
    edition_id TEXT NOT NULL REFERENCES edition (id),
    prints     TEXT NOT NULL
);
CREATE INDEX imported_edition ON imported (edition_id);
-- A file with a programme that was sent in and waits for the organiser's word
-- (app/program).
CREATE TABLE import_file (
    id         TEXT PRIMARY KEY,
    edition_id TEXT NOT NULL REFERENCES edition (id),
    person_id  TEXT NOT NULL,
    name       TEXT NOT NULL,
    content    TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX import_file_edition ON import_file (edition_id);
