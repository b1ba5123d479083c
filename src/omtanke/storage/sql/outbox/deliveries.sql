-- name: meta
-- A value of the outbox.
SELECT value FROM meta WHERE name = ?;

-- name: set_meta
-- Set a value of the outbox.
INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: add_delivery
-- Something is to be sent; the same key is one delivery.
INSERT INTO delivery (key, way, destination, receiver, type, position, made_at, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (key) DO NOTHING RETURNING delivery;

-- name: add_message
-- The text of a mail or chat message.
INSERT INTO message (delivery, recipient, subject, text, html, language) VALUES (?, ?, ?, ?, ?, ?);

-- name: message
-- The text of a mail or chat message.
SELECT recipient, subject, text, html, language FROM message WHERE delivery = ?;

-- name: drop_message
-- The text goes when it has arrived.
DELETE FROM message WHERE delivery = ?;

-- name: add_destination
-- A destination that may be new.
INSERT INTO destination (destination) VALUES (?) ON CONFLICT DO NOTHING;

-- name: destinations
-- Every destination, and how it stands.
SELECT destination, failures, rests_until FROM destination ORDER BY destination;

-- name: due
-- What is due at a destination, the longest due first; what belongs to a receiver that is paused waits.
SELECT d.delivery, d.key, d.way, d.destination, d.receiver, d.type, d.position, d.state, d.attempts, d.rung, d.made_at, d.due_at, d.ended_at
FROM delivery AS d
WHERE d.state = 'waiting' AND d.destination = ? AND d.due_at <= ?
  AND NOT EXISTS (SELECT 1 FROM receiver AS r WHERE r.receiver = d.receiver AND r.state <> 'on')
ORDER BY d.due_at, d.delivery LIMIT ?;

-- name: due_latest
-- The same, the last due first: what has just been released can still be sent, and what has waited for too long is only asked about anew.
SELECT d.delivery, d.key, d.way, d.destination, d.receiver, d.type, d.position, d.state, d.attempts, d.rung, d.made_at, d.due_at, d.ended_at
FROM delivery AS d
WHERE d.state = 'waiting' AND d.destination = ? AND d.due_at <= ?
ORDER BY d.due_at DESC, d.delivery DESC LIMIT ?;

-- name: delivery
-- One delivery.
SELECT delivery, key, way, destination, receiver, type, position, state, attempts, rung, made_at, due_at, ended_at
FROM delivery WHERE delivery = ?;

-- name: listed
-- Deliveries, the latest first, from a place on: of one receiver or of all ways, in one state or all.
SELECT delivery, key, way, destination, receiver, type, position, state, attempts, rung, made_at, due_at, ended_at
FROM delivery
WHERE delivery < :before AND (:receiver = 0 OR receiver = :receiver) AND (:way = '' OR way = :way) AND (:state = '' OR state = :state)
ORDER BY delivery DESC LIMIT :limit;

-- name: counts
-- How many deliveries stand how, by way and receiver, and when the oldest that waits was made.
SELECT way, receiver, state, count(*), min(made_at) FROM delivery GROUP BY way, receiver, state;

-- name: add_attempt
-- A try, and what became of it.
INSERT INTO attempt (delivery, attempt, at, took, status, answer) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (delivery, attempt) DO NOTHING;

-- name: attempts
-- The tries of some deliveries, the first first.
SELECT delivery, attempt, at, took, status, answer FROM attempt
WHERE delivery IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) ORDER BY delivery, attempt;

-- name: settle
-- How a delivery stands after a try.
UPDATE delivery SET state = ?, attempts = attempts + 1, rung = ?, due_at = ?, ended_at = ? WHERE delivery = ?;

-- name: postpone
-- A delivery that could not be tried: something is not set up.
UPDATE delivery SET due_at = ? WHERE delivery = ?;

-- name: set_rest
-- How a destination as a whole stands.
UPDATE destination SET failures = ?, rests_until = ? WHERE destination = ?;

-- name: begin_handing
-- Something that is sent at most once is about to be handed over; no row when it has been so before.
UPDATE delivery SET handed_at = ? WHERE delivery = ? AND handed_at = 0 AND state = 'waiting';

-- name: not_handed
-- It has certainly not been taken, or how it ended is written.
UPDATE delivery SET handed_at = 0 WHERE delivery = ?;

-- name: is_in_doubt
-- Something that was about to be handed over, and how that ended was not written.
SELECT delivery FROM delivery WHERE delivery = ? AND handed_at <> 0;

-- name: hasten_doubtful
-- What was about to be handed over when a process ended is looked at now.
UPDATE delivery SET due_at = ? WHERE handed_at <> 0 AND state = 'waiting';

-- name: wake_doubtful
-- Their destinations rest no longer.
UPDATE destination SET rests_until = 0 WHERE destination IN (SELECT d.destination FROM delivery AS d WHERE d.handed_at <> 0 AND d.state = 'waiting');

-- name: resend
-- A delivery is to be tried once more from the first step of the ladder on.
UPDATE delivery SET state = 'waiting', rung = 0, due_at = ?, ended_at = 0 WHERE delivery = ? AND state <> 'waiting';

-- name: hasten
-- A delivery that waits is to be tried now.
UPDATE delivery SET rung = 0, due_at = ? WHERE delivery = ? AND state = 'waiting';

-- name: resend_failed
-- Everything that could not be delivered to a receiver and was made since a moment is to be tried once more.
UPDATE delivery SET state = 'waiting', rung = 0, due_at = ?, ended_at = 0 WHERE way = 'webhook' AND receiver = ? AND state = 'failed' AND made_at >= ?;

-- name: drop_waiting
-- Nobody is there to have what waits for a receiver.
UPDATE delivery SET state = 'dropped', ended_at = ? WHERE way = 'webhook' AND receiver = ? AND state = 'waiting';

-- name: give_up
-- What could not be delivered in all the time that the ladder has.
UPDATE delivery SET state = 'failed', ended_at = ? WHERE state = 'waiting' AND made_at < ? AND due_at < ?
  AND way IN ('webhook', 'chat')
  AND NOT EXISTS (SELECT 1 FROM receiver AS r WHERE r.receiver = delivery.receiver AND r.state = 'paused');

-- name: forget
-- What ended long ago leaves, with its tries and texts.
DELETE FROM delivery WHERE delivery IN (SELECT delivery FROM delivery WHERE state <> 'waiting' AND ended_at < ? LIMIT ?);

-- name: drop_old_news
-- Letters and alerts that could not be sent in time are no news any more.
UPDATE delivery SET state = 'dropped', ended_at = ? WHERE state = 'waiting' AND type IN ('letter', 'alert') AND made_at < ?;

-- name: drop_texts
-- The texts of what will not be sent leave after a while.
DELETE FROM message WHERE delivery IN (SELECT delivery FROM delivery WHERE state IN ('failed', 'dropped') AND ended_at < ?);
