-- question: broken-cost
-- asks: What does a broken promise cost in the customer's eyes?
-- grain: one row per group of answers; rows that begin with a dash are parts of the row above.
-- parameters: as_of (a moment; only what had happened by then counts)
--
-- definitions:
--   The unit is an answer to a survey (1 to 5 stars, 5 is best), joined to the delivery promise of its order, held against the window that was shown first.
--   Broken: never arrived, or arrived late; of the late ones, answered while still waiting (before it arrived) or after arrival.
--   Answers about orders whose promise is still open, without a delivery promise, or on another scale are counted and stand apart.
--   Scores are means with t intervals of 95 %; the difference to kept or exceeded is Welch's. They describe, and do not prove that lateness is the cause.
--
-- columns:
--   part | text | what had become of the promise
--   answers | count | answers
--   mean_score | score | mean of 1 to 5
--   mean_score_low | score | t interval 95 %, low
--   mean_score_high | score | t interval 95 %, high
--   difference | difference | mean less the mean of kept or exceeded
--   difference_low | difference | Welch interval 95 %, low
--   difference_high | difference | Welch interval 95 %, high
WITH
part_of_fate AS (
    -- one row per part and fate that belongs to it
    SELECT 1 AS place, 'kept or exceeded' AS part, 'kept' AS fate
    UNION ALL SELECT 2, 'broken', 'never_arrived'
    UNION ALL SELECT 2, 'broken', 'arrived_early'
    UNION ALL SELECT 2, 'broken', 'late_waiting'
    UNION ALL SELECT 2, 'broken', 'late_after'
    UNION ALL SELECT 3, '- never arrived', 'never_arrived'
    UNION ALL SELECT 4, '- arrived before an agreed slot', 'arrived_early'
    UNION ALL SELECT 5, '- arrived late', 'late_waiting'
    UNION ALL SELECT 5, '- arrived late', 'late_after'
    UNION ALL SELECT 6, '- - answered while waiting', 'late_waiting'
    UNION ALL SELECT 7, '- - answered after arrival', 'late_after'
    UNION ALL SELECT 8, 'withdrawn', 'withdrawn'
    UNION ALL SELECT 9, 'still open', 'open'
    UNION ALL SELECT 10, 'no delivery promised', 'without_promise'
    UNION ALL SELECT 11, 'on another scale', 'another_scale'
),
scored AS (
    -- one row per answer
    SELECT CASE WHEN scale = '1-5' AND score BETWEEN 1 AND 5 THEN fate ELSE 'another_scale' END AS fate, score FROM answer
),
summed AS (
    -- one row per part
    SELECT
        g.place,
        g.part,
        COUNT(s.score) AS answers,
        SUM(CASE WHEN s.fate <> 'another_scale' THEN s.score END) AS total,
        SUM(CASE WHEN s.fate <> 'another_scale' THEN s.score * s.score END) AS squares
    FROM part_of_fate AS g
    LEFT JOIN scored AS s ON s.fate = g.fate
    GROUP BY g.place, g.part
)
SELECT part, answers, CAST(total AS DOUBLE) / NULLIF(answers, 0) AS mean_score, total, squares
FROM summed
ORDER BY place
