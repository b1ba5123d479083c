-- What pages read from inbox.db. Read-only.

-- name: sources
-- Every sender.
SELECT source, name, mode, zone, currency, is_telling, has_ended, began_at FROM source ORDER BY source;

-- name: last_entry
-- The last message that has come, and when.
SELECT coalesce(max(entry), 0), coalesce((SELECT received_at FROM entry ORDER BY entry DESC LIMIT 1), 0) FROM entry;

-- name: oldest_unread
-- When the oldest message that is not yet a fact was received.
SELECT coalesce(min(received_at), 0) FROM entry WHERE entry > :consumed AND entry <= :consumed + 1000;
