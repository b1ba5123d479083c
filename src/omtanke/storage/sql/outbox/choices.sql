-- name: choice
-- What a staff member has chosen.
SELECT staff, language, letter, minute, parts, alerts, chat_url, letter_day FROM choice WHERE staff = ?;

-- name: choices
-- What everybody has chosen.
SELECT staff, language, letter, minute, parts, alerts, chat_url, letter_day FROM choice ORDER BY staff;

-- name: put_choice
-- Somebody has chosen.
INSERT INTO choice (staff, language, letter, minute, parts, alerts, chat_url, letter_day) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (staff) DO UPDATE SET language = excluded.language, letter = excluded.letter, minute = excluded.minute,
    parts = excluded.parts, alerts = excluded.alerts, chat_url = excluded.chat_url, letter_day = excluded.letter_day;

-- name: letter_put
-- The letter of a day is in the outbox; it is put there once.
UPDATE choice SET letter_day = ? WHERE staff = ? AND letter_day < ?;

-- name: happened
-- Something has happened that an alert may tell; counted until the alert is made.
INSERT INTO happening (kind, times, first_at, position, detail) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (kind) DO UPDATE SET
    first_at = CASE WHEN happening.times = 0 THEN excluded.first_at ELSE happening.first_at END,
    position = CASE WHEN happening.times = 0 THEN excluded.position ELSE happening.position END,
    detail = CASE WHEN happening.times = 0 THEN excluded.detail ELSE happening.detail END,
    times = happening.times + excluded.times;

-- name: ripe
-- What has happened and was not told within the time before.
SELECT kind, times, first_at, position, detail FROM happening WHERE times > 0 AND said_at <= ?;

-- name: told
-- An alert of the kind is made; counting begins anew.
UPDATE happening SET times = 0, said_at = ? WHERE kind = ?;

-- name: add_alert
-- An alert.
INSERT INTO alert (kind, times, first_at, position, detail, made_at) VALUES (?, ?, ?, ?, ?, ?);

-- name: unworded
-- Alerts that are not in words yet.
SELECT alert, kind, times, first_at, position, detail, made_at FROM alert WHERE worded_at = 0 ORDER BY alert;

-- name: worded
-- An alert is in words, for everybody who chose its kind.
UPDATE alert SET worded_at = ? WHERE alert = ?;
