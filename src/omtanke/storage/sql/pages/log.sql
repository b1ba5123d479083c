-- What pages read from log.db. Read-only; each statement answers one need of a page with one round.

-- name: meta
-- What the store says of itself.
SELECT name, value FROM meta;

-- name: last_fact
-- The last fact of the log.
SELECT position, occurred_at, received_at FROM fact ORDER BY position DESC LIMIT 1;

-- name: waiting
-- Broken promises whose customer still waits: not met since, nothing new was promised in their place, and nobody has closed it.
-- A door or a time that was missed cannot be met any more; nobody waits for it.
SELECT count(DISTINCT c.person), count(*)
FROM promise AS p JOIN customer AS c ON c.customer = p.customer
WHERE p.status = 'broken' AND p.met_at = 0 AND p.kind NOT IN ('opening_hours', 'appointment')
  AND NOT EXISTS (SELECT 1 FROM promise AS later WHERE later.follows = p.promise AND later.follows <> 0)
  AND NOT EXISTS (SELECT 1 FROM task AS t WHERE t.task = p.promise AND t.done_at <> 0);

-- name: open_counts
-- How many promises are open, by state, and how many of them end before a moment. One that is due and has a new promise in its place needs nobody.
SELECT p.status, count(*), coalesce(sum(p.until_at <= :before), 0) FROM promise AS p
WHERE p.status IN ('made', 'at_risk', 'due')
  AND (p.status <> 'due' OR NOT EXISTS (SELECT 1 FROM promise AS later WHERE later.follows = p.promise AND later.follows <> 0))
GROUP BY p.status;

-- name: urgent_broken
-- Broken, and the customer still waits: those who have waited shortest first, they can still be met in time to matter.
SELECT p.promise FROM promise AS p
WHERE p.status = 'broken' AND p.met_at = 0 AND p.kind NOT IN ('opening_hours', 'appointment')
  AND NOT EXISTS (SELECT 1 FROM promise AS later WHERE later.follows = p.promise AND later.follows <> 0)
  AND NOT EXISTS (SELECT 1 FROM task AS t WHERE t.task = p.promise AND t.done_at <> 0)
ORDER BY p.until_at DESC, p.promise LIMIT :limit;

-- name: urgent_open
-- Due or at risk, nobody has closed it, and nothing new was promised in its place: the soonest first. me: only what this one of the staff has taken or been given; units: only theirs.
SELECT p.promise, p.changed_position, coalesce(t.changed_position, 0) FROM promise AS p LEFT JOIN task AS t ON t.task = p.promise
WHERE p.status = :status AND coalesce(t.done_at, 0) = 0
  AND NOT EXISTS (SELECT 1 FROM promise AS later WHERE later.follows = p.promise AND later.follows <> 0) AND (:me = 0 OR t.assignee = :me)
  AND (:units = '' OR substr(p.owner, 1, instr(p.owner || '/', '/') - 1) IN (SELECT value FROM json_each(:units)))
ORDER BY p.until_at, p.promise LIMIT :limit;

-- name: urgent_tasks
-- Broken, with an open task: those that are nobody else's first, those already told last, then those who have waited longest.
SELECT t.task, p.changed_position, t.changed_position FROM task AS t JOIN promise AS p ON p.promise = t.task
WHERE t.done_at = 0 AND t.about = 'promise' AND p.status = 'broken' AND p.met_at = 0 AND (:me = 0 OR t.assignee = :me)
  AND NOT EXISTS (SELECT 1 FROM promise AS later WHERE later.follows = p.promise AND later.follows <> 0)
  AND (:units = '' OR substr(p.owner, 1, instr(p.owner || '/', '/') - 1) IN (SELECT value FROM json_each(:units)))
ORDER BY t.assignee NOT IN (0, :viewer), t.told_at <> 0, p.until_at, p.promise LIMIT :limit;

-- name: urgent_untasked
-- Broken, the customer still waits, and it never became a task (it was history when we heard of it): those who have waited shortest first,
-- they can still be met in time to matter.
SELECT p.promise, p.changed_position, 0 FROM promise AS p
WHERE p.status = 'broken' AND p.met_at = 0 AND p.kind NOT IN ('opening_hours', 'appointment')
  AND NOT EXISTS (SELECT 1 FROM promise AS later WHERE later.follows = p.promise AND later.follows <> 0)
  AND NOT EXISTS (SELECT 1 FROM task AS t WHERE t.task = p.promise)
  AND (:units = '' OR substr(p.owner, 1, instr(p.owner || '/', '/') - 1) IN (SELECT value FROM json_each(:units)))
