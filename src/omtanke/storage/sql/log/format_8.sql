-- Personal parts lie in the order in which they were told, as facts do: by customer each took a page of its own. Whose they are, facts tell.
ALTER TABLE personal RENAME TO personal_7;
CREATE TABLE personal (
    position INTEGER PRIMARY KEY,
    customer INTEGER NOT NULL,
    part     BLOB NOT NULL
);
INSERT INTO personal (position, customer, part) SELECT position, customer, part FROM personal_7 ORDER BY position;
DROP TABLE personal_7;
