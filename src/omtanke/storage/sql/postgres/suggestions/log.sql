-- name: told
-- What persons have told about themselves, one person after another: their identify calls and what was put right.
SELECT c.person, f.occurred_at, f.type, f.version, f.body, n.part FROM customer AS c
JOIN fact AS f ON f.customer = c.customer
LEFT JOIN personal AS n ON n.position = f.position
WHERE c.kind = 'person' AND f.type IN ('customer_identified', 'details_corrected')
    AND (n.part IS NOT NULL OR (f.type = 'details_corrected' AND NOT EXISTS (SELECT 1 FROM erased AS e WHERE e.customer = c.customer)))
ORDER BY c.person;
