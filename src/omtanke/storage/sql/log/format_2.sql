-- What needs a person: derived from the facts, compared with them by `replay --check`. The task of a promise has the
-- promise's number. assignee, told_by: numbers of those who work here, 0 for none.
CREATE TABLE task (
    task        INTEGER PRIMARY KEY,
    customer    INTEGER NOT NULL,
    about       TEXT NOT NULL,
    promise     INTEGER NOT NULL,
    survey      INTEGER NOT NULL,
    unit        TEXT NOT NULL,
    assignee    INTEGER NOT NULL,
    assigned_at INTEGER NOT NULL,
    taken_at    INTEGER NOT NULL,
    told_at     INTEGER NOT NULL,
    told_by     INTEGER NOT NULL,
    done_at     INTEGER NOT NULL,
    outcome     TEXT NOT NULL,
    changed_position INTEGER NOT NULL
);
CREATE INDEX task_open ON task (about, assigned_at) WHERE done_at = 0;
CREATE INDEX task_of_customer ON task (customer);

-- Where a message is found by its id, by the week of its receipt so that new ones lie together: what senders told, and
-- what could not be understood.
CREATE INDEX fact_by_id ON fact (received_at / 604800000000, fact_id) WHERE kind = 0 AND source <> 0;
CREATE INDEX quarantine_by_id ON quarantine (fact_id);

-- The words that customers have written, folded, and where: for search by beginnings. Personal.
CREATE TABLE verbatim_word (
    word     TEXT NOT NULL,
    position INTEGER NOT NULL,
    customer INTEGER NOT NULL,
    PRIMARY KEY (word, position)
) WITHOUT ROWID;
CREATE INDEX verbatim_word_of_customer ON verbatim_word (customer);
