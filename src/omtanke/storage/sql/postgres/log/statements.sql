-- name: move_snapshot
-- The next states of persons, where nobody else has moved them on.
UPDATE snapshot SET version = snapshot.version + 1, position = new.position, schema_hash = new.schema_hash, now = new.now, next_wake_at = new.next_wake_at, state = new.state
FROM unnest(?::bigint[], ?::bytea[], ?::bigint[], ?::bigint[], ?::bytea[], ?::bigint[], ?::bigint[]) AS new (position, schema_hash, now, next_wake_at, state, person, version)
WHERE snapshot.person = new.person AND snapshot.version = new.version;
