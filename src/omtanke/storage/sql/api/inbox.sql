-- What is looked up in inbox.db by id. Read-only.

-- name: has_come
-- Whether a message has ever come, by its id: week by week of the sender's own timestamp.
WITH RECURSIVE
week (number) AS (
    SELECT min(week) FROM seen
    UNION ALL
    SELECT (SELECT min(seen.week) FROM seen WHERE seen.week > week.number) FROM week WHERE week.number IS NOT NULL
)
SELECT 1 FROM week JOIN seen ON seen.week = week.number AND seen.fact_id = :fact_id LIMIT 1;
