-- The schema omtanke_log, format 1: the log of facts and what is kept beside it so that nobody has to fold it for every question.
-- Only the worker writes. Moments are UTC microseconds, 0 for none.

CREATE TABLE meta (
    name  TEXT COLLATE "C" PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);

-- The facts. kind: 0 input, 1 decided; mode: 0 live, 1 history; because: fact ids, 16 bytes each.
CREATE TABLE fact (
    position       BIGINT PRIMARY KEY,
    fact_id        BYTEA NOT NULL,
    kind           BIGINT NOT NULL,
    mode           BIGINT NOT NULL,
    source         BIGINT NOT NULL,
    customer       BIGINT NOT NULL,
    type           TEXT COLLATE "C" NOT NULL,
    version        BIGINT NOT NULL,
    occurred_at    BIGINT NOT NULL,
    received_at    BIGINT NOT NULL,
    now            BIGINT NOT NULL,
    channel        TEXT COLLATE "C" NOT NULL,
    touchpoint     TEXT COLLATE "C" NOT NULL,
    body           BYTEA NOT NULL,
    cause          BYTEA,
    because        BYTEA,
    reason         TEXT COLLATE "C",
    policy_version BIGINT NOT NULL,
    engine_version BIGINT NOT NULL
);
CREATE INDEX fact_of_customer ON fact (customer, position);

-- The part of a fact that can be erased: names, addresses, identifiers, numbers, words, texts (msgpack).
CREATE TABLE personal (
    customer BIGINT NOT NULL,
    position BIGINT NOT NULL,
    part     BYTEA NOT NULL,
    PRIMARY KEY (customer, position)
);

-- A customer as recorded, and the person it leads to today. kind: person, unnamed (known by an order or
-- case only), subject (a store's or product's own ledger; not a person).
CREATE TABLE customer (
    customer BIGINT PRIMARY KEY,
    person   BIGINT NOT NULL,
    kind     TEXT COLLATE "C" NOT NULL CHECK (kind IN ('person', 'unnamed', 'subject'))
);
CREATE INDEX customer_of_person ON customer (person);

-- Identifiers by keyed hash.
CREATE TABLE identifier (
    key      BYTEA PRIMARY KEY,
    kind     TEXT COLLATE "C" NOT NULL,
    customer BIGINT NOT NULL
);
CREATE INDEX identifier_of_customer ON identifier (customer);

-- Orders, lines, parcels, cases, products, carts, promises … by keyed hash of their numbers.
CREATE TABLE subject (
    key       BYTEA PRIMARY KEY,
    kind      TEXT COLLATE "C" NOT NULL,
    surrogate BIGINT NOT NULL,
    owner     BIGINT NOT NULL DEFAULT 0
);

-- A cache of the fold: the state of a person after `position`; next_wake_at is the one wake it asks for.
CREATE TABLE snapshot (
    person       BIGINT PRIMARY KEY,
    version      BIGINT NOT NULL,
    position     BIGINT NOT NULL,
    schema_hash  BYTEA NOT NULL,
    now          BIGINT NOT NULL,
    next_wake_at BIGINT,
    state        BYTEA NOT NULL
);
CREATE INDEX snapshot_wake ON snapshot (next_wake_at, person) WHERE next_wake_at IS NOT NULL;

-- Every promise as it stands, for pages: derived from the facts, compared with them by `replay --check`.
CREATE TABLE promise (
    promise      BIGINT PRIMARY KEY,
    customer     BIGINT NOT NULL,
    kind         TEXT COLLATE "C" NOT NULL,
    status       TEXT COLLATE "C" NOT NULL,
    subject_kind TEXT COLLATE "C" NOT NULL,
    subject      BIGINT NOT NULL,
    order_number BIGINT NOT NULL,
    owner        TEXT COLLATE "C" NOT NULL,
    made_at      BIGINT NOT NULL,
    first_from   BIGINT NOT NULL,
    first_until  BIGINT NOT NULL,
    from_at      BIGINT NOT NULL,
    until_at     BIGINT NOT NULL,
    risk_at      BIGINT NOT NULL,
    lapse_at     BIGINT NOT NULL,
    attended     BIGINT NOT NULL,
    met_at       BIGINT NOT NULL,
    ended_at     BIGINT NOT NULL,
    follows      BIGINT NOT NULL,
    changed_position BIGINT NOT NULL
);
CREATE INDEX promise_by_status ON promise (status, until_at);
CREATE INDEX promise_by_first ON promise (first_until, status);
CREATE INDEX promise_of_customer ON promise (customer);
CREATE INDEX promise_of_subject ON promise (subject_kind, subject);
CREATE INDEX promise_following ON promise (follows) WHERE follows <> 0;

