-- name: told
-- What persons have told about themselves, one person after another: the personal part of their identify calls.
SELECT c.person, f.occurred_at, n.part FROM customer AS c
JOIN fact AS f ON f.customer = c.customer
JOIN personal AS n ON n.customer = f.customer AND n.position = f.position
WHERE c.kind = 'person' AND f.type = 'customer_identified'
ORDER BY c.person;
