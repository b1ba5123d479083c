-- name: move_play_run
-- Somebody who came in before goes on.
UPDATE play_run AS r SET step = new.step, until_at = new.until_at, changed_position = new.changed_position
FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[]) AS new (step, until_at, changed_position, customer, run)
WHERE r.customer = new.customer AND r.run = new.run;
