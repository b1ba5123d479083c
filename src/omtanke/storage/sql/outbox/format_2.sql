-- Messages to customers: two ways more, and what is sent at most once is marked before it is handed over. SQLite changes no rule of a
-- column in place, so that the table and those that refer to it are made anew.
ALTER TABLE delivery RENAME TO delivery_1;
ALTER TABLE message RENAME TO message_1;
ALTER TABLE attempt RENAME TO attempt_1;
DROP INDEX delivery_due;
DROP INDEX delivery_stands;
DROP INDEX delivery_ended;

CREATE TABLE delivery (
    delivery    INTEGER PRIMARY KEY AUTOINCREMENT,
    key         TEXT NOT NULL UNIQUE,
    way         TEXT NOT NULL CHECK (way IN ('webhook', 'mail', 'chat', 'customer_mail', 'customer_sms')),
    destination TEXT NOT NULL,
    receiver    INTEGER NOT NULL DEFAULT 0,
    type        TEXT NOT NULL,
    position    INTEGER NOT NULL DEFAULT 0,
    state       TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'failed', 'dropped')),
    attempts    INTEGER NOT NULL DEFAULT 0,
    rung        INTEGER NOT NULL DEFAULT 0,
    made_at     INTEGER NOT NULL,
    due_at      INTEGER NOT NULL,
    ended_at    INTEGER NOT NULL DEFAULT 0,
    handed_at   INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX delivery_due ON delivery (destination, due_at) WHERE state = 'waiting';
CREATE INDEX delivery_stands ON delivery (way, receiver, state, made_at);
CREATE INDEX delivery_ended ON delivery (ended_at) WHERE state <> 'waiting';
CREATE INDEX delivery_handed ON delivery (handed_at) WHERE handed_at <> 0;

CREATE TABLE message (
    delivery  INTEGER PRIMARY KEY REFERENCES delivery (delivery) ON DELETE CASCADE,
    recipient TEXT NOT NULL,
    subject   TEXT NOT NULL,
    text      TEXT NOT NULL,
    html      TEXT NOT NULL,
    language  TEXT NOT NULL
);

CREATE TABLE attempt (
    delivery INTEGER NOT NULL REFERENCES delivery (delivery) ON DELETE CASCADE,
    attempt  INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    took     INTEGER NOT NULL,
    status   INTEGER NOT NULL,
    answer   TEXT NOT NULL,
    PRIMARY KEY (delivery, attempt)
) WITHOUT ROWID;

INSERT INTO delivery (delivery, key, way, destination, receiver, type, position, state, attempts, rung, made_at, due_at, ended_at)
SELECT delivery, key, way, destination, receiver, type, position, state, attempts, rung, made_at, due_at, ended_at FROM delivery_1;
INSERT INTO message SELECT * FROM message_1;
INSERT INTO attempt SELECT * FROM attempt_1;

-- A number that has been given is not given again.
DELETE FROM sqlite_sequence WHERE name = 'delivery';
INSERT INTO sqlite_sequence (name, seq) SELECT 'delivery', seq FROM sqlite_sequence WHERE name = 'delivery_1';

DROP TABLE message_1;
DROP TABLE attempt_1;
DROP TABLE delivery_1;