ORDER BY p.until_at DESC, p.promise LIMIT :limit;

-- name: urgent_given
-- What needs a person without a promise, and nobody has closed it (a low answer; what a play gives somebody to do, or what did not reach the
-- customer): those that are nobody else's first, those already told last, then the oldest.
SELECT t.task, 0, t.changed_position FROM task AS t
WHERE t.done_at = 0 AND t.about IN (SELECT value FROM json_each(:about)) AND (:me = 0 OR t.assignee = :me) AND (:units = '' OR t.unit IN (SELECT value FROM json_each(:units)))
ORDER BY t.assignee NOT IN (0, :viewer), t.told_at <> 0, t.assigned_at, t.task LIMIT :limit;

-- name: open_tasks
-- How many of each sort without a promise nobody has closed.
SELECT about, count(*) FROM task WHERE about IN ('answer', 'play', 'message') AND done_at = 0 GROUP BY about;

-- name: tasks
-- Tasks with the person they are about, in the order asked for.
SELECT t.task, t.customer, c.person, t.about, t.promise, t.survey, t.unit, t.assignee, t.assigned_at, t.taken_at, t.told_at, t.told_by, t.done_at, t.outcome
FROM json_each(:tasks) AS wanted JOIN task AS t ON t.task = CAST(wanted.value AS BIGINT) JOIN customer AS c ON c.customer = t.customer
ORDER BY wanted.key;

-- name: tasks_of_person
-- What needs somebody for a person, and what did: the latest first.
SELECT t.task, t.customer, m.person, t.about, t.promise, t.survey, t.unit, t.assignee, t.assigned_at, t.taken_at, t.told_at, t.told_by, t.done_at, t.outcome
FROM customer AS m JOIN task AS t ON t.customer = m.customer
WHERE m.person = :person ORDER BY t.assigned_at DESC, t.task LIMIT :limit;

-- name: answers_of_tasks
-- What was answered and written by the customers whom tasks are about, and what was assigned for it, the latest first, with its personal part.
SELECT CAST(wanted.value AS BIGINT), f.position, f.fact_id, f.kind, f.mode, f.source, f.customer, f.type, f.version, f.occurred_at, f.received_at, f.now,
    f.channel, f.touchpoint, f.body, f.cause, f.because, f.reason, f.policy_version, f.engine_version, n.part
FROM json_each(:tasks) AS wanted
JOIN task AS t ON t.task = CAST(wanted.value AS BIGINT)
JOIN customer AS c ON c.customer = t.customer
JOIN customer AS m ON m.person = c.person
JOIN fact AS f ON f.customer = m.customer AND f.type IN ('survey_answered', 'survey_commented', 'task_assigned')
LEFT JOIN personal AS n ON n.position = f.position
ORDER BY f.position DESC;

-- name: waiting_at
-- How many customers waited for a broken promise at an earlier moment, as far as we know today.
SELECT count(DISTINCT c.person) FROM promise AS p JOIN customer AS c ON c.customer = p.customer
WHERE p.status = 'broken' AND p.ended_at <= :at AND (p.met_at = 0 OR p.met_at > :at) AND p.kind NOT IN ('opening_hours', 'appointment')
  AND NOT EXISTS (SELECT 1 FROM promise AS later WHERE later.follows = p.promise AND later.follows <> 0 AND later.made_at <= :at)
  AND NOT EXISTS (SELECT 1 FROM task AS t WHERE t.task = p.promise AND t.done_at <> 0 AND t.done_at <= :at);

-- name: last_of_person
-- How far the log has come with a person.
SELECT coalesce(max((SELECT max(f.position) FROM fact AS f WHERE f.customer = m.customer)), 0) FROM customer AS m WHERE m.person = :person;

-- name: last_of_promise
-- How far the log has come with the person a promise was given to.
SELECT coalesce(max((SELECT max(f.position) FROM fact AS f WHERE f.customer = m.customer)), 0)
FROM promise AS p JOIN customer AS c ON c.customer = p.customer JOIN customer AS m ON m.person = c.person WHERE p.promise = :promise;

