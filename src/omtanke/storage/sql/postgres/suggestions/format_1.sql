-- The schema omtanke_suggestions, format 1: pairs of customers who are perhaps one person, for somebody to look at. Made by `omtanke suggest-links`, marked by the
-- pages; the acts themselves are facts in log.db, and what the evidence says is read there: no value of a person's stands here.

-- A pair, the lower number first. likeness: how alike each field is, by code (JSON). status: open, confirmed or refused. staff: who marked it,
-- 0 for nobody. Moments are UTC microseconds, 0 for none.
CREATE TABLE suggestion (
    one        BIGINT NOT NULL,
    two        BIGINT NOT NULL,
    score      DOUBLE PRECISION NOT NULL,
    likeness   TEXT COLLATE "C" NOT NULL,
    found_at   BIGINT NOT NULL,
    status     TEXT COLLATE "C" NOT NULL CHECK (status IN ('open', 'confirmed', 'refused')),
    staff      BIGINT NOT NULL DEFAULT 0,
    decided_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (one, two),
    CHECK (one < two)
);
CREATE INDEX suggestion_open ON suggestion (score DESC, one, two) WHERE status = 'open';
