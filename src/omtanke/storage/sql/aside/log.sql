-- name: set_aside
-- Everybody who is set aside.
SELECT person, since, type, fault, tries, is_returning, program, policy FROM set_aside ORDER BY person;

-- name: put_aside
-- Somebody is set aside, or what is known of it changes.
INSERT INTO set_aside (person, since, type, fault, tries, is_returning, program, policy) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (person) DO UPDATE SET
    type = excluded.type, fault = excluded.fault, tries = excluded.tries, is_returning = excluded.is_returning,
    program = excluded.program, policy = excluded.policy;

-- name: take_back
-- Somebody is set aside no longer.
DELETE FROM set_aside WHERE person = ?;

-- name: held
-- The next facts that wait for a person to come back.
SELECT held, person, fact, part FROM held WHERE person = ? ORDER BY held LIMIT ?;

-- name: hold
-- A fact waits for its customer to come back.
INSERT INTO held (person, customer, fact_id, restocks, fact, part) VALUES (?, ?, ?, ?, ?, ?);

-- name: let_go
-- A fact waits no longer.
DELETE FROM held WHERE held = ?;

-- name: held_restock
-- The persons of whom something is held that promises that something is restocked.
SELECT DISTINCT person FROM held WHERE restocks = 1 ORDER BY person;

-- name: seen
-- Who is set aside, how much waits for each, and since when anything has: for pages and metrics.
SELECT s.person, s.since, s.type, s.fault, s.tries, s.is_returning, (SELECT count(*) FROM held AS h WHERE h.person = s.person)
FROM set_aside AS s ORDER BY s.since, s.person LIMIT :limit;

-- name: of_person
-- How much waits for a person who is set aside, and since when; nothing for anybody else.
SELECT s.since, (SELECT count(*) FROM held AS h WHERE h.person = s.person) FROM set_aside AS s WHERE s.person = :person;

-- name: counts
-- How many are set aside, since when the first is, and how many facts wait.
SELECT count(*), coalesce(min(since), 0), (SELECT count(*) FROM held) FROM set_aside;
