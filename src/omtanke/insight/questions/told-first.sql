-- question: told-first
-- asks: What is it worth to hear from us first?
-- grain: one row per group of answers, then one for the difference among like ones.
-- parameters: as_of (a moment; only what had happened by then counts)
-- period: answer.answered_at
--
-- definitions:
--   The unit is an answer of 1 to 5 about a delivery that did not come within the window that was shown first.
--   Told first: before that window ended the customer had heard of it: a new window, word of a delay sent to them, or told by somebody.
--   Scores are means with t intervals of 95 %.
--   Estimate, in the last row: each is held against the mean of those kept (not exceeded) in the same region and with the same carrier; the mean of that over those told first, less the mean over the others. Interval of 95 % by Neyman's variance with Welch's degrees of freedom. It is the worth of a word if region and carrier matter alike for late and for kept ones, and if, within them, chance alone decided who got one.
--   Answers with nobody kept in the same region and with the same carrier are left out, and counted in left_out.
--   With a period: answers given on its days, in the shop's zone; an answer given again counts where the last was given. The promises that they are about are of any time.
--
-- columns:
--   part | text | whether they were told first
--   answers | count | answers
--   mean_score | score | mean of 1 to 5
--   mean_score_low | score | t interval 95 %, low
--   mean_score_high | score | t interval 95 %, high
--   estimate | difference | the difference among like ones; in the last row
--   low | difference | interval 95 %, low
--   high | difference | interval 95 %, high
--   n1 | count | answers of those told first that it rests on
--   n0 | count | answers of the others that it rests on
--   left_out | count | answers without anybody to be held against
WITH
delivered AS (
    -- one row per answer about a delivery that was kept to the letter, or was late
    SELECT
        a.score,
        p.region,
        p.carrier,
        CASE WHEN a.fate = 'kept' THEN 'kept' WHEN a.told_first = 1 THEN 'told first' ELSE 'not told' END AS part
    FROM answer AS a
    JOIN promise AS p ON p.promise = a.promise
    WHERE
        a.scale = '1-5'
        AND a.score BETWEEN 1 AND 5
        AND a.promise_kind = 'delivery'
        AND a.fate IN ('kept', 'never_arrived', 'late_waiting', 'late_after')
        AND p.first_outcome <> 'exceeded'
),
part_told AS (
    -- one row per part
    SELECT 1 AS place, 'told first' AS part
    UNION ALL SELECT 2, 'not told'
),
summed AS (
    -- one row per part, empty ones too
    SELECT g.place, g.part, COUNT(d.score) AS answers, SUM(d.score) AS total, SUM(d.score * d.score) AS squares
    FROM part_told AS g
    LEFT JOIN delivered AS d ON d.part = g.part
    GROUP BY g.place, g.part
),
stratum AS (
    -- one row per region and carrier: those told (1), those not told (2), and kept ones to hold them against (0)
    SELECT
        region,
        carrier,
        COUNT(CASE WHEN part = 'told first' THEN 1 END) AS n1,
        SUM(CASE WHEN part = 'told first' THEN score ELSE 0 END) AS total1,
        SUM(CASE WHEN part = 'told first' THEN score * score ELSE 0 END) AS squares1,
        COUNT(CASE WHEN part = 'not told' THEN 1 END) AS n2,
        SUM(CASE WHEN part = 'not told' THEN score ELSE 0 END) AS total2,
        SUM(CASE WHEN part = 'not told' THEN score * score ELSE 0 END) AS squares2,
        COUNT(CASE WHEN part = 'kept' THEN 1 END) AS n0,
        SUM(CASE WHEN part = 'kept' THEN score ELSE 0 END) AS total0,
        SUM(CASE WHEN part = 'kept' THEN score * score ELSE 0 END) AS squares0
    FROM delivered
    GROUP BY region, carrier
),
listed AS (
    -- one row per part, then one per stratum
    SELECT
        place, part, answers, CAST(total AS DOUBLE) / NULLIF(answers, 0) AS mean_score, total, squares, NULL AS region, NULL AS carrier,
        NULL AS n1, NULL AS total1, NULL AS squares1, NULL AS n2, NULL AS total2, NULL AS squares2, NULL AS n0, NULL AS total0, NULL AS squares0
    FROM summed
    UNION ALL
    SELECT
        3, 'stratum', NULL, NULL, NULL, NULL, region, carrier, n1, total1, squares1, n2, total2, squares2, n0, total0, squares0
    FROM stratum
)
SELECT part, answers, mean_score, total, squares, region, carrier, n1, total1, squares1, n2, total2, squares2, n0, total0, squares0
FROM listed
ORDER BY place, region, carrier
