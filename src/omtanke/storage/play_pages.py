"""What pages read of plays and of the messages that they have said. Moments are UTC microseconds, 0 for none.

What is personal is read through `Pages`, which hands it to nobody who may not see it.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from omtanke.engine.plays.steps import MOST_STEPS
from omtanke.engine.promises.ledger import promise_number
from omtanke.storage.pages import FactSeen, Pages, fact_of_row
from omtanke.storage.statements import statements
from omtanke.vocabulary.play import PlayEntered

SQL = statements("pages/plays.sql")


class PlayPages:
    """Through the windows that pages have."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def entries_of_tasks(self, tasks: Iterable[int]) -> dict[int, FactSeen]:
        """By task that a play has given: how its customer came into that play, with the personal part of the fact that let them in. A task
        whose beginning has left the log is left out."""
        found: dict[int, tuple[FactSeen, int]] = {}
        for task, *row, place in self._pages.ask(SQL["entries_of_tasks"], tasks=msgspec.json.encode(list(tasks)).decode()):
            entry = fact_of_row(row)
            if task not in found and isinstance(entry.body, PlayEntered) and gave(entry.body.run, task):
                found[task] = entry, place
        causes = {fact.position: fact for _person, fact in self._pages.facts_at([place for _entry, place in found.values()])} if found else {}
        return {task: replace(entry, personal=causes[place].personal) if place in causes else entry for task, (entry, place) in found.items()}


def gave(run: int, task: int) -> bool:
    """Whether a step of this time in a play has given the task."""
    return any(promise_number("step", run, step) == task for step in range(MOST_STEPS))
