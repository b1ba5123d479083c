-- name: source_of_name
-- A sender by its name.
SELECT source, name, mode, zone, currency, has_ended, is_telling, began_at, told_to FROM source WHERE name = ?;

-- name: sources
-- Every sender.
SELECT source, name, mode, zone, currency, has_ended, is_telling, began_at, told_to FROM source ORDER BY source;

-- name: add_source
-- A new sender.
INSERT INTO source (name, mode, zone, currency) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO NOTHING;

-- name: begin_telling
-- An import begins or goes on.
UPDATE source SET is_telling = 1, has_ended = 0, began_at = CASE WHEN is_telling = 1 THEN began_at ELSE ? END WHERE source = ?;

-- name: rest
-- An import is over; more may come another day.
UPDATE source SET is_telling = 0, has_ended = ?, told_to = coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'entry'), 0)
WHERE source = ?;

-- name: add_seen
-- Remember a message; one that has come before changes nothing.
INSERT INTO seen (week, fact_id) VALUES (?, ?) ON CONFLICT DO NOTHING;

-- name: add_entry
-- A message that is new.
INSERT INTO entry (source, fact_id, received_at, stamped_at, wire, handed) VALUES (?, ?, ?, ?, ?, ?);

-- name: read_entries
-- The next messages in order.
SELECT entry, source, fact_id, received_at, stamped_at, wire, handed FROM entry WHERE entry > ? ORDER BY entry LIMIT ?;

-- name: last_entry
-- The number of the last message that ever came in.
SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'entry'), 0);

-- name: trim
-- Messages that have become facts leave. Where the first of them is found is said too: nobody has to walk over those that have left.
DELETE FROM entry WHERE entry > :trimmed AND entry <= :consumed;

-- name: meta
-- A value of the store.
SELECT value FROM meta WHERE name = ?;

-- name: set_meta
-- Set a value of the store.
INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: has_seen
-- Whether a message has come before.
SELECT 1 FROM seen WHERE week = ? AND fact_id = ?;

-- name: learn
-- Keep what later rows of an import hang on; what is known stays.
INSERT INTO import_known (source, key, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING;

-- name: known
-- What an import has told.
SELECT value FROM import_known WHERE source = ? AND key = ?;

-- name: wait
-- A row waits.
INSERT INTO import_waiting (source, family, row, key, payload) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (source, family, row) DO UPDATE SET key = excluded.key, payload = excluded.payload;

-- name: waiting
-- Every row that waits.
SELECT family, row, key, payload FROM import_waiting WHERE source = ? ORDER BY family, row;

-- name: release
-- A row waits no longer.
DELETE FROM import_waiting WHERE source = ? AND family = ? AND row = ?;
