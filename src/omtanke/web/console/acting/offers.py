"""What can be done about a row, and which one of it helps first.

| what stands there | what helps first |
|---|---|
| a low answer, what we owed and did not reach the customer | to be in touch; then to close it |
| a call back or a reply that is owed | to have called, to have answered |
| anything else broken | a new date; to close it, once the customer has been told |
| anything else due or at risk | a new date, before it breaks |
| doors that did not keep their hours | to close it |
| what a play gave somebody to do | to take it; then to close it |

The rest can be done too, one step further away.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from msgspec import Struct

from omtanke.storage.seen import PromiseSeen, TaskSeen
from omtanke.vocabulary.promise import REQUEST
from omtanke.web.words import names
from omtanke.web.words.voice import Voice


class Deed(StrEnum):
    """Something that staff can do; as it stands in addresses."""

    TAKE = "take"
    NEW_DATE = "new-date"
    TOLD = "told"
    MET = "met"
    CLOSE = "close"
    NOTE = "note"
    CONSENT = "consent"


TALKED = ("call_back", "reply")
# Without a promise.
GIVEN = ("answer", "play", "message")


@dataclass(frozen=True)
class Act:
    """Something that can be done. label: in words. address: where. is_at_once: it needs no more than the pressing."""

    label: str
    address: str
    is_at_once: bool


@dataclass(frozen=True)
class Acts:
    """What can be done about a row. first: what helps. others: the rest."""

    first: Act
    others: tuple[Act, ...]


class Desk(Struct, frozen=True):
    """Who looks and may act, by number, and from which page. `answers_requests`: also what customers ask about their data."""

    viewer: int
    path: str = "/"
    answers_requests: bool = False


def helps(state: str, kind: str, is_told: bool) -> Deed:
    """What helps first. `state`: of the promise, `answer`, `play` or `message`."""
    if state in ("answer", "message"):
        return Deed.CLOSE if is_told else Deed.TOLD
    if kind == "opening_hours":
        return Deed.CLOSE
    if kind in TALKED:
        return Deed.MET
    if state == "play":
        return Deed.CLOSE
    return Deed.CLOSE if state == "broken" and is_told else Deed.NEW_DATE


def offers(state: str, kind: str, task: TaskSeen | None, viewer: int) -> tuple[Deed, ...]:
    """Everything that can be done, what helps first at the head."""
    is_taken = task is not None and task.taken_at and task.assignee == viewer
    first = Deed.TAKE if state == "play" and not is_taken else helps(state, kind, bool(task and task.told_at))
    possible = [Deed.TAKE] if not is_taken else []
    if state not in GIVEN and kind != "opening_hours":
        possible += [Deed.NEW_DATE, *([Deed.MET] if kind in TALKED else [])]
    possible += [*([Deed.TOLD] if kind != "opening_hours" else []), Deed.CLOSE]
    return first, *(deed for deed in possible if deed is not first)


def acts_on(one: PromiseSeen, task: TaskSeen | None, desk: Desk) -> Acts | None:
    """What can be done about a promise; None when nothing is to be done."""
    is_at_stake = one.status in ("at_risk", "due") or (one.status == "broken" and not one.met_at)
    if not is_at_stake or one.later or one.closed_at:
        return None
    if one.subject_kind == REQUEST:
        return acts_on_request(one.promise, task, desk)
    return acts(offers(one.status, one.kind, task, desk.viewer), one.kind, one.promise, desk)


def acts_on_request(number: int, task: TaskSeen | None, desk: Desk) -> Acts | None:
    """What can be done about a request for a right: it is answered in its own place, by those who may."""
    if not desk.answers_requests:
        return None
    answer = Act(_("Answer the request"), reverse("rights_act", args=["answer", number]) + back_to(desk.path), is_at_once=False)
    is_taken = task is not None and task.taken_at and task.assignee == desk.viewer
    return Acts(answer, () if is_taken else (act(Deed.TAKE, "", number, desk.path),))


def acts_on_task(task: TaskSeen, desk: Desk) -> Acts | None:
    """What can be done about a low answer, what a play gave somebody to do, or what did not reach the customer."""
    return acts(offers(task.about, task.about, task, desk.viewer), task.about, task.task, desk) if task.is_open else None


def acts(deeds: tuple[Deed, ...], kind: str, number: int, desk: Desk) -> Acts:
    first, *others = (act(deed, kind, number, desk.path) for deed in deeds)
    return Acts(first, tuple(others))


def act(deed: Deed, kind: str, number: int, path: str) -> Act:
    """The way to a deed, and back to the page one was on."""
    return Act(label(deed, kind), reverse("act", args=[deed.value, number]) + back_to(path), deed is Deed.TAKE)


def back_to(path: str) -> str:
    """So that one comes back to the page one was on."""
    return "" if path == "/" else "?" + urlencode({"next": path})


def label(deed: Deed, kind: str) -> str:
    """What it says on the button. `kind`: of the promise, `answer`, `play`, `message`, or empty."""
    match deed:
        case Deed.TAKE:
            return _("I take it")
        case Deed.NEW_DATE:
            return _("Give a new time") if kind in ("appointment", *TALKED) else _("Give a new date")
        case Deed.TOLD:
            return _("We have been in touch") if kind in GIVEN else _("The customer has been told")
        case Deed.MET:
            return _("We have called") if kind == "call_back" else _("We have answered")
        case Deed.CLOSE:
            return pgettext("a task", "Close")
        case Deed.CONSENT:
            return _("Record what they say")
    return _("Write a note")


def whose(task: TaskSeen | None, owner: str, desk: Desk, say: Voice) -> str:
    """Whose it is, and how far they have come: Sara, logistik · tog den 14.20."""
    unit = names.owner(owner)
    if task is None or not task.assignee:
        name = _("nobody by name yet")
    elif task.assignee == desk.viewer:
        name = _("yours")
    else:
        name = say.staff_name(task.assignee) or _("a colleague who has left")
    said = [", ".join(part for part in (name, unit) if part)]
    if task is not None and task.told_at:
        said.append(_("told %(moment)s") % {"moment": near(task.told_at, say)})
    elif task is not None and task.taken_at:
        said.append(_("taken %(moment)s") % {"moment": near(task.taken_at, say)})
    return " · ".join(said)


def near(moment: int, say: Voice) -> str:
    """14.20 today; else the day too."""
    return say.clock(moment) if say.at(moment).date() == say.today else say.moment(moment)
