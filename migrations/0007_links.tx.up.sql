-- Links into a room for its whole day, without an account (app/qa): one row for each
-- room and view whose link was renewed, and how often. Before that its number is 1.
CREATE TABLE live_link (
    edition_id TEXT NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
    room_id    TEXT NOT NULL REFERENCES room (id) ON DELETE CASCADE,
    view       TEXT NOT NULL,
    number     BIGINT NOT NULL,
    renewed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (room_id, view)
);
CREATE INDEX live_link_edition ON live_link (edition_id);
