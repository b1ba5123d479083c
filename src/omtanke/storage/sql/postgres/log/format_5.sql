-- Personal parts are found by their position, as facts are: by customer each took a page of its own. Whose they are, facts tell.
ALTER TABLE personal DROP CONSTRAINT personal_pkey;
ALTER TABLE personal ADD PRIMARY KEY (position);
