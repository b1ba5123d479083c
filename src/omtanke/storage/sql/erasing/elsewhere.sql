-- name: calls
-- What the door remembers: the event itself only where it became no fact, or nobody can tell which.
SELECT call, fact_id, is_refused <> 0 OR fact_id = x'', message_id, value, CASE WHEN is_refused <> 0 OR fact_id = x'' THEN wire ELSE '' END FROM call;

-- name: is_idempotent
-- Whether a call was made under a key.
SELECT 1 FROM idempotent WHERE fact_id = ?;

-- name: has_known
-- Whether later rows of an import hang on something.
SELECT 1 FROM import_known WHERE source = ? AND key = ?;

-- name: answered
-- A delivery to which something was answered.
SELECT d.delivery FROM delivery AS d WHERE d.key = ? AND EXISTS (SELECT 1 FROM attempt AS a WHERE a.delivery = d.delivery AND a.answer <> '');

-- name: drop_call
-- An event that the door remembers.
DELETE FROM call WHERE call = ?;

-- name: drop_idempotent
-- That a call was made under a key.
DELETE FROM idempotent WHERE fact_id = ?;

-- name: waiting_rows
-- Rows of imports that wait for what they hang on.
SELECT source, family, row, key, payload FROM import_waiting;

-- name: drop_waiting_row
-- A row of an import that waits.
DELETE FROM import_waiting WHERE source = ? AND family = ? AND row = ?;

-- name: import_sources
-- Sources of which imports have told something that later rows hang on.
SELECT source FROM source WHERE mode = 'history';

-- name: drop_known
-- Something that later rows of an import hang on.
DELETE FROM import_known WHERE source = ? AND key = ?;

-- name: texts
-- Mails and chat messages whose text is still here.
SELECT delivery, subject, text, html FROM message;

-- name: drop_text
-- The text of a mail or chat message.
DELETE FROM message WHERE delivery = ?;

-- name: drop_delivery
-- A mail or chat message that has lost its text is not sent.
UPDATE delivery SET state = 'dropped', ended_at = ? WHERE delivery = ? AND state = 'waiting';

-- name: receivers
-- Everyone who has ever been told by webhook.
SELECT receiver FROM receiver;

-- name: blank_answers
-- What a receiver answered when it was told of a fact; it may have said it back.
UPDATE attempt SET answer = '' WHERE delivery = ?;

-- name: sessions
-- Sessions of those who work here.
SELECT session_key, session_data FROM django_session;

-- name: drop_session
-- A session; whoever has it signs in again.
DELETE FROM django_session WHERE session_key = ?;
