-- name: add_receiver
-- A receiver.
INSERT INTO receiver (url, types, since, description, secret, made_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING receiver;

-- name: receivers
-- Every receiver that has not been removed.
SELECT receiver, url, types, since, description, state, why, secret, former_secret, former_until, made_at
FROM receiver WHERE state <> 'removed' ORDER BY receiver;

-- name: receiver
-- One receiver, removed or not.
SELECT receiver, url, types, since, description, state, why, secret, former_secret, former_until, made_at FROM receiver WHERE receiver = ?;

-- name: change_receiver
-- Another address, choice of facts or description.
UPDATE receiver SET url = ?, types = ?, description = ? WHERE receiver = ?;

-- name: set_state
-- On, paused, off or removed, and why.
UPDATE receiver SET state = ?, why = ? WHERE receiver = ? AND state <> 'removed';

-- name: begin_at
-- From which position on a receiver is told.
UPDATE receiver SET since = ? WHERE receiver = ?;

-- name: rotate
-- A new secret; the one before counts beside it for a while.
UPDATE receiver SET former_secret = secret, former_until = ?, secret = ? WHERE receiver = ?;
