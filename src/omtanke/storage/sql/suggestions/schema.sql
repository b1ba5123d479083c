-- suggestions.db: pairs of customers who are perhaps one person, for somebody to look at. Made by `omtanke suggest-links`, marked by the
-- pages; the acts themselves are facts in log.db, and what the evidence says is read there: no value of a person's stands here.

-- A pair, the lower number first. likeness: how alike each field is, by code (JSON). status: open, confirmed or refused. staff: who marked it,
-- 0 for nobody. Moments are UTC microseconds, 0 for none.
CREATE TABLE suggestion (
    one        INTEGER NOT NULL,
    two        INTEGER NOT NULL,
    score      REAL NOT NULL,
    likeness   TEXT NOT NULL,
    found_at   INTEGER NOT NULL,
    status     TEXT NOT NULL CHECK (status IN ('open', 'confirmed', 'refused')),
    staff      INTEGER NOT NULL DEFAULT 0,
    decided_at INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (one, two),
    CHECK (one < two)
) WITHOUT ROWID;
CREATE INDEX suggestion_open ON suggestion (score DESC, one, two) WHERE status = 'open';
