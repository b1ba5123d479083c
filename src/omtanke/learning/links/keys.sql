-- What persons share that makes them worth holding against each other.
-- A key that many have says nothing about who they are, and would bring the square of their number; it is left out.
-- Grain: one row per person and key that somebody else has too.
WITH
keys AS (
    -- one row per person and key
    SELECT person, 'e' || unnest(emails) AS key FROM people
    UNION ALL SELECT person, 'p' || unnest(phones) FROM people
    UNION ALL SELECT person, 'n' || number FROM people WHERE number <> ''
    UNION ALL SELECT person, 'b' || birth_date FROM people WHERE birth_date <> ''
    UNION ALL SELECT person, 'bf' || birth_date || first_name FROM people WHERE birth_date <> '' AND first_name <> ''
    UNION ALL SELECT person, 'bl' || birth_date || last_name FROM people WHERE birth_date <> '' AND last_name <> ''
    UNION ALL SELECT person, 'fl' || least(first_name, last_name) || ',' || greatest(first_name, last_name) FROM people WHERE first_name <> '' AND last_name <> ''
    UNION ALL SELECT person, 'flc' || first_name || ',' || last_name || ',' || city FROM people WHERE first_name <> '' AND last_name <> '' AND city <> ''
    UNION ALL SELECT person, 'fz' || first_name || ',' || postal_code FROM people WHERE first_name <> '' AND postal_code <> ''
    UNION ALL SELECT person, 'lz' || last_name || ',' || postal_code FROM people WHERE last_name <> '' AND postal_code <> ''
    UNION ALL SELECT person, 'sh' || street || ',' || house || ',' || postal_code[:2] FROM people WHERE street <> '' AND house <> ''
    UNION ALL SELECT person, 'sz' || street || ',' || postal_code FROM people WHERE street <> '' AND postal_code <> ''
    UNION ALL SELECT person, 'hz' || house || ',' || postal_code || ',' || last_name[:1] FROM people WHERE house <> '' AND postal_code <> ''
),
numbered AS (
    -- the same with a number for the text
    SELECT DISTINCT person, hash(key) AS key FROM keys
),
telling AS (
    -- one row per key that two or more persons have, and not too many
    SELECT key FROM numbered GROUP BY key HAVING count(*) BETWEEN 2 AND getvariable('most_of_a_key')
)
SELECT person, key FROM numbered JOIN telling USING (key)