-- name: consumed
-- The last message that has become facts.
SELECT value FROM meta WHERE name = 'consumed';

-- name: refused
-- Why a message that has been read did not become a fact.
SELECT path, rule FROM quarantine WHERE entry = :entry;

-- name: ended_well
-- Promises that were kept or exceeded since a moment, the latest first, from a place in the list on. `first_until` bounds the search.
SELECT p.promise, p.met_at FROM promise AS p
WHERE p.first_until >= :since - 604800000000 AND p.status IN ('kept', 'exceeded') AND p.met_at >= :since AND p.met_at <= :until
  AND (p.met_at, p.promise) < (:met_at, :promise)
ORDER BY p.met_at DESC, p.promise DESC LIMIT :limit;

-- name: ended_well_all
-- Every promise that was kept or exceeded since a moment, by kind and state, the latest first.
SELECT p.promise, p.kind, p.status FROM promise AS p
WHERE p.first_until >= :since - 604800000000 AND p.status IN ('kept', 'exceeded') AND p.met_at >= :since AND p.met_at <= :until
ORDER BY p.met_at DESC, p.promise DESC;

-- name: ended_well_counts
-- How many were kept and exceeded since a moment, by kind.
SELECT p.kind, coalesce(sum(p.status = 'kept'), 0), coalesce(sum(p.status = 'exceeded'), 0) FROM promise AS p
WHERE p.first_until >= :since - 604800000000 AND p.status IN ('kept', 'exceeded') AND p.met_at >= :since AND p.met_at <= :until
GROUP BY p.kind ORDER BY count(*) DESC;

-- name: promises
-- Promises with the person they were given to, in the order asked for.
SELECT p.promise, p.customer, c.person, c.kind,
    coalesce((SELECT d.name FROM customer AS m JOIN card AS d ON d.customer = m.customer WHERE m.person = c.person AND d.name <> '' LIMIT 1), ''),
    coalesce((SELECT d.city FROM customer AS m JOIN card AS d ON d.customer = m.customer WHERE m.person = c.person AND d.city <> '' LIMIT 1), ''),
    p.kind, p.status, p.subject_kind, p.subject, p.order_number, p.owner, p.made_at, p.first_from, p.first_until, p.from_at, p.until_at,
    p.risk_at, p.lapse_at, p.attended, p.met_at, p.ended_at, p.follows,
    coalesce((SELECT later.promise FROM promise AS later WHERE later.follows = p.promise AND later.follows <> 0 LIMIT 1), 0),
    coalesce((SELECT d.locale FROM customer AS m JOIN card AS d ON d.customer = m.customer WHERE m.person = c.person AND d.locale <> '' LIMIT 1), ''),
    coalesce((SELECT t.done_at FROM task AS t WHERE t.task = p.promise), 0)
FROM json_each(:promises) AS wanted
JOIN promise AS p ON p.promise = CAST(wanted.value AS BIGINT)
LEFT JOIN customer AS c ON c.customer = p.customer
ORDER BY wanted.key;

-- name: stating
-- The facts with which promises were stated, the input and what was decided on it: where the words shown are found.
SELECT CAST(wanted.value AS BIGINT), f.position, f.fact_id, f.kind, f.mode, f.source, f.customer, f.type, f.version, f.occurred_at, f.received_at, f.now,
    f.channel, f.touchpoint, f.body, f.cause, f.because, f.reason, f.policy_version, f.engine_version, n.part
FROM json_each(:promises) AS wanted
JOIN promise AS p ON p.promise = CAST(wanted.value AS BIGINT)
JOIN customer AS c ON c.customer = p.customer
JOIN customer AS m ON m.person = c.person
JOIN fact AS f ON f.customer = m.customer AND f.occurred_at = p.made_at
LEFT JOIN personal AS n ON n.position = f.position
WHERE f.kind = 0 OR f.type IN ('promise_made', 'promise_first_window_learned')
ORDER BY f.position;

-- name: quotes_taken
-- The quotes that became promises, by their ids: the words shown stand there.
SELECT CAST(wanted.value AS BIGINT), f.position, f.fact_id, f.kind, f.mode, f.source, f.customer, f.type, f.version, f.occurred_at, f.received_at, f.now,
    f.channel, f.touchpoint, f.body, f.cause, f.because, f.reason, f.policy_version, f.engine_version, n.part
