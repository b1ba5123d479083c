"""Facts in plain words. We are the subject when it went wrong."""

from __future__ import annotations

from django.utils.translation import gettext as _

from omtanke.storage.seen import FactSeen
from omtanke.web.words.tellers import browsing, caring, carts, orders, people, plays, promises, rights, service, staff, surveys
from omtanke.web.words.tellers.surveys import BEST, about
from omtanke.web.words.tellers.told import Teller, Told, place_of
from omtanke.web.words.voice import Voice

__all__ = ["BEST", "TELLERS", "Told", "about", "place_of", "tell"]

PARTS = (orders, carts, browsing, service, surveys, promises, staff, caring, people, rights, plays)
TELLERS: dict[str, Teller] = {type_: teller for part in PARTS for type_, teller in part.TELLERS.items()}


def tell(fact: FactSeen, voice: Voice) -> Told:
    """The fact in words; a type without words of its own is shown by its name."""
    teller = TELLERS.get(fact.type)
    if teller is None or fact.body is None:
        return Told(_("“%(name)s”, for which there are no words yet") % {"name": fact.type.replace("_", " ")})
    return teller(fact.body, fact, voice)