-- What is known of a person today, for pages and search. Personal.
CREATE TABLE card (
    customer    BIGINT PRIMARY KEY,
    name        TEXT COLLATE "C" NOT NULL DEFAULT '',
    email       TEXT COLLATE "C" NOT NULL DEFAULT '',
    phone       TEXT COLLATE "C" NOT NULL DEFAULT '',
    city        TEXT COLLATE "C" NOT NULL DEFAULT '',
    region      TEXT COLLATE "C" NOT NULL DEFAULT '',
    locale      TEXT COLLATE "C" NOT NULL DEFAULT '',
    first_seen_at BIGINT NOT NULL DEFAULT 0,
    changed_at  BIGINT NOT NULL DEFAULT 0
);

-- The words of names, folded, for search by beginnings. Personal.
CREATE TABLE name_word (
    word     TEXT COLLATE "C" NOT NULL,
    customer BIGINT NOT NULL,
    PRIMARY KEY (word, customer)
);

-- Messages that were accepted and could not be understood, whole, with what was wrong. Personal.
CREATE TABLE quarantine (
    entry       BIGINT PRIMARY KEY,
    source      BIGINT NOT NULL,
    fact_id     BYTEA NOT NULL,
    received_at BIGINT NOT NULL,
    path        TEXT COLLATE "C" NOT NULL,
    value       TEXT COLLATE "C" NOT NULL,
    rule        TEXT COLLATE "C" NOT NULL,
    wire        BYTEA NOT NULL
);

-- Every version of the policy, with the position from which it counts.
CREATE TABLE policy (
    version      BIGINT PRIMARY KEY,
    digest       TEXT COLLATE "C" NOT NULL,
    text         TEXT COLLATE "C" NOT NULL,
    activated_at BIGINT NOT NULL
);

-- What needs a person: derived from the facts, compared with them by `replay --check`. The task of a promise has the
-- promise's number. assignee, told_by: numbers of those who work here, 0 for none.
CREATE TABLE task (
    task        BIGINT PRIMARY KEY,
    customer    BIGINT NOT NULL,
    about       TEXT COLLATE "C" NOT NULL,
    promise     BIGINT NOT NULL,
    survey      BIGINT NOT NULL,
    unit        TEXT COLLATE "C" NOT NULL,
    assignee    BIGINT NOT NULL,
    assigned_at BIGINT NOT NULL,
    taken_at    BIGINT NOT NULL,
    told_at     BIGINT NOT NULL,
    told_by     BIGINT NOT NULL,
    done_at     BIGINT NOT NULL,
    outcome     TEXT COLLATE "C" NOT NULL,
    changed_position BIGINT NOT NULL
);
CREATE INDEX task_open ON task (about, assigned_at) WHERE done_at = 0;
CREATE INDEX task_of_customer ON task (customer);

-- Where a message is found by its id, stretch by stretch of the log, so that what is written together lies together: what
-- senders told, and what could not be understood.
CREATE INDEX fact_by_id ON fact ((position / 16384), fact_id) WHERE kind = 0 AND source <> 0;
CREATE INDEX quarantine_by_id ON quarantine (fact_id);

-- The words that customers have written, folded, and where: for search by beginnings. Personal.
CREATE TABLE verbatim_word (
    word     TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    customer BIGINT NOT NULL,
    PRIMARY KEY (word, position)
);
CREATE INDEX verbatim_word_of_customer ON verbatim_word (customer);

-- Who has been shown to be one person: an edge between two customers as recorded, the lower number first. status: made;
-- ended (parted again); refused (somebody who works here has said that they are two); withheld (a limit was reached).
CREATE TABLE link (
    one             BIGINT NOT NULL,
    two             BIGINT NOT NULL,
    status          TEXT COLLATE "C" NOT NULL CHECK (status IN ('made', 'ended', 'refused', 'withheld')),
    by              TEXT COLLATE "C" NOT NULL,
    linked_at       BIGINT NOT NULL DEFAULT 0,
    linked_position BIGINT NOT NULL DEFAULT 0,
    ended_at        BIGINT NOT NULL DEFAULT 0,
    ended_position  BIGINT NOT NULL DEFAULT 0,
    ended_by        TEXT COLLATE "C" NOT NULL DEFAULT '',
    staff           BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (one, two)
);
CREATE INDEX link_of_two ON link (two);

-- Devices on which somebody has signed in, by keyed hash. account: the customer who did last; customer: where what is done
-- without an account is recorded, 0 for nobody yet; is_open: something has been done so since the account was last seen there.
CREATE TABLE device (
    key          BYTEA PRIMARY KEY,
    account      BIGINT NOT NULL,
    customer     BIGINT NOT NULL,
    is_open      BIGINT NOT NULL,
    is_shared    BIGINT NOT NULL,
    signed_in_at BIGINT NOT NULL
);
CREATE INDEX device_of_account ON device (account);
CREATE INDEX device_of_customer ON device (customer);

