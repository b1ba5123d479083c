-- Promises, times in plays and messages stand in the order in which they were first told: their numbers are hashes, and a row that comes to lie
-- anywhere takes a page of its own.
ALTER TABLE promise RENAME TO promise_5;
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
INSERT INTO promise (promise, customer, kind, status, subject_kind, subject, order_number, owner, made_at, first_from, first_until, from_at, until_at, risk_at, lapse_at, attended, met_at, ended_at, follows, changed_position)
SELECT promise, customer, kind, status, subject_kind, subject, order_number, owner, made_at, first_from, first_until, from_at, until_at, risk_at, lapse_at, attended, met_at, ended_at, follows, changed_position
FROM promise_5 ORDER BY made_at, promise;
DROP TABLE promise_5;
CREATE INDEX promise_by_status ON promise (status, until_at, promise);
CREATE INDEX promise_by_first ON promise (first_until, status);
CREATE INDEX promise_of_customer ON promise (customer);
CREATE INDEX promise_of_subject ON promise (subject_kind, subject);
CREATE INDEX promise_following ON promise (follows) WHERE follows <> 0;

ALTER TABLE play_run RENAME TO play_run_5;
CREATE TABLE play_run (
    place            INTEGER PRIMARY KEY,
    run              INTEGER NOT NULL UNIQUE,
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
INSERT INTO play_run (run, customer, play, digest, is_held_out, entered_at, entered_position, step, until_at, left_at, reason, changed_position)
SELECT run, customer, play, digest, is_held_out, entered_at, entered_position, step, until_at, left_at, reason, changed_position
FROM play_run_5 ORDER BY entered_position, run;
DROP TABLE play_run_5;
CREATE INDEX play_run_under_way ON play_run (play, entered_at, place) WHERE left_at = 0;
CREATE INDEX play_run_at_step ON play_run (play, step, entered_at, place, digest, left_at) WHERE left_at = 0;
CREATE INDEX play_run_entered ON play_run (play, entered_at, is_held_out);
CREATE INDEX play_run_left ON play_run (play, left_at, place, reason) WHERE left_at <> 0;
CREATE INDEX play_run_of_customer ON play_run (customer);

ALTER TABLE play_message RENAME TO play_message_5;
CREATE TABLE play_message (
    place            INTEGER PRIMARY KEY,
    message          INTEGER NOT NULL UNIQUE,
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
INSERT INTO play_message (message, customer, play, run, message_class, template, channel, became, reason, at, due_at, until_at, returned_at, decided_position, changed_position)
SELECT message, customer, play, run, message_class, template, channel, became, reason, at, due_at, until_at, returned_at, decided_position, changed_position
FROM play_message_5 ORDER BY due_at, message;
DROP TABLE play_message_5;
CREATE INDEX play_message_by_moment ON play_message (at, place);
CREATE INDEX play_message_by_end ON play_message (became, at, place);
CREATE INDEX play_message_by_channel ON play_message (channel, at, place);
CREATE INDEX play_message_of_play ON play_message (play, at, place, became);
CREATE INDEX play_message_returned ON play_message (at, place) WHERE returned_at <> 0;
CREATE INDEX play_message_of_customer ON play_message (customer, at);

-- What warehouses, stores and carriers manage, by day, is told by a few facts among millions; they are found by their type.
CREATE INDEX fact_of_capacity ON fact (type, position) WHERE type = 'capacity_changed';
-- What has left the house is found beside the promise about it.
CREATE INDEX fact_of_shipment ON fact (customer, position) WHERE type = 'order_shipped';
