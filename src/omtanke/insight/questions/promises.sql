-- question: promises
-- asks: What did we promise, and what became of it?
-- grain: one row in all, or one row for each value of the dimension.
-- parameters: as_of (a moment; only what had happened by then counts), dimension (kind, month, week, region, carrier, warehouse, touchpoint, owner, or all)
-- dimensions: kind, month, region, carrier, warehouse, touchpoint
-- period: promise.due_on
--
-- definitions:
--   A promise counts once, with its last ending. kept + exceeded + broken + withdrawn + open = promises, as they stand against the window agreed last.
--   The headline kept rate is held against the window that was shown first: held / came due. A promise has come due when its first window has ended; what was met ahead of time counts when that day has come, what nobody has met counts as broken, withdrawn ones stand apart, and those still within the grace of their kind count when it is over.
--   A promise whose window was changed counts against the first window in kept_rate, and again against the current one in kept_rate_current.
--   On time among delivered is another figure: it leaves out those who still wait.
--   month: of the end of the first window, in the promise's own zone. region: where the order goes, else where the person lived when it was placed. carrier: the one told last. warehouse: the touchpoint that told first that the order was shipped. touchpoint: where it was promised.
--   With a period: promises whose first window ends on its days, in the promise's own zone, whenever they were made and ended.
--
-- columns:
--   part | text | the value of the dimension; empty when it is not known
--   orders | count | orders with at least one promise
--   promises | count | promises made
--   kept | count | met in time
--   exceeded | count | met earlier than we said
--   broken | count | not met in time
--   withdrawn | count | no longer owed
--   open | count | not yet ended
--   came_due | count | first window ended, and kept, exceeded or broken against it
--   held | count | of those, kept or exceeded
--   kept_rate | share | held / came due
--   kept_rate_low | share | Wilson 95 % interval, low
--   kept_rate_high | share | Wilson 95 % interval, high
--   kept_rate_current | share | the same against the window agreed last
--   delivered | count | promises of delivery or pickup whose goods have come, in time or late
--   delivered_on_time | count | of those, inside the first window
--   on_time_among_delivered | share | delivered on time / delivered
WITH
placed_in_part AS (
    -- one row per promise, with its value of the dimension
    SELECT
        CASE $dimension
            WHEN 'kind' THEN kind
            WHEN 'month' THEN SUBSTRING(CAST(due_on AS VARCHAR), 1, 7)
            WHEN 'region' THEN region
            WHEN 'carrier' THEN carrier
            WHEN 'warehouse' THEN warehouse
            WHEN 'touchpoint' THEN touchpoint
            WHEN 'owner' THEN owner
            WHEN 'week' THEN CAST(CAST(DATE_TRUNC('week', due_on) AS DATE) AS VARCHAR)
            ELSE 'all'
        END AS part,
        "order",
        state,
        first_outcome,
        CASE WHEN first_until <= CAST($as_of AS TIMESTAMPTZ) THEN first_outcome END AS outcome_when_due,
        CASE WHEN until_at <= CAST($as_of AS TIMESTAMPTZ) THEN state END AS state_when_due,
        CASE WHEN kind IN ('delivery', 'pickup') AND NOT met_at IS NULL THEN 1 ELSE 0 END AS is_delivered
    FROM promise
),
counted AS (
    -- one row per part
    SELECT
        part,
        COUNT(DISTINCT NULLIF("order", 0)) AS orders,
        COUNT(*) AS promises,
        COUNT(CASE WHEN state = 'kept' THEN 1 END) AS kept,
        COUNT(CASE WHEN state = 'exceeded' THEN 1 END) AS exceeded,
        COUNT(CASE WHEN state = 'broken' THEN 1 END) AS broken,
        COUNT(CASE WHEN state = 'withdrawn' THEN 1 END) AS withdrawn,
        COUNT(CASE WHEN state IN ('made', 'at_risk', 'due') THEN 1 END) AS still_open,
        COUNT(CASE WHEN outcome_when_due IN ('kept', 'exceeded', 'broken') THEN 1 END) AS came_due,
        COUNT(CASE WHEN outcome_when_due IN ('kept', 'exceeded') THEN 1 END) AS held,
        COUNT(CASE WHEN state_when_due IN ('kept', 'exceeded', 'broken') THEN 1 END) AS came_due_current,
        COUNT(CASE WHEN state_when_due IN ('kept', 'exceeded') THEN 1 END) AS held_current,
        COUNT(CASE WHEN is_delivered = 1 THEN 1 END) AS delivered,
        COUNT(CASE WHEN is_delivered = 1 AND first_outcome IN ('kept', 'exceeded') THEN 1 END) AS delivered_on_time
    FROM placed_in_part
    GROUP BY part
)
SELECT
    part,
    orders,
    promises,
    kept,
    exceeded,
    broken,
    withdrawn,
    still_open AS "open",
    came_due,
    held,
    CAST(held AS DOUBLE) / NULLIF(came_due, 0) AS kept_rate,
    CAST(held_current AS DOUBLE) / NULLIF(came_due_current, 0) AS kept_rate_current,
    delivered,
    delivered_on_time,
    CAST(delivered_on_time AS DOUBLE) / NULLIF(delivered, 0) AS on_time_among_delivered
FROM counted
ORDER BY part NULLS LAST
