"""Whether windows are kept as often as was said, over a data folder; as a process of its own that ends when it has looked."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from omtanke.insight.board_made import moment_text
from omtanke.insight.composing import composed, recorded_read
from omtanke.insight.drift import Drift, drift_of, dues_of, rows_text
from omtanke.insight.duck import firmly, open_database
from omtanke.insight.relations import create_relations, look
from omtanke.storage.arrow_alone import leave_alone

STATEMENT = "-- what came due\nWITH\nas_it_stands AS (\n    SELECT * FROM promise\n)\n"


def drift_in(data: Path) -> Drift | None:
    """As of the store's clock. Raises NoStore."""
    seen = look(data)
    moment = moment_text(seen.as_of)
    text = composed(STATEMENT + rows_text("as_it_stands", moment)).replace("$as_of", moment)

    def found(threads: int) -> list[tuple[int, int, int]]:
        with open_database(threads=threads) as connection:
            create_relations(connection, seen, recorded_read(STATEMENT))
            return connection.execute(text).fetchall()

    return drift_of(dues_of(firmly(found)))


if __name__ == "__main__":
    leave_alone("pandas")
    sys.stdout.buffer.write(msgspec.json.encode(drift_in(Path(sys.argv[1]))))
