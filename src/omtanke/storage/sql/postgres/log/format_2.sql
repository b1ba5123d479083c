-- Each time that somebody is or was in a play, for pages: derived from the facts, compared with them by `replay --check`. step: where they
-- are, from 0; until_at: when they go on if nothing comes before; reason: why they left; entered_position: where the log says that they came in.
CREATE TABLE play_run (
    run              BIGINT PRIMARY KEY,
    customer         BIGINT NOT NULL,
    play             TEXT COLLATE "C" NOT NULL,
    digest           TEXT COLLATE "C" NOT NULL,
    is_held_out      BIGINT NOT NULL,
    entered_at       BIGINT NOT NULL,
    entered_position BIGINT NOT NULL,
    step             BIGINT NOT NULL,
    until_at         BIGINT NOT NULL,
    left_at          BIGINT NOT NULL,
    reason           TEXT COLLATE "C" NOT NULL,
    changed_position BIGINT NOT NULL
);
CREATE INDEX play_run_under_way ON play_run (play, entered_at, run) WHERE left_at = 0;
CREATE INDEX play_run_at_step ON play_run (play, step, entered_at, run, digest, left_at) WHERE left_at = 0;
CREATE INDEX play_run_entered ON play_run (play, entered_at, is_held_out);
CREATE INDEX play_run_left ON play_run (play, left_at, reason, run) WHERE left_at <> 0;
CREATE INDEX play_run_of_customer ON play_run (customer);

-- Every message to a customer as it stands, for pages: ours, and those that other systems tell of, which have no play. became: due, released,
-- deferred, suppressed, sent, in_doubt, failed, returned; reason: of what was decided, or of the failure; at: of what became of it last.
-- decided_position: of what was decided of it last, 0 for nothing.
CREATE TABLE play_message (
    message          BIGINT PRIMARY KEY,
    customer         BIGINT NOT NULL,
    play             TEXT COLLATE "C" NOT NULL,
    run              BIGINT NOT NULL,
    message_class    TEXT COLLATE "C" NOT NULL,
    template         TEXT COLLATE "C" NOT NULL,
    channel          TEXT COLLATE "C" NOT NULL,
    became           TEXT COLLATE "C" NOT NULL,
    reason           TEXT COLLATE "C" NOT NULL,
    at               BIGINT NOT NULL,
    due_at           BIGINT NOT NULL,
    until_at         BIGINT NOT NULL,
    returned_at      BIGINT NOT NULL,
    decided_position BIGINT NOT NULL,
    changed_position BIGINT NOT NULL
);
CREATE INDEX play_message_by_moment ON play_message (at, message);
CREATE INDEX play_message_by_end ON play_message (became, at, message);
CREATE INDEX play_message_by_channel ON play_message (channel, at, message);
CREATE INDEX play_message_of_play ON play_message (play, at, message, became);
CREATE INDEX play_message_returned ON play_message (at, message) WHERE returned_at <> 0;
CREATE INDEX play_message_of_customer ON play_message (customer, at);
