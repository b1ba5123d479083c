-- What pages read of messages to customers. Read-only. Each list is read by the index that leaves fewest, from a place on; what else is asked
-- for is left out on the way.

-- name: messages_of_all
-- Messages by when something last became of them, the latest first.
SELECT place, at FROM play_message
WHERE (at, place) < (:at, :place) AND at >= :since
    AND (:channel = '' OR channel = :channel) AND (:others = 0 OR run = 0)
ORDER BY at DESC, place DESC LIMIT :limit;

-- name: messages_by_channel
-- The same in one channel.
SELECT place, at FROM play_message
WHERE channel = :channel
    AND (at, place) < (:at, :place) AND at >= :since AND (:others = 0 OR run = 0)
ORDER BY at DESC, place DESC LIMIT :limit;

-- name: messages_of_play
-- The same of one play.
SELECT place, at FROM play_message
WHERE play = :play
    AND (at, place) < (:at, :place) AND at >= :since
    AND (:channel = '' OR channel = :channel) AND (:became = '' OR became = :became)
ORDER BY at DESC, place DESC LIMIT :limit;

-- name: messages_that_became
-- The same of those of which this became.
SELECT place, at FROM play_message
WHERE became = :became
    AND (at, place) < (:at, :place) AND at >= :since
    AND (:channel = '' OR channel = :channel) AND (:others = 0 OR run = 0) AND (:play = '' OR play = :play)
ORDER BY at DESC, place DESC LIMIT :limit;

-- name: messages_returned
-- The same of those that were not handed over in time and were asked about anew.
SELECT place, at FROM play_message
WHERE returned_at <> 0
    AND (at, place) < (:at, :place) AND at >= :since
    AND (:channel = '' OR channel = :channel) AND (:play = '' OR play = :play)
ORDER BY at DESC, place DESC LIMIT :limit;

-- name: messages_of_persons
-- The same to some persons.
SELECT m.place, m.at FROM customer AS c JOIN play_message AS m ON m.customer = c.customer
WHERE c.person IN (SELECT CAST(value AS BIGINT) FROM json_each(:persons))
    AND (m.at, m.place) < (:at, :place) AND m.at >= :since
    AND (:channel = '' OR m.channel = :channel) AND (:became = '' OR m.became = :became) AND (:returned = 0 OR m.returned_at <> 0)
    AND (:others = 0 OR m.run = 0) AND (:play = '' OR m.play = :play)
ORDER BY m.at DESC, m.place DESC LIMIT :limit;

-- name: messages
-- Messages by their places, with the person whom each is to.
SELECT m.message, m.customer, m.play, m.run, m.message_class, m.template, m.channel, m.became, m.reason, m.at, m.due_at, m.until_at,
    m.returned_at, m.decided_position, m.changed_position, m.place, c.person
FROM json_each(:places) AS wanted
JOIN play_message AS m ON m.place = CAST(wanted.value AS BIGINT)
JOIN customer AS c ON c.customer = m.customer;

-- name: messages_to
-- The same by their numbers, of the person that a customer leads to.
SELECT m.message, m.customer, m.play, m.run, m.message_class, m.template, m.channel, m.became, m.reason, m.at, m.due_at, m.until_at,
    m.returned_at, m.decided_position, m.changed_position, m.place, c.person
FROM customer AS c
JOIN play_message AS m ON m.customer = c.customer
WHERE c.person = (SELECT person FROM customer WHERE customer = :customer)
    AND m.message IN (SELECT CAST(value AS BIGINT) FROM json_each(:messages));

-- name: message_grounds
-- Of messages by their places, the positions of what was last decided, of what it was decided on, and of the fact that let the customer into the
-- play: both are written down just before.
SELECT m.place, m.decided_position
FROM json_each(:places) AS wanted JOIN play_message AS m ON m.place = CAST(wanted.value AS BIGINT)
WHERE m.decided_position <> 0
UNION ALL
SELECT m.place, f.position
FROM json_each(:places) AS wanted
JOIN play_message AS m ON m.place = CAST(wanted.value AS BIGINT)
JOIN fact AS d ON d.position = m.decided_position
JOIN fact AS f ON f.position < d.position AND f.position >= d.position - 64 AND f.fact_id = d.cause
UNION ALL
SELECT m.place, f.position
FROM json_each(:places) AS wanted
JOIN play_message AS m ON m.place = CAST(wanted.value AS BIGINT)
JOIN play_run AS r ON r.customer = m.customer AND r.run = m.run
JOIN fact AS e ON e.position = r.entered_position
JOIN fact AS f ON f.position < e.position AND f.position >= e.position - 64 AND f.fact_id = e.cause;

-- name: message_course
-- The positions of what was told and decided of messages to the customer, from when the play began.
SELECT f.position
FROM play_message AS m
LEFT JOIN play_run AS r ON r.customer = m.customer AND r.run = m.run
JOIN fact AS f ON f.customer = m.customer AND f.position <= m.changed_position AND f.position >= coalesce(r.entered_position, m.decided_position)
WHERE m.place = :place AND f.type IN (SELECT value FROM json_each(:types))
ORDER BY f.position;

-- name: messages_since
-- How many messages became what, from a moment on.
SELECT m.became, count(*)
FROM json_each(:ends) AS wanted JOIN play_message AS m ON m.became = wanted.value AND m.at >= :since GROUP BY m.became;

-- name: messages_in_doubt
-- How many messages are in doubt.
SELECT count(*) FROM play_message WHERE became = 'in_doubt';

-- name: last_message
-- When something last became of a message.
SELECT coalesce(max(at), 0) FROM play_message;

-- name: message_plays
-- The plays that have ever had a message, one lookup for each.
WITH RECURSIVE named(play) AS (
    SELECT min(play) FROM play_message WHERE play > ''
    UNION ALL
    SELECT (SELECT min(m.play) FROM play_message AS m WHERE m.play > named.play) FROM named WHERE named.play IS NOT NULL
)
SELECT play FROM named WHERE play IS NOT NULL;

-- name: message_channels
-- The same of channels.
WITH RECURSIVE named(channel) AS (
    SELECT min(channel) FROM play_message WHERE channel > ''
    UNION ALL
    SELECT (SELECT min(m.channel) FROM play_message AS m WHERE m.channel > named.channel) FROM named WHERE named.channel IS NOT NULL
)
SELECT channel FROM named WHERE channel IS NOT NULL;

-- name: said_to_person
-- The places of facts of some types about a person, in a span of time, the first first.
SELECT f.position
FROM customer AS c JOIN fact AS f ON f.customer = c.customer
WHERE c.person = :person AND f.occurred_at >= :since AND f.occurred_at < :until AND f.type IN (SELECT value FROM json_each(:types))
ORDER BY f.occurred_at, f.position LIMIT :limit;

-- name: ends_to_person
-- What became of the messages to a person in a span of time.
SELECT m.became, count(*)
FROM customer AS c JOIN play_message AS m ON m.customer = c.customer
WHERE c.person = :person AND m.at >= :since AND m.at < :until GROUP BY m.became;

-- name: promises_standing
-- The promises to a person that stood in a span of time, the first to be due first.
SELECT p.promise
FROM customer AS c JOIN promise AS p ON p.customer = c.customer
WHERE c.person = :person AND p.made_at < :until AND (p.ended_at = 0 OR p.ended_at >= :since)
ORDER BY p.until_at, p.promise LIMIT :limit;
