-- What a room has (app/program), in words.
ALTER TABLE room ADD COLUMN equipment TEXT NOT NULL DEFAULT '{}';
-- When a speaker can be there: spans of time; none means any time (app/program).
ALTER TABLE speaker ADD COLUMN availability TEXT NOT NULL DEFAULT '[]';

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
