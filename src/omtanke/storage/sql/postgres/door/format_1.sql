-- The schema omtanke_door, format 1: what the door keeps for itself: its last calls, for the debugger, and which API calls were made under which key.
-- The door writes, and the worker when it erases somebody. All of it goes by itself: by number, and by age.

-- The last events of each write key, taken or refused. Personal: `wire` and `value` are whatever a sender wrote. path,
-- rule: what was wrong, empty when it was taken.
CREATE TABLE call (
    call       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key_id     TEXT COLLATE "C" NOT NULL,
    sender     TEXT COLLATE "C" NOT NULL,
    at         BIGINT NOT NULL,
    endpoint   TEXT COLLATE "C" NOT NULL,
    message_id TEXT COLLATE "C" NOT NULL,
    fact_id    BYTEA NOT NULL,
    is_refused BIGINT NOT NULL,
    path       TEXT COLLATE "C" NOT NULL,
    value      TEXT COLLATE "C" NOT NULL,
    rule       TEXT COLLATE "C" NOT NULL,
    wire       TEXT COLLATE "C" NOT NULL
);
CREATE INDEX call_of_key ON call (key_id, is_refused, call);
CREATE INDEX call_by_age ON call (at);

-- API calls under an Idempotency-Key: the digest of the first body, and when it came.
CREATE TABLE idempotent (
    fact_id  BYTEA PRIMARY KEY,
    body     BYTEA NOT NULL,
    first_at BIGINT NOT NULL
);
CREATE INDEX idempotent_by_age ON idempotent (first_at);
