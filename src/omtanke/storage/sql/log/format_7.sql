-- Times in plays and messages are found by their customer and number: a number is a hash, and an index of hashes takes a page of its own for each row.
ALTER TABLE play_run RENAME TO play_run_6;
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
INSERT INTO play_run (place, run, customer, play, digest, is_held_out, entered_at, entered_position, step, until_at, left_at, reason, changed_position)
SELECT place, run, customer, play, digest, is_held_out, entered_at, entered_position, step, until_at, left_at, reason, changed_position
FROM play_run_6 ORDER BY place;
DROP TABLE play_run_6;
CREATE INDEX play_run_under_way ON play_run (play, entered_at, place) WHERE left_at = 0;
CREATE INDEX play_run_at_step ON play_run (play, step, entered_at, place, digest, left_at) WHERE left_at = 0;
CREATE INDEX play_run_entered ON play_run (play, entered_at, is_held_out);
CREATE INDEX play_run_left ON play_run (play, left_at, place, reason) WHERE left_at <> 0;
CREATE UNIQUE INDEX play_run_of_customer ON play_run (customer, run);

ALTER TABLE play_message RENAME TO play_message_6;
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
INSERT INTO play_message (place, message, customer, play, run, message_class, template, channel, became, reason, at, due_at, until_at, returned_at, decided_position, changed_position)
SELECT place, message, customer, play, run, message_class, template, channel, became, reason, at, due_at, until_at, returned_at, decided_position, changed_position
FROM play_message_6 ORDER BY place;
DROP TABLE play_message_6;
CREATE INDEX play_message_by_moment ON play_message (at, place);
CREATE INDEX play_message_by_end ON play_message (became, at, place);
CREATE INDEX play_message_by_channel ON play_message (channel, at, place);
CREATE INDEX play_message_of_play ON play_message (play, at, place, became);
CREATE INDEX play_message_returned ON play_message (at, place) WHERE returned_at <> 0;
CREATE UNIQUE INDEX play_message_of_customer ON play_message (customer, message);
