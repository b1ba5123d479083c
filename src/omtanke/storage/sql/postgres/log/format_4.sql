-- Times in plays and messages are found by their customer and number: a number is a hash, and an index of hashes takes a page of its own for each row.
ALTER TABLE play_run DROP CONSTRAINT play_run_run_key;
DROP INDEX play_run_of_customer;
CREATE UNIQUE INDEX play_run_of_customer ON play_run (customer, run);

ALTER TABLE play_message DROP CONSTRAINT play_message_message_key;
DROP INDEX play_message_of_customer;
CREATE UNIQUE INDEX play_message_of_customer ON play_message (customer, message);
