-- The schema omtanke_outbox, format 1: what leaves the house: webhooks, staff mail and chat, with every attempt; and who asked for what.
-- The pages put mail and settings here, `run dispatch` deliveries; all in short transactions. Moments are UTC microseconds, 0 for none.

CREATE TABLE meta (
    name  TEXT COLLATE "C" PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);

-- Who is told by webhook of what is in the log after the position `since`. types: JSON list of fact types.
-- state: on, paused (deliveries wait), off (nobody was there any more, says why), removed. The former secret signs beside the present one until former_until. The database is readable by its owner only.
CREATE TABLE receiver (
    receiver      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    url           TEXT COLLATE "C" NOT NULL,
    types         TEXT COLLATE "C" NOT NULL,
    since         BIGINT NOT NULL,
    description   TEXT COLLATE "C" NOT NULL,
    state         TEXT COLLATE "C" NOT NULL DEFAULT 'on' CHECK (state IN ('on', 'paused', 'off', 'removed')),
    why           TEXT COLLATE "C" NOT NULL DEFAULT '',
    secret        TEXT COLLATE "C" NOT NULL,
    former_secret TEXT COLLATE "C" NOT NULL DEFAULT '',
    former_until  BIGINT NOT NULL DEFAULT 0,
    made_at       BIGINT NOT NULL
);

-- Something on its way to a destination. key: the webhook-id, or what the Message-ID is made from. way: webhook, mail, chat.
-- destination: what fails and rests as one. position: the fact in log.db that the body is made from (webhooks).
-- state: waiting, delivered, failed (the ladder has ended), dropped (nobody is there to have it).
CREATE TABLE delivery (
    delivery    BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key         TEXT COLLATE "C" NOT NULL UNIQUE,
    way         TEXT COLLATE "C" NOT NULL CHECK (way IN ('webhook', 'mail', 'chat')),
    destination TEXT COLLATE "C" NOT NULL,
    receiver    BIGINT NOT NULL DEFAULT 0,
    type        TEXT COLLATE "C" NOT NULL,
    position    BIGINT NOT NULL DEFAULT 0,
    state       TEXT COLLATE "C" NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'failed', 'dropped')),
    attempts    BIGINT NOT NULL DEFAULT 0,
    rung        BIGINT NOT NULL DEFAULT 0,
    made_at     BIGINT NOT NULL,
    due_at      BIGINT NOT NULL,
    ended_at    BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX delivery_due ON delivery (destination, due_at) WHERE state = 'waiting';
CREATE INDEX delivery_stands ON delivery (way, receiver, state, made_at);
CREATE INDEX delivery_ended ON delivery (ended_at) WHERE state <> 'waiting';

-- The text of a mail or chat message to staff; it goes when the message has been delivered.
CREATE TABLE message (
    delivery  BIGINT PRIMARY KEY REFERENCES delivery (delivery) ON DELETE CASCADE,
    recipient TEXT COLLATE "C" NOT NULL,
    subject   TEXT COLLATE "C" NOT NULL,
    text      TEXT COLLATE "C" NOT NULL,
    html      TEXT COLLATE "C" NOT NULL,
    language  TEXT COLLATE "C" NOT NULL
);

-- One try. status: what the other side answered, 0 when it did not answer; answer: the beginning of it, without addresses and long numbers.
CREATE TABLE attempt (
    delivery BIGINT NOT NULL REFERENCES delivery (delivery) ON DELETE CASCADE,
    attempt  BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    took     BIGINT NOT NULL,
    status   BIGINT NOT NULL,
    answer   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (delivery, attempt)
);

-- A destination as a whole: failures in a row, and until when nothing is tried there.
CREATE TABLE destination (
    destination TEXT COLLATE "C" PRIMARY KEY,
    failures    BIGINT NOT NULL DEFAULT 0,
    rests_until BIGINT NOT NULL DEFAULT 0
);

-- What a staff member wants to be told, and how. letter and each alert: ways joined by a blank ('mail', 'chat', 'mail chat', '').
-- minute: minutes after midnight by the shop's clocks; letter_day: the last day whose letter was put here.
CREATE TABLE choice (
    staff      BIGINT PRIMARY KEY,
    language   TEXT COLLATE "C" NOT NULL,
    letter     TEXT COLLATE "C" NOT NULL DEFAULT '',
    minute     BIGINT NOT NULL DEFAULT 420,
    parts      TEXT COLLATE "C" NOT NULL DEFAULT '[]',
    alerts     TEXT COLLATE "C" NOT NULL DEFAULT '{}',
    chat_url   TEXT COLLATE "C" NOT NULL DEFAULT '',
    letter_day TEXT COLLATE "C" NOT NULL DEFAULT ''
);

-- What has happened since the last alert of its kind, counted; said_at: when the last alert was made.
CREATE TABLE happening (
    kind     TEXT COLLATE "C" PRIMARY KEY,
    times    BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    position BIGINT NOT NULL,
    detail   TEXT COLLATE "C" NOT NULL DEFAULT '',
    said_at  BIGINT NOT NULL DEFAULT 0
);

-- An alert that is to be put into words for those who chose its kind. position: the first fact, 0 for none.
CREATE TABLE alert (
    alert    BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind     TEXT COLLATE "C" NOT NULL,
    times    BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    position BIGINT NOT NULL,
    detail   TEXT COLLATE "C" NOT NULL,
    made_at  BIGINT NOT NULL,
    worded_at BIGINT NOT NULL DEFAULT 0
);
