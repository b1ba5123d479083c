"""Plays and messages: what we meant to say, what became of it, and what has gone out."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omtanke.storage.seen import FactSeen
from omtanke.web.words import names
from omtanke.web.words.tellers.told import BAD, Teller, Told, numbered, written
from omtanke.web.words.voice import Voice


def entered(body: Any, fact: FactSeen, voice: Voice) -> Told:
    """Those who are only compared with are told nothing, and colleagues see why."""
    details = (_("is told nothing, to see what the play does"),) if body.is_held_out else ()
    return Told(_("Came into the play %(play)s") % {"play": names.play(body.play)}, "", (*details, *numbered(fact, "order", "case")))


def moved(body: Any, fact: FactSeen, voice: Voice) -> Told:
    until = (_("until %(when)s") % {"when": voice.moment(body.until_at)},) if body.until_at else ()
    return Told(_("Waits in the play %(play)s") % {"play": names.play(body.play)}, "", until)


def left(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("Left the play %(play)s") % {"play": names.play(body.play)})


def told(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("Told another system: %(event)s") % {"event": names.readable(body.event)})


def due(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("It was time to say: %(message)s") % {"message": names.play(body.template)})


def released(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("Let go: %(message)s") % {"message": names.play(body.template)}, "", (names.channel(body.for_channel),))


def deferred(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("A message waits: %(play)s") % {"play": names.play(body.play)}, "", (_("until %(when)s") % {"when": voice.moment(body.until_at)},))


def suppressed(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("Not sent: %(play)s") % {"play": names.play(body.play)} if body.play else _("Not sent"))


def sent(body: Any, fact: FactSeen, voice: Voice) -> Told:
    what = _("We wrote: %(message)s") % {"message": names.play(body.template)} if body.template else _("We wrote")
    return Told(what, written(fact, "subject"), (*_channel(body), *_segments(body, voice)))


def _segments(body: Any, voice: Voice) -> tuple[str, ...]:
    """What a text message costs by."""
    n = body.segments
    return (ngettext("%(n)s segment", "%(n)s segments", n) % {"n": voice.number(n)},) if n else ()


def in_doubt(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("A message has perhaps gone, and is not sent again"), "", _channel(body), BAD)


def failed(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("A message did not reach the customer"), "", (*_channel(body), names.failure(body.failure)), BAD)


def returned(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("A message had not gone in time, and is asked anew"))


def _channel(body: Any) -> tuple[str, ...]:
    return (names.channel(body.for_channel),) if body.for_channel else ()


TELLERS: dict[str, Teller] = {
    "play_entered": entered,
    "play_moved": moved,
    "play_left": left,
    "play_told": told,
    "message_due": due,
    "message_released": released,
    "message_deferred": deferred,
    "message_suppressed": suppressed,
    "message_sent": sent,
    "message_in_doubt": in_doubt,
    "message_failed": failed,
    "message_returned": returned,
}
