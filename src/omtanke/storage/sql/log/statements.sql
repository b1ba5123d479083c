-- name: meta
-- A value of the store.
SELECT value FROM meta WHERE name = ?;

-- name: set_meta
-- Set a value of the store.
INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: bearings
-- Every value of the store, and the place of the last fact as one more of them.
SELECT name, value FROM meta UNION ALL SELECT 'last_position', CAST(coalesce(max(position), 0) AS TEXT) FROM fact;

-- name: last_position
-- The place of the last fact.
SELECT coalesce(max(position), 0) FROM fact;

-- name: identifier
-- The customer of an identifier.
SELECT key, customer FROM identifier WHERE key = :key;

-- name: identifier_kinds
-- The kinds of a customer's identifiers.
SELECT DISTINCT kind FROM identifier WHERE customer = ?;

-- name: subject
-- Surrogate and owner of an order, parcel, case ….
SELECT key, surrogate, owner FROM subject WHERE key = :key;

-- name: customer
-- The person a customer leads to, and its kind.
SELECT customer, person, kind FROM customer WHERE customer = :key;

-- name: customers_of_person
-- Every customer that leads to a person.
SELECT customer FROM customer WHERE person = ? ORDER BY customer;

-- name: snapshot
-- The state of a person.
SELECT person, version, position, next_wake_at, schema_hash, state FROM snapshot WHERE person = :key;

-- name: facts_of_customer
-- The facts of a customer in log order.
SELECT position, fact_id, kind, mode, source, customer, type, version, occurred_at, received_at, now, channel, touchpoint,
       body, cause, because, reason, policy_version, engine_version
FROM fact WHERE customer = :key ORDER BY position;

-- name: facts_from
-- The facts after a position, in log order.
SELECT position, fact_id, kind, mode, source, customer, type, version, occurred_at, received_at, now, channel, touchpoint,
       body, cause, because, reason, policy_version, engine_version
FROM fact WHERE position > ? ORDER BY position LIMIT ?;

-- name: waiting_for
-- To whom a promise of a kind about a subject is owed and has not been met.
SELECT DISTINCT customer FROM promise WHERE subject_kind = ? AND subject = ? AND kind = ? AND met_at = 0 AND status <> 'withdrawn' ORDER BY customer;

-- name: due_wakes
-- The wakes of a span of time, soonest first, after a person of those of its beginning.
SELECT next_wake_at, person FROM snapshot
WHERE next_wake_at IS NOT NULL AND (next_wake_at, person) > (?, ?) AND next_wake_at < ? ORDER BY next_wake_at, person LIMIT ?;

-- name: next_wake
-- The soonest wake.
SELECT min(next_wake_at) FROM snapshot WHERE next_wake_at IS NOT NULL;

-- name: add_fact
-- A line of the log.
INSERT INTO fact (position, fact_id, kind, mode, source, customer, type, version, occurred_at, received_at, now, channel, touchpoint,
                  body, cause, because, reason, policy_version, engine_version)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: add_personal
-- The part of a fact that can be erased.
INSERT INTO personal (position, customer, part) VALUES (?, ?, ?);

-- name: add_snapshot
-- The first state of a person.
INSERT INTO snapshot (person, version, position, schema_hash, now, next_wake_at, state) VALUES (?, 1, ?, ?, ?, ?, ?)
ON CONFLICT (person) DO NOTHING;

-- name: move_snapshot
-- The next state of a person, if nobody else has moved it on.
UPDATE snapshot SET version = version + 1, position = ?, schema_hash = ?, now = ?, next_wake_at = ?, state = ?
WHERE person = ? AND version = ?;

-- name: drop_snapshot
-- The state of a customer who has become part of another person.
DELETE FROM snapshot WHERE person = ? AND version = ?;

-- name: add_customer
-- A customer at first sight, or one that has got an identifier.
INSERT INTO customer (customer, person, kind) VALUES (?, ?, ?) ON CONFLICT (customer) DO UPDATE SET kind = excluded.kind;

-- name: move_customer
-- A customer leads to another person from now on.
UPDATE customer SET person = ? WHERE customer = ?;

-- name: add_identifier
-- An identifier of a customer.
INSERT INTO identifier (key, kind, customer) VALUES (?, ?, ?);

-- name: add_subject
-- A thing that has a number, or one that has got an owner.
INSERT INTO subject (key, kind, surrogate, owner) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET owner = excluded.owner;

