-- answer_now: what the console reads: every answer, as in `answer`.
-- Grain: one row per survey and question answered.
-- Parameters: as_of.
WITH
every AS (
    -- one row per answer, the latest last
    SELECT * FROM answer
)
SELECT * FROM every ORDER BY answered_at, position
