-- answer_now: every answer to a survey, with the promise of its order and the dimensions of that.
-- Grain: one row per survey answered.
-- Parameters: as_of.
WITH
joined AS (
    -- one row per answer
    SELECT a.*, p.kind, p.state, p.first_outcome, p.region, p.carrier, p.touchpoint, p.owner, p.due_on
    FROM answer AS a
    LEFT JOIN promise AS p ON p.promise = a.promise
)
SELECT * FROM joined
