"""Who it is, and what we do not know."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omtanke.storage.seen import FactSeen
from omtanke.web.words import known_by
from omtanke.web.words.tellers.told import Teller, Told, simple
from omtanke.web.words.voice import Voice


def identified(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("We learnt who it is"), "", (body.region,) if body.region else ())


def linked(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("We saw that it is the same person"), "", (known_by.linked_by(body.by),) if body.by else ())


def unlinked(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("We saw that it is two people"), "", (known_by.unlinked_by(body.by),))


def withheld(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("Left apart what may be one person: together it would be too much"), "", (known_by.linked_by(body.by),))


def unknown(body: Any, fact: FactSeen, voice: Voice) -> Told:
    said = dict(fact.personal.get("properties") or {})
    name = str(said.pop("event", "") or fact.type)
    details = tuple(f"{key}: {value}" for key, value in list(said.items())[:4])
    return Told(_("“%(name)s”: an event that Omtanke does not know yet") % {"name": name}, "", details)


def grouped(body: Any, fact: FactSeen, voice: Voice) -> Told:
    name = (fact.personal.get("traits") or {}).get("name")
    return Told(_("Belongs to %(group)s") % {"group": name} if isinstance(name, str) and name else _("Belongs to a household, a company or a club"))


def condensed(body: Any, fact: FactSeen, voice: Voice) -> Told:
    day = voice.dated(voice.at(fact.occurred_at).date(), with_year=True)
    count = ngettext("%(n)s fact", "%(n)s facts", body.facts) % {"n": voice.number(body.facts)}
    return Told(_("Until %(day)s only what it came to is kept") % {"day": day}, "", (count,))


TELLERS: dict[str, Teller] = {
    "customer_identified": identified,
    "customer_grouped": grouped,
    "customer_aliased": simple(lambda: _("We were told that two accounts are the same person's")),
    "customers_linked": linked,
    "customers_unlinked": unlinked,
    "link_withheld": withheld,
    "signed_out": simple(lambda: _("Signed out")),
    "customer_erased": simple(lambda: _("Everything personal has been erased")),
    "history_condensed": condensed,
    "wake_reached": simple(lambda: _("Time passed")),
    "policy_activated": simple(lambda: _("A new policy counts")),
    "unknown_observed": unknown,
}
