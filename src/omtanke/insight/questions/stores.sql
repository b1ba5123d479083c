-- question: stores
-- asks: How content are they with each store?
-- grain: one row per store that was answered about.
-- parameters: as_of (a moment; only what had happened by then counts)
-- period: answer.answered_at
--
-- definitions:
--   The unit is an answer of 1 to 5 about a visit to a store. A store is named as touchpoints name it, else by its number.
--   Scores are means with t intervals of 95 %.
--   Estimate: the store's mean less the mean over stores, where each store with two answers or more counts once. Interval of 95 %, with Welch's degrees of freedom.
--   Shrunk: the mean held against the other stores, as in `satisfaction`.
--   Fewer than 10 answers are marked: their mean says nothing by itself.
--   With a period: answers given on its days, in the shop's zone; an answer given again counts where the last was given.
--
-- columns:
--   part | text | the store
--   answers | count | answers
--   persons | count | who gave them
--   mean_score | score | mean of 1 to 5
--   mean_score_low | score | t interval 95 %, low
--   mean_score_high | score | t interval 95 %, high
--   shrunk | score | the mean held against the other stores
--   shrunk_low | score | its interval 95 %, low
--   shrunk_high | score | its interval 95 %, high
--   estimate | difference | the mean less the mean over stores
--   low | difference | interval 95 %, low
--   high | difference | interval 95 %, high
--   n1 | count | answers of the store
--   n0 | count | answers of the other stores
--   note | text | what to beware of
WITH
visit AS (
    -- one row per answer about a visit to a store that is known
    SELECT store_name, person, score FROM answer WHERE about = 'store_visit' AND scale = '1-5' AND score BETWEEN 1 AND 5 AND NOT store_name IS NULL
),
by_person AS (
    -- one row per store and person
    SELECT store_name, COUNT(*) AS n, SUM(score) AS total, SUM(score * score) AS squares FROM visit GROUP BY store_name, person
)
SELECT
    store_name AS part,
    '1-5' AS scale,
    COUNT(*) AS persons,
    CAST(SUM(n) AS BIGINT) AS answers,
    CAST(SUM(total) AS BIGINT) AS total,
    CAST(SUM(squares) AS BIGINT) AS squares,
    CAST(SUM(n * n) AS BIGINT) AS nn,
    CAST(SUM(total * total) AS BIGINT) AS tt,
    CAST(SUM(total * n) AS BIGINT) AS tn
FROM by_person
GROUP BY store_name
ORDER BY store_name
