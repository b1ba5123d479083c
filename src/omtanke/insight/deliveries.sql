-- deliveries: every order as far as its delivery goes. Days are local days of the order's promise, else of the shop.
-- Grain: one row per order, in the order of placing.
--
-- region    where the order goes; else where the person was known to live when it was placed.
-- freight   what the customer pays for delivery, in minor units. seller: of the dearest line. method: of the largest payment.
-- shipped   the first parcel; delivered: the last one, at the door or ready to be fetched. cancelled: the whole order, undelivered.
-- promised  the last day of the delivery window that was shown with the order.
WITH
placed AS (
    SELECT "order", customer, occurred_at, region, shipping, list_filter(stated, lambda s: s.kind = 'delivery')[1] AS shown
    FROM order_completed
    QUALIFY ROW_NUMBER() OVER (PARTITION BY "order" ORDER BY position) = 1
),
home AS (
    SELECT COALESCE(p.person, i.customer) AS person, i.occurred_at, i.region, i.country
    FROM customer_identified AS i LEFT JOIN person_of AS p ON p.customer = i.customer
    WHERE i.region <> ''
),
placed_at_home AS (
    SELECT o.*, h.region AS home_region, h.country
    FROM (SELECT o.*, COALESCE(p.person, o.customer) AS person FROM placed AS o LEFT JOIN person_of AS p ON p.customer = o.customer) AS o
    ASOF LEFT JOIN home AS h ON h.person = o.person AND o.occurred_at >= h.occurred_at
),
line AS (SELECT "order", CAST(SUM(shipping) AS BIGINT) AS freight, ARG_MAX(seller, price) AS seller FROM order_line_recorded GROUP BY "order"),
payment AS (SELECT "order", ARG_MAX(method, amount) AS method FROM payment_recorded GROUP BY "order"),
shipment AS (SELECT "order", MIN(occurred_at) AS at FROM order_shipped GROUP BY "order"),
delivery AS (
    SELECT "order", MAX(occurred_at) AS at
    FROM (SELECT "order", occurred_at FROM shipment_delivered UNION ALL SELECT "order", occurred_at FROM pickup_ready) AS come
    GROUP BY "order"
),
called_off AS (SELECT "order", MIN(occurred_at) AS at FROM order_cancelled WHERE LEN(lines) = 0 GROUP BY "order"),
local AS (
    SELECT
        o."order" AS number, o.occurred_at, COALESCE(NULLIF(o.shown.zone, ''), $zone) AS zone, o.shown.until_at AS until_at,
        COALESCE(NULLIF(o.region, ''), o.home_region, '') AS region, COALESCE(o.country, '') AS country,
        CASE WHEN o.shipping > 0 THEN o.shipping ELSE COALESCE(l.freight, 0) END AS freight,
        COALESCE(l.seller, 0) AS seller, COALESCE(m.method, '') AS method, s.at AS shipped_at, d.at AS delivered_at,
        CASE WHEN d.at IS NULL THEN c.at END AS cancelled_at
    FROM placed_at_home AS o
    LEFT JOIN line AS l ON l."order" = o."order"
    LEFT JOIN payment AS m ON m."order" = o."order"
    LEFT JOIN shipment AS s ON s."order" = o."order"
    LEFT JOIN delivery AS d ON d."order" = o."order"
    LEFT JOIN called_off AS c ON c."order" = o."order"
)
SELECT
    number, region, country, freight, CAST(seller AS VARCHAR) AS seller, method,
    CAST(occurred_at AT TIME ZONE zone AS DATE) - DATE '1970-01-01' AS placed,
    CAST(shipped_at AT TIME ZONE zone AS DATE) - DATE '1970-01-01' AS shipped,
    CAST(delivered_at AT TIME ZONE zone AS DATE) - DATE '1970-01-01' AS delivered,
    CAST(cancelled_at AT TIME ZONE zone AS DATE) - DATE '1970-01-01' AS cancelled,
    CAST((until_at - INTERVAL 1 MICROSECOND) AT TIME ZONE zone AS DATE) - DATE '1970-01-01' AS promised
FROM local
ORDER BY occurred_at, number
