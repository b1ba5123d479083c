-- What units have been told to manage. Read-only; an index holds these facts alone.

-- name: capacity_told
-- Everything that was told, in log order, with the unit's name as it was written.
SELECT f.position, f.version, f.body, f.occurred_at, n.part
FROM fact AS f LEFT JOIN personal AS n ON n.position = f.position
WHERE f.type = 'capacity_changed' ORDER BY f.position;

-- name: capacity_last
-- Where something was told last.
SELECT position FROM fact WHERE type = 'capacity_changed' ORDER BY position DESC LIMIT 1;

-- name: deliveries_owed
-- Open promises of delivery that were made before something was told and whose time is not over, and when the window of each was last said.
SELECT p.promise, p.customer, p.order_number, p.made_at, p.until_at, coalesce(f.now, p.made_at)
FROM promise AS p
LEFT JOIN fact AS f ON f.position = p.changed_position AND (p.until_at <> p.first_until OR p.from_at <> p.first_from)
WHERE p.kind = 'delivery' AND p.status IN ('made', 'at_risk', 'due') AND p.until_at > :now AND p.made_at <= :told;

-- name: shipments_of_owed
-- What has left the house of their orders, or of others of the same customers since.
SELECT f.occurred_at, f.version, f.body
FROM promise AS p
JOIN fact AS f ON f.customer = p.customer AND f.type = 'order_shipped' AND f.occurred_at >= p.made_at
WHERE p.kind = 'delivery' AND p.status IN ('made', 'at_risk', 'due') AND p.until_at > :now AND p.made_at <= :told;
