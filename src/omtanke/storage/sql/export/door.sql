-- name: at_the_door
-- The last events that came in, as they were written.
SELECT at, sender, wire FROM call ORDER BY call;
