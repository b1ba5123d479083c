"""Promises, from the word given to the ending."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from omtanke.storage.seen import FactSeen
from omtanke.web.words import names
from omtanke.web.words.tellers.told import BAD, GOOD, Teller, Told, shown, simple, written
from omtanke.web.words.voice import Voice


def window_of(body: Any, voice: Voice) -> str:
    """The window in the days of the one it was promised to."""
    return voice.of(getattr(body, "zone", "")).window(body.from_at, body.until_at)


def promise_stated(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("We gave our word"), shown(body, fact), tuple(names.kind(one.kind) for one in body.stated))


def quote_given(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("We offered a time: %(window)s") % {"window": window_of(body, voice)}, written(fact, "words"))


def made(body: Any, fact: FactSeen, voice: Voice) -> Told:
    what = _("%(kind)s: promised %(window)s") % {"kind": names.kind(body.kind), "window": window_of(body, voice)}
    return Told(what)


def renegotiated(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("A new window: %(window)s") % {"window": window_of(body, voice)})


def first_window(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("First we had said %(window)s") % {"window": window_of(body, voice)})


def partly(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("%(met)s of %(lines)s lines have come") % {"met": body.met, "lines": body.lines})


def broken(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("We broke the promise"), "", (_("%(owner)s answers for it") % {"owner": names.owner(body.owner)},) if body.owner else (), BAD)


ENDINGS = {
    "open": lambda: _("open again"),
    "kept": lambda: names.state("kept"),
    "exceeded": lambda: names.state("exceeded"),
    "broken": lambda: names.state("broken"),
    "withdrawn": lambda: names.state("withdrawn"),
}


def corrected(body: Any, fact: FactSeen, voice: Voice) -> Told:
    became, was = ENDINGS[body.ending](), ENDINGS[body.was]()
    if body.ending == body.was:
        return Told(_("Held against what we said first, it was broken"), "", (), BAD)
    return Told(_("Corrected: %(became)s, not %(was)s") % {"became": became, "was": was}, "", (), BAD if body.ending == "broken" else GOOD)


TELLERS: dict[str, Teller] = {
    "promise_stated": promise_stated,
    "promise_fulfilled": simple(lambda: _("The promise was met"), "promise", mood=GOOD),
    "promise_retracted": simple(lambda: _("The promise was taken back"), "promise"),
    "quote_given": quote_given,
    "promise_made": made,
    "promise_renegotiated": renegotiated,
    "promise_first_window_learned": first_window,
    "promise_at_risk": simple(lambda: _("The promise may break")),
    "promise_fell_due": simple(lambda: _("The time is up, and we have heard nothing")),
    "promise_partly_met": partly,
    "promise_kept": simple(lambda: _("We kept the promise"), mood=GOOD),
    "promise_exceeded": simple(lambda: _("We were earlier than promised"), mood=GOOD),
    "promise_broken": broken,
    "promise_met_late": simple(lambda: _("Met after all, too late")),
    "promise_withdrawn": simple(lambda: _("The promise is no longer owed")),
    "promise_ending_corrected": corrected,
    "input_set_aside": simple(lambda: _("Set aside: it changes nothing")),
}