FROM json_each(:promises) AS wanted
JOIN promise AS p ON p.promise = CAST(wanted.value AS BIGINT)
JOIN customer AS c ON c.customer = p.customer
JOIN customer AS m ON m.person = c.person
JOIN fact AS f ON f.customer = m.customer AND f.type = 'quote_given'
LEFT JOIN personal AS n ON n.position = f.position
WHERE hex(f.fact_id) IN (SELECT value FROM json_each(:ids))
ORDER BY f.position;

-- name: promises_of_person
-- Every promise to a person: those they wait for first, then those that are open.
SELECT p.promise FROM customer AS m JOIN promise AS p ON p.customer = m.customer
WHERE m.person = :person
ORDER BY CASE p.status WHEN 'broken' THEN CASE WHEN p.met_at = 0 AND p.kind NOT IN ('opening_hours', 'appointment')
  AND NOT EXISTS (SELECT 1 FROM promise AS later WHERE later.follows = p.promise AND later.follows <> 0)
  AND NOT EXISTS (SELECT 1 FROM task AS t WHERE t.task = p.promise AND t.done_at <> 0) THEN 0 ELSE 4 END WHEN 'due' THEN 1 WHEN 'at_risk' THEN 2 WHEN 'made' THEN 3 ELSE 4 END,
    p.until_at DESC, p.promise LIMIT :limit;

-- name: promise_counts
-- What became of the promises to each person: those owed (open, or broken and still waited for), and all.
SELECT c.person, count(*), coalesce(sum(p.status IN ('made', 'at_risk', 'due')), 0),
    coalesce(sum(p.status = 'broken' AND p.met_at = 0 AND p.kind NOT IN ('opening_hours', 'appointment')
      AND NOT EXISTS (SELECT 1 FROM promise AS later WHERE later.follows = p.promise AND later.follows <> 0)
  AND NOT EXISTS (SELECT 1 FROM task AS t WHERE t.task = p.promise AND t.done_at <> 0)), 0),
    coalesce(sum(p.status IN ('kept', 'exceeded')), 0)
FROM json_each(:persons) AS wanted
JOIN customer AS c ON c.person = CAST(wanted.value AS BIGINT)
JOIN promise AS p ON p.customer = c.customer
GROUP BY c.person;

-- name: waiting_list
-- Broken promises whose customer still waits, the latest window first, from a place in the list on; among some, or among all.
SELECT p.promise, p.until_at FROM promise AS p
WHERE p.status = 'broken' AND (p.until_at, p.promise) < (:until_at, :promise) AND p.met_at = 0 AND p.kind NOT IN ('opening_hours', 'appointment')
  AND NOT EXISTS (SELECT 1 FROM promise AS later WHERE later.follows = p.promise AND later.follows <> 0)
  AND NOT EXISTS (SELECT 1 FROM task AS t WHERE t.task = p.promise AND t.done_at <> 0)
  AND (:among = '' OR p.promise IN (SELECT CAST(value AS BIGINT) FROM json_each(:among)))
ORDER BY p.until_at DESC, p.promise DESC LIMIT :limit;

-- name: waiting_count
-- How many customers and promises are in that list.
SELECT count(DISTINCT c.person), count(*) FROM promise AS p JOIN customer AS c ON c.customer = p.customer
WHERE p.status = 'broken' AND p.met_at = 0 AND p.kind NOT IN ('opening_hours', 'appointment')
  AND NOT EXISTS (SELECT 1 FROM promise AS later WHERE later.follows = p.promise AND later.follows <> 0)
  AND NOT EXISTS (SELECT 1 FROM task AS t WHERE t.task = p.promise AND t.done_at <> 0)
  AND (:among = '' OR p.promise IN (SELECT CAST(value AS BIGINT) FROM json_each(:among)));

-- name: person
-- The person a customer leads to, and what kind of customer it is.
SELECT person, kind FROM customer WHERE customer = :customer;

-- name: cards
-- What is known of persons, over all their customers.
SELECT c.person, c.customer, c.kind, coalesce(d.name, ''), coalesce(d.email, ''), coalesce(d.phone, ''), coalesce(d.city, ''), coalesce(d.region, ''),
    coalesce(d.locale, ''), coalesce(d.first_seen_at, 0)
