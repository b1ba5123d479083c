-- name: add_call
-- An event at the door.
INSERT INTO call (key_id, sender, at, endpoint, message_id, fact_id, is_refused, path, value, rule, wire)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: drop_beyond
-- Of each key's events, taken and refused apart, only the last so many stay.
DELETE FROM call WHERE key_id = :key_id AND is_refused = :is_refused AND call <= (
    SELECT call FROM call WHERE key_id = :key_id AND is_refused = :is_refused ORDER BY call DESC LIMIT 1 OFFSET :most);

-- name: drop_older
-- Events from before a moment leave.
DELETE FROM call WHERE at < ?;

-- name: drop_keys
-- Idempotency keys from before a moment leave.
DELETE FROM idempotent WHERE first_at < ?;

-- name: add_key
-- The first call under an idempotency key; a later one changes nothing.
INSERT INTO idempotent (fact_id, body, first_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING;

-- name: key
-- What was first said under an idempotency key, and when.
SELECT body, first_at FROM idempotent WHERE fact_id = ?;

-- name: calls
-- The last events of a key, the latest first: all, or those that were refused.
SELECT call, key_id, sender, at, endpoint, message_id, fact_id, is_refused, path, value, rule, wire FROM call
WHERE key_id = :key_id AND is_refused >= :least ORDER BY call DESC LIMIT :limit;

-- name: last_call
-- The number of the last event.
SELECT coalesce(max(call), 0) FROM call;

-- name: counts
-- How many events of each key are here, how many of them were refused, and when the last came.
SELECT key_id, count(*), sum(is_refused), max(at) FROM call GROUP BY key_id;
