-- A sentence of the organisers to everybody on an edition's pages (app/notice). body is
-- a text per language; until_at is when it ends by itself, ended_at when it was taken
-- back or another came. Who wrote it stands in the log alone.
CREATE TABLE notice (
    id         TEXT PRIMARY KEY,
    edition_id TEXT NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
    body       TEXT NOT NULL,
    sent_at    TIMESTAMPTZ NOT NULL,
    until_at   TIMESTAMPTZ,
    ended_at   TIMESTAMPTZ
);
CREATE INDEX notice_edition ON notice (edition_id, sent_at);
