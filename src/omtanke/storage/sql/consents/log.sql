-- What a customer allows, read from log.db by those who have to obey it. Read-only.

-- name: state
-- The state of a person, and the shape that it was written in.
SELECT schema_hash, state FROM snapshot WHERE person = :person;

-- name: states
-- The states of some persons.
SELECT s.person, s.schema_hash, s.state FROM json_each(:persons) AS wanted JOIN snapshot AS s ON s.person = CAST(wanted.value AS BIGINT);

-- name: told
-- Everything that was said of consent about a person, and each right that they asked for, in log order, with its personal part.
SELECT f.position, f.fact_id, f.kind, f.mode, f.source, f.customer, f.type, f.version, f.occurred_at, f.received_at, f.now,
    f.channel, f.touchpoint, f.body, f.cause, f.because, f.reason, f.policy_version, f.engine_version, n.part
FROM customer AS m
JOIN fact AS f ON f.customer = m.customer
LEFT JOIN personal AS n ON n.position = f.position
WHERE m.person = :person AND f.kind = 0 AND f.type IN ('consent_given', 'consent_withdrawn', 'rights_requested')
ORDER BY f.position;

-- name: policy
-- The policy that counts now.
SELECT version, text FROM policy ORDER BY version DESC LIMIT 1;