FROM json_each(:persons) AS wanted
JOIN customer AS c ON c.person = CAST(wanted.value AS BIGINT)
LEFT JOIN card AS d ON d.customer = c.customer
ORDER BY wanted.key, c.customer;

-- name: by_identifier
-- Who has one of these identifiers.
SELECT DISTINCT c.person FROM identifier AS i JOIN customer AS c ON c.customer = i.customer
WHERE i.key IN (:key_1, :key_2, :key_3, :key_4) LIMIT 20;

-- name: by_subject
-- Whose order, receipt, parcel or case this is.
SELECT DISTINCT c.person FROM subject AS s JOIN customer AS c ON c.customer = s.owner
WHERE s.key IN (:key_1, :key_2, :key_3, :key_4) LIMIT 20;

-- name: by_name
-- Who has a name with a word that begins so: whom we owe something first (broken before open), then those whose word it is, then the last seen.
-- The cast keeps SQLite from going through everything broken for each person: a person's promises are few.
WITH
named AS (
    -- one row per person
    SELECT c.person, max(w.word = :word) AS is_whole
    FROM name_word AS w JOIN customer AS c ON c.customer = w.customer
    WHERE w.word >= :word AND w.word < :beyond
    GROUP BY c.person ORDER BY is_whole DESC LIMIT :most
),
seen AS (
    SELECT n.person, n.is_whole,
        EXISTS (SELECT 1 FROM customer AS m JOIN promise AS p ON p.customer = m.customer WHERE m.person = n.person
          AND CAST(p.status AS TEXT) = 'broken' AND p.met_at = 0 AND p.kind NOT IN ('opening_hours', 'appointment')
          AND NOT EXISTS (SELECT 1 FROM promise AS later WHERE later.follows = p.promise AND later.follows <> 0)
  AND NOT EXISTS (SELECT 1 FROM task AS t WHERE t.task = p.promise AND t.done_at <> 0)) AS is_waiting,
        EXISTS (SELECT 1 FROM customer AS m JOIN promise AS p ON p.customer = m.customer WHERE m.person = n.person
          AND CAST(p.status AS TEXT) IN ('made', 'at_risk', 'due')) AS is_owed,
        (SELECT max((SELECT f.occurred_at FROM fact AS f WHERE f.customer = m.customer AND f.kind = 0 ORDER BY f.position DESC LIMIT 1))
          FROM customer AS m WHERE m.person = n.person) AS last_at
    FROM named AS n
)
SELECT person, is_waiting, is_owed, is_whole, coalesce(last_at, 0) FROM seen
ORDER BY is_waiting DESC, is_owed DESC, is_whole DESC, coalesce(last_at, 0) DESC, person LIMIT :limit;

-- name: external_parts
-- Personal parts of a few customers who have identifiers from elsewhere: where the types of those are found.
SELECT n.part
FROM (SELECT DISTINCT customer FROM identifier WHERE kind = 'external' LIMIT 60) AS i
JOIN fact AS f ON f.customer = i.customer
JOIN personal AS n ON n.position = f.position LIMIT 600;

-- name: facts_at
-- Facts by their positions, each with its person and its personal part, in the order asked for.
SELECT c.person, f.position, f.fact_id, f.kind, f.mode, f.source, f.customer, f.type, f.version, f.occurred_at, f.received_at, f.now,
    f.channel, f.touchpoint, f.body, f.cause, f.because, f.reason, f.policy_version, f.engine_version, n.part
FROM json_each(:positions) AS wanted
JOIN fact AS f ON f.position = CAST(wanted.value AS BIGINT)
JOIN customer AS c ON c.customer = f.customer
LEFT JOIN personal AS n ON n.position = f.position
ORDER BY wanted.key;

-- name: timeline
-- What happened with a person, the latest first, from a place on: inputs with their personal part. Wakes without consequence are left out.
SELECT f.position, f.fact_id, f.kind, f.mode, f.source, f.customer, f.type, f.version, f.occurred_at, f.received_at, f.now,
    f.channel, f.touchpoint, f.body, f.cause, f.because, f.reason, f.policy_version, f.engine_version, n.part
FROM customer AS m
JOIN fact AS f ON f.customer = m.customer
LEFT JOIN personal AS n ON n.position = f.position
WHERE m.person = :person AND f.kind = 0 AND f.type <> 'wake_reached' AND (f.occurred_at, f.position) < (:occurred_at, :position)
ORDER BY f.occurred_at DESC, f.position DESC LIMIT :limit;

