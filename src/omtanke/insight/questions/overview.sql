-- question: overview
-- asks: What does this store know, and since when?
-- grain: one row per section, item and, for facts, month.
-- parameters: as_of (a moment; only what had happened by then counts), zone (whose months are meant)
-- period: facts.occurred_at, order_completed.occurred_at, receipt_issued.occurred_at, promise.due_on
--
-- definitions:
--   Customers are persons: customers that were linked count once; a store's or product's own ledger is none. Counted are those of whom anything was observed.
--   Orders are those placed (order_completed), receipts those at the till.
--   Facts are what senders told, by type and month of occurrence. What the engine decided, wakes, links and what was passed on to others who wait for it are not counted, so an import in two halves counts as one.
--   Open promises are those without an ending, by state.
--   With a period: what happened on its days, in the shop's zone. Customers are those of whom anything was observed then, known only by an order or case those whom nothing of it names; open promises those whose first window ends on its days.
--
-- columns:
--   section | text | customers, orders, moments, open promises or facts
--   item | text | what is counted
--   month | text | month of occurrence, for facts
--   number | count | how many
--   moment | moment | when, for moments
WITH
observed AS (
    -- one row per fact that a sender told
    SELECT
        f.type,
        f.occurred_at,
        COALESCE(p.person, f.customer) AS person,
        COALESCE(p.kind, 'person') AS kind,
        SUBSTRING(CAST(CAST(f.occurred_at AT TIME ZONE $zone AS DATE) AS VARCHAR), 1, 7) AS month
    FROM facts AS f
    LEFT JOIN person_of AS p ON p.customer = f.customer
    WHERE f.is_observed AND f.cause IS NULL AND f.occurred_at <= CAST($as_of AS TIMESTAMPTZ)
),
told_by_month AS (
    -- one row per type and month
    SELECT type, month, COUNT(*) AS number FROM observed GROUP BY type, month
),
known AS (
    -- one row per person, with whether anything names them
    SELECT person, MAX(CASE WHEN kind = 'person' THEN 1 ELSE 0 END) AS is_named FROM observed WHERE kind <> 'subject' GROUP BY person
),
opened AS (
    -- one row per open state
    SELECT state, COUNT(*) AS number FROM promise WHERE state IN ('made', 'at_risk', 'due') GROUP BY state
),
listed AS (
    -- one row per line of the answer
    SELECT 1 AS place, 'customers' AS section, 'all' AS item, NULL AS month, (SELECT COUNT(*) FROM known) AS number, CAST(NULL AS TIMESTAMPTZ) AS moment
    UNION ALL
    SELECT 2, 'customers', 'known only by an order or case', NULL, (SELECT COUNT(*) FROM known WHERE is_named = 0), NULL
    UNION ALL
    SELECT 3, 'orders', 'placed', NULL, (SELECT COUNT(DISTINCT "order") FROM order_completed WHERE occurred_at <= CAST($as_of AS TIMESTAMPTZ)), NULL
    UNION ALL
    SELECT 4, 'orders', 'receipts', NULL, (SELECT COUNT(DISTINCT "order") FROM receipt_issued WHERE occurred_at <= CAST($as_of AS TIMESTAMPTZ)), NULL
    UNION ALL
    SELECT 5, 'moments', 'first', NULL, NULL, (SELECT MIN(occurred_at) FROM observed)
    UNION ALL
    SELECT 6, 'moments', 'last', NULL, NULL, (SELECT MAX(occurred_at) FROM observed)
    UNION ALL
    SELECT 7, 'open promises', 'made', NULL, (SELECT COALESCE(SUM(number), 0) FROM opened WHERE state = 'made'), NULL
    UNION ALL
    SELECT 8, 'open promises', 'at_risk', NULL, (SELECT COALESCE(SUM(number), 0) FROM opened WHERE state = 'at_risk'), NULL
    UNION ALL
    SELECT 9, 'open promises', 'due', NULL, (SELECT COALESCE(SUM(number), 0) FROM opened WHERE state = 'due'), NULL
    UNION ALL
    SELECT 10, 'facts', 'all', NULL, (SELECT COUNT(*) FROM observed), NULL
    UNION ALL
    SELECT 11, 'facts', type, month, number, NULL FROM told_by_month
)
SELECT section, item, month, CAST(number AS BIGINT) AS number, moment
FROM listed
ORDER BY place, item, month
