"""What pages read of plays and of the messages that they have said. Moments are UTC microseconds, 0 for none.

What is personal is read through `Pages`, which hands it to nobody who may not see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from omtanke.engine.plays.steps import MOST_STEPS
from omtanke.engine.promises.ledger import promise_number
from omtanke.storage.pages import Pages
from omtanke.storage.seen import FactSeen, Place, fact_of_row
from omtanke.storage.statements import listed, statements
from omtanke.vocabulary.play import PlayEntered

SQL = statements("pages/plays.sql")


class RunSeen(Struct, frozen=True):
    """One time that somebody is or was in a play. `place`: where it stands in the list of all; `step`: from 0; `until_at`: when they go on if
    nothing comes before; `reason`: why they left."""

    place: int
    person: int
    digest: str
    is_held_out: int
    step: int
    until_at: int
    entered_at: int
    left_at: int
    reason: str


class PlayPages:
    """Through the windows that pages have."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def entries_of_tasks(self, tasks: Iterable[int]) -> dict[int, FactSeen]:
        """By task that a play has given: how its customer came into that play, with the personal part of the fact that let them in. A task
        whose beginning has left the log is left out."""
        found: dict[int, tuple[FactSeen, int]] = {}
        for task, *row, place in self._pages.ask(SQL["entries_of_tasks"], tasks=listed(tasks)):
            entry = fact_of_row(row)
            if task not in found and isinstance(entry.body, PlayEntered) and gave(entry.body.run, task):
                found[task] = entry, place
        causes = {fact.position: fact for _person, fact in self._pages.facts_at([place for _entry, place in found.values()])} if found else {}
        return {task: replace(entry, personal=causes[place].personal) if place in causes else entry for task, (entry, place) in found.items()}

    # How many

    def plays(self) -> list[str]:
        """Every play that anybody has ever been in."""
        return [row[0] for row in self._pages.ask(SQL["plays_entered"])]

    def under_way(self, plays: Sequence[str]) -> dict[str, dict[tuple[int, str], int]]:
        """By play: how many are in it now, by step and version."""
        found: dict[str, dict[tuple[int, str], int]] = {}
        for play, step, digest, count in self._pages.ask(SQL["runs_under_way"], plays=listed(plays)):
            found.setdefault(play, {})[step, digest] = count
        return found

    def entered(self, plays: Sequence[str], since: int) -> dict[str, tuple[int, int]]:
        """By play: how many came in from a moment on, and how many of them are told nothing."""
        return {play: (count, held_out) for play, count, held_out in self._pages.ask(SQL["runs_entered"], plays=listed(plays), since=since)}

    def left(self, plays: Sequence[str], since: int) -> dict[str, dict[str, int]]:
        """By play: how many left from a moment on, by reason, the most frequent first."""
        found: dict[str, dict[str, int]] = {}
        for play, reason, count in self._pages.ask(SQL["runs_left"], plays=listed(plays), since=since):
            found.setdefault(play, {})[reason] = count
        return found

    def messages(self, plays: Sequence[str], since: int) -> dict[str, dict[str, int]]:
        """By play: what became of its messages from a moment on."""
        found: dict[str, dict[str, int]] = {}
        for play, became, count in self._pages.ask(SQL["play_messages_since"], plays=listed(plays), since=since):
            found.setdefault(play, {})[became] = count
        return found

    def withheld(self, play: str, since: int) -> list[tuple[str, str, int]]:
        """(became, reason, how many) of what was put off or not sent from a moment on, the most frequent first."""
        return [(became, reason, count) for became, reason, count in self._pages.ask(SQL["play_withheld_since"], play=play, since=since)]

    # Who

    def in_now(self, play: str, step: int | None, place: Place, limit: int) -> list[RunSeen]:
        """Who is in a play, or at one of its steps; who came last first, from a place on."""
        asked = {"play": play, "at": place.moment, "place": place.number, "limit": limit}
        if step is None:
            return [RunSeen(*row) for row in self._pages.ask(SQL["run_list_under_way"], **asked)]
        return [RunSeen(*row) for row in self._pages.ask(SQL["run_list_at_step"], step=step, **asked)]

    def left_last(self, play: str, limit: int) -> list[RunSeen]:
        return [RunSeen(*row) for row in self._pages.ask(SQL["run_list_left"], play=play, limit=limit)]


def gave(run: int, task: int) -> bool:
    """Whether a step of this time in a play has given the task."""
    return any(promise_number("step", run, step) == task for step in range(MOST_STEPS))
