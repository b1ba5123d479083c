"""Whom a link lets in, and to what: one customer, one purpose, until its day."""

from __future__ import annotations

from django.utils import translation
from msgspec import Struct

from omtanke.runtime.customer_links import made
from omtanke.runtime.preferences import Preferences, language_of, preferences_of
from omtanke.storage.seen import Known
from omtanke.web.shop import shop, show_customers

UNKNOWN, OVER, ERASED = "unknown", "over", "erased"


class Guest(Struct, frozen=True):
    """Who has opened a link. `customer`: whom it was made for; `person`: whom that leads to now; `about`: the number in the link."""

    customer: int
    person: int
    about: int
    known: Known
    chosen: Preferences
    language: str


def enter(purpose: str, token: str) -> Guest | str:
    """The guest, who has a name from here on in this request; or why nobody is let in: UNKNOWN, OVER or ERASED."""
    here = shop()
    link = made(here.keys, purpose, token)
    leads = here.pages.person_of(link.customer) if link else None
    if link is None or leads is None or leads[1] == "subject":
        return UNKNOWN
    erasure = here.pages.erasure(link.customer)
    if erasure is not None and erasure.status != "received":
        return ERASED
    if here.clock.now() >= link.until:
        return OVER
    show_customers(True)
    pages = shop().pages
    (known,) = pages.known([leads[0]])
    chosen = preferences_of(pages, leads[0])
    return Guest(link.customer, leads[0], link.about, known, chosen, language_of(chosen, known.locale, language_asked_for()))


def language_asked_for() -> str:
    """What the browser asks for, else the shop's."""
    return "sv" if translation.get_language() == "sv" else "en"
