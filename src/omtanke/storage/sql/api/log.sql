-- What is looked up in log.db by id, for the API and the debugger. Read-only; each statement answers in a few steps of an index.

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
JOIN fact AS f INDEXED BY fact_by_id
    ON f.position / 16384 = stretch.number AND f.fact_id = :fact_id AND f.kind = 0 AND f.source <> 0
LEFT JOIN customer AS c ON c.customer = f.customer
LIMIT 1;

-- name: resting_on
-- What was decided on a fact, at once or later: it is the cause, or one of the grounds.
SELECT f.position, f.fact_id, f.kind, f.mode, f.source, f.customer, f.type, f.version, f.occurred_at, f.received_at, f.now,
    f.channel, f.touchpoint, f.body, f.cause, f.because, f.reason, f.policy_version, f.engine_version, NULL
FROM customer AS m
JOIN fact AS f ON f.customer = m.customer
WHERE m.person = :person AND f.kind = 1 AND f.position > :position
    AND (f.cause = :fact_id OR instr(f.because, :fact_id) > 0)
ORDER BY f.position LIMIT :limit;

-- name: refused
-- Why a message could not be understood, by its id.
SELECT received_at, path, value, rule FROM quarantine WHERE fact_id = :fact_id LIMIT 1;

-- name: persons_of_identifier
-- The person who has an identifier.
SELECT c.person FROM identifier AS i JOIN customer AS c ON c.customer = i.customer WHERE i.key = :key;

-- name: subject
-- The surrogate of a thing by its number, and the person who owns it (0: nobody).
SELECT s.surrogate, coalesce(c.person, 0) FROM subject AS s LEFT JOIN customer AS c ON c.customer = s.owner WHERE s.key = :key;

-- name: promise_facts
-- Everything that was decided about the promises to a person up to a moment, in log order.
SELECT f.position, f.fact_id, f.kind, f.mode, f.source, f.customer, f.type, f.version, f.occurred_at, f.received_at, f.now,
    f.channel, f.touchpoint, f.body, f.cause, f.because, f.reason, f.policy_version, f.engine_version, NULL
FROM customer AS m
JOIN fact AS f ON f.customer = m.customer
WHERE m.person = :person AND f.kind = 1 AND f.now <= :as_of AND f.type BETWEEN 'promise_' AND 'promise_z'
ORDER BY f.position LIMIT :limit;

-- name: stating_facts
-- The inputs with which promises were stated, by their ids, with the words shown.
SELECT f.position, f.fact_id, f.kind, f.mode, f.source, f.customer, f.type, f.version, f.occurred_at, f.received_at, f.now,
    f.channel, f.touchpoint, f.body, f.cause, f.because, f.reason, f.policy_version, f.engine_version, n.part
FROM customer AS m
JOIN fact AS f ON f.customer = m.customer
LEFT JOIN personal AS n ON n.position = f.position
WHERE m.person = :person AND f.kind = 0 AND hex(f.fact_id) IN (SELECT value FROM json_each(:ids))
ORDER BY f.position;
