-- name: event
-- The fact that a message has become, by its id: stretch by stretch of the log, the latest first.
WITH RECURSIVE
stretch (number) AS (
    SELECT max(position) / 16384 FROM fact
    UNION ALL
    SELECT number - 1 FROM stretch WHERE number > (SELECT min(position) / 16384 FROM fact)
)
SELECT f.position, f.customer, coalesce(c.person, 0), f.type, f.source, f.occurred_at, f.received_at, f.channel, f.touchpoint
FROM stretch
JOIN LATERAL (SELECT * FROM fact WHERE fact.position / 16384 = stretch.number AND fact.fact_id = :fact_id AND fact.kind = 0 AND fact.source <> 0) AS f ON true
LEFT JOIN customer AS c ON c.customer = f.customer
LIMIT 1;
