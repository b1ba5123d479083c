-- survey_now: what the console reads: every survey that was sent, as in `survey`.
-- Grain: one row per survey.
-- Parameters: as_of.
WITH
every AS (
    -- one row per survey
    SELECT * FROM survey
)
SELECT * FROM every
