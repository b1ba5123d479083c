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
