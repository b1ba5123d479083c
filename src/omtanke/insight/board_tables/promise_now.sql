-- promise_now: what the console reads: every promise as it stands, whether it was put right, and what its customer said.
-- Grain: one row per promise.
-- Parameters: as_of.
--
-- happened_at   when it came to what it is: met, or its window ended unmet; null while it is open.
-- put_right_at  for a broken promise: when it ended well for the customer after all, because what was promised came, or a
--               promise that followed it was kept or exceeded; null otherwise.
-- score         the last answer about its order, 1 to 5; null without one.
-- fate          of its answer, as in `answer`.
WITH
followed AS (
    -- one row per promise that another followed and that one was kept
    SELECT follows AS promise, MIN(met_at) AS met_at FROM promise WHERE follows <> 0 AND state IN ('kept', 'exceeded') GROUP BY follows
),
scored AS (
    -- one row per promise that was answered about: the last answer
    SELECT promise, score, fate
    FROM (
        SELECT promise, score, fate, ROW_NUMBER() OVER (PARTITION BY promise ORDER BY answered_at DESC, survey DESC) AS turn
        FROM answer
        WHERE scale = '1-5' AND score BETWEEN 1 AND 5 AND promise_kind = 'delivery'
    ) AS latest_first
    WHERE turn = 1
)
SELECT
    p.*,
    CASE
        WHEN p.state IN ('kept', 'exceeded') THEN p.met_at
        WHEN p.state = 'broken' THEN LEAST(p.until_at, p.ended_at)
        WHEN p.state = 'withdrawn' THEN p.ended_at
    END AS happened_at,
    CASE WHEN p.state = 'broken' THEN LEAST(CASE WHEN p.met_at > p.until_at THEN p.met_at END, f.met_at) END AS put_right_at,
    s.score,
    s.fate
FROM promise AS p
LEFT JOIN followed AS f ON f.promise = p.promise
LEFT JOIN scored AS s ON s.promise = p.promise
ORDER BY p.first_until, p.promise
