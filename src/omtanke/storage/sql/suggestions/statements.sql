-- name: put
-- A likely pair, or one that is likely still; one that somebody has decided about stays as it is.
INSERT INTO suggestion (one, two, score, likeness, found_at, status) VALUES (:one, :two, :score, :likeness, :found_at, 'open')
ON CONFLICT (one, two) DO UPDATE SET score = excluded.score, likeness = excluded.likeness, found_at = excluded.found_at WHERE suggestion.status = 'open';

-- name: forget_older
-- Open pairs that were not found again.
DELETE FROM suggestion WHERE status = 'open' AND found_at < :found_at;

-- name: forget_weakest
-- Open pairs beyond so many of the strongest.
DELETE FROM suggestion WHERE status = 'open' AND (one, two) NOT IN (
    SELECT one, two FROM suggestion WHERE status = 'open' ORDER BY score DESC, one, two LIMIT :limit
);

-- name: open
-- Open pairs, the strongest first.
SELECT one, two, score, likeness, found_at, status, staff, decided_at FROM suggestion WHERE status = 'open' ORDER BY score DESC, one, two LIMIT :limit;

-- name: open_count
-- How many are open.
SELECT count(*) FROM suggestion WHERE status = 'open';

-- name: one
-- A pair.
SELECT one, two, score, likeness, found_at, status, staff, decided_at FROM suggestion WHERE one = :one AND two = :two;

-- name: decide
-- Somebody has said what it is.
UPDATE suggestion SET status = :status, staff = :staff, decided_at = :decided_at WHERE one = :one AND two = :two;

-- name: decided
-- Pairs that somebody has decided about.
SELECT one, two FROM suggestion WHERE status <> 'open';
