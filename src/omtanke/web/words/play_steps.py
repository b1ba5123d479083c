"""A play in words: what lets somebody in, what is done step by step, and what ends it."""

from __future__ import annotations

from typing import assert_never

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from msgspec import Struct

from omtanke.engine.plays import play as plays
from omtanke.engine.plays.play import Ask, AtPromise, CallWebhook, ForSpan, GiveTask, OnlyIf, Play, Say, StatePromise, Step, UntilFact, UntilTime, Wait
from omtanke.vocabulary.time import DAY, HOUR, MINUTE
from omtanke.web.words import names
from omtanke.web.words.names import name_in, say
from omtanke.web.words.voice import Voice

# What plays are most often about; another type of fact stands by its name.
HAPPENS = {
    "cart_left": say("a cart has been left"),
    "cart_taken_up": say("the cart is taken up again"),
    "product_added": say("something is put into a cart"),
    "order_completed": say("something is ordered"),
    "order_cancelled": say("an order is cancelled"),
    "order_refunded": say("an order is refunded"),
    "order_shipped": say("an order is sent"),
    "shipment_updated": say("the carrier tells of a parcel"),
    "shipment_delayed": say("a parcel is late"),
    "shipment_delivered": say("a parcel has come"),
    "pickup_ready": say("something can be collected"),
    "receipt_issued": say("something is bought at the till"),
    "store_visited": say("somebody has visited a store"),
    "case_opened": say("the customer turns to service"),
    "case_resolved": say("a case is closed"),
    "return_requested": say("the customer wants to return something"),
    "return_received": say("a return has come back"),
}
KEYS = {"person": say("once for a person"), "cart": say("once for a cart"), "order": say("once for an order"), "case": say("once for a case")}


class StepSaid(Struct, frozen=True):
    """A step in words, and the condition under which it is done, as it was written; empty for always."""

    what: str
    condition: str = ""


def happens(type_: str) -> str:
    """A type of fact as something that happens."""
    return name_in(HAPPENS, type_) if type_ in HAPPENS else f"“{names.readable(type_)}”"


def step_said(step: Step, voice: Voice) -> StepSaid:
    match step:
        case Wait():
            return StepSaid(wait_said(step.until, voice))
        case OnlyIf():
            return StepSaid(_("Goes on only with those for whom this holds"), step.condition)
        case Say():
            what = _("Says “%(message)s” by %(channels)s") % {"message": names.play(step.message), "channels": channels(step.channels)}
        case Ask():
            about = {"question": names.question(step.question), "about": names.asked_about(step.about), "channels": channels(step.channels)}
            what = _("Asks %(question)s, about %(about)s, by %(channels)s") % about
        case StatePromise():
            what = _("Promises: %(kind)s within %(span)s") % {"kind": names.kind(step.kind).lower(), "span": span(step.within, voice)}
        case GiveTask():
            what = _("Gives %(unit)s something to do") % {"unit": names.owner(step.unit)}
        case CallWebhook():
            what = _("Tells other systems: %(event)s") % {"event": names.readable(step.event)}
        case _:
            assert_never(step)
    return StepSaid(what, step.when)


def wait_said(until: plays.Waiting, voice: Voice) -> str:
    match until:
        case ForSpan():
            return _("Waits %(span)s") % {"span": span(until.span, voice)}
        case UntilTime():
            return _("Waits until the clock is next %(clock)s where the customer is") % {"clock": minute(until.minute, voice)}
        case UntilFact():
            return _("Waits until %(what)s, and no longer than %(span)s") % {"what": happens(until.fact), "span": span(until.at_most, voice)}
        case AtPromise():
            return promise_said(until, voice)


def promise_said(until: AtPromise, voice: Voice) -> str:
    """Until a moment that the promise gives."""
    edge = _("what we promised begins") if until.edge == "start" else _("what we promised is due")
    if not until.offset:
        return _("Waits until %(edge)s") % {"edge": edge}
    said = {"span": span(abs(until.offset), voice), "edge": edge}
    return _("Waits until %(span)s before %(edge)s") % said if until.offset < 0 else _("Waits until %(span)s after %(edge)s") % said


def begins(play: Play) -> StepSaid:
    """What lets somebody in."""
    return StepSaid(_("Begins when %(what)s") % {"what": happens(play.entry.fact)}, play.entry.when)


def ends(play: Play) -> tuple[StepSaid, ...]:
    """What ends it before its last step."""
    return tuple(
        StepSaid(_("%(what)s, whatever it is about") % {"what": happens(one.fact)} if one.same == plays.OF_PERSON else happens(one.fact), one.when)
        for one in play.exits
    )


def again(play: Play, voice: Voice) -> str:
    """How often somebody may be in it."""
    key = name_in(KEYS, play.key)
    if play.again.rule == plays.EACH_TIME:
        return _("each time that it happens")
    if play.again.span:
        return _("%(key)s, and again after %(span)s") % {"key": key, "span": span(play.again.span, voice)}
    return key


def channels(codes: tuple[str, ...]) -> str:
    """e-mail, else text message."""
    said = [names.channel(one) for one in codes]
    return _(", else ").join(said)


def minute(of_day: int, voice: Voice) -> str:
    """08.00 in Swedish, 08:00 in English."""
    return f"{of_day // 60:02d}{'.' if voice.language == 'sv' else ':'}{of_day % 60:02d}"


def span(length: int, voice: Voice) -> str:
    """A span as it was written: the largest unit that it is a whole number of."""
    for unit in (DAY, HOUR, MINUTE):
        if length % unit == 0:
            return units(length // unit, unit, voice)
    return voice.span(length)


def units(count: int, unit: int, voice: Voice) -> str:
    said = {
        DAY: ngettext("%(n)s day", "%(n)s days", count),
        HOUR: ngettext("%(n)s hour", "%(n)s hours", count),
        MINUTE: ngettext("%(n)s minute", "%(n)s minutes", count),
    }
    return said[unit] % {"n": voice.number(count)}
