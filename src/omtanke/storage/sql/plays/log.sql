-- name: put_play_run
-- A time in a play as it stands; how somebody came in stays as it was first told.
INSERT INTO play_run (run, customer, play, digest, is_held_out, entered_at, entered_position, step, until_at, left_at, reason, changed_position)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (customer, run) DO UPDATE SET
    step = excluded.step, until_at = excluded.until_at, left_at = excluded.left_at, reason = excluded.reason, changed_position = excluded.changed_position;

-- name: move_play_run
-- The same of somebody who came in before and goes on: it touches one index.
UPDATE play_run SET step = ?, until_at = ?, changed_position = ? WHERE customer = ? AND run = ?;

-- name: put_play_message
-- A message as it stands; what it is about stays as it was first told.
INSERT INTO play_message (message, customer, play, run, message_class, template, channel, became, reason, at, due_at, until_at, returned_at, decided_position, changed_position)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (customer, message) DO UPDATE SET
    channel = CASE WHEN excluded.channel = '' THEN play_message.channel ELSE excluded.channel END,
    became = excluded.became, reason = excluded.reason, at = excluded.at, until_at = excluded.until_at,
    returned_at = CASE WHEN excluded.returned_at = 0 THEN play_message.returned_at ELSE excluded.returned_at END,
    decided_position = CASE WHEN excluded.decided_position = 0 THEN play_message.decided_position ELSE excluded.decided_position END,
    changed_position = excluded.changed_position;

-- name: play_runs_of_customer
-- A customer's times in plays as they stand.
SELECT run, customer, play, digest, is_held_out, entered_at, entered_position, step, until_at, left_at, reason, changed_position
FROM play_run WHERE customer = :key;

-- name: play_messages_of_customer
-- The messages to a customer as they stand.
SELECT message, customer, play, run, message_class, template, channel, became, reason, at, due_at, until_at, returned_at, decided_position, changed_position
FROM play_message WHERE customer = :key;

-- name: played_before
-- What the log tells of plays and messages, after a position.
SELECT position, fact_id, kind, mode, source, customer, type, version, occurred_at, received_at, now, channel, touchpoint,
       body, cause, because, reason, policy_version, engine_version
FROM fact WHERE position > :after AND type IN (SELECT value FROM json_each(:types)) ORDER BY position LIMIT :limit;
