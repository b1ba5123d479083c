-- name: standing
-- Begin to see a database as it stands.
SELECT count(*) FROM sqlite_master;

-- name: log_consumed
-- The last message that the log has made a fact of.
SELECT value FROM meta WHERE name = 'consumed';

-- name: first_entry
-- The first message that is still in the inbox.
SELECT min(entry) FROM entry;

-- name: last_given
-- The last number that a message of the inbox was given.
SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'entry';

-- name: last_fact
-- The place of the last fact.
SELECT coalesce(max(position), 0) FROM fact;