-- name: consequences
-- What was decided about a person between two moments, the latest first.
SELECT f.position, f.fact_id, f.kind, f.mode, f.source, f.customer, f.type, f.version, f.occurred_at, f.received_at, f.now,
    f.channel, f.touchpoint, f.body, f.cause, f.because, f.reason, f.policy_version, f.engine_version, NULL
FROM customer AS m
JOIN fact AS f ON f.customer = m.customer
WHERE m.person = :person AND f.kind = 1 AND f.occurred_at >= :since AND f.occurred_at <= :until
ORDER BY f.occurred_at DESC, f.position LIMIT 2000;

-- name: facts_by_id
-- Facts of a person by their ids, with their personal part.
SELECT f.position, f.fact_id, f.kind, f.mode, f.source, f.customer, f.type, f.version, f.occurred_at, f.received_at, f.now,
    f.channel, f.touchpoint, f.body, f.cause, f.because, f.reason, f.policy_version, f.engine_version, n.part
FROM customer AS m
JOIN fact AS f ON f.customer = m.customer
LEFT JOIN personal AS n ON n.position = f.position
WHERE m.person = :person AND hex(f.fact_id) IN (SELECT value FROM json_each(:ids))
ORDER BY f.position;

-- name: of_types
-- Facts of some types about a person, the latest first, with their personal part.
SELECT f.position, f.fact_id, f.kind, f.mode, f.source, f.customer, f.type, f.version, f.occurred_at, f.received_at, f.now,
    f.channel, f.touchpoint, f.body, f.cause, f.because, f.reason, f.policy_version, f.engine_version, n.part
FROM customer AS m
JOIN fact AS f ON f.customer = m.customer
LEFT JOIN personal AS n ON n.position = f.position
WHERE m.person = :person AND f.type IN (SELECT value FROM json_each(:types))
ORDER BY f.occurred_at DESC, f.position DESC LIMIT :limit;

-- name: next_wakes
-- Wakes that are due at a moment, and the soonest of all, of those who are not set aside.
SELECT (SELECT count(*) FROM snapshot WHERE next_wake_at <= :now AND person NOT IN (SELECT person FROM set_aside)),
       (SELECT next_wake_at FROM snapshot WHERE next_wake_at IS NOT NULL AND person NOT IN (SELECT person FROM set_aside) ORDER BY next_wake_at LIMIT 1);

-- name: quarantine
-- Messages that could not be understood, the latest first.
SELECT entry, source, received_at, path, value, rule FROM quarantine WHERE entry < :before ORDER BY entry DESC LIMIT :limit;

-- name: quarantine_count
-- How many messages could not be understood.
SELECT count(*) FROM quarantine;

-- name: policy
-- The policy that counts now.
SELECT version, digest, activated_at FROM policy ORDER BY version DESC LIMIT 1;

-- name: by_words
-- Where customers have written words that begin so: all of three at most, the latest first.
SELECT DISTINCT v.position FROM verbatim_word AS v
WHERE v.word >= :word_1 AND v.word < :beyond_1
  AND (:word_2 = '' OR v.position IN (SELECT position FROM verbatim_word WHERE word >= :word_2 AND word < :beyond_2))
  AND (:word_3 = '' OR v.position IN (SELECT position FROM verbatim_word WHERE word >= :word_3 AND word < :beyond_3))
ORDER BY v.position DESC LIMIT :limit;

-- name: verbatims
-- What was written at some places, with its person, in the order asked for.
SELECT f.position, c.person, n.part FROM json_each(:positions) AS wanted
JOIN fact AS f ON f.position = CAST(wanted.value AS BIGINT)
JOIN customer AS c ON c.customer = f.customer
JOIN personal AS n ON n.position = f.position
ORDER BY wanted.key;

-- name: are_names
-- Which of these words are part of somebody's name.
SELECT DISTINCT w.word FROM json_each(:words) AS wanted JOIN name_word AS w ON w.word = wanted.value;

