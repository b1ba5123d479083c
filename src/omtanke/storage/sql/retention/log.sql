-- name: oldest
-- The next customers after a number, stores and products left out, each with the clock of the oldest of its facts that may leave and
-- of its oldest text that may; of one that a person's customers lead to, and who has not been erased, the clock of the last fact too.
SELECT c.customer,
       (SELECT f.now FROM fact AS f
        WHERE f.customer = c.customer AND f.type <> 'history_condensed' AND f.type NOT IN (SELECT value FROM json_each(:staying))
        ORDER BY f.position LIMIT 1),
       (SELECT f.now FROM fact AS f JOIN personal AS p ON p.position = f.position
        WHERE f.customer = c.customer AND f.type NOT IN (SELECT value FROM json_each(:staying)) ORDER BY f.position LIMIT 1),
       (SELECT s.now FROM snapshot AS s WHERE s.person = c.customer AND NOT EXISTS (SELECT 1 FROM erased AS e WHERE e.customer = c.customer))
FROM customer AS c WHERE c.customer > :after AND c.kind <> 'subject' ORDER BY c.customer LIMIT :limit;

-- name: drop_fact
-- A fact that has been condensed.
DELETE FROM fact WHERE position = ?;

-- name: drop_part
-- The personal part of a fact.
DELETE FROM personal WHERE customer = ? AND position = ?;

-- name: drop_words
-- The words that a customer wrote in a fact.
DELETE FROM verbatim_word WHERE customer = ? AND position = ?;

-- name: drop_promise
-- A promise that nothing is known of any more.
DELETE FROM promise WHERE promise = ?;

-- name: drop_task
-- A task that nothing is known of any more.
DELETE FROM task WHERE task = ?;

-- name: drop_request
-- A request that nothing is known of any more.
DELETE FROM request WHERE promise = ?;

-- name: drop_play_run
-- A time in a play that nothing is known of any more.
DELETE FROM play_run WHERE customer = ? AND run = ?;

-- name: drop_play_message
-- A message that nothing is known of any more.
DELETE FROM play_message WHERE customer = ? AND message = ?;

-- name: old_texts
-- The positions of a customer's texts that may leave, told before a clock.
SELECT p.position FROM fact AS f JOIN personal AS p ON p.position = f.position
WHERE f.customer = :customer AND f.now < :before AND f.type NOT IN (SELECT value FROM json_each(:staying));

-- name: drop_quarantined
-- Messages that could not be understood and came before a moment.
DELETE FROM quarantine WHERE received_at < ?;
