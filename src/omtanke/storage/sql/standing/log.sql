-- name: wakes
-- How many wakes are due at a moment, of those who are not set aside, and when the first of them was.
SELECT count(*), coalesce(min(next_wake_at), 0) FROM snapshot
WHERE next_wake_at <= :now AND person NOT IN (SELECT person FROM set_aside);

-- name: erasures
-- How many erasures wait or are under way, and since when the first does.
SELECT count(*), coalesce(min(requested_at), 0) FROM erasure WHERE status IN ('received', 'running');

-- name: quarantined
-- What could not be understood since a moment, by sender and rule, the most frequent first.
SELECT source, rule, count(*) FROM quarantine WHERE received_at >= :since GROUP BY source, rule ORDER BY count(*) DESC LIMIT 3;

-- name: partly_erased
-- Erasures of which something is left that we cannot take out.
SELECT count(*) FROM erasure WHERE status = 'partly_done';
