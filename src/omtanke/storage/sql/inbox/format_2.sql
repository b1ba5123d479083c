-- What the door has understood of a message, so that the worker need not read it again; empty: it has to.
ALTER TABLE entry ADD COLUMN handed BLOB NOT NULL DEFAULT x'';
