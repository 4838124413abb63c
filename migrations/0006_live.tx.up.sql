-- Live rooms (app/qa): settings are a room's own or, unless own, copied from its
-- edition's; edition_id saves every act a look at the session.
ALTER TABLE live_room ADD COLUMN edition_id TEXT NOT NULL DEFAULT '';
ALTER TABLE live_room ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
ALTER TABLE live_room ADD COLUMN own BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE live_room SET edition_id = (SELECT edition_id FROM session WHERE session.id = live_room.session_id);
CREATE INDEX live_room_edition ON live_room (edition_id);
CREATE TABLE live_default (
    edition_id TEXT PRIMARY KEY REFERENCES edition (id) ON DELETE CASCADE,
    settings   TEXT NOT NULL,
    version    BIGINT NOT NULL
);

-- speaker_id is whom it is addressed to; labels a list of label ids; held the words
-- that a filter stopped at; into_id what it was merged into and back_to the state
-- it returns to; split_from what it was a part of; unvoted the room's version at
-- which a vote for it was last taken back; tell_at from when those who asked for it
-- may be told that it is answered.
ALTER TABLE question ADD COLUMN speaker_id TEXT NOT NULL DEFAULT '';
ALTER TABLE question ADD COLUMN labels TEXT NOT NULL DEFAULT '[]';
ALTER TABLE question ADD COLUMN held TEXT NOT NULL DEFAULT '';
ALTER TABLE question ADD COLUMN into_id TEXT NOT NULL DEFAULT '';
ALTER TABLE question ADD COLUMN back_to TEXT NOT NULL DEFAULT '';
ALTER TABLE question ADD COLUMN split_from TEXT NOT NULL DEFAULT '';
ALTER TABLE question ADD COLUMN unvoted BIGINT NOT NULL DEFAULT 0;
ALTER TABLE question ADD COLUMN tell_at TIMESTAMPTZ;
CREATE INDEX question_merged ON question (session_id) WHERE state = 'merged';
CREATE INDEX question_tell ON question (tell_at) WHERE tell_at IS NOT NULL;

-- via is the merged question that a vote came from; version the room's when it was cast.
ALTER TABLE vote ADD COLUMN via TEXT NOT NULL DEFAULT '';
ALTER TABLE vote ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
CREATE INDEX vote_version ON vote (session_id, version);

-- text is what is published, empty while there is only a draft; version counts
-- changes, so that two who write for one speaker notice each other.
ALTER TABLE answer ADD COLUMN draft TEXT NOT NULL DEFAULT '';
ALTER TABLE answer ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE answer ADD COLUMN changed_at TIMESTAMPTZ;
ALTER TABLE answer ADD COLUMN published_at TIMESTAMPTZ;
UPDATE answer SET changed_at = created_at, published_at = created_at;

-- What moderators did, so that it can be undone. actor tells one moderator from
-- another; changes are the questions before and after.
CREATE TABLE live_edit (
    id         TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES live_room (session_id) ON DELETE CASCADE,
    seq        BIGINT NOT NULL,
    actor      TEXT NOT NULL,
    act        TEXT NOT NULL,
    changes    TEXT NOT NULL,
    undone     BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (session_id, seq)
);
CREATE INDEX live_edit_undone ON live_edit (session_id, actor) WHERE undone;

-- Who may not ask in a room any more: the mark of an asker, made with the room's
-- key and destroyed with it. question_id is the question that led to it.
CREATE TABLE live_block (
    session_id  TEXT NOT NULL REFERENCES live_room (session_id) ON DELETE CASCADE,
    asker       TEXT NOT NULL,
    question_id TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (session_id, asker)
);

-- A word from a moderator to the stage, and when the stage has seen it.
CREATE TABLE live_message (
    id         TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES live_room (session_id) ON DELETE CASCADE,
    text       TEXT NOT NULL,
    sent_at    TIMESTAMPTZ NOT NULL,
    seen_at    TIMESTAMPTZ,
    ended      BOOLEAN NOT NULL
);
CREATE INDEX live_message_session ON live_message (session_id, sent_at);

-- Who wants to be told when a question is answered. Nothing here leads to the
-- question or its asker: subject is made of its id with the server's secret, id of
-- the address too, and the address is sealed with it. day is no finer than that.
CREATE TABLE answer_wish (
    id      TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    address TEXT NOT NULL,
    day     TEXT NOT NULL
);
CREATE INDEX answer_wish_subject ON answer_wish (subject);
CREATE INDEX answer_wish_day ON answer_wish (day);

-- Polls (app/poll). voters counts ballots that say something; a tally counts how
-- often an option, a mark, a word or a text was given, and hidden keeps it from all
-- but moderators. A ballot's voter is made with the room's key, for this poll alone.
CREATE TABLE poll (
    id         TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES live_room (session_id) ON DELETE CASCADE,
    version    BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    state      TEXT NOT NULL,
    text       TEXT NOT NULL,
    options    TEXT NOT NULL,
    most       BIGINT NOT NULL,
    live       BOOLEAN NOT NULL,
    rank       BIGINT NOT NULL,
    voters     BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    opened_at  TIMESTAMPTZ,
    closes_at  TIMESTAMPTZ,
    CHECK (voters >= 0)
);
CREATE INDEX poll_session ON poll (session_id, version);
CREATE INDEX poll_closing ON poll (closes_at) WHERE state = 'closing';
CREATE TABLE poll_ballot (
    poll_id    TEXT NOT NULL REFERENCES poll (id) ON DELETE CASCADE,
    voter      TEXT NOT NULL,
    session_id TEXT NOT NULL,
    version    BIGINT NOT NULL,
    choice     TEXT NOT NULL,
    PRIMARY KEY (poll_id, voter)
);
CREATE INDEX poll_ballot_version ON poll_ballot (session_id, version);
CREATE TABLE poll_tally (
    poll_id TEXT NOT NULL REFERENCES poll (id) ON DELETE CASCADE,
    item    TEXT NOT NULL,
    label   TEXT NOT NULL,
    n       BIGINT NOT NULL,
    hidden  BOOLEAN NOT NULL,
    PRIMARY KEY (poll_id, item),
    CHECK (n >= 0)
);
