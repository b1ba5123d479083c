-- name: open_requests
-- Rights that were asked for and wait for an answer, the soonest due first; whether somebody has begun.
SELECT r.promise, r.customer, c.person, r.asked_for, r.reached_at, r.until_at, r.latest_at, r.zone, r.extended_at, r.answered_at, r.outcome,
    coalesce((SELECT t.taken_at FROM task AS t WHERE t.task = r.promise), 0)
FROM request AS r JOIN customer AS c ON c.customer = r.customer WHERE r.answered_at = 0 ORDER BY r.until_at, r.promise LIMIT :limit;

-- name: answered_requests
-- Those that were answered, the latest first.
SELECT r.promise, r.customer, c.person, r.asked_for, r.reached_at, r.until_at, r.latest_at, r.zone, r.extended_at, r.answered_at, r.outcome, 0
FROM request AS r JOIN customer AS c ON c.customer = r.customer WHERE r.answered_at <> 0 ORDER BY r.answered_at DESC, r.promise DESC LIMIT :limit;

-- name: requests_of_person
-- Those of a person: open ones first, then the latest.
SELECT r.promise, r.customer, c.person, r.asked_for, r.reached_at, r.until_at, r.latest_at, r.zone, r.extended_at, r.answered_at, r.outcome,
    coalesce((SELECT t.taken_at FROM task AS t WHERE t.task = r.promise), 0)
FROM customer AS c JOIN request AS r ON r.customer = c.customer WHERE c.person = :person
ORDER BY r.answered_at <> 0, r.until_at DESC, r.promise DESC LIMIT :limit;

-- name: request
-- One of them.
SELECT r.promise, r.customer, c.person, r.asked_for, r.reached_at, r.until_at, r.latest_at, r.zone, r.extended_at, r.answered_at, r.outcome,
    coalesce((SELECT t.taken_at FROM task AS t WHERE t.task = r.promise), 0)
FROM request AS r JOIN customer AS c ON c.customer = r.customer WHERE r.promise = :promise;

-- name: restricted
-- Since when what is known of a person is to be left alone; no row when it is not.
SELECT min(r.restricted_at) FROM customer AS c JOIN restriction AS r ON r.customer = c.customer WHERE c.person = :person;

-- name: left_alone
-- Those of some persons whose data are left alone, who have been erased, or who wait for it.
SELECT DISTINCT c.person FROM json_each(:persons) AS wanted JOIN customer AS c ON c.person = CAST(wanted.value AS BIGINT)
WHERE EXISTS (SELECT 1 FROM restriction AS r WHERE r.customer = c.customer)
OR EXISTS (SELECT 1 FROM erased AS e WHERE e.customer = c.customer)
OR EXISTS (SELECT 1 FROM erasure AS e WHERE e.person = c.customer AND e.status = 'received');
