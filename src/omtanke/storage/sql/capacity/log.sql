-- What units have been told to manage. Read-only; an index holds these facts alone.

-- name: capacity_told
-- Everything that was told, in log order, with the unit's name as it was written.
SELECT f.position, f.version, f.body, f.occurred_at, n.part
FROM fact AS f LEFT JOIN personal AS n ON n.customer = f.customer AND n.position = f.position
WHERE f.type = 'capacity_changed' ORDER BY f.position;

-- name: capacity_last
-- Where something was told last.
SELECT position FROM fact WHERE type = 'capacity_changed' ORDER BY position DESC LIMIT 1;