-- name: put_promise
-- A promise as it stands.
INSERT INTO promise (promise, customer, kind, status, subject_kind, subject, order_number, owner, made_at, first_from, first_until,
                     from_at, until_at, risk_at, lapse_at, attended, met_at, ended_at, follows, changed_position)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (promise) DO UPDATE SET
    status = excluded.status, made_at = excluded.made_at, first_from = excluded.first_from, first_until = excluded.first_until,
    from_at = excluded.from_at, until_at = excluded.until_at, risk_at = excluded.risk_at, lapse_at = excluded.lapse_at,
    met_at = excluded.met_at, ended_at = excluded.ended_at, changed_position = excluded.changed_position;

-- name: put_card
-- What a customer has told about themselves; what a newer telling leaves out stays, an older one fills gaps only.
INSERT INTO card (customer, name, email, phone, city, region, locale, first_seen_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (customer) DO UPDATE SET
    name   = CASE WHEN excluded.name   = '' OR (excluded.changed_at < card.changed_at AND card.name   <> '') THEN card.name   ELSE excluded.name   END,
    email  = CASE WHEN excluded.email  = '' OR (excluded.changed_at < card.changed_at AND card.email  <> '') THEN card.email  ELSE excluded.email  END,
    phone  = CASE WHEN excluded.phone  = '' OR (excluded.changed_at < card.changed_at AND card.phone  <> '') THEN card.phone  ELSE excluded.phone  END,
    city   = CASE WHEN excluded.city   = '' OR (excluded.changed_at < card.changed_at AND card.city   <> '') THEN card.city   ELSE excluded.city   END,
    region = CASE WHEN excluded.region = '' OR (excluded.changed_at < card.changed_at AND card.region <> '') THEN card.region ELSE excluded.region END,
    locale = CASE WHEN excluded.locale = '' OR (excluded.changed_at < card.changed_at AND card.locale <> '') THEN card.locale ELSE excluded.locale END,
    first_seen_at = min(card.first_seen_at, excluded.first_seen_at),
    changed_at = max(card.changed_at, excluded.changed_at);

-- name: add_name_word
-- A word under which a customer is found.
INSERT INTO name_word (word, customer) VALUES (?, ?) ON CONFLICT DO NOTHING;

-- name: add_refusal
-- A message that could not be understood.
INSERT INTO quarantine (entry, source, fact_id, received_at, path, value, rule, wire) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING;

-- name: policies
-- Every version of the policy.
SELECT version, digest, text FROM policy ORDER BY version;

-- name: add_policy
-- A version of the policy.
INSERT INTO policy (version, digest, text, activated_at) VALUES (?, ?, ?, ?);

-- name: customers
-- Every customer, the person it leads to, and its kind.
SELECT customer, person, kind FROM customer ORDER BY person, customer;

-- name: promises_of_customer
-- The promises of a customer as they stand for pages.
SELECT promise, status, made_at, first_from, first_until, from_at, until_at, risk_at, lapse_at, met_at FROM promise WHERE customer = ? ORDER BY promise;

-- name: put_task
-- What needs a person, as it stands.
INSERT INTO task (task, customer, about, promise, survey, unit, assignee, assigned_at, taken_at, told_at, told_by, done_at, outcome, changed_position)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (task) DO UPDATE SET
    about = excluded.about, promise = excluded.promise, survey = excluded.survey, unit = excluded.unit, assignee = excluded.assignee, assigned_at = excluded.assigned_at, taken_at = excluded.taken_at,
    told_at = excluded.told_at, told_by = excluded.told_by, done_at = excluded.done_at, outcome = excluded.outcome,
    changed_position = excluded.changed_position;

-- name: facts_by_others
-- The last position at which an engine of another version decided something.
SELECT position FROM fact WHERE kind = 1 AND engine_version <> ? ORDER BY position DESC LIMIT 1;

-- name: owner_of
-- The customer to whom a promise was given, or whom a task is about.
SELECT customer FROM promise WHERE promise = :number UNION SELECT customer FROM task WHERE task = :number LIMIT 1;

-- name: tasks_of_customer
-- The tasks of a customer as they stand.
SELECT task, about, promise, survey, unit, assignee, assigned_at, taken_at, told_at, told_by, done_at, outcome, customer FROM task WHERE customer = ? ORDER BY task;

-- name: add_verbatim_word
-- A word that a customer has written, and where.
INSERT INTO verbatim_word (word, position, customer) VALUES (?, ?, ?) ON CONFLICT DO NOTHING;

-- name: written_before
-- What customers had written before there was a search for it.
SELECT f.position, f.customer, n.part FROM fact AS f JOIN personal AS n ON n.position = f.position
WHERE f.type IN ('survey_answered', 'survey_commented');

-- name: facts_between
-- The facts of a customer after a position up to another.
SELECT position, fact_id, kind, mode, source, customer, type, version, occurred_at, received_at, now, channel, touchpoint,
       body, cause, because, reason, policy_version, engine_version
FROM fact WHERE customer = ? AND position > ? AND position <= ? ORDER BY position;

-- name: facts_after
-- The next facts of a customer, of some types, after a position up to another.
SELECT position, fact_id, kind, mode, source, customer, type, version, occurred_at, received_at, now, channel, touchpoint,
       body, cause, because, reason, policy_version, engine_version
FROM fact WHERE customer = :customer AND position > :after AND position <= :until AND type IN (SELECT value FROM json_each(:types))
ORDER BY position LIMIT :limit;

-- name: tally
-- How many facts of other types a customer has after a position up to another, and the latest clock under which one was decided.
SELECT count(*), coalesce(max(now), 0)
FROM fact WHERE customer = :customer AND position > :after AND position <= :until AND type NOT IN (SELECT value FROM json_each(:types));

-- name: links_of_customer
-- What is known of a customer and others.
SELECT one, two, status, by, linked_at, linked_position, ended_at, ended_position, ended_by, staff FROM link WHERE one = :key
UNION ALL
SELECT one, two, status, by, linked_at, linked_position, ended_at, ended_position, ended_by, staff FROM link WHERE two = :key;

-- name: ever_linked
-- Everyone who was ever linked to somebody.
SELECT one, two FROM link WHERE linked_position > 0;

-- name: put_link
-- What is known of two customers.
INSERT INTO link (one, two, status, by, linked_at, linked_position, ended_at, ended_position, ended_by, staff) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (one, two) DO UPDATE SET
    status = excluded.status, by = excluded.by, linked_at = excluded.linked_at, linked_position = excluded.linked_position,
    ended_at = excluded.ended_at, ended_position = excluded.ended_position, ended_by = excluded.ended_by, staff = excluded.staff;

-- name: linked_before
-- Links as they stand in the log.
SELECT position, customer, occurred_at, version, body FROM fact WHERE type = 'customers_linked' ORDER BY position;

-- name: device
-- A device on which somebody has signed in.
SELECT key, account, customer, is_open, is_shared, signed_in_at FROM device WHERE key = :key;

-- name: devices_of
-- Devices of a customer, with an account or without.
SELECT key FROM device WHERE account = ? UNION SELECT key FROM device WHERE customer = ?;

-- name: put_device
-- A device as it stands.
INSERT INTO device (key, account, customer, is_open, is_shared, signed_in_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET
    account = excluded.account, customer = excluded.customer, is_open = excluded.is_open, is_shared = excluded.is_shared,
    signed_in_at = excluded.signed_in_at;

-- name: regroupings
-- Links and partings that are being folded beside the work.
SELECT regrouping, is_parting, one, two, by, staff, cause, occurred_at, mode, source FROM regrouping ORDER BY regrouping;

-- name: add_regrouping
-- A link or parting that will take a while.
INSERT INTO regrouping (regrouping, is_parting, one, two, by, staff, cause, occurred_at, mode, source) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: drop_regrouping
-- A link or parting that has entered the log, or has become needless.
DELETE FROM regrouping WHERE regrouping = ?;
-- name: put_request
-- A right that was asked for, as it stands.
INSERT INTO request (promise, customer, asked_for, reached_at, until_at, latest_at, zone, extended_at, answered_at, outcome, changed_position)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (promise) DO UPDATE SET
    until_at = excluded.until_at, extended_at = excluded.extended_at, answered_at = excluded.answered_at, outcome = excluded.outcome,
    changed_position = excluded.changed_position;

-- name: requests_of_customer
-- The rights that a customer has asked for, as they stand.
SELECT promise, asked_for, reached_at, until_at, latest_at, zone, extended_at, answered_at, outcome FROM request WHERE customer = ? ORDER BY promise;

-- name: put_restriction
-- A customer's data are to be left alone.
INSERT INTO restriction (customer, restricted_at) VALUES (?, ?) ON CONFLICT (customer) DO UPDATE SET restricted_at = excluded.restricted_at;

-- name: drop_restriction
-- They are not any more.
DELETE FROM restriction WHERE customer = ?;

-- name: restriction
-- Since when a customer's data are to be left alone.
SELECT restricted_at FROM restriction WHERE customer = ?;

-- name: correct_card
-- What a customer is known by from now on, whatever was told before; a detail without a value is not known any more.
INSERT INTO card (customer, name, email, phone, city, region, locale, first_seen_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (customer) DO UPDATE SET
    name = excluded.name, email = excluded.email, phone = excluded.phone, city = excluded.city, region = excluded.region, locale = excluded.locale,
    changed_at = max(card.changed_at, excluded.changed_at);

-- name: card
-- What a customer is known by, and since when.
SELECT name, email, phone, city, region, locale, first_seen_at FROM card WHERE customer = ?;

-- name: drop_name_words
-- The words under which a customer was found.
DELETE FROM name_word WHERE customer = ?;
