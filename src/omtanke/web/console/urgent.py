"""What needs a person now: which rows, whose, and in which order.

First what is mine or nobody's, then what colleagues have; among those, what the customer has not been told yet first.
Then broken promises (tasks by who has waited longest, before those that were history when we heard of them), low answers,
what plays have given somebody to do, promises that are due, and those at risk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from msgspec import Struct

from omtanke.storage.pages import Pages
from omtanke.storage.seen import EVERYBODY, TaskSeen, Urgent, Whose
from omtanke.web.accounts.access import staff_of
from omtanke.web.console.acting.about import answered_of
from omtanke.web.console.acting.offers import Acts, Desk, acts_on_task, whose
from omtanke.web.console.filters import Choice
from omtanke.web.console.given import GivenRow, given_rows
from omtanke.web.console.rows import PromiseRow, promise_rows, who
from omtanke.web.shop import sees_customers
from omtanke.web.words.telling import tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omtanke.storage.seen import FactSeen, Known
    from omtanke.web.words.voice import Voice

MOST_BROKEN, MOST_ANSWERS, MOST_GIVEN, MOST_DUE, MOST_AT_RISK = 6, 3, 4, 3, 4
SHOWN = ("all", "mine", "units")
COOKIE = "omtanke_rows"


@dataclass(frozen=True)
class AnswerRow:
    """A low answer in a list.

    key: its number. name: who gave it. address: their page, or empty. score: as said. words: theirs, in quotation marks, or empty; language: of them.
    what: about what, and when. whose: who has it, empty where nobody acts. acts: what can be done, or None.
    """

    key: str
    name: str
    address: str
    score: str
    words: str
    language: str
    what: str
    whose: str
    acts: Acts | None


Row: TypeAlias = PromiseRow | AnswerRow | GivenRow


class Found(Struct, frozen=True):
    """What needs a person, as the log has it."""

    broken: tuple[Urgent, ...]
    answers: tuple[Urgent, ...]
    given: tuple[Urgent, ...]
    due: tuple[Urgent, ...]
    at_risk: tuple[Urgent, ...]

    @property
    def promises(self) -> list[int]:
        return [one.number for one in (*self.broken, *self.due, *self.at_risk)]


def shown_of(request: HttpRequest) -> str:
    """Whose rows are wanted: by the address, else as last time."""
    asked = request.GET.get("rows") or request.COOKIES.get(COOKIE, "")
    return asked if asked in SHOWN else "all"


def whose_of(request: HttpRequest) -> Whose:
    staff, shown = staff_of(request), shown_of(request)
    return Whose(staff.pk, shown == "mine", tuple(staff.units) if shown == "units" else None)


def find(pages: Pages, wanted: Whose = EVERYBODY) -> Found:
    """The rows, by six statements."""
    tasks = pages.urgent_tasks(MOST_BROKEN, wanted)
    rest = pages.urgent_untasked(MOST_BROKEN - len(tasks), wanted) if len(tasks) < MOST_BROKEN else []
    return Found(
        (*tasks, *rest),
        tuple(pages.urgent_answers(MOST_ANSWERS, wanted)),
        tuple(pages.urgent_from_plays(MOST_GIVEN, wanted)),
        tuple(pages.urgent_open("due", MOST_DUE, wanted)),
        tuple(pages.urgent_open("at_risk", MOST_AT_RISK, wanted)),
    )


def found_for(request: HttpRequest, pages: Pages) -> Found:
    """What needs a person, of those whose rows are wanted; looked up once for a request."""
    if not hasattr(request, "urgent"):
        request.urgent = find(pages, whose_of(request))  # type: ignore[attr-defined]
    found: Found = request.urgent  # type: ignore[attr-defined]
    return found


def urgent_mark(found: Found) -> str:
    """Changes when a row comes, goes or changes."""
    everything = (*found.broken, *found.answers, *found.given, *found.due, *found.at_risk)
    return ",".join(f"{one.number}.{one.changed}.{one.task_changed}" for one in everything)


def urgent_rows(pages: Pages, found: Found, say: Voice, desk: Desk | None) -> tuple[Row, ...]:
    """The rows in their order."""
    tasks = pages.tasks([*found.promises, *(one.number for one in (*found.answers, *found.given))])
    promises = {row.address: row for row in promise_rows(pages, say, found.promises, desk, tasks)}
    rows: dict[int, Row] = {n: promises[at] for n in found.promises if (at := reverse("promise", args=[n])) in promises}
    rows |= answer_rows(pages, [tasks[one.number] for one in found.answers if one.number in tasks], say, desk)
    rows |= given_rows(pages, [tasks[one.number] for one in found.given if one.number in tasks], say, desk)
    ranked = [*(one.number for one in (*found.broken, *found.answers, *found.given)), *found.promises[len(found.broken) :]]
    viewer = desk.viewer if desk else 0

    def is_later(number: int) -> tuple[bool, bool]:
        task = tasks.get(number)
        return task is not None and task.assignee not in (0, viewer), task is not None and bool(task.told_at)

    return tuple(rows[number] for number in sorted(ranked, key=is_later) if number in rows)


def answer_rows(pages: Pages, tasks: Sequence[TaskSeen], say: Voice, desk: Desk | None) -> dict[int, AnswerRow]:
    """Low answers, by two statements however many they are."""
    if not tasks:
        return {}
    answers = pages.answers_of_tasks([task.task for task in tasks])
    known = {one.person: one for one in pages.known(list({task.person for task in tasks}))}
    return {task.task: answer_row(task, answers.get(task.task, []), known.get(task.person), say, desk) for task in tasks}


def answer_row(task: TaskSeen, facts: list[FactSeen], known: Known | None, say: Voice, desk: Desk | None) -> AnswerRow:
    answer, comment = answered_of(task, facts)
    said = tell(answer, say) if answer else None
    quote = (said.quote if said else "") or (tell(comment, say).quote if comment else "")
    return AnswerRow(
        key=str(task.task),
        name=who(known.name, known.city, task.person) if known else "",
        address=reverse("customer", args=[task.person]) if sees_customers() else "",
        score=said.what if said else _("A low answer"),
        words=quote,
        language=known.locale.replace("_", "-") if known and quote else "",
        what=" · ".join([*dict.fromkeys(said.details if said else ()), say.moment(answer.occurred_at) if answer else ""]).strip(" ·"),
        whose=whose(task, task.unit, desk, say) if desk else "",
        acts=acts_on_task(task, desk) if desk else None,
    )


def choices(shown: str) -> tuple[Choice, ...]:
    """Whose rows can be asked for."""
    labels = {"all": _("everybody's"), "mine": _("mine"), "units": _("my units'")}
    return tuple(Choice(f"?rows={one}", labels[one], one == shown) for one in SHOWN)