-- Links and partings of persons with so long a history that it is folded beside the work; they enter the log when that is done.
CREATE TABLE regrouping (
    regrouping  BIGINT PRIMARY KEY,
    is_parting  BIGINT NOT NULL,
    one         BIGINT NOT NULL,
    two         BIGINT NOT NULL,
    by          TEXT COLLATE "C" NOT NULL,
    staff       BIGINT NOT NULL,
    cause       BYTEA NOT NULL,
    occurred_at BIGINT NOT NULL,
    mode        BIGINT NOT NULL,
    source      BIGINT NOT NULL
);

-- Erasures; the number is the position of the request. received: it waits for a free moment; running: the log has forgotten,
-- something is left to do elsewhere. keys: keyed hashes of identifiers, 16 bytes each, until it is done; receipt: what went,
-- what remains and until when, as JSON, with nothing of who it was.
CREATE TABLE erasure (
    erasure      BIGINT PRIMARY KEY,
    person       BIGINT NOT NULL,
    requested_at BIGINT NOT NULL,
    erased_at    BIGINT NOT NULL DEFAULT 0,
    done_at      BIGINT NOT NULL DEFAULT 0,
    status       TEXT COLLATE "C" NOT NULL DEFAULT 'received' CHECK (status IN ('received', 'running', 'partly_done', 'done')),
    keys         BYTEA NOT NULL DEFAULT '',
    receipt      TEXT COLLATE "C" NOT NULL DEFAULT '{"customers":0}'
);
CREATE INDEX erasure_by_status ON erasure (status, erasure);
CREATE INDEX erasure_of_person ON erasure (person);

-- Customers who have been erased, and by which erasure.
CREATE TABLE erased (
    customer BIGINT PRIMARY KEY,
    erasure  BIGINT NOT NULL
);
CREATE INDEX erased_by ON erased (erasure);

-- What is erased is found by its customer.
CREATE INDEX name_word_of_customer ON name_word (customer);
CREATE INDEX subject_of_owner ON subject (owner) WHERE owner <> 0;
-- Rights that customers have asked for, as they stand: derived from the facts, compared with them by `replay --check`. The
-- request has the number of its promise.
CREATE TABLE request (
    promise     BIGINT PRIMARY KEY,
    customer    BIGINT NOT NULL,
    asked_for   TEXT COLLATE "C" NOT NULL,
    reached_at  BIGINT NOT NULL,
    until_at    BIGINT NOT NULL,
    latest_at   BIGINT NOT NULL,
    zone        TEXT COLLATE "C" NOT NULL,
    extended_at BIGINT NOT NULL,
    answered_at BIGINT NOT NULL,
    outcome     TEXT COLLATE "C" NOT NULL,
    changed_position BIGINT NOT NULL
);
CREATE INDEX request_open ON request (until_at) WHERE answered_at = 0;
CREATE INDEX request_answered ON request (answered_at) WHERE answered_at <> 0;
CREATE INDEX request_of_customer ON request (customer);

-- Customers whose data are to be left alone, and since when.
CREATE TABLE restriction (
    customer      BIGINT PRIMARY KEY,
    restricted_at BIGINT NOT NULL
);

-- Customers (persons) whose facts cannot be stepped over, and why: a fault of ours. What is told of them waits, and nobody else
-- does. since, type: when it was first, and on what; fault: without anything personal; tries: how often it has failed;
-- is_returning: it is to be tried again; program, policy: the versions under which it failed last.
CREATE TABLE set_aside (
    person       BIGINT PRIMARY KEY,
    since        BIGINT NOT NULL,
    type         TEXT COLLATE "C" NOT NULL,
    fault        TEXT COLLATE "C" NOT NULL,
    tries        BIGINT NOT NULL,
    is_returning BIGINT NOT NULL,
    program      TEXT COLLATE "C" NOT NULL,
    policy       BIGINT NOT NULL
);

-- Facts that wait for their customer to come back, in order. restocks: whether it promises that something is restocked; fact:
-- msgpack, as in the table of facts; part: personal, msgpack.
CREATE TABLE held (
    held     BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person   BIGINT NOT NULL,
    customer BIGINT NOT NULL,
    fact_id  BYTEA NOT NULL,
    restocks BIGINT NOT NULL,
    fact     BYTEA NOT NULL,
    part     BYTEA
);
CREATE INDEX held_of_person ON held (person, held);
CREATE INDEX held_by_id ON held (fact_id);
CREATE INDEX held_restock ON held (person) WHERE restocks = 1;
