-- log.db, format 1.
-- Only the worker writes. Moments are UTC microseconds, 0 for none.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- The facts. kind: 0 input, 1 decided; mode: 0 live, 1 history; because: fact ids, 16 bytes each.
CREATE TABLE fact (
    position       INTEGER PRIMARY KEY,
    fact_id        BLOB NOT NULL,
    kind           INTEGER NOT NULL,
    mode           INTEGER NOT NULL,
    source         INTEGER NOT NULL,
    customer       INTEGER NOT NULL,
    type           TEXT NOT NULL,
    version        INTEGER NOT NULL,
    occurred_at    INTEGER NOT NULL,
    received_at    INTEGER NOT NULL,
    now            INTEGER NOT NULL,
    channel        TEXT NOT NULL,
    touchpoint     TEXT NOT NULL,
    body           BLOB NOT NULL,
    cause          BLOB,
    because        BLOB,
    reason         TEXT,
    policy_version INTEGER NOT NULL,
    engine_version INTEGER NOT NULL
);
CREATE INDEX fact_of_customer ON fact (customer, position);

-- The part of a fact that can be erased: names, addresses, identifiers, numbers, words, texts (msgpack).
CREATE TABLE personal (
    customer INTEGER NOT NULL,
    position INTEGER NOT NULL,
    part     BLOB NOT NULL,
    PRIMARY KEY (customer, position)
) WITHOUT ROWID;

-- A customer as recorded, and the person it leads to today. kind: person, unnamed (known by an order or
-- case only), subject (a store's or product's own ledger; not a person).
CREATE TABLE customer (
    customer INTEGER PRIMARY KEY,
    person   INTEGER NOT NULL,
    kind     TEXT NOT NULL CHECK (kind IN ('person', 'unnamed', 'subject'))
);
CREATE INDEX customer_of_person ON customer (person);

-- Identifiers by keyed hash.
CREATE TABLE identifier (
    key      BLOB PRIMARY KEY,
    kind     TEXT NOT NULL,
    customer INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX identifier_of_customer ON identifier (customer);

-- Orders, lines, parcels, cases, products, carts, promises … by keyed hash of their numbers.
CREATE TABLE subject (
    key       BLOB PRIMARY KEY,
    kind      TEXT NOT NULL,
    surrogate INTEGER NOT NULL,
    owner     INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- A cache of the fold: the state of a person after `position`; next_wake_at is the one wake it asks for.
CREATE TABLE snapshot (
    person       INTEGER PRIMARY KEY,
    version      INTEGER NOT NULL,
    position     INTEGER NOT NULL,
    schema_hash  BLOB NOT NULL,
    now          INTEGER NOT NULL,
    next_wake_at INTEGER,
    state        BLOB NOT NULL
);
CREATE INDEX snapshot_wake ON snapshot (next_wake_at, person) WHERE next_wake_at IS NOT NULL;

-- Every promise as it stands, for pages: derived from the facts, compared with them by `replay --check`.
CREATE TABLE promise (
    promise      INTEGER PRIMARY KEY,
    customer     INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    status       TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject      INTEGER NOT NULL,
    order_number INTEGER NOT NULL,
    owner        TEXT NOT NULL,
    made_at      INTEGER NOT NULL,
    first_from   INTEGER NOT NULL,
    first_until  INTEGER NOT NULL,
    from_at      INTEGER NOT NULL,
    until_at     INTEGER NOT NULL,
    risk_at      INTEGER NOT NULL,
    lapse_at     INTEGER NOT NULL,
    attended     INTEGER NOT NULL,
    met_at       INTEGER NOT NULL,
    ended_at     INTEGER NOT NULL,
    follows      INTEGER NOT NULL,
    changed_position INTEGER NOT NULL
);
CREATE INDEX promise_by_status ON promise (status, until_at);
CREATE INDEX promise_by_first ON promise (first_until, status);
CREATE INDEX promise_of_customer ON promise (customer);
CREATE INDEX promise_of_subject ON promise (subject_kind, subject);
CREATE INDEX promise_following ON promise (follows) WHERE follows <> 0;

-- What is known of a person today, for pages and search. Personal.
CREATE TABLE card (
    customer    INTEGER PRIMARY KEY,
    name        TEXT NOT NULL DEFAULT '',
    email       TEXT NOT NULL DEFAULT '',
    phone       TEXT NOT NULL DEFAULT '',
    city        TEXT NOT NULL DEFAULT '',
    region      TEXT NOT NULL DEFAULT '',
    locale      TEXT NOT NULL DEFAULT '',
    first_seen_at INTEGER NOT NULL DEFAULT 0,
    changed_at  INTEGER NOT NULL DEFAULT 0
);

-- The words of names, folded, for search by beginnings. Personal.
CREATE TABLE name_word (
    word     TEXT NOT NULL,
    customer INTEGER NOT NULL,
    PRIMARY KEY (word, customer)
) WITHOUT ROWID;

-- Messages that were accepted and could not be understood, whole, with what was wrong. Personal.
CREATE TABLE quarantine (
    entry       INTEGER PRIMARY KEY,
    source      INTEGER NOT NULL,
    fact_id     BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    path        TEXT NOT NULL,
    value       TEXT NOT NULL,
    rule        TEXT NOT NULL,
    wire        BLOB NOT NULL
);

-- Every version of the policy, with the position from which it counts.
CREATE TABLE policy (
    version      INTEGER PRIMARY KEY,
    digest       TEXT NOT NULL,
    text         TEXT NOT NULL,
    activated_at INTEGER NOT NULL
);
