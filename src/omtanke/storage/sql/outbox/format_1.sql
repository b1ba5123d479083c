-- outbox.db: what leaves the house: webhooks, staff mail and chat, with every attempt; and who asked for what.
-- The pages put mail and settings here, `run dispatch` deliveries; all in short transactions. Moments are UTC microseconds, 0 for none.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- Who is told by webhook of what is in the log after the position `since`. types: JSON list of fact types.
-- state: on, paused (deliveries wait), off (nobody was there any more, says why), removed. The former secret signs beside the present one until former_until. The database is readable by its owner only.
CREATE TABLE receiver (
    receiver      INTEGER PRIMARY KEY AUTOINCREMENT,
    url           TEXT NOT NULL,
    types         TEXT NOT NULL,
    since         INTEGER NOT NULL,
    description   TEXT NOT NULL,
    state         TEXT NOT NULL DEFAULT 'on' CHECK (state IN ('on', 'paused', 'off', 'removed')),
    why           TEXT NOT NULL DEFAULT '',
    secret        TEXT NOT NULL,
    former_secret TEXT NOT NULL DEFAULT '',
    former_until  INTEGER NOT NULL DEFAULT 0,
    made_at       INTEGER NOT NULL
);

-- Something on its way to a destination. key: the webhook-id, or what the Message-ID is made from. way: webhook, mail, chat.
-- destination: what fails and rests as one. position: the fact in log.db that the body is made from (webhooks).
-- state: waiting, delivered, failed (the ladder has ended), dropped (nobody is there to have it).
CREATE TABLE delivery (
    delivery    INTEGER PRIMARY KEY AUTOINCREMENT,
    key         TEXT NOT NULL UNIQUE,
    way         TEXT NOT NULL CHECK (way IN ('webhook', 'mail', 'chat')),
    destination TEXT NOT NULL,
    receiver    INTEGER NOT NULL DEFAULT 0,
    type        TEXT NOT NULL,
    position    INTEGER NOT NULL DEFAULT 0,
    state       TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'failed', 'dropped')),
    attempts    INTEGER NOT NULL DEFAULT 0,
    rung        INTEGER NOT NULL DEFAULT 0,
    made_at     INTEGER NOT NULL,
    due_at      INTEGER NOT NULL,
    ended_at    INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX delivery_due ON delivery (destination, due_at) WHERE state = 'waiting';
CREATE INDEX delivery_stands ON delivery (way, receiver, state, made_at);
CREATE INDEX delivery_ended ON delivery (ended_at) WHERE state <> 'waiting';

-- The text of a mail or chat message to staff; it goes when the message has been delivered.
CREATE TABLE message (
    delivery  INTEGER PRIMARY KEY REFERENCES delivery (delivery) ON DELETE CASCADE,
    recipient TEXT NOT NULL,
    subject   TEXT NOT NULL,
    text      TEXT NOT NULL,
    html      TEXT NOT NULL,
    language  TEXT NOT NULL
);

-- One try. status: what the other side answered, 0 when it did not answer; answer: the beginning of it, without addresses and long numbers.
CREATE TABLE attempt (
    delivery INTEGER NOT NULL REFERENCES delivery (delivery) ON DELETE CASCADE,
    attempt  INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    took     INTEGER NOT NULL,
    status   INTEGER NOT NULL,
    answer   TEXT NOT NULL,
    PRIMARY KEY (delivery, attempt)
) WITHOUT ROWID;

-- A destination as a whole: failures in a row, and until when nothing is tried there.
CREATE TABLE destination (
    destination TEXT PRIMARY KEY,
    failures    INTEGER NOT NULL DEFAULT 0,
    rests_until INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- What a staff member wants to be told, and how. letter and each alert: ways joined by a blank ('mail', 'chat', 'mail chat', '').
-- minute: minutes after midnight by the shop's clocks; letter_day: the last day whose letter was put here.
CREATE TABLE choice (
    staff      INTEGER PRIMARY KEY,
    language   TEXT NOT NULL,
    letter     TEXT NOT NULL DEFAULT '',
    minute     INTEGER NOT NULL DEFAULT 420,
    parts      TEXT NOT NULL DEFAULT '[]',
    alerts     TEXT NOT NULL DEFAULT '{}',
    chat_url   TEXT NOT NULL DEFAULT '',
    letter_day TEXT NOT NULL DEFAULT ''
);

-- What has happened since the last alert of its kind, counted; said_at: when the last alert was made.
CREATE TABLE happening (
    kind     TEXT PRIMARY KEY,
    times    INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    position INTEGER NOT NULL,
    detail   TEXT NOT NULL DEFAULT '',
    said_at  INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- An alert that is to be put into words for those who chose its kind. position: the first fact, 0 for none.
CREATE TABLE alert (
    alert    INTEGER PRIMARY KEY AUTOINCREMENT,
    kind     TEXT NOT NULL,
    times    INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    position INTEGER NOT NULL,
    detail   TEXT NOT NULL,
    made_at  INTEGER NOT NULL,
    worded_at INTEGER NOT NULL DEFAULT 0
);
