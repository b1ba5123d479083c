-- answer: every answer to a survey, and what had become of the promise to deliver that order.
-- Grain: one row per survey answered; a survey answered again counts with its last answer.
-- Parameters: as_of.
--
-- promise  the delivery promise of the order: the one on the whole order before those on lines or parcels, then the one
--          made first; null when no delivery was promised.
-- fate     kept (kept or exceeded), never_arrived, arrived_early (before an attended slot), late_waiting (broken, and
--          answered before it arrived), late_after (broken, and answered after), withdrawn, open, without_promise.
WITH
answered AS (
    -- one row per survey: its last answer
    SELECT *
    FROM (
        SELECT survey, customer, "order", scale, score, occurred_at, ROW_NUMBER() OVER (PARTITION BY survey ORDER BY position DESC) AS turn
        FROM survey_answered
        WHERE occurred_at <= CAST($as_of AS TIMESTAMPTZ)
    ) AS latest_first
    WHERE turn = 1
),
delivery AS (
    -- one row per order: its delivery promise
    SELECT *
    FROM (
        SELECT
            promise, "order", first_outcome, first_until, met_at,
            ROW_NUMBER() OVER (PARTITION BY "order" ORDER BY CASE WHEN subject_kind = 'order' THEN 0 ELSE 1 END, made_at, promise) AS turn
        FROM promise
        WHERE kind = 'delivery' AND "order" <> 0
    ) AS whole_order_first
    WHERE turn = 1
)
SELECT
    a.survey,
    COALESCE(p.person, a.customer) AS person,
    a."order",
    a.scale,
    a.score,
    a.occurred_at AS answered_at,
    d.promise,
    CASE
        WHEN d.promise IS NULL THEN 'without_promise'
        WHEN d.first_outcome IN ('kept', 'exceeded') THEN 'kept'
        WHEN d.first_outcome IN ('withdrawn', 'open') THEN d.first_outcome
        WHEN d.met_at IS NULL THEN 'never_arrived'
        WHEN d.met_at <= d.first_until THEN 'arrived_early'
        WHEN a.occurred_at < d.met_at THEN 'late_waiting'
        ELSE 'late_after'
    END AS fate
FROM answered AS a
LEFT JOIN person_of AS p ON p.customer = a.customer
LEFT JOIN delivery AS d ON d."order" = a."order"
