-- question: plays
-- asks: What does each play do?
-- grain: one row per play in which a message was due.
-- parameters: as_of (a moment; only what had happened by then counts)
-- period: message_due.occurred_at
--
-- definitions:
--   The unit is a person in a play: the first time that a message of it was due to them, whether or not it was sent in the end.
--   Held out: the play's share of persons who are told nothing, by chance; until a message is due they are treated alike.
--   Bought: an order or a receipt of the person, in any channel and on any device, within seven days from when the message was due. Persons whose seven days are not over are left out, and counted in too_early.
--   Effect: the share of those not held out who bought less the share of those held out, in points. Interval of 95 % by Newcombe's method 10. Chance decided who was held out, so it is what the play does, to all whom it reaches or would have reached; what other plays do meanwhile is in both.
--   With a period: messages due on its days, in the shop's zone.
--
-- columns:
--   part | text | the play
--   told | count | persons not held out
--   told_bought | count | of them, those who bought
--   told_share | share | the share of them
--   held_out | count | persons held out
--   held_out_bought | count | of them, those who bought
--   held_out_share | share | the share of them
--   effect | points | told_share less held_out_share, in points
--   effect_low | points | interval 95 %, low
--   effect_high | points | interval 95 %, high
--   too_early | count | persons whose seven days are not over
WITH
due AS (
    -- one row per time in a play: when its first message was due
    SELECT run, MIN(now) AS due_at FROM message_due WHERE now <= CAST($as_of AS TIMESTAMPTZ) GROUP BY run
),
turn AS (
    -- one row per time in a play, numbered for each person
    SELECT e.play, e.is_held_out, p.person, d.due_at, ROW_NUMBER() OVER (PARTITION BY e.play, p.person ORDER BY d.due_at, e.run) AS turn
    FROM play_entered AS e
    JOIN due AS d ON d.run = e.run
    JOIN person_of AS p ON p.customer = e.customer
),
purchase AS (
    -- one row per purchase
    SELECT p.person, o.occurred_at FROM order_completed AS o JOIN person_of AS p ON p.customer = o.customer
    UNION ALL
    SELECT p.person, o.occurred_at FROM receipt_issued AS o JOIN person_of AS p ON p.customer = o.customer
),
bought AS (
    -- one row per person in a play who bought within seven days
    SELECT DISTINCT t.play, t.person
    FROM turn AS t
    JOIN purchase AS b ON b.person = t.person AND b.occurred_at >= t.due_at AND b.occurred_at < t.due_at + INTERVAL '7' DAY
    WHERE t.turn = 1
),
counted AS (
    -- one row per person in a play
    SELECT
        t.play,
        CASE WHEN t.is_held_out THEN 1 ELSE 0 END AS is_held_out,
        CASE WHEN t.due_at + INTERVAL '7' DAY <= CAST($as_of AS TIMESTAMPTZ) THEN 1 ELSE 0 END AS is_over,
        CASE WHEN b.person IS NULL THEN 0 ELSE 1 END AS has_bought
    FROM turn AS t
    LEFT JOIN bought AS b ON b.play = t.play AND b.person = t.person
    WHERE t.turn = 1
)
SELECT
    play AS part,
    CAST(SUM(is_over * (1 - is_held_out)) AS BIGINT) AS told,
    CAST(SUM(is_over * (1 - is_held_out) * has_bought) AS BIGINT) AS told_bought,
    CAST(SUM(is_over * is_held_out) AS BIGINT) AS held_out,
    CAST(SUM(is_over * is_held_out * has_bought) AS BIGINT) AS held_out_bought,
    CAST(SUM(1 - is_over) AS BIGINT) AS too_early
FROM counted
GROUP BY play
ORDER BY play
