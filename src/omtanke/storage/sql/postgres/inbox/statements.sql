-- name: add_entry
-- Messages that are new, numbered without a gap.
WITH
new AS (SELECT * FROM unnest(?::bigint[], ?::bytea[], ?::bigint[], ?::bigint[], ?::bytea[], ?::bytea[])
    WITH ORDINALITY AS new (source, fact_id, received_at, stamped_at, wire, handed, place)),
moved AS (UPDATE last_entry SET entry = entry + (SELECT count(*) FROM new) RETURNING entry)
INSERT INTO entry (entry, source, fact_id, received_at, stamped_at, wire, handed)
SELECT moved.entry - (SELECT count(*) FROM new) + new.place, new.source, new.fact_id, new.received_at, new.stamped_at, new.wire, new.handed
FROM new, moved ORDER BY new.place;

-- name: rest
-- An import is over; more may come another day.
UPDATE source SET is_telling = 0, has_ended = ?, told_to = (SELECT entry FROM last_entry) WHERE source = ?;

-- name: last_entry
-- The number of the last message that ever came in.
SELECT entry FROM last_entry;
