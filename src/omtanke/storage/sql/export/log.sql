-- name: customers
-- Every customer that is a person, as recorded.
SELECT c.customer, c.kind, coalesce(d.name, ''), coalesce(d.email, ''), coalesce(d.phone, ''), coalesce(d.city, ''), coalesce(d.region, ''),
    coalesce(d.locale, ''), coalesce(d.first_seen_at, 0), coalesce(r.restricted_at, 0)
FROM customer AS c LEFT JOIN card AS d ON d.customer = c.customer LEFT JOIN restriction AS r ON r.customer = c.customer
WHERE c.person = :person ORDER BY c.customer;

-- name: facts
-- Everything that happened with a customer and what was decided about them, in log order, with the personal part.
SELECT f.position, f.fact_id, f.kind, f.mode, f.source, f.customer, f.type, f.version, f.occurred_at, f.received_at, f.now,
    f.channel, f.touchpoint, f.body, f.cause, f.because, f.reason, f.policy_version, f.engine_version, n.part
FROM fact AS f LEFT JOIN personal AS n ON n.position = f.position
WHERE f.customer = :customer ORDER BY f.position;

-- name: promises
-- What a person was promised, as it stands.
SELECT p.promise, p.customer, p.kind, p.status, p.owner, p.made_at, p.first_from, p.first_until, p.from_at, p.until_at, p.met_at, p.ended_at, p.follows
FROM customer AS c JOIN promise AS p ON p.customer = c.customer WHERE c.person = :person ORDER BY p.made_at, p.promise;

-- name: tasks
-- What needed one of us for a person's sake.
SELECT t.task, t.customer, t.about, t.unit, t.assigned_at, t.taken_at, t.told_at, t.done_at, t.outcome
FROM customer AS c JOIN task AS t ON t.customer = c.customer WHERE c.person = :person ORDER BY t.assigned_at, t.task;

-- name: requests
-- The rights that a person has asked for.
SELECT r.promise, r.customer, r.asked_for, r.reached_at, r.until_at, r.extended_at, r.answered_at, r.outcome
FROM customer AS c JOIN request AS r ON r.customer = c.customer WHERE c.person = :person ORDER BY r.reached_at, r.promise;

-- name: held
-- What waits for a person at whom we have failed, in order.
SELECT h.fact, h.part FROM customer AS c JOIN held AS h ON h.customer = c.customer WHERE c.person = :person ORDER BY h.held;

-- name: quarantined
-- Every message that could not be understood, whole.
SELECT received_at, source, path, rule, wire FROM quarantine ORDER BY entry;

-- name: owner_of_identifier
-- The person who has an identifier.
SELECT c.person FROM identifier AS i JOIN customer AS c ON c.customer = i.customer WHERE i.key = :key;

-- name: owner_of_number
-- The person whose order, parcel or case it is.
SELECT c.person FROM subject AS s JOIN customer AS c ON c.customer = s.owner WHERE s.key = :key;

-- name: consumed
-- The last message that has become facts.
SELECT coalesce((SELECT value FROM meta WHERE name = 'consumed'), '0');
