-- name: facts_after
-- A chunk of facts in log order, without what stands for others that the lake has kept, in the order of the lake's common columns, then type and body.
SELECT position, fact_id, kind, mode, source, customer, version, occurred_at, received_at, now, channel, touchpoint,
       cause, reason, policy_version, engine_version, type, body
FROM fact WHERE position > ? AND position <= ? AND type <> 'history_condensed' ORDER BY position LIMIT ?;

-- name: last_position
-- The place of the last fact.
SELECT coalesce(max(position), 0) FROM fact;

-- name: received_last
-- When the last of the facts up to a position was received.
SELECT received_at FROM fact WHERE position <= ? ORDER BY position DESC LIMIT 1;

-- name: person_of
-- The person to whom each customer leads today.
SELECT customer, person, kind FROM customer ORDER BY customer;

-- name: person_of_some
-- The same for everyone who leads to one of the persons to whom the customers of a list lead.
SELECT customer, person, kind FROM customer WHERE person IN (
    SELECT c.person FROM json_each(?) AS asked JOIN customer AS c ON c.customer = CAST(asked.value AS BIGINT)
) ORDER BY customer;

-- name: clock
-- The store's clock.
SELECT value FROM meta WHERE name = 'clock';
