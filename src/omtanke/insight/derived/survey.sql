-- survey: every survey that was sent, and whether it was answered.
-- Grain: one row per survey, whether another sender or we asked; one for each measure that it was answered on.
-- Parameters: as_of.
--
-- What it asked and where is that of its answer when there is one, for a sender seldom says it with the question; else as it was sent.
-- A survey that did not say its scale and was not answered counts as one of satisfaction, as most are.
WITH
begun AS (
    -- one row per case and per order of which something is sent back: the channel in which it began
    SELECT thing, number, channel
    FROM (
        SELECT thing, number, channel, ROW_NUMBER() OVER (PARTITION BY thing, number ORDER BY occurred_at, position) AS turn
        FROM (
            SELECT 'case' AS thing, "case" AS number, channel, occurred_at, position FROM case_opened
            UNION ALL
            SELECT 'return' AS thing, "order" AS number, channel, occurred_at, position FROM return_requested
            UNION ALL
            SELECT 'return' AS thing, "order" AS number, channel, occurred_at, position FROM return_received
        ) AS beginning
        WHERE number <> 0
    ) AS first_first
    WHERE turn = 1
),
sent AS (
    -- one row per survey and telling of it
    SELECT
        0 AS asked, survey, occurred_at, channel, touchpoint, "order", "case", COALESCE(store, 0) AS store, COALESCE(about, '') AS about,
        COALESCE(question, '') AS question, COALESCE(scale, '') AS scale
    FROM survey_sent
    WHERE occurred_at <= CAST($as_of AS TIMESTAMPTZ)
    UNION ALL
    SELECT survey AS asked, 0 AS survey, occurred_at, channel, touchpoint, "order", "case", store, about, question, scale
    FROM survey_asked
    WHERE occurred_at <= CAST($as_of AS TIMESTAMPTZ)
),
sent_first AS (
    -- one row per survey
    SELECT * FROM (SELECT s.*, ROW_NUMBER() OVER (PARTITION BY asked, survey ORDER BY occurred_at, channel) AS turn FROM sent AS s) AS first_first WHERE turn = 1
),
answered AS (
    -- one row per survey that was answered and measure: its first question
    SELECT *
    FROM (
        SELECT
            asked, CASE WHEN asked = 0 THEN survey ELSE 0 END AS survey, question, about, touchpoint, channel, store_name, measure, scale, answered_at,
            ROW_NUMBER() OVER (
                PARTITION BY asked, CASE WHEN asked = 0 THEN survey ELSE 0 END, measure ORDER BY position, question, touchpoint
            ) AS turn
        FROM answer
    ) AS first_first
    WHERE turn = 1
)
SELECT
    s.asked,
    s.survey,
    s.occurred_at AS asked_at,
    CASE WHEN a.survey IS NULL THEN s.question ELSE a.question END AS question,
    CASE WHEN a.survey IS NULL THEN NULLIF(s.about, '') ELSE a.about END AS about,
    CASE WHEN a.survey IS NULL THEN NULLIF(s.touchpoint, '') ELSE a.touchpoint END AS touchpoint,
    CASE
        WHEN NOT a.survey IS NULL THEN a.channel
        WHEN s.about = 'store_visit' THEN 'store'
        WHEN s.about = 'delivery' THEN 'delivery'
        ELSE COALESCE(b.channel, s.channel)
    END AS channel,
    CASE
        WHEN NOT a.survey IS NULL THEN a.store_name
        WHEN s.touchpoint LIKE 'store/%' THEN s.touchpoint
        WHEN s.store <> 0 THEN CAST(s.store AS VARCHAR)
    END AS store_name,
    COALESCE(
        a.measure,
        CASE s.scale WHEN '0-10' THEN 'recommendation' WHEN '1-7' THEN 'effort' WHEN '1-3' THEN 'feeling' ELSE 'satisfaction' END
    ) AS measure,
    COALESCE(a.scale, NULLIF(s.scale, ''), '1-5') AS scale,
    CASE WHEN a.survey IS NULL THEN 0 ELSE 1 END AS is_answered
FROM sent_first AS s
LEFT JOIN begun AS b ON b.thing = s.about AND b.number = CASE WHEN s.about = 'case' THEN s."case" ELSE s."order" END
LEFT JOIN answered AS a ON a.asked = s.asked AND a.survey = s.survey
