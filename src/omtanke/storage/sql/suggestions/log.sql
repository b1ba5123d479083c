-- name: told
-- What persons have told about themselves, one person after another: their identify calls and what was put right.
-- The cross joins keep SQLite on its indexes, so that nothing is sorted.
SELECT c.person, f.occurred_at, f.type, f.version, f.body, n.part FROM customer AS c
CROSS JOIN fact AS f ON f.customer = c.customer
LEFT JOIN personal AS n ON n.position = f.position
WHERE c.kind = 'person' AND f.type IN ('customer_identified', 'details_corrected')
    AND (n.part IS NOT NULL OR (f.type = 'details_corrected' AND NOT EXISTS (SELECT 1 FROM erased AS e WHERE e.customer = c.customer)))
ORDER BY c.person;

-- name: persons
-- How many persons there are.
SELECT count(DISTINCT person) FROM customer WHERE kind = 'person';

-- name: refused
-- Whom somebody has looked at and found to be two: as persons, whom their customers lead to today.
SELECT DISTINCT min(a.person, b.person), max(a.person, b.person) FROM link
JOIN customer AS a ON a.customer = link.one JOIN customer AS b ON b.customer = link.two
WHERE link.status = 'refused' AND a.person <> b.person;

-- name: leading
-- Whom customers lead to today.
SELECT customer, person FROM json_each(:customers) AS wanted JOIN customer ON customer.customer = CAST(wanted.value AS BIGINT);

-- name: restricted
-- Persons whose data are left alone.
SELECT DISTINCT c.person FROM restriction AS r JOIN customer AS c ON c.customer = r.customer;
