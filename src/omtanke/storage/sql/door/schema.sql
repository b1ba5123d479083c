-- door.db: what the door keeps for itself: its last calls, for the debugger, and which API calls were made under which key.
-- The door writes, and the worker when it erases somebody. All of it goes by itself: by number, and by age.

-- The last events of each write key, taken or refused. Personal: `wire` and `value` are whatever a sender wrote. path,
-- rule: what was wrong, empty when it was taken.
CREATE TABLE call (
    call       INTEGER PRIMARY KEY AUTOINCREMENT,
    key_id     TEXT NOT NULL,
    sender     TEXT NOT NULL,
    at         INTEGER NOT NULL,
    endpoint   TEXT NOT NULL,
    message_id TEXT NOT NULL,
    fact_id    BLOB NOT NULL,
    is_refused INTEGER NOT NULL,
    path       TEXT NOT NULL,
    value      TEXT NOT NULL,
    rule       TEXT NOT NULL,
    wire       TEXT NOT NULL
);
CREATE INDEX call_of_key ON call (key_id, is_refused, call);
CREATE INDEX call_by_age ON call (at);

-- API calls under an Idempotency-Key: the digest of the first body, and when it came.
CREATE TABLE idempotent (
    fact_id  BLOB PRIMARY KEY,
    body     BLOB NOT NULL,
    first_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX idempotent_by_age ON idempotent (first_at);
