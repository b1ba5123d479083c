"""Words for the customer, in the customer's language, for staff to send or change."""

from __future__ import annotations

from datetime import timedelta

from django.utils import translation
from django.utils.translation import gettext as _

from omtanke.storage.seen import PromiseSeen
from omtanke.vocabulary.time import local_date
from omtanke.web.console.acting.suggestions import Window
from omtanke.web.words.voice import Voice


def spoken(locale: str, fallback: str) -> str:
    """The language we write to a customer in: Swedish or English; the shop's own when we do not know theirs."""
    return "sv" if (locale or fallback).lower().startswith("sv") else "en"


def window_for_customer(window: Window, say: Voice) -> str:
    """tisdag 24 november kl. 17–21: by its date, since nobody knows when it will be read."""
    last = say.last_day(window.until_at)
    ends_at_midnight = say.is_midnight(window.until_at)
    day = dated(window.until_at - 1, say)
    if not window.from_at:
        return _("by %(day)s") % {"day": day} if ends_at_midnight else _("by %(clock)s on %(day)s") % {"clock": say.clock(window.until_at), "day": day}
    first = local_date(window.from_at, say.zone)
    if first == last:
        if ends_at_midnight and say.is_midnight(window.from_at):
            return _("on %(day)s") % {"day": day}
        end = say.hour(window.until_at) if not ends_at_midnight else "24"
        return _("on %(day)s between %(start)s and %(end)s") % {"day": day, "start": say.hour(window.from_at), "end": end}
    return _("between %(first)s and %(last)s") % {"first": dated(window.from_at, say), "last": day}


def dated(moment: int, say: Voice) -> str:
    day = local_date(moment, say.zone)
    return f"{say.weekday(day)} {say.dated(day, with_year=abs(day - say.today) > timedelta(days=180))}"


def new_date_words(one: PromiseSeen, window: Window, say: Voice, fallback: str) -> str:
    """What to say with a new window: that it is our fault when it is broken, and when it comes instead."""
    language = spoken(one.locale, fallback)
    with translation.override(language):
        theirs = Voice(language, say.zone, say.now, say.currency, say.country)
        said = {"name": first_name(one.name), "window": window_for_customer(window, theirs)}
        greeting = _("Hello %(name)s,") % said if said["name"] else _("Hello,")
        return f"{greeting} {why(one)} {when(one.kind) % said}"


def why(one: PromiseSeen) -> str:
    """What went wrong, with us as the subject."""
    if one.status in ("broken", "due"):
        return _("we did not keep what we promised, and that is our fault.")
    return _("we will not make it as we said, and you should hear that from us first.")


def when(kind: str) -> str:
    """What we promise instead."""
    words = {
        "delivery": _("Your parcel comes %(window)s."),
        "pickup": _("Your goods are ready to collect %(window)s."),
        "refund": _("Your money is on its way back %(window)s."),
        "call_back": _("We call you %(window)s."),
        "reply": _("You have our answer %(window)s."),
        "repair": _("We put it right %(window)s."),
        "restock": _("It is back in stock %(window)s."),
        "appointment": _("You are welcome to us %(window)s."),
        "benefit": _("You have it %(window)s."),
    }
    return words.get(kind) or _("We do it %(window)s.")


def first_name(name: str) -> str:
    return name.strip().partition(" ")[0]
