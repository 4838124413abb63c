-- The index of the search (app/search), derived from what the other tables hold:
-- no backup has it, and it may be emptied at any time.
-- An entry is one thing that can be found. Its id orders all of them: what it
-- is, how new, and what it is called by.
CREATE TABLE search_entry (
    id         BIGINT PRIMARY KEY,
    edition_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    kind       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    hash       TEXT NOT NULL
);
CREATE UNIQUE INDEX search_entry_subject ON search_entry (edition_id, kind, subject);
CREATE INDEX search_entry_session ON search_entry (session_id, kind);
-- Up to which version a thing's texts are in the index.
CREATE TABLE search_seen (
    subject TEXT PRIMARY KEY,
    version BIGINT NOT NULL
);
-- The stems there are, for words that are still being typed.
CREATE TABLE search_stem (
    stem TEXT COLLATE "C" PRIMARY KEY
);
-- The tokens of an entry are made by the program; the engine only looks them
-- up. Rows stay small, the tokens beside them: a common word makes the engine
-- read every row, and never the tokens.
CREATE TABLE search_token (
    id     BIGINT PRIMARY KEY,
    tokens TSVECTOR NOT NULL
) WITH (toast_tuple_target = 128);
ALTER TABLE search_token ALTER COLUMN tokens SET STORAGE EXTERNAL;
CREATE INDEX search_token_tokens ON search_token USING gin (tokens);
