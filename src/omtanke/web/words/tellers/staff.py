"""What needs a person, and what those who work here do."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from omtanke.storage.seen import FactSeen
from omtanke.web.words import names
from omtanke.web.words.tellers.promises import window_of
from omtanke.web.words.tellers.told import GOOD, Teller, Told, written
from omtanke.web.words.voice import Voice


def by(number: int, voice: Voice) -> str:
    """Who of us did it, by name."""
    return voice.staff_name(number) or _("A colleague")


def assigned(body: Any, fact: FactSeen, voice: Voice) -> Told:
    name, unit = voice.staff_name(body.assignee) if body.assignee else "", names.owner(body.unit)
    return Told(_("Waits for %(name)s, %(unit)s") % {"name": name, "unit": unit} if name else _("Waits for somebody: %(unit)s") % {"unit": unit})


def agreed(body: Any, fact: FactSeen, voice: Voice) -> Told:
    said = {"name": by(body.staff, voice), "window": window_of(body, voice)}
    return Told(_("%(name)s gave a new time: %(window)s") % said, written(fact, "words"))


def taken(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("%(name)s took it on") % {"name": by(body.staff, voice)})


def told(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("%(name)s told the customer") % {"name": by(body.staff, voice)}, written(fact, "words"), (), GOOD)


def closed(body: Any, fact: FactSeen, voice: Voice) -> Told:
    said = {"name": by(body.staff, voice), "outcome": names.outcome(body.outcome)}
    return Told(_("%(name)s closed it: %(outcome)s") % said, written(fact, "note"))


def noted(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("%(name)s made a note") % {"name": by(body.staff, voice)}, written(fact, "note"))


def link_made(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("%(name)s made a link to the customer’s own page") % {"name": by(body.staff, voice)})


def asked_to_erase(body: Any, fact: FactSeen, voice: Voice) -> Told:
    if body.staff:
        return Told(_("%(name)s took the request to be forgotten") % {"name": by(body.staff, voice)})
    return Told(_("The customer is to be forgotten"))


def done(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("Needs nobody any more: %(outcome)s") % {"outcome": names.outcome(body.outcome)})


def joined(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("%(name)s saw that two customers are one person") % {"name": by(body.staff, voice)})


def kept_apart(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("%(name)s saw that it is somebody else") % {"name": by(body.staff, voice)})


def parted(body: Any, fact: FactSeen, voice: Voice) -> Told:
    if body.staff:
        return Told(_("%(name)s parted what is two persons’") % {"name": by(body.staff, voice)})
    return Told(_("Parted again after a back-up was restored"))


def tried_again(body: Any, fact: FactSeen, voice: Voice) -> Told:
    if body.staff:
        return Told(_("%(name)s let us try again") % {"name": by(body.staff, voice)})
    return Told(_("We are to try again"))


TELLERS: dict[str, Teller] = {
    "promise_renegotiation_requested": agreed,
    "task_taken": taken,
    "customer_told": told,
    "task_closed": closed,
    "note_added": noted,
    "own_page_link_made": link_made,
    "erasure_requested": asked_to_erase,
    "task_assigned": assigned,
    "task_done": done,
    "link_confirmed": joined,
    "link_refused": kept_apart,
    "split_requested": parted,
    "retry_requested": tried_again,
}
