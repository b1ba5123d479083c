-- What SQLite has and PostgreSQL has not, so that a statement is written once. In the schema `omtanke`, which every connection looks in.

CREATE DOMAIN omtanke.blob AS bytea;

-- The elements of a JSON list of texts or numbers, each with its place.
CREATE FUNCTION omtanke.each(list text) RETURNS TABLE (key bigint, value text) LANGUAGE sql IMMUTABLE ROWS 20 AS
$$ SELECT one.place - 1, one.value FROM jsonb_array_elements_text(nullif(list, '')::jsonb) WITH ORDINALITY AS one (value, place) $$;

CREATE FUNCTION omtanke.instr(whole text, part text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT strpos(whole, part) $$;
CREATE FUNCTION omtanke.instr(whole bytea, part bytea) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog."position"(whole, part) $$;
CREATE FUNCTION omtanke.hex(bytes bytea) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT upper(encode(bytes, 'hex')) $$;
CREATE FUNCTION omtanke.min(one bigint, two bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT least(one, two) $$;
CREATE FUNCTION omtanke.max(one bigint, two bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT greatest(one, two) $$;

CREATE FUNCTION omtanke.add_truth(so_far bigint, one boolean) RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$ SELECT so_far + CASE WHEN one THEN 1 ELSE 0 END $$;
CREATE AGGREGATE omtanke.sum(boolean) (sfunc = omtanke.add_truth, stype = bigint, initcond = '0');
CREATE AGGREGATE omtanke.max(boolean) (sfunc = boolor_statefunc, stype = boolean);

-- The format of each schema.
CREATE TABLE omtanke.format (
    database text PRIMARY KEY,
    format   integer NOT NULL
);
