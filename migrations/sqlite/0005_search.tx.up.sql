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
    stem TEXT PRIMARY KEY
) WITHOUT ROWID;
-- The tokens of an entry are made by the program; the engine only looks them up.
-- An id as rowid hands them out in the order of results.
CREATE VIRTUAL TABLE search_token USING fts5 (
    tokens, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);
