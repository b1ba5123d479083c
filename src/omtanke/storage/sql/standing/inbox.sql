-- name: last_received_at
-- When the last message was received; the store's clock never goes back behind it.
SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'last_received_at';
