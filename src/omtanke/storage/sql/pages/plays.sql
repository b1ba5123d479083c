-- What pages read of plays and messages. Read-only.

-- name: entries_of_tasks
-- How the persons whom tasks are about came into plays, the latest first, each with the place of the fact that let them in: it is written
-- down just before. The tasks that a play has given are told apart by their numbers.
SELECT CAST(wanted.value AS BIGINT), f.position, f.fact_id, f.kind, f.mode, f.source, f.customer, f.type, f.version, f.occurred_at, f.received_at, f.now,
    f.channel, f.touchpoint, f.body, f.cause, f.because, f.reason, f.policy_version, f.engine_version, NULL,
    coalesce(e.position, 0)
FROM json_each(:tasks) AS wanted
JOIN task AS t ON t.task = CAST(wanted.value AS BIGINT)
JOIN customer AS c ON c.customer = t.customer
JOIN customer AS m ON m.person = c.person
JOIN fact AS f ON f.customer = m.customer AND f.type = 'play_entered'
LEFT JOIN fact AS e ON e.position < f.position AND e.position >= f.position - 64 AND e.fact_id = f.cause
ORDER BY f.position DESC;

-- name: plays_entered
-- The plays that anybody has ever been in, one lookup for each.
WITH RECURSIVE named(play) AS (
    SELECT min(play) FROM play_run
    UNION ALL
    SELECT (SELECT min(r.play) FROM play_run AS r WHERE r.play > named.play) FROM named WHERE named.play IS NOT NULL
)
SELECT play FROM named WHERE play IS NOT NULL;

-- name: runs_under_way
-- How many are in each play now, by step and version.
SELECT r.play, r.step, r.digest, count(*)
FROM json_each(:plays) AS wanted JOIN play_run AS r ON r.play = wanted.value AND r.left_at = 0 GROUP BY r.play, r.step, r.digest;

-- name: runs_entered
-- How many came into each play from a moment on, and how many of them are told nothing.
SELECT r.play, count(*), CAST(sum(r.is_held_out) AS BIGINT)
FROM json_each(:plays) AS wanted JOIN play_run AS r ON r.play = wanted.value AND r.entered_at >= :since GROUP BY r.play;

-- name: runs_left
-- How many left each play from a moment on, by reason, the most frequent first.
SELECT r.play, r.reason, count(*)
FROM json_each(:plays) AS wanted JOIN play_run AS r ON r.play = wanted.value AND r.left_at >= :since AND r.left_at <> 0
GROUP BY r.play, r.reason ORDER BY count(*) DESC, r.reason;

-- name: play_messages_since
-- What became of the messages of each play from a moment on.
SELECT m.play, m.became, count(*)
FROM json_each(:plays) AS wanted JOIN play_message AS m ON m.play = wanted.value AND m.at >= :since GROUP BY m.play, m.became;

-- name: play_withheld_since
-- Why messages of a play were put off or not sent from a moment on, the most frequent first.
SELECT became, reason, count(*) FROM play_message
WHERE play = :play AND at >= :since AND became IN ('deferred', 'suppressed') GROUP BY became, reason ORDER BY count(*) DESC, reason;

-- name: run_list_under_way
-- Who is in a play, who came last first, from a place on.
SELECT r.place, c.person, r.digest, r.is_held_out, r.step, r.until_at, r.entered_at, r.left_at, r.reason
FROM play_run AS r JOIN customer AS c ON c.customer = r.customer
WHERE r.play = :play AND r.left_at = 0
    AND (r.entered_at, r.place) < (:at, :place)
ORDER BY r.entered_at DESC, r.place DESC LIMIT :limit;

-- name: run_list_at_step
-- The same at one of its steps.
SELECT r.place, c.person, r.digest, r.is_held_out, r.step, r.until_at, r.entered_at, r.left_at, r.reason
FROM play_run AS r JOIN customer AS c ON c.customer = r.customer
WHERE r.play = :play AND r.step = :step AND r.left_at = 0
    AND (r.entered_at, r.place) < (:at, :place)
ORDER BY r.entered_at DESC, r.place DESC LIMIT :limit;

-- name: run_list_left
-- Who left a play last.
SELECT r.place, c.person, r.digest, r.is_held_out, r.step, r.until_at, r.entered_at, r.left_at, r.reason
FROM play_run AS r JOIN customer AS c ON c.customer = r.customer
WHERE r.play = :play AND r.left_at <> 0
ORDER BY r.left_at DESC, r.place DESC LIMIT :limit;
