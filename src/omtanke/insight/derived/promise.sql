-- promise: every promise as it stands.
-- Grain: one row per promise made, in the order of nothing in particular.
-- Parameters: as_of, the moment at which it is looked at; only what had happened by then counts.
--
-- state          as in the ledger: made, at_risk, due, kept, exceeded, broken, withdrawn; held against the current window.
-- first_outcome  open, kept, exceeded, broken, withdrawn; held against the window that was shown first. A promise whose
--                first window has passed unmet is broken against it, also when another window was agreed.
-- met_at         when what was promised came, also when it came late; null while it has not.
-- due_on         the local day on which the first window ends, in the promise's own zone; 24.00 belongs to the day before.
-- person         whom the customer as recorded leads to today.
-- region         where the order goes; else what was last known of the person when it was placed; else what was learned first after.
-- carrier        of the parcel or order, as last told; else as told with the order.
-- warehouse      where the order was first shipped from: the touchpoint that told it; null while nobody has.
-- sure_permille  how many of a thousand such windows are kept, as the quote said that it was taken from; null where none said it.
WITH
made AS (
    -- one row per promise: as it was made the first time
    SELECT *
    FROM (
        SELECT
            position, customer, occurred_at, channel, touchpoint, reason, promise, kind, subject_kind, subject, "order",
            from_at, until_at, exceeds_before, attended, owner, zone, follows,
            ROW_NUMBER() OVER (PARTITION BY promise ORDER BY position) AS turn
        FROM promise_made
        WHERE occurred_at <= CAST($as_of AS TIMESTAMPTZ)
    ) AS every_time
    WHERE turn = 1
),
window_shown AS (
    -- one row per window of a promise, in log order
    SELECT promise, position, from_at, until_at FROM promise_made WHERE occurred_at <= CAST($as_of AS TIMESTAMPTZ)
    UNION ALL
    SELECT promise, position, from_at, until_at FROM promise_renegotiated WHERE occurred_at <= CAST($as_of AS TIMESTAMPTZ)
),
window_now AS (
    -- one row per promise: the window that counts
    SELECT promise, from_at, until_at
    FROM (SELECT promise, from_at, until_at, ROW_NUMBER() OVER (PARTITION BY promise ORDER BY position DESC) AS turn FROM window_shown) AS latest_first
    WHERE turn = 1
),
window_learned AS (
    -- one row per promise whose first window was learned late
    SELECT promise, from_at, until_at
    FROM (
        SELECT promise, from_at, until_at, ROW_NUMBER() OVER (PARTITION BY promise ORDER BY position DESC) AS turn
        FROM promise_first_window_learned
        WHERE occurred_at <= CAST($as_of AS TIMESTAMPTZ)
    ) AS latest_first
    WHERE turn = 1
),
change AS (
    -- one row per decided change of a promise; endings, late arrivals and open states apart
    SELECT 'ending' AS sort, promise, position, occurred_at, now, 'kept' AS state, met_at FROM promise_kept
    UNION ALL
    SELECT 'ending' AS sort, promise, position, occurred_at, now, 'exceeded' AS state, met_at FROM promise_exceeded
    UNION ALL
    SELECT 'ending' AS sort, promise, position, occurred_at, now, 'broken' AS state, met_at FROM promise_broken
    UNION ALL
    SELECT 'ending' AS sort, promise, position, occurred_at, now, 'withdrawn' AS state, NULL AS met_at FROM promise_withdrawn
    UNION ALL
    SELECT 'ending' AS sort, promise, position, occurred_at, now, ending AS state, met_at FROM promise_ending_corrected
    UNION ALL
    SELECT 'met_late' AS sort, promise, position, occurred_at, now, 'broken' AS state, met_at FROM promise_met_late
    UNION ALL
    SELECT 'open' AS sort, promise, position, occurred_at, now, 'made' AS state, NULL AS met_at FROM promise_renegotiated
    UNION ALL
    SELECT 'open' AS sort, promise, position, occurred_at, now, 'made' AS state, NULL AS met_at FROM promise_ending_corrected WHERE ending = 'open'
    UNION ALL
    SELECT 'open' AS sort, promise, position, occurred_at, now, 'at_risk' AS state, NULL AS met_at FROM promise_at_risk
    UNION ALL
    SELECT 'open' AS sort, promise, position, occurred_at, now, 'due' AS state, NULL AS met_at FROM promise_fell_due
),
last_change AS (
    -- one row per promise and sort of change: the last one counts
    SELECT sort, promise, position, now, state, met_at
    FROM (
        SELECT sort, promise, position, now, state, met_at, ROW_NUMBER() OVER (PARTITION BY promise, sort ORDER BY position DESC) AS turn
        FROM change
        WHERE occurred_at <= CAST($as_of AS TIMESTAMPTZ)
    ) AS latest_first
    WHERE turn = 1
),
standing AS (
    -- one row per promise that has changed since it was made
    SELECT
        promise,
        MAX(CASE WHEN sort = 'ending' THEN state END) AS ending,
        MAX(CASE WHEN sort = 'ending' THEN position END) AS ending_position,
        MAX(CASE WHEN sort = 'ending' THEN now END) AS ended_at,
        MAX(CASE WHEN sort = 'ending' THEN met_at END) AS met_at,
        MAX(CASE WHEN sort = 'met_late' THEN position END) AS met_late_position,
        MAX(CASE WHEN sort = 'met_late' THEN met_at END) AS met_late_at,
        MAX(CASE WHEN sort = 'open' THEN state END) AS open_state
    FROM last_change
    GROUP BY promise
),
placed AS (
    -- one row per order: as it was placed first
    SELECT *
    FROM (
        SELECT "order", occurred_at, region, carrier, quote, ROW_NUMBER() OVER (PARTITION BY "order" ORDER BY occurred_at, position) AS turn
        FROM order_completed
        WHERE occurred_at <= CAST($as_of AS TIMESTAMPTZ)
    ) AS every_time
    WHERE turn = 1
),
quote_sure AS (
    -- one row per quote that says how sure its window is: as it was given last
    SELECT quote, sure_permille
    FROM (
        SELECT quote, sure_permille, ROW_NUMBER() OVER (PARTITION BY quote ORDER BY position DESC) AS turn
        FROM quote_given
        WHERE sure_permille > 0 AND occurred_at <= CAST($as_of AS TIMESTAMPTZ)
    ) AS latest_first
    WHERE turn = 1
),
shipped_from AS (
    -- one row per order that was shipped from a place with a name: the first
    SELECT "order", warehouse
    FROM (
        SELECT "order", touchpoint AS warehouse, ROW_NUMBER() OVER (PARTITION BY "order" ORDER BY occurred_at, position) AS turn
        FROM order_shipped
        WHERE touchpoint <> '' AND "order" <> 0 AND occurred_at <= CAST($as_of AS TIMESTAMPTZ)
    ) AS every_time
    WHERE turn = 1
),
parcel_order AS (
    -- one row per parcel whose order is known
    SELECT parcel, MIN("order") AS "order" FROM order_shipped WHERE parcel <> 0 AND "order" <> 0 GROUP BY parcel
),
told_carrier AS (
    -- one row per fact that names a carrier
    SELECT position, occurred_at, "order", parcel, carrier FROM order_shipped WHERE carrier <> ''
    UNION ALL
    SELECT position, occurred_at, "order", parcel, carrier FROM shipment_updated WHERE carrier <> ''
    UNION ALL
    SELECT position, occurred_at, "order", parcel, carrier FROM shipment_delayed WHERE carrier <> ''
    UNION ALL
    SELECT position, occurred_at, "order", parcel, carrier FROM shipment_delivered WHERE carrier <> ''
    UNION ALL
    SELECT position, occurred_at, "order", parcel, carrier FROM pickup_ready WHERE carrier <> ''
),
carried AS (
    -- one row per order, and per parcel, with a carrier: the one told last
    SELECT thing, number, carrier
    FROM (
        SELECT thing, number, carrier, ROW_NUMBER() OVER (PARTITION BY thing, number ORDER BY occurred_at DESC, position DESC) AS turn
        FROM (
            SELECT 'parcel' AS thing, parcel AS number, carrier, occurred_at, position FROM told_carrier WHERE parcel <> 0
            UNION ALL
            SELECT 'order' AS thing, COALESCE(NULLIF(t."order", 0), p."order") AS number, t.carrier, t.occurred_at, t.position
            FROM told_carrier AS t
            LEFT JOIN parcel_order AS p ON p.parcel = t.parcel
        ) AS told
        WHERE NOT number IS NULL AND occurred_at <= CAST($as_of AS TIMESTAMPTZ)
    ) AS latest_first
    WHERE turn = 1
),
known_region AS (
    -- one row per telling of a person's region
    SELECT p.person, i.occurred_at, i.position, i.region
    FROM customer_identified AS i
    JOIN person_of AS p ON p.customer = i.customer
    WHERE i.region <> '' AND i.occurred_at <= CAST($as_of AS TIMESTAMPTZ)
),
regional AS (
    -- one row per promise whose order says no region, and whose person's region is known
    SELECT promise, region
    FROM (
        SELECT
            m.promise,
            k.region,
            ROW_NUMBER() OVER (
                PARTITION BY m.promise
                ORDER BY
                    CASE WHEN k.occurred_at <= COALESCE(o.occurred_at, m.occurred_at) THEN 0 ELSE 1 END,
                    CASE WHEN k.occurred_at <= COALESCE(o.occurred_at, m.occurred_at) THEN NULL ELSE k.occurred_at END,
                    k.occurred_at DESC,
                    k.position DESC
            ) AS turn
        FROM made AS m
        JOIN person_of AS p ON p.customer = m.customer
        JOIN known_region AS k ON k.person = p.person
        LEFT JOIN placed AS o ON o."order" = m."order"
        WHERE COALESCE(o.region, '') = ''
    ) AS nearest_first
    WHERE turn = 1
),
stood AS (
    -- one row per promise: windows, state and dimensions
    SELECT
        m.promise,
        m.customer,
        COALESCE(p.person, m.customer) AS person,
        m.kind,
        m.subject_kind,
        m.subject,
        m."order",
        m.owner,
        m.channel,
        m.touchpoint,
        m.attended,
        m.occurred_at AS made_at,
        CASE WHEN l.promise IS NULL THEN m.from_at ELSE l.from_at END AS first_from,
        COALESCE(l.until_at, m.until_at) AS first_until,
        CASE WHEN l.promise IS NULL THEN m.exceeds_before END AS first_exceeds_before,
        w.from_at,
        w.until_at,
        CASE WHEN m.zone = '' THEN 'UTC' ELSE m.zone END AS zone,
        CASE WHEN s.ending IS NULL OR s.ending = 'open' THEN COALESCE(s.open_state, 'made') ELSE s.ending END AS state,
        CASE WHEN s.ending <> 'open' THEN s.ended_at END AS ended_at,
        CASE WHEN s.ending = 'broken' AND s.met_late_position > s.ending_position THEN s.met_late_at ELSE s.met_at END AS met_at,
        m.follows,
        COALESCE(NULLIF(o.region, ''), r.region) AS region,
        COALESCE(c.carrier, oc.carrier, NULLIF(o.carrier, '')) AS carrier,
        f.warehouse,
        CASE WHEN m.reason = 'quote_taken' THEN q.sure_permille END AS sure_permille
    FROM made AS m
    JOIN window_now AS w ON w.promise = m.promise
    LEFT JOIN window_learned AS l ON l.promise = m.promise
    LEFT JOIN standing AS s ON s.promise = m.promise
    LEFT JOIN person_of AS p ON p.customer = m.customer
    LEFT JOIN placed AS o ON o."order" = m."order" AND m."order" <> 0
    LEFT JOIN regional AS r ON r.promise = m.promise
    LEFT JOIN carried AS c ON c.thing = m.subject_kind AND c.thing = 'parcel' AND c.number = m.subject
    LEFT JOIN carried AS oc ON oc.thing = 'order' AND oc.number = m."order"
    LEFT JOIN shipped_from AS f ON f."order" = m."order"
    LEFT JOIN quote_sure AS q ON q.quote = o.quote
)
SELECT
    promise,
    customer,
    person,
    kind,
    subject_kind,
    subject,
    "order",
    owner,
    channel,
    NULLIF(touchpoint, '') AS touchpoint,
    region,
    carrier,
    warehouse,
    sure_permille,
    made_at,
    first_from,
    first_until,
    from_at,
    until_at,
    zone,
    CAST((first_until - INTERVAL '1' MICROSECOND) AT TIME ZONE zone AS DATE) AS due_on,
    state,
    CASE
        WHEN state = 'withdrawn' THEN 'withdrawn'
        WHEN first_until = until_at AND COALESCE(first_from, until_at) = COALESCE(from_at, until_at)
            THEN CASE WHEN state IN ('kept', 'exceeded', 'broken') THEN state ELSE 'open' END
        WHEN met_at IS NULL THEN CASE WHEN state = 'broken' OR first_until < CAST($as_of AS TIMESTAMPTZ) THEN 'broken' ELSE 'open' END
        WHEN met_at > first_until OR (attended AND met_at < first_from) THEN 'broken'
        WHEN NOT attended AND (met_at < first_from OR met_at <= first_exceeds_before) THEN 'exceeded'
        ELSE 'kept'
    END AS first_outcome,
    met_at,
    ended_at,
    follows
FROM stood
