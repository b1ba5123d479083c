-- name: sent
-- What went, or is to go, to receivers: which fact, to whom, and how it stands.
SELECT d.position, d.type, d.state, d.made_at, d.ended_at, coalesce(r.description, ''), coalesce(r.url, '')
FROM delivery AS d LEFT JOIN receiver AS r ON r.receiver = d.receiver WHERE d.way = 'webhook' AND d.position > 0 ORDER BY d.delivery;
