-- name: parts
-- The personal parts of a customer.
SELECT n.part FROM fact AS f JOIN personal AS n ON n.position = f.position WHERE f.customer = ?;

-- name: facts
-- The facts about a customer: id, whether it was decided, what it says, and where it happened.
SELECT fact_id, kind, body, touchpoint FROM fact WHERE customer = ?;

-- name: told_ids
-- The ids of what was told about the customers of an erasure.
SELECT f.fact_id FROM erased AS e JOIN fact AS f ON f.customer = e.customer WHERE e.erasure = ? AND f.kind = 0;

-- name: identifier_keys
-- The keyed hashes of a customer's identifiers.
SELECT key FROM identifier WHERE customer = ?;

-- name: owned_numbers
-- The keyed hashes of the numbers that are a customer's.
SELECT key FROM subject WHERE owner = ?;

-- name: quarantined
-- Every message that could not be understood, as it came.
SELECT entry, fact_id, wire, value FROM quarantine;

-- name: is_erased
-- Whether a customer has been erased.
SELECT erasure FROM erased WHERE customer = ?;

-- name: drop_parts
-- Names, addresses, identifiers, texts.
DELETE FROM personal WHERE position IN (SELECT position FROM fact WHERE customer = ?);

-- name: drop_identifiers
-- Nobody finds the customer by an identifier any more.
DELETE FROM identifier WHERE customer = ?;

-- name: drop_devices
-- No device is known to be the customer's.
DELETE FROM device WHERE account = :customer OR customer = :customer;

-- name: drop_owned
-- Nor by a number of theirs.
DELETE FROM subject WHERE owner = ?;

-- name: drop_number
-- Nor by a number that belongs to one of those: a line of an order, a quote.
DELETE FROM subject WHERE key = ? AND owner = 0;

-- name: drop_card
-- What pages know of the customer.
DELETE FROM card WHERE customer = ?;

-- name: drop_name_words
-- The words of the customer's names.
DELETE FROM name_word WHERE customer = ?;

-- name: drop_verbatim_words
-- The words the customer has written.
DELETE FROM verbatim_word WHERE customer = ?;

-- name: drop_quarantined
-- A message of theirs that could not be understood.
DELETE FROM quarantine WHERE entry = ?;

-- name: add_request
-- An erasure that has been asked for.
INSERT INTO erasure (erasure, person, requested_at) VALUES (?, ?, ?);

-- name: next_request
-- The erasure that has waited longest, of somebody who is not set aside, and when the last fact was received.
SELECT f.position, f.fact_id, f.kind, f.mode, f.source, f.customer, f.type, f.version, f.occurred_at, f.received_at, f.now, f.channel, f.touchpoint,
       f.body, f.cause, f.because, f.reason, f.policy_version, f.engine_version, (SELECT received_at FROM fact ORDER BY position DESC LIMIT 1)
FROM erasure AS e JOIN fact AS f ON f.position = e.erasure JOIN customer AS c ON c.customer = f.customer
WHERE e.status = 'received' AND c.person NOT IN (SELECT person FROM set_aside) ORDER BY e.erasure LIMIT 1;

-- name: move_erasure
-- The log has forgotten; it goes on elsewhere.
UPDATE erasure SET person = ?, erased_at = ?, status = 'running', keys = ?, receipt = ? WHERE erasure = ?;

-- name: add_erased
-- A customer who has been erased.
INSERT INTO erased (customer, erasure) VALUES (?, ?) ON CONFLICT DO NOTHING;

-- name: running
-- Erasures that go on elsewhere, the first first.
SELECT erasure, person, requested_at, erased_at, done_at, status, keys, receipt FROM erasure WHERE status = 'running' ORDER BY erasure LIMIT ?;

-- name: erasure_of
-- The erasure of a customer, which may be waiting.
SELECT erasure, person, requested_at, erased_at, done_at, status, keys, receipt FROM erasure
WHERE erasure = (SELECT erasure FROM erased WHERE customer = :customer) OR (person = :customer AND status = 'received') ORDER BY erasure LIMIT 1;

-- name: erasures
-- Erasures, the latest first.
SELECT erasure, person, requested_at, erased_at, done_at, status, keys, receipt FROM erasure WHERE erasure < ? ORDER BY erasure DESC LIMIT ?;

-- name: finish
-- Nothing is left to do; the hashes leave too.
UPDATE erasure SET status = ?, done_at = ?, keys = x'', receipt = ? WHERE erasure = ?;

-- name: firsts
-- The first fact of a customer, by which the same customer is known in a back-up.
SELECT fact_id FROM fact WHERE customer = ? ORDER BY position LIMIT 1;
