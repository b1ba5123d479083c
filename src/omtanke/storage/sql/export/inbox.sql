-- name: last_entry
-- The last message that is durable.
SELECT coalesce(max(entry), 0) FROM entry;

-- name: unread
-- Messages that are durable and have not become facts yet.
SELECT received_at, source, wire FROM entry WHERE entry > :consumed ORDER BY entry;
