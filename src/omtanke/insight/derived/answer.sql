-- answer: every answer to a question, what it measures, and what had become of the promise that it is about.
-- Grain: one row per survey and question answered (and touchpoint, where a survey asks the same of several); answered again, the last answer counts.
-- Parameters: as_of.
--
-- about       what it is about, as told; else a case, a delivery, a store visit or an order, by what it names.
-- touchpoint  the question's own, else where it was answered or asked; null when none was told.
-- channel     where it was experienced: the store for a visit, the delivery for a delivery, where it began for a case or a return; else where it was answered.
-- store_name  the store as touchpoints name it (store/nordstan); else its number; null for no store.
-- measure     by the scale: satisfaction (1-5, 0-1), recommendation (0-10), effort (1-7), feeling (1-3).
-- value       what is averaged: the score itself; for recommendation 1, 0 or -1 for 9-10, 7-8 or 0-6; for feeling 1, 0 or -1.
-- is_high     1 for the best: 4-5, yes, 9-10, 5-7, the glad face. is_low: 1 for 1-2, no, 0-6, 1-3, the sad face.
-- promise     what was promised about it. Delivery, order or visit: the delivery promise of the order (else of pickup): of several a
--             broken one before the others, the one on the whole order before those on lines or parcels, then the one made first.
--             Case: of those given in it a broken one before the others. Return: the refund. Null when nothing was promised.
-- fate        kept (kept or exceeded), never_arrived, arrived_early (before an attended slot), late_waiting (broken, and
--             answered before it was met), late_after (broken, and answered after), withdrawn, open, without_promise.
-- comment_position  where the words are that were added to it later, if any; words given with it are at its own position.
-- told_first  of a broken one: 1 when the customer had heard of it before its first window ended (a new window, a later promise about
--             the same order, word of a delay sent to them, or told by somebody), else 0; null for others.
WITH
named_store AS (
    -- one row per store that a touchpoint names
    SELECT store, MIN(touchpoint) AS store_name
    FROM (
        SELECT store, touchpoint FROM store_visited WHERE touchpoint LIKE 'store/%'
        UNION ALL
        SELECT store, touchpoint FROM receipt_issued WHERE touchpoint LIKE 'store/%'
        UNION ALL
        SELECT store, touchpoint FROM store_opened WHERE touchpoint LIKE 'store/%'
    ) AS told_of_stores
    WHERE store <> 0
    GROUP BY store
),
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
told AS (
    -- one row per answer told: of the survey's one question, and of each in a list
    SELECT
        position, customer, COALESCE(asked, 0) AS asked, survey, "order", "case", store, about, channel, touchpoint,
        question, '' AS own_touchpoint, scale, score, occurred_at
    FROM survey_answered
    WHERE score >= 0 AND occurred_at <= CAST($as_of AS TIMESTAMPTZ)
    UNION ALL
    SELECT
        f.position, f.customer, COALESCE(f.asked, 0) AS asked, f.survey, f."order", f."case", f.store, f.about, f.channel, f.touchpoint,
        item.question, item.touchpoint AS own_touchpoint, item.scale, item.score, f.occurred_at
    FROM survey_answered AS f
    CROSS JOIN UNNEST(f.answers) AS several(item)
    WHERE f.occurred_at <= CAST($as_of AS TIMESTAMPTZ)
),
answered AS (
    -- one row per survey and question: its last answer
    SELECT *
    FROM (
        SELECT
            t.*,
            ROW_NUMBER() OVER (
                PARTITION BY asked, CASE WHEN asked = 0 THEN survey ELSE 0 END, question, own_touchpoint ORDER BY position DESC
            ) AS turn
        FROM told AS t
    ) AS latest_first
    WHERE turn = 1
),
commented AS (
    -- one row per survey to which words were added later: where the last of them are
    SELECT COALESCE(asked, 0) AS asked, CASE WHEN COALESCE(asked, 0) = 0 THEN survey ELSE 0 END AS survey, MAX(position) AS position
    FROM survey_commented
    WHERE occurred_at <= CAST($as_of AS TIMESTAMPTZ)
    GROUP BY COALESCE(asked, 0), CASE WHEN COALESCE(asked, 0) = 0 THEN survey ELSE 0 END
),
goods AS (
    -- one row per order: its delivery promise, else its pickup promise
    SELECT *
    FROM (
        SELECT
            promise, "order", made_at, first_until,
            ROW_NUMBER() OVER (
                PARTITION BY "order"
                ORDER BY
                    CASE WHEN kind = 'delivery' THEN 0 ELSE 1 END,
                    CASE WHEN first_outcome = 'broken' THEN 0 ELSE 1 END,
                    CASE WHEN subject_kind = 'order' THEN 0 ELSE 1 END,
                    made_at,
                    first_until DESC,
                    promise
            ) AS turn
        FROM promise
        WHERE kind IN ('delivery', 'pickup') AND "order" <> 0
    ) AS whole_order_first
    WHERE turn = 1
),
helped AS (
    -- one row per case: of the promises given in it a broken one before the others
    SELECT *
    FROM (
        SELECT
            promise, subject AS "case",
            ROW_NUMBER() OVER (PARTITION BY subject ORDER BY CASE WHEN first_outcome = 'broken' THEN 0 ELSE 1 END, made_at, promise) AS turn
        FROM promise
        WHERE subject_kind = 'case'
    ) AS broken_first
    WHERE turn = 1
),
repaid AS (
    -- one row per order: its refund promise
    SELECT *
    FROM (
        SELECT promise, "order", ROW_NUMBER() OVER (PARTITION BY "order" ORDER BY made_at DESC, promise) AS turn
        FROM promise
        WHERE kind = 'refund' AND "order" <> 0
    ) AS last_first
    WHERE turn = 1
),
heard AS (
    -- one row per promise of which the customer heard something new: when first
    SELECT promise, MIN(occurred_at) AS told_at
    FROM (
        SELECT promise, occurred_at FROM promise_renegotiated
        UNION ALL
        SELECT task AS promise, occurred_at FROM customer_told
        UNION ALL
        SELECT g.promise, p.made_at AS occurred_at
        FROM promise AS p
        JOIN goods AS g ON g."order" = p."order"
        WHERE p.kind = 'delivery' AND p."order" <> 0 AND p.made_at > g.made_at AND p.first_until > g.first_until
        UNION ALL
        SELECT g.promise, d.occurred_at
        FROM shipment_delayed AS d
        JOIN goods AS g ON g."order" = d."order"
        WHERE d."order" <> 0 AND d.channel IN ('mail', 'sms', 'app', 'phone', 'chat', 'letter')
    ) AS word
    WHERE occurred_at <= CAST($as_of AS TIMESTAMPTZ)
    GROUP BY promise
),
subject AS (
    -- one row per answer, with what it is about
    SELECT
        a.*,
        COALESCE(
            NULLIF(a.about, ''),
            CASE
                WHEN a."case" <> 0 THEN 'case'
                WHEN NOT g.promise IS NULL THEN 'delivery'
                WHEN a.store <> 0 OR a.touchpoint LIKE 'store/%' THEN 'store_visit'
                WHEN a."order" <> 0 THEN 'order'
            END
        ) AS subject,
        g.promise AS goods_promise
    FROM answered AS a
    LEFT JOIN goods AS g ON g."order" = a."order" AND a."order" <> 0
),
joined AS (
    -- one row per answer, with the promise that it is about
    SELECT
        s.*,
        CASE s.subject
            WHEN 'case' THEN h.promise
            WHEN 'return' THEN COALESCE(r.promise, h.promise)
            ELSE s.goods_promise
        END AS promise
    FROM subject AS s
    LEFT JOIN helped AS h ON h."case" = s."case" AND s."case" <> 0
    LEFT JOIN repaid AS r ON r."order" = s."order" AND s."order" <> 0
)
SELECT
    a.position,
    a.survey,
    a.asked,
    COALESCE(p.person, a.customer) AS person,
    a."order",
    a."case",
    a.store,
    a.subject AS about,
    a.question,
    COALESCE(NULLIF(a.own_touchpoint, ''), NULLIF(a.touchpoint, '')) AS touchpoint,
    CASE a.subject
        WHEN 'store_visit' THEN 'store'
        WHEN 'delivery' THEN 'delivery'
        WHEN 'case' THEN COALESCE(c.channel, a.channel)
        WHEN 'return' THEN COALESCE(r.channel, a.channel)
        ELSE a.channel
    END AS channel,
    CASE
        WHEN a.touchpoint LIKE 'store/%' THEN a.touchpoint
        WHEN COALESCE(a.store, 0) <> 0 THEN COALESCE(n.store_name, CAST(a.store AS VARCHAR))
    END AS store_name,
    a.scale,
    a.score,
    CASE a.scale WHEN '0-10' THEN 'recommendation' WHEN '1-7' THEN 'effort' WHEN '1-3' THEN 'feeling' ELSE 'satisfaction' END AS measure,
    CASE a.scale
        WHEN '0-10' THEN CASE WHEN a.score >= 9 THEN 1 WHEN a.score <= 6 THEN -1 ELSE 0 END
        WHEN '1-3' THEN a.score - 2
        ELSE a.score
    END AS value,
    CASE
        WHEN a.score >= CASE a.scale WHEN '0-10' THEN 9 WHEN '1-7' THEN 5 WHEN '1-3' THEN 3 WHEN '0-1' THEN 1 ELSE 4 END THEN 1
        ELSE 0
    END AS is_high,
    CASE
        WHEN a.score <= CASE a.scale WHEN '0-10' THEN 6 WHEN '1-7' THEN 3 WHEN '1-3' THEN 1 WHEN '0-1' THEN 0 ELSE 2 END THEN 1
        ELSE 0
    END AS is_low,
    a.occurred_at AS answered_at,
    a.promise,
    d.kind AS promise_kind,
    CASE
        WHEN d.promise IS NULL THEN 'without_promise'
        WHEN d.first_outcome IN ('kept', 'exceeded') THEN 'kept'
        WHEN d.first_outcome IN ('withdrawn', 'open') THEN d.first_outcome
        WHEN d.met_at IS NULL THEN 'never_arrived'
        WHEN d.met_at <= d.first_until THEN 'arrived_early'
        WHEN a.occurred_at < d.met_at THEN 'late_waiting'
        ELSE 'late_after'
    END AS fate,
    CASE
        WHEN d.first_outcome = 'broken' THEN CASE WHEN h.told_at <= d.first_until THEN 1 ELSE 0 END
    END AS told_first,
    m.position AS comment_position
FROM joined AS a
LEFT JOIN commented AS m ON m.asked = a.asked AND m.survey = CASE WHEN a.asked = 0 THEN a.survey ELSE 0 END
LEFT JOIN promise AS d ON d.promise = a.promise
LEFT JOIN heard AS h ON h.promise = a.promise
LEFT JOIN person_of AS p ON p.customer = a.customer
LEFT JOIN begun AS c ON c.thing = 'case' AND c.number = a."case"
LEFT JOIN begun AS r ON r.thing = 'return' AND r.number = a."order"
LEFT JOIN named_store AS n ON n.store = a.store AND a.store <> 0
