-- What pages read of plays and messages. Read-only.

-- name: entries_of_tasks
-- How the persons whom tasks are about came into plays, the latest first, each with the place of the fact that let them in: it is written
-- down just before. The tasks that a play has given are told apart by their numbers.
SELECT CAST(wanted.value AS BIGINT), f.position, f.fact_id, f.kind, f.mode, f.source, f.customer, f.type, f.version, f.occurred_at, f.received_at, f.now,
    f.channel, f.touchpoint, f.body, f.cause, f.because, f.reason, f.policy_version, f.engine_version, NULL,
    coalesce(e.position, 0)
FROM json_each(:tasks) AS wanted
JOIN task AS t ON t.task = CAST(wanted.value AS BIGINT)
JOIN customer AS c ON c.customer = t.customer
JOIN customer AS m ON m.person = c.person
JOIN fact AS f ON f.customer = m.customer AND f.type = 'play_entered'
LEFT JOIN fact AS e ON e.position < f.position AND e.position >= f.position - 64 AND e.fact_id = f.cause
ORDER BY f.position DESC;