-- name: erasure_of_customer
-- The erasure of a customer, which may be waiting.
SELECT erasure, person, requested_at, erased_at, done_at, status, x'', receipt FROM erasure
WHERE erasure = (SELECT erasure FROM erased WHERE customer = :customer) OR (person = :customer AND status = 'received') ORDER BY erasure LIMIT 1;
-- name: leading
-- Whom customers lead to.
SELECT customer, person FROM json_each(:customers) AS wanted JOIN customer ON customer.customer = CAST(wanted.value AS BIGINT);

-- name: tellings
-- What persons have told about themselves and what was put right, the oldest first.
SELECT c.person, f.occurred_at, f.type, f.version, f.body, n.part FROM json_each(:persons) AS wanted
JOIN customer AS c ON c.person = CAST(wanted.value AS BIGINT)
JOIN fact AS f ON f.customer = c.customer AND f.type IN ('customer_identified', 'details_corrected')
LEFT JOIN personal AS n ON n.position = f.position
WHERE n.part IS NOT NULL OR f.type = 'details_corrected'
ORDER BY f.occurred_at, f.position;

-- name: met
-- When persons were last met, and on how many devices.
SELECT CAST(wanted.value AS BIGINT),
    coalesce((SELECT max((SELECT f.occurred_at FROM fact AS f WHERE f.customer = c.customer AND f.kind = 0 ORDER BY f.position DESC LIMIT 1))
      FROM customer AS c WHERE c.person = CAST(wanted.value AS BIGINT)), 0),
    (SELECT count(*) FROM customer AS c JOIN identifier AS i ON i.customer = c.customer WHERE c.person = CAST(wanted.value AS BIGINT) AND i.kind = 'anonymous_id')
FROM json_each(:persons) AS wanted;

-- name: last_of_types
-- The last facts of some types about each of these persons.
WITH ranked AS (
    SELECT c.person, f.position, row_number() OVER (PARTITION BY c.person ORDER BY f.occurred_at DESC, f.position DESC) AS place
    FROM json_each(:persons) AS wanted
    JOIN customer AS c ON c.person = CAST(wanted.value AS BIGINT)
    JOIN fact AS f ON f.customer = c.customer AND f.type IN (SELECT value FROM json_each(:types))
)
SELECT r.person, f.position, f.fact_id, f.kind, f.mode, f.source, f.customer, f.type, f.version, f.occurred_at, f.received_at, f.now,
    f.channel, f.touchpoint, f.body, f.cause, f.because, f.reason, f.policy_version, f.engine_version, n.part
FROM ranked AS r JOIN fact AS f ON f.position = r.position
LEFT JOIN personal AS n ON n.position = f.position
WHERE r.place <= :limit ORDER BY r.person, r.place;

-- name: links_of
-- Every link of a person's customers, also those that have ended and those with somebody who is now another person.
SELECT l.* FROM (
    SELECT DISTINCT link.one, link.two, link.status, link.by, link.linked_at, link.linked_position, link.ended_at, link.ended_position, link.ended_by, link.staff
    FROM customer AS c JOIN link ON link.one = c.customer OR link.two = c.customer WHERE c.person = :person
) AS l ORDER BY max(l.linked_at, l.ended_at) DESC, l.one, l.two;

-- name: identifiers_of
-- Where a person's identifiers stand, the oldest first: the personal parts that name any.
SELECT n.customer, f.occurred_at, n.part FROM customer AS c
JOIN fact AS f ON f.customer = c.customer
JOIN personal AS n ON n.position = f.position
WHERE c.person = :person AND instr(n.part, CAST('identifiers' AS BLOB)) > 0
ORDER BY n.position LIMIT :limit;

-- name: shared_devices
-- Which of these devices are shared: more than one account has signed in there.
SELECT d.key FROM json_each(:keys) AS wanted JOIN device AS d ON hex(d.key) = wanted.value WHERE d.is_shared <> 0;

-- name: sides
-- What is recorded under each customer of a person.
SELECT c.customer,
    (SELECT count(*) FROM fact AS f WHERE f.customer = c.customer AND f.kind = 0 AND f.type <> 'wake_reached'),
    coalesce((SELECT min(f.occurred_at) FROM fact AS f WHERE f.customer = c.customer AND f.kind = 0), 0),
    coalesce((SELECT max(f.occurred_at) FROM fact AS f WHERE f.customer = c.customer AND f.kind = 0), 0),
    (SELECT count(*) FROM promise AS p WHERE p.customer = c.customer)
FROM customer AS c WHERE c.person = :person ORDER BY c.customer;
