-- What is read from log.db for what leaves the house.

-- name: last_position
-- The last place in the log.
SELECT coalesce(max(position), 0) FROM fact;

-- name: after
-- The next facts in log order, as far as a follower needs them.
SELECT position, fact_id, mode, customer, type, version, occurred_at, body FROM fact WHERE position > ? ORDER BY position LIMIT ?;

-- name: identified_parts
-- The latest personal parts of those customers of a person who were known by an id of the shop's own.
SELECT n.part
FROM customer AS m
JOIN fact AS f ON f.customer = m.customer
JOIN personal AS n ON n.position = f.position
WHERE m.person = ? AND EXISTS (SELECT 1 FROM identifier AS i WHERE i.customer = m.customer AND i.kind IN ('user_id', 'loyalty_number'))
ORDER BY n.position DESC LIMIT ?;
