-- name: waiting
-- How much waits for each receiver, and since when.
SELECT way, receiver, count(*), min(made_at) FROM delivery WHERE state = 'waiting' GROUP BY way, receiver;

-- name: meta
-- What dispatch says of itself: how far it has read, and when it last gave a sign.
SELECT name, CAST(value AS INTEGER) FROM meta WHERE name IN ('position', 'alive_at');

-- name: receivers_off
-- Receivers of webhooks that have been switched off by their own answer.
SELECT receiver FROM receiver WHERE state = 'off' AND why = '410' ORDER BY receiver;

-- name: failed
-- How much has not arrived since a moment, by way.
SELECT way, count(*) FROM delivery WHERE state = 'failed' AND ended_at >= :since GROUP BY way;
