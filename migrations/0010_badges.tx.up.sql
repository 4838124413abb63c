-- What is printed in bulk, in the background (app/printing). holder is the process that
-- works on it and until how long it is believed to live; version is raised with
-- every change, for those who watch. The file is let go when expires_at is past.
CREATE TABLE printout (
    id          TEXT PRIMARY KEY,
    edition_id  TEXT NOT NULL REFERENCES edition (id),
    person_id   TEXT NOT NULL,
    kind        TEXT NOT NULL,
    name        TEXT NOT NULL,
    lang        TEXT NOT NULL,
    options     TEXT NOT NULL,
    state       TEXT NOT NULL,
    done        BIGINT NOT NULL,
    total       BIGINT NOT NULL,
    pages       BIGINT NOT NULL,
    remarks     TEXT NOT NULL,
    holder      TEXT NOT NULL,
    until       TIMESTAMPTZ,
    attempts    BIGINT NOT NULL,
    file_id     TEXT NOT NULL,
    version     BIGINT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ,
    expires_at  TIMESTAMPTZ
);
CREATE INDEX printout_edition ON printout (edition_id, created_at);
CREATE INDEX printout_open ON printout (state, created_at) WHERE state IN ('waiting', 'working');

-- Badges (app/paper): the organisers' own designs, which a series keeps; the design an
-- edition prints with (empty: the first ready one); and what was printed for whom. digest
-- is of everything that stood on the badge, so that a changed one is known.
CREATE TABLE badge_design (
    id         TEXT PRIMARY KEY,
    series_id  TEXT NOT NULL REFERENCES series (id),
    name       TEXT NOT NULL,
    design     TEXT NOT NULL,
    version    BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX badge_design_series ON badge_design (series_id);
CREATE TABLE badge_setup (
    edition_id TEXT PRIMARY KEY REFERENCES edition (id),
    design     TEXT NOT NULL
);
CREATE TABLE badge_print (
    registration_id TEXT PRIMARY KEY REFERENCES registration (id),
    edition_id      TEXT NOT NULL,
    digest          TEXT NOT NULL,
    at              TIMESTAMPTZ NOT NULL
);
CREATE INDEX badge_print_edition ON badge_print (edition_id);
