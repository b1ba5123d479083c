-- inbox.db: what has come in and is durable, until the worker has made facts of it.
-- Doors, pages and imports append; nobody changes a row. handed: what the door has understood of a message, so that the worker
-- need not read it again; empty: it has to.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- A sender. is_telling: an import of the past is under way; began_at: since when; told_to: the last message
-- that had come in when it was over.
CREATE TABLE source (
    source    INTEGER PRIMARY KEY,
    name      TEXT NOT NULL UNIQUE,
    mode      TEXT NOT NULL CHECK (mode IN ('live', 'history')),
    zone      TEXT NOT NULL,
    currency  TEXT NOT NULL,
    is_telling INTEGER NOT NULL DEFAULT 0,
    has_ended INTEGER NOT NULL DEFAULT 0,
    began_at  INTEGER NOT NULL DEFAULT 0,
    told_to   INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE entry (
    entry       INTEGER PRIMARY KEY AUTOINCREMENT,
    source      INTEGER NOT NULL,
    fact_id     BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    stamped_at  INTEGER NOT NULL,
    wire        BLOB NOT NULL
, handed BLOB NOT NULL DEFAULT x'');

-- Which messages have come before, by the week of the sender's own timestamp: a repeat finds its bucket
-- whenever it comes, recent buckets lie together, old ones go with retention.
CREATE TABLE seen (
    week    INTEGER NOT NULL,
    fact_id BLOB NOT NULL,
    PRIMARY KEY (week, fact_id)
) WITHOUT ROWID;

-- What an import has told that later rows hang on: the moment of an order, the category of a product.
CREATE TABLE import_known (
    source INTEGER NOT NULL,
    key    TEXT NOT NULL,
    value  TEXT NOT NULL,
    PRIMARY KEY (source, key)
) WITHOUT ROWID;

-- Rows of an import that have no moment of their own and wait for what they hang on. Personal: they go with
-- erasure, and when it comes.
CREATE TABLE import_waiting (
    source  INTEGER NOT NULL,
    family  TEXT NOT NULL,
    row     TEXT NOT NULL,
    key     TEXT NOT NULL,
    payload BLOB NOT NULL,
    PRIMARY KEY (source, family, row)
) WITHOUT ROWID;
