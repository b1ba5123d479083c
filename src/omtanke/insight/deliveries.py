"""Orders as far as their delivery goes, for whoever learns from them (`deliveries.sql` says what the columns are)."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pyarrow as pa  # type: ignore[import-untyped]
from msgspec import Struct

from omtanke.insight.composing import names_read
from omtanke.insight.duck import firmly, open_database
from omtanke.insight.relations import create_relations, look

STATEMENT = (files("omtanke.insight") / "deliveries.sql").read_text(encoding="utf-8")


class Deliveries(Struct, frozen=True):
    """One row per order, in the order of placing, as of the store's clock."""

    orders: pa.Table
    as_of: int


def deliveries(data: Path, zone: str) -> Deliveries:
    """What a data folder knows. `zone`: whose days are meant where no promise says it. Raises NoStore."""
    seen = look(data)

    def found(threads: int) -> pa.Table:
        with open_database(threads=threads) as connection:
            create_relations(connection, seen, names_read(STATEMENT))
            return connection.sql(STATEMENT, params={"zone": zone}).to_arrow_table()

    return Deliveries(firmly(found), seen.as_of)
