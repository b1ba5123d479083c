"""Which deadlines may pass."""

from __future__ import annotations

import pytest

from omtanke.runtime.clock import BEGINNING, MARGIN, frontier, store_clock
from omtanke.storage.ports import Source
from omtanke.vocabulary.fact import Mode

NOW = 1_000_000_000
LIVE = Source(1, "shop", Mode.LIVE, "Europe/Stockholm", "SEK")
RESTING = Source(2, "export", Mode.HISTORY, "Europe/Stockholm", "SEK")
TELLING = Source(2, "export", Mode.HISTORY, "Europe/Stockholm", "SEK", is_telling=True, began_at=900_000_000)


@pytest.mark.parametrize(
    ("what", "sources", "told_until", "consumed_at", "spans"),
    [
        ("a store at rest: up to its last fact", [RESTING], 500, NOW, ((BEGINNING, 701),)),
        ("an import: as far as it has told", [TELLING], 500, NOW, ((BEGINNING, 500),)),
        ("an import behind an earlier one: as far as it has told", [TELLING], 300, 800, ((BEGINNING, 300),)),
        ("an import that is over and not yet read: as far as it is read", [RESTING], 500, 800, ((BEGINNING, 500),)),
        ("live: the wall clock, a moment ago", [LIVE], 0, NOW, ((BEGINNING, NOW - MARGIN),)),
        ("live and behind: what was read last", [LIVE], 0, 800, ((BEGINNING, 800),)),
        ("live beside an import", [LIVE, TELLING], 500, NOW, ((BEGINNING, 500), (900_000_000, NOW - MARGIN))),
    ],
)
def test_frontier(what: str, sources: list[Source], told_until: int, consumed_at: int, spans: tuple[tuple[int, int], ...]) -> None:
    assert frontier(sources, told_until, consumed_at, 700, NOW).spans == spans


def test_settled_inbox_lets_everything_before_pass() -> None:
    assert frontier([LIVE], 0, NOW, 700, NOW, NOW).spans == ((BEGINNING, NOW),)
    assert frontier([LIVE], 0, 800, 700, NOW, NOW).spans == ((BEGINNING, 800),)


def test_store_stands_at_its_last_fact_until_something_lives() -> None:
    assert (store_clock([RESTING], 700, NOW), store_clock([LIVE, RESTING], 700, NOW)) == (700, NOW)
