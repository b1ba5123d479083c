-- Pairs of persons who share a key, of a portion of the persons.
-- Grain: one row per pair, the lower number first.
SELECT DISTINCT '0' AS match_key, one.person AS join_key_l, two.person AS join_key_r
FROM shared AS one JOIN shared AS two USING (key)
WHERE one.person < two.person AND one.person % getvariable('portions') = getvariable('portion')
