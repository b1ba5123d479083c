-- question: satisfaction
-- asks: How satisfied are they?
-- grain: one row in all, or one row for each value of the dimension and each scale.
-- parameters: as_of (a moment; only what had happened by then counts), dimension (touchpoint, channel, store, about, month, question, or all), zone (whose months are meant)
-- dimensions: touchpoint, channel, store, about, month, question
-- period: answer.answered_at, survey.asked_at
--
-- definitions:
--   Every answer of 1 to 5 (5 is best) or of yes and no (0-1, 1 is best); each scale stands by itself.
--   Two figures: the top-two-box share (4 and 5; for yes and no, yes) with its Wilson interval, and the mean with its t interval, both of 95 %.
--   Answered again, a survey counts with its last answer. Questions that did not apply are no answers.
--   Shrunk: held against the other parts, because few answers say little. With a spread τ between the true means of parts, a part keeps n τ² / (n τ² + σ²) of its own mean and takes the rest from the mean of such parts; τ is averaged over what the parts say of it, every τ as likely beforehand (Rubin 1981). Its interval is 95 % of what is then likely. Parts that are not known are not shrunk.
--   Intervals take all answers of a person together, for they are not several persons' (variance between persons; shares by Wilson over as many answers as the persons are worth). Where each has answered once they are the ordinary ones.
--   Fewer than 10 answers are marked: their mean says nothing by itself.
--   Coverage: of the surveys that were sent, how many were answered; empty when nobody told of surveys sent.
--   touchpoint: the question's own, else where it was asked. channel: where it was experienced. month: of the answer, in the shop's zone.
--   With a period: answers given on its days, in the shop's zone; an answer given again counts where the last was given. Coverage is then of the surveys sent on its days, whenever they were answered.
--
-- columns:
--   part | text | the value of the dimension; empty when it is not known
--   scale | text | least and best
--   answers | count | answers
--   persons | count | who gave them
--   satisfied | share | answers of 4 or 5 (yes) / answers
--   satisfied_low | share | Wilson interval 95 %, low
--   satisfied_high | share | Wilson interval 95 %, high
--   mean_score | score | mean of the scores
--   mean_score_low | score | t interval 95 %, low
--   mean_score_high | score | t interval 95 %, high
--   shrunk | score | the mean held against the other parts
--   shrunk_low | score | its interval 95 %, low
--   shrunk_high | score | its interval 95 %, high
--   asked | count | surveys sent
--   coverage | share | of those, answered
--   note | text | what to beware of
WITH
placed AS (
    -- one row per answer, with its value of the dimension
    SELECT
        CASE $dimension
            WHEN 'touchpoint' THEN touchpoint
            WHEN 'channel' THEN channel
            WHEN 'store' THEN store_name
            WHEN 'about' THEN about
            WHEN 'question' THEN NULLIF(question, '')
            WHEN 'month' THEN SUBSTRING(CAST(CAST(answered_at AT TIME ZONE $zone AS DATE) AS VARCHAR), 1, 7)
            ELSE 'all'
        END AS part,
        scale,
        person,
        value,
        is_high,
        is_low
    FROM answer
    WHERE measure = 'satisfaction'
),
by_person AS (
    -- one row per part, scale and person
    SELECT part, scale, COUNT(*) AS n, SUM(value) AS total, SUM(value * value) AS squares, SUM(is_high) AS high, SUM(is_low) AS low
    FROM placed
    GROUP BY part, scale, person
),
counted AS (
    -- one row per part and scale: counts and sums, and the sums of squares and products by person that intervals rest on
    SELECT
        part,
        scale,
        COUNT(*) AS persons,
        SUM(n) AS answers,
        SUM(total) AS total,
        SUM(squares) AS squares,
        SUM(high) AS high,
        SUM(low) AS low,
        SUM(n * n) AS nn,
        SUM(total * total) AS tt,
        SUM(total * n) AS tn,
        SUM(high * high) AS hh,
        SUM(high * n) AS hn
    FROM by_person
    GROUP BY part, scale
),
sent AS (
    -- one row per survey, with its value of the dimension
    SELECT
        CASE $dimension
            WHEN 'touchpoint' THEN touchpoint
            WHEN 'channel' THEN channel
            WHEN 'store' THEN store_name
            WHEN 'about' THEN about
            WHEN 'question' THEN NULLIF(question, '')
            WHEN 'month' THEN SUBSTRING(CAST(CAST(asked_at AT TIME ZONE $zone AS DATE) AS VARCHAR), 1, 7)
            ELSE 'all'
        END AS part,
        scale,
        is_answered
    FROM survey
    WHERE measure = 'satisfaction'
),
sent_in_part AS (
    -- one row per part and scale
    SELECT part, scale, COUNT(*) AS asked, SUM(is_answered) AS came_back FROM sent GROUP BY part, scale
)
SELECT
    c.part,
    c.scale,
    c.persons,
    CAST(c.answers AS BIGINT) AS answers,
    CAST(c.total AS BIGINT) AS total,
    CAST(c.squares AS BIGINT) AS squares,
    CAST(c.high AS BIGINT) AS high,
    CAST(c.low AS BIGINT) AS low,
    CAST(c.nn AS BIGINT) AS nn,
    CAST(c.tt AS BIGINT) AS tt,
    CAST(c.tn AS BIGINT) AS tn,
    CAST(c.hh AS BIGINT) AS hh,
    CAST(c.hn AS BIGINT) AS hn,
    s.asked,
    CAST(s.came_back AS BIGINT) AS came_back
FROM counted AS c
LEFT JOIN sent_in_part AS s ON COALESCE(s.part, '') = COALESCE(c.part, '') AND s.scale = c.scale
ORDER BY c.scale DESC, c.part NULLS LAST
