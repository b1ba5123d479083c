"""What plays have given somebody to do, and whom what we owed them did not reach, as rows in a list: the same on every page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from omtanke.storage.pages import Pages
from omtanke.storage.play_pages import PlayPages
from omtanke.storage.seen import FactSeen, Known, TaskSeen
from omtanke.vocabulary.play import PlayEntered
from omtanke.web.console.acting.offers import Acts, Desk, acts_on_task, whose
from omtanke.web.console.rows import who
from omtanke.web.shop import sees_customers
from omtanke.web.words import names
from omtanke.web.words.tellers.told import numbered
from omtanke.web.words.voice import Voice


@dataclass(frozen=True)
class GivenRow:
    """What a play has given somebody to do.

    key: its number. name: whom it is about. address: their page, or empty. play: which play gave it, and about what, or that what we
    wrote did not reach them. when: since when it waits. whose: who has it, empty where nobody acts. acts: what can be done, or None.
    """

    key: str
    name: str
    address: str
    play: str
    when: str
    whose: str
    acts: Acts | None


def given_rows(pages: Pages, tasks: Sequence[TaskSeen], say: Voice, desk: Desk | None) -> dict[int, GivenRow]:
    """By number, by three statements however many they are."""
    if not tasks:
        return {}
    entries = PlayPages(pages).entries_of_tasks([task.task for task in tasks])
    known = {one.person: one for one in pages.known(list({task.person for task in tasks}))}
    return {task.task: given_row(task, entries.get(task.task), known.get(task.person), say, desk) for task in tasks}


def given_row(task: TaskSeen, entered: FactSeen | None, known: Known | None, say: Voice, desk: Desk | None) -> GivenRow:
    return GivenRow(
        key=str(task.task),
        name=who(known.name, known.city, task.person) if known else "",
        address=reverse("customer", args=[task.person]) if sees_customers() else "",
        play=given_words(task, entered),
        when=say.moment(task.assigned_at),
        whose=whose(task, task.unit, desk, say) if desk else "",
        acts=acts_on_task(task, desk) if desk else None,
    )


def given_words(task: TaskSeen | None, entered: FactSeen | None) -> str:
    """Given by the play “it will be late” · order 10482."""
    if task is not None and task.about == "message":
        return _("What we wrote did not reach them: the address takes nothing")
    if entered is None or not isinstance(entered.body, PlayEntered):
        return _("Given by a play")
    said = _("Given by the play “%(play)s”") % {"play": names.play(entered.body.play)}
    return " · ".join((said, *numbered(entered, "order", "case")))
