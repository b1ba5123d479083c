"""From persons to likely pairs, in this process and in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files
from itertools import islice
from typing import Any

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]
from msgspec import Struct, structs
from splink import DuckDBAPI, Linker

from omtanke.learning.links.fields import FIELDS, Comparable
from omtanke.learning.links.model import KNOWN_NAME, ONE_PERSON, Weights, level_name, settings, weights

PEOPLE_AT_ONCE = 20_000
PEOPLE_IN_PORTION = 20_000
MOST_OF_A_KEY = 60
MEMORY = "1GB"
KEYS, PAIRS = ((files("omtanke.learning.links") / name).read_text(encoding="utf-8") for name in ("keys.sql", "pairs.sql"))
SCHEMA = pa.schema([("person", pa.int64()), *((field, pa.list_(pa.string()) if field in ("emails", "phones") else pa.string()) for field in FIELDS)])

# Names that are known to be names count as such also in a shop that has just one of them.
GIVEN_NAMES = (files("omtanke.learning.links") / "given_names.txt").read_text(encoding="utf-8").split()
COUNTED = f"greatest(count(*) OVER (PARTITION BY first_name), CASE WHEN list_contains({GIVEN_NAMES}, first_name) THEN {KNOWN_NAME} ELSE 0 END)"

# What has been done, and of how much: portions of the pairs.
Progress = Callable[[int, int], None]


class Pair(Struct, frozen=True):
    """Two persons, the lower number first, who are likely one. `likeness`: how alike each field is, by code."""

    one: int
    two: int
    probability: float
    likeness: dict[str, str]


def likely_pairs(people: Iterable[Comparable], progress: Progress, known: Weights | None = None, threshold: float | None = None) -> Iterator[Pair]:
    """The pairs at or over the threshold, portion by portion; within a portion in order."""
    shipped = known or weights()
    with duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": ""}) as db:
        db.execute("SET enable_progress_bar = false")
        count = load(db, people)
        portions, api = -(-count // PEOPLE_IN_PORTION), DuckDBAPI(db)
        share_keys(db, portions)
        linker = linker_of(api, shipped, count)
        for portion in range(portions):
            yield from scored(db, api, linker, portion, shipped.threshold if threshold is None else threshold)
            progress(portion + 1, portions)


def load(db: duckdb.DuckDBPyConnection, people: Iterable[Comparable]) -> int:
    """The persons as a table, each with how many have their first name. Returns how many persons there are."""
    db.register("no_people", SCHEMA.empty_table())
    db.execute("CREATE TABLE told AS SELECT * FROM no_people")
    remaining = iter(people)
    while some := [structs.asdict(one) for one in islice(remaining, PEOPLE_AT_ONCE)]:
        db.register("these", pa.Table.from_pylist(some, SCHEMA))
        db.execute("INSERT INTO told SELECT * FROM these")
        db.unregister("these")
    db.execute(f"CREATE TABLE people AS SELECT *, {COUNTED} AS first_name_count FROM told")
    db.execute("DROP TABLE told")
    ((count,),) = db.execute("SELECT count(*) FROM people").fetchall()
    return int(count)


def share_keys(db: duckdb.DuckDBPyConnection, portions: int) -> None:
    """What brings persons together, and in how many portions their pairs are looked through."""
    db.execute(f"SET VARIABLE most_of_a_key = {MOST_OF_A_KEY}")
    db.execute(f"SET VARIABLE portions = {portions}")
    db.execute(f"CREATE TABLE shared AS {KEYS}")


def linker_of(api: DuckDBAPI, known: Weights | None, count: int) -> Linker:
    """Splink over so many persons; it writes no log of its own."""
    return Linker(api.register("people"), settings(known, count), log_level="ERROR")


def scored(db: duckdb.DuckDBPyConnection, api: DuckDBAPI, linker: Linker, portion: int, threshold: float) -> Iterator[Pair]:
    """The pairs of a portion of the persons, weighed."""
    db.execute(f"SET VARIABLE portion = {portion}")
    db.execute(f"CREATE OR REPLACE TABLE portion AS {PAIRS}")
    linker.table_management.register_blocked_pairs_for_predict(api.register("portion"))
    found = linker.inference.predict(threshold_match_probability=threshold, warning_mode="never")
    likely = f"SELECT person_l, person_r, match_probability, COLUMNS('gamma_.*') FROM {found.physical_name} WHERE {ONE_PERSON} ORDER BY person_l, person_r"
    rows = db.sql(likely).to_arrow_table().to_pylist()
    found.drop_table_from_database_and_remove_from_cache()
    return map(pair_of, rows)


def pair_of(row: dict[str, Any]) -> Pair:
    likeness = {name.removeprefix("gamma_"): level_name(name.removeprefix("gamma_"), gamma) for name, gamma in row.items() if name.startswith("gamma_")}
    return Pair(min(row["person_l"], row["person_r"]), max(row["person_l"], row["person_r"]), row["match_probability"], likeness)
