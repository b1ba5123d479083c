-- question: broken-cost
-- asks: What does a broken promise cost in the customer's eyes?
-- grain: one row per group of answers; rows that begin with a dash are parts of the row above.
-- parameters: as_of (a moment; only what had happened by then counts)
-- period: answer.answered_at
--
-- definitions:
--   The unit is an answer to a survey (1 to 5 stars, 5 is best), joined to the delivery promise of its order, held against the window that was shown first.
--   Broken: never arrived, or arrived late; of the late ones, answered while still waiting (before it arrived) or after arrival.
--   Answers about orders whose promise is still open, without a delivery promise, or on another scale are counted and stand apart.
--   Scores are means with t intervals of 95 %; the difference to kept or exceeded is Welch's. They describe, and do not prove that lateness is the cause.
--   Estimate, in the last row: broken without a word beforehand, each held against the mean of those kept (not exceeded) in the same region and with the same carrier; the mean over the broken ones, so the effect on those who were hit. Interval of 95 % by Neyman's variance with Welch's degrees of freedom. It is the cost if, within region and carrier, chance alone decided who was hit.
--   Broken ones with nobody kept in the same region and with the same carrier are left out, and counted in left_out.
--   With a period: answers given on its days, in the shop's zone; an answer given again counts where the last was given. The promises that they are about are of any time.
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
--   estimate | difference | the effect among like ones; in the last row
--   low | difference | interval 95 %, low
--   high | difference | interval 95 %, high
--   n1 | count | answers about broken ones that it rests on
--   n0 | count | answers about kept ones that they are held against
--   left_out | count | answers about broken ones without anybody to compare with
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
    SELECT
        CASE
            WHEN a.scale <> '1-5' OR NOT a.score BETWEEN 1 AND 5 THEN 'another_scale'
            WHEN a.promise_kind = 'delivery' THEN a.fate
            ELSE 'without_promise'
        END AS fate,
        a.score,
        CASE WHEN a.told_first = 1 OR p.first_outcome = 'exceeded' THEN 0 ELSE 1 END AS is_compared,
        p.region,
        p.carrier
    FROM answer AS a
    LEFT JOIN promise AS p ON p.promise = a.promise
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
),
stratum AS (
    -- one row per region and carrier: broken ones, and kept ones to compare them with
    SELECT
        region,
        carrier,
        COUNT(CASE WHEN fate <> 'kept' THEN 1 END) AS n1,
        SUM(CASE WHEN fate <> 'kept' THEN score ELSE 0 END) AS total1,
        SUM(CASE WHEN fate <> 'kept' THEN score * score ELSE 0 END) AS squares1,
        COUNT(CASE WHEN fate = 'kept' THEN 1 END) AS n0,
        SUM(CASE WHEN fate = 'kept' THEN score ELSE 0 END) AS total0,
        SUM(CASE WHEN fate = 'kept' THEN score * score ELSE 0 END) AS squares0
    FROM scored
    WHERE is_compared = 1 AND fate IN ('kept', 'never_arrived', 'arrived_early', 'late_waiting', 'late_after')
    GROUP BY region, carrier
),
listed AS (
    -- one row per part, then one per stratum
    SELECT
        place, part, answers, CAST(total AS DOUBLE) / NULLIF(answers, 0) AS mean_score, total, squares,
        NULL AS region, NULL AS carrier, NULL AS n1, NULL AS total1, NULL AS squares1, NULL AS n0, NULL AS total0, NULL AS squares0
    FROM summed
    UNION ALL
    SELECT 12, 'stratum', NULL, NULL, NULL, NULL, region, carrier, n1, total1, squares1, n0, total0, squares0 FROM stratum
)
SELECT part, answers, mean_score, total, squares, region, carrier, n1, total1, squares1, n0, total0, squares0
FROM listed
ORDER BY place, region, carrier
