-- promise_found: every promise, as in `promise`, for the tables that are made of it.
-- Grain: one row per promise.
-- Parameters: as_of.
WITH
every AS (
    -- one row per promise
    SELECT * FROM promise
)
SELECT * FROM every
