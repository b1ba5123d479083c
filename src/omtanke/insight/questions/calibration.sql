-- question: calibration
-- asks: Are windows kept as often as we said that they would be?
-- grain: one row in all, or one row for each value of the dimension.
-- parameters: as_of (a moment; only what had happened by then counts), dimension (month, week, region, carrier, warehouse, kind, touchpoint, owner, sure, or all)
-- dimensions: month, region, carrier, warehouse, sure
-- period: promise.due_on
--
-- definitions:
--   Only promises that were taken from a quote which said how sure its window was count: what a learnt model reckoned, and what no table does.
--   promised: the mean of how sure those windows were, each as its own quote said, so that it can be held against the share that was kept.
--   A promise counts when its first window has ended, and is held against that window: kept, or met earlier than we said, is held; what nobody has met is not. Withdrawn ones stand apart.
--   Well calibrated is a promised share that lies within the interval. The interval is of the kept share alone: promises that break on the same day for the same reason break together, so that it is rather too narrow than too wide.
--   month: of the end of the first window, in the promise's own zone. region: where the order goes, else where the person lived when it was placed. carrier: the one told last. warehouse: the touchpoint that told first that the order was shipped. sure: from so many of a hundred on, in steps of five.
--   With a period: promises whose first window ends on its days, in the promise's own zone, whenever they were made and ended.
--
-- columns:
--   part | text | the value of the dimension; empty when it is not known
--   promises | count | promises made of such quotes
--   withdrawn | count | of those, no longer owed
--   came_due | count | of those, first window ended, and kept, exceeded or broken against it
--   held | count | of those, kept or exceeded
--   promised | share | how sure the windows were that came due, on average
--   kept_rate | share | held / came due
--   kept_rate_low | share | Wilson 95 % interval, low
--   kept_rate_high | share | Wilson 95 % interval, high
--   gap | points | kept less promised
WITH
placed_in_part AS (
    -- one row per promise of which it is known how sure it was, with its value of the dimension
    SELECT
        CASE $dimension
            WHEN 'kind' THEN kind
            WHEN 'month' THEN SUBSTRING(CAST(due_on AS VARCHAR), 1, 7)
            WHEN 'week' THEN CAST(CAST(DATE_TRUNC('week', due_on) AS DATE) AS VARCHAR)
            WHEN 'region' THEN region
            WHEN 'carrier' THEN carrier
            WHEN 'warehouse' THEN warehouse
            WHEN 'touchpoint' THEN touchpoint
            WHEN 'owner' THEN owner
            WHEN 'sure' THEN CAST(CAST((sure_permille - sure_permille % 50) / 10 AS INTEGER) AS VARCHAR)
            ELSE 'all'
        END AS part,
        sure_permille,
        first_outcome,
        CASE WHEN first_until <= CAST($as_of AS TIMESTAMPTZ) THEN first_outcome END AS outcome_when_due
    FROM promise
    WHERE NOT sure_permille IS NULL
),
counted AS (
    -- one row per part
    SELECT
        part,
        COUNT(*) AS promises,
        COUNT(CASE WHEN first_outcome = 'withdrawn' THEN 1 END) AS withdrawn,
        COUNT(CASE WHEN outcome_when_due IN ('kept', 'exceeded', 'broken') THEN 1 END) AS came_due,
        COUNT(CASE WHEN outcome_when_due IN ('kept', 'exceeded') THEN 1 END) AS held,
        SUM(CASE WHEN outcome_when_due IN ('kept', 'exceeded', 'broken') THEN sure_permille ELSE 0 END) AS sure_in_all
    FROM placed_in_part
    GROUP BY part
)
SELECT
    part,
    promises,
    withdrawn,
    came_due,
    held,
    CAST(sure_in_all AS DOUBLE) / 1000 / NULLIF(came_due, 0) AS promised,
    CAST(held AS DOUBLE) / NULLIF(came_due, 0) AS kept_rate
FROM counted
ORDER BY part NULLS LAST
