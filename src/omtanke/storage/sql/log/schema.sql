-- log.db: the log of facts and what is kept beside it so that nobody has to fold it for every question.
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
    position INTEGER PRIMARY KEY,
    customer INTEGER NOT NULL,
    part     BLOB NOT NULL
);

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

-- Every promise as it stands, for pages: derived from the facts, compared with them by `replay --check`. place, here and below: rows lie in the
-- order in which they were first told, since their numbers are hashes, and a row that came to lie anywhere would take a page of its own.
CREATE TABLE promise (
    place        INTEGER PRIMARY KEY,
    promise      INTEGER NOT NULL UNIQUE,
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
CREATE INDEX promise_by_status ON promise (status, until_at, promise);
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

-- What needs a person: derived from the facts, compared with them by `replay --check`. The task of a promise has the
-- promise's number. assignee, told_by: numbers of those who work here, 0 for none.
CREATE TABLE task (
    task        INTEGER PRIMARY KEY,
    customer    INTEGER NOT NULL,
    about       TEXT NOT NULL,
    promise     INTEGER NOT NULL,
    survey      INTEGER NOT NULL,
    unit        TEXT NOT NULL,
    assignee    INTEGER NOT NULL,
    assigned_at INTEGER NOT NULL,
    taken_at    INTEGER NOT NULL,
    told_at     INTEGER NOT NULL,
    told_by     INTEGER NOT NULL,
    done_at     INTEGER NOT NULL,
    outcome     TEXT NOT NULL,
    changed_position INTEGER NOT NULL
);
CREATE INDEX task_open ON task (about, assigned_at) WHERE done_at = 0;
CREATE INDEX task_of_customer ON task (customer);

-- Where a message is found by its id, stretch by stretch of the log, so that what is written together lies together: what
-- senders told, and what could not be understood.
CREATE INDEX fact_by_id ON fact (position / 16384, fact_id) WHERE kind = 0 AND source <> 0;
CREATE INDEX quarantine_by_id ON quarantine (fact_id);

-- The words that customers have written, folded, and where: for search by beginnings. Personal.
CREATE TABLE verbatim_word (
    word     TEXT NOT NULL,
    position INTEGER NOT NULL,
    customer INTEGER NOT NULL,
    PRIMARY KEY (word, position)
) WITHOUT ROWID;
CREATE INDEX verbatim_word_of_customer ON verbatim_word (customer);

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
-- Customers (persons) whose facts cannot be stepped over, and why: a fault of ours. What is told of them waits, and nobody else
-- does. since, type: when it was first, and on what; fault: without anything personal; tries: how often it has failed;
-- is_returning: it is to be tried again; program, policy: the versions under which it failed last.
CREATE TABLE set_aside (
    person       INTEGER PRIMARY KEY,
    since        INTEGER NOT NULL,
    type         TEXT NOT NULL,
    fault        TEXT NOT NULL,
    tries        INTEGER NOT NULL,
    is_returning INTEGER NOT NULL,
    program      TEXT NOT NULL,
    policy       INTEGER NOT NULL
);

-- Facts that wait for their customer to come back, in order. restocks: whether it promises that something is restocked; fact:
-- msgpack, as in the table of facts; part: personal, msgpack.
CREATE TABLE held (
    held     INTEGER PRIMARY KEY,
    person   INTEGER NOT NULL,
    customer INTEGER NOT NULL,
    fact_id  BLOB NOT NULL,
    restocks INTEGER NOT NULL,
    fact     BLOB NOT NULL,
    part     BLOB
);
CREATE INDEX held_of_person ON held (person, held);
CREATE INDEX held_by_id ON held (fact_id);
CREATE INDEX held_restock ON held (person) WHERE restocks = 1;
-- Each time that somebody is or was in a play, for pages: derived from the facts, compared with them by `replay --check`. step: where they
-- are, from 0; until_at: when they go on if nothing comes before; reason: why they left; entered_position: where the log says that they came in.
CREATE TABLE play_run (
    place            INTEGER PRIMARY KEY,
    run              INTEGER NOT NULL,
    customer         INTEGER NOT NULL,
    play             TEXT NOT NULL,
    digest           TEXT NOT NULL,
    is_held_out      INTEGER NOT NULL,
    entered_at       INTEGER NOT NULL,
    entered_position INTEGER NOT NULL,
    step             INTEGER NOT NULL,
    until_at         INTEGER NOT NULL,
    left_at          INTEGER NOT NULL,
    reason           TEXT NOT NULL,
    changed_position INTEGER NOT NULL
);
CREATE INDEX play_run_under_way ON play_run (play, entered_at, place) WHERE left_at = 0;
CREATE INDEX play_run_at_step ON play_run (play, step, entered_at, place, digest, left_at) WHERE left_at = 0;
CREATE INDEX play_run_entered ON play_run (play, entered_at, is_held_out);
CREATE INDEX play_run_left ON play_run (play, left_at, place, reason) WHERE left_at <> 0;
CREATE UNIQUE INDEX play_run_of_customer ON play_run (customer, run);

-- Every message to a customer as it stands, for pages: ours, and those that other systems tell of, which have no play. became: due, released,
-- deferred, suppressed, sent, in_doubt, failed, returned; reason: of what was decided, or of the failure; at: of what became of it last.
-- decided_position: of what was decided of it last, 0 for nothing.
CREATE TABLE play_message (
    place            INTEGER PRIMARY KEY,
    message          INTEGER NOT NULL,
    customer         INTEGER NOT NULL,
    play             TEXT NOT NULL,
    run              INTEGER NOT NULL,
    message_class    TEXT NOT NULL,
    template         TEXT NOT NULL,
    channel          TEXT NOT NULL,
    became           TEXT NOT NULL,
    reason           TEXT NOT NULL,
    at               INTEGER NOT NULL,
    due_at           INTEGER NOT NULL,
    until_at         INTEGER NOT NULL,
    returned_at      INTEGER NOT NULL,
    decided_position INTEGER NOT NULL,
    changed_position INTEGER NOT NULL
);
CREATE INDEX play_message_by_moment ON play_message (at, place);
CREATE INDEX play_message_by_end ON play_message (became, at, place);
CREATE INDEX play_message_by_channel ON play_message (channel, at, place);
CREATE INDEX play_message_of_play ON play_message (play, at, place, became);
CREATE INDEX play_message_returned ON play_message (at, place) WHERE returned_at <> 0;
CREATE UNIQUE INDEX play_message_of_customer ON play_message (customer, message);

-- What warehouses, stores and carriers manage, by day, is told by a few facts among millions; they are found by their type.
CREATE INDEX fact_of_capacity ON fact (type, position) WHERE type = 'capacity_changed';
-- What has left the house is found beside the promise about it.
CREATE INDEX fact_of_shipment ON fact (customer, position) WHERE type = 'order_shipped';
