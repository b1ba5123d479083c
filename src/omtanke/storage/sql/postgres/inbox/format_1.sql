-- The schema omtanke_inbox, format 1: what has come in and is durable, until the worker has made facts of it.
-- Doors, pages and imports append; nobody changes a row. handed: what the door has understood of a message, so that the worker
-- need not read it again; empty: it has to.

CREATE TABLE meta (
    name  TEXT COLLATE "C" PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);

-- A sender. is_telling: an import of the past is under way; began_at: since when; told_to: the last message
-- that had come in when it was over.
CREATE TABLE source (
    source    BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name      TEXT COLLATE "C" NOT NULL UNIQUE,
    mode      TEXT COLLATE "C" NOT NULL CHECK (mode IN ('live', 'history')),
    zone      TEXT COLLATE "C" NOT NULL,
    currency  TEXT COLLATE "C" NOT NULL,
    is_telling BIGINT NOT NULL DEFAULT 0,
    has_ended BIGINT NOT NULL DEFAULT 0,
    began_at  BIGINT NOT NULL DEFAULT 0,
    told_to   BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE entry (
    entry       BIGINT PRIMARY KEY,
    source      BIGINT NOT NULL,
    fact_id     BYTEA NOT NULL,
    received_at BIGINT NOT NULL,
    stamped_at  BIGINT NOT NULL,
    wire        BYTEA NOT NULL,
    handed      BYTEA NOT NULL DEFAULT ''
);

-- Which messages have come before, by the week of the sender's own timestamp: a repeat finds its bucket
-- whenever it comes, recent buckets lie together, old ones go with retention.
CREATE TABLE seen (
    week    BIGINT NOT NULL,
    fact_id BYTEA NOT NULL,
    PRIMARY KEY (week, fact_id)
);

-- What an import has told that later rows hang on: the moment of an order, the category of a product.
CREATE TABLE import_known (
    source BIGINT NOT NULL,
    key    TEXT COLLATE "C" NOT NULL,
    value  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (source, key)
);

-- Rows of an import that have no moment of their own and wait for what they hang on. Personal: they go with
-- erasure, and when it comes.
CREATE TABLE import_waiting (
    source  BIGINT NOT NULL,
    family  TEXT COLLATE "C" NOT NULL,
    row     TEXT COLLATE "C" NOT NULL,
    key     TEXT COLLATE "C" NOT NULL,
    payload BYTEA NOT NULL,
    PRIMARY KEY (source, family, row)
);

-- The number of the last message. Whoever appends moves it on, and holds it until the messages are durable: there is no gap that
-- somebody else might still fill, as there would be with a sequence.
CREATE TABLE last_entry (
    entry BIGINT NOT NULL
);
INSERT INTO last_entry (entry) VALUES (0);
