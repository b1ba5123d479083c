-- Who has been shown to be one person: an edge between two customers as recorded, the lower number first. status: made;
-- ended (parted again); refused (somebody who works here has said that they are two); withheld (a limit was reached).
CREATE TABLE link (
    one             INTEGER NOT NULL,
    two             INTEGER NOT NULL,
    status          TEXT NOT NULL CHECK (status IN ('made', 'ended', 'refused', 'withheld')),
    by              TEXT NOT NULL,
    linked_at       INTEGER NOT NULL DEFAULT 0,
    linked_position INTEGER NOT NULL DEFAULT 0,
    ended_at        INTEGER NOT NULL DEFAULT 0,
    ended_position  INTEGER NOT NULL DEFAULT 0,
    ended_by        TEXT NOT NULL DEFAULT '',
    staff           INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (one, two)
) WITHOUT ROWID;
CREATE INDEX link_of_two ON link (two);

-- Devices on which somebody has signed in, by keyed hash. account: the customer who did last; customer: where what is done
-- without an account is recorded, 0 for nobody yet; is_open: something has been done so since the account was last seen there.
CREATE TABLE device (
    key          BLOB PRIMARY KEY,
    account      INTEGER NOT NULL,
    customer     INTEGER NOT NULL,
    is_open      INTEGER NOT NULL,
    is_shared    INTEGER NOT NULL,
    signed_in_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX device_of_account ON device (account);
CREATE INDEX device_of_customer ON device (customer);

-- Links and partings of persons with so long a history that it is folded beside the work; they enter the log when that is done.
CREATE TABLE regrouping (
    regrouping  INTEGER PRIMARY KEY,
    is_parting  INTEGER NOT NULL,
    one         INTEGER NOT NULL,
    two         INTEGER NOT NULL,
    by          TEXT NOT NULL,
    staff       INTEGER NOT NULL,
    cause       BLOB NOT NULL,
    occurred_at INTEGER NOT NULL,
    mode        INTEGER NOT NULL,
    source      INTEGER NOT NULL
);

-- Erasures; the number is the position of the request. received: it waits for a free moment; running: the log has forgotten,
-- something is left to do elsewhere. keys: keyed hashes of identifiers, 16 bytes each, until it is done; receipt: what went,
-- what remains and until when, as JSON, with nothing of who it was.
CREATE TABLE erasure (
    erasure      INTEGER PRIMARY KEY,
    person       INTEGER NOT NULL,
    requested_at INTEGER NOT NULL,
    erased_at    INTEGER NOT NULL DEFAULT 0,
    done_at      INTEGER NOT NULL DEFAULT 0,
    status       TEXT NOT NULL DEFAULT 'received' CHECK (status IN ('received', 'running', 'partly_done', 'done')),
    keys         BLOB NOT NULL DEFAULT x'',
    receipt      TEXT NOT NULL DEFAULT '{"customers":0}'
);
CREATE INDEX erasure_by_status ON erasure (status, erasure);
CREATE INDEX erasure_of_person ON erasure (person);

-- Customers who have been erased, and by which erasure.
CREATE TABLE erased (
    customer INTEGER PRIMARY KEY,
    erasure  INTEGER NOT NULL
);
CREATE INDEX erased_by ON erased (erasure);

-- What is erased is found by its customer.
CREATE INDEX name_word_of_customer ON name_word (customer);
CREATE INDEX subject_of_owner ON subject (owner) WHERE owner <> 0;
-- Rights that customers have asked for, as they stand: derived from the facts, compared with them by `replay --check`. The
-- request has the number of its promise.
CREATE TABLE request (
    promise     INTEGER PRIMARY KEY,
    customer    INTEGER NOT NULL,
    asked_for   TEXT NOT NULL,
    reached_at  INTEGER NOT NULL,
    until_at    INTEGER NOT NULL,
    latest_at   INTEGER NOT NULL,
    zone        TEXT NOT NULL,
    extended_at INTEGER NOT NULL,
    answered_at INTEGER NOT NULL,
    outcome     TEXT NOT NULL,
    changed_position INTEGER NOT NULL
);
CREATE INDEX request_open ON request (until_at) WHERE answered_at = 0;
CREATE INDEX request_answered ON request (answered_at) WHERE answered_at <> 0;
CREATE INDEX request_of_customer ON request (customer);

-- Customers whose data are to be left alone, and since when.
CREATE TABLE restriction (
    customer      INTEGER PRIMARY KEY,
    restricted_at INTEGER NOT NULL
);

-- Where a message is found by its id, stretch by stretch of the log, so that what is written together lies together: what
-- senders told. By the week, all of an import lay in one bucket, and each batch wrote all over it.
DROP INDEX fact_by_id;
CREATE INDEX fact_by_id ON fact (position / 16384, fact_id) WHERE kind = 0 AND source <> 0;
