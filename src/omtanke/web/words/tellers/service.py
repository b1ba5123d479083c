"""Help, returns, appointments and the store."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from omtanke.storage.seen import FactSeen
from omtanke.vocabulary.time import SECOND
from omtanke.web.words import common, names
from omtanke.web.words.tellers.told import BAD, GOOD, Teller, Told, coded, numbered, simple, written
from omtanke.web.words.voice import Voice

# Topics by which we hear that something of ours went wrong.
OUR_FAULTS = ("wrong_item", "broken_item", "damaged_item")


def case_opened(body: Any, fact: FactSeen, voice: Voice) -> Told:
    topic = names.name_in(names.TOPICS, body.topic) if body.topic else ""
    what = _("Got in touch about %(topic)s") % {"topic": topic} if topic else _("Asked us for help")
    return Told(what, written(fact, "text", "subject_line"), numbered(fact, "case", "order"), BAD if body.topic in OUR_FAULTS else "")


def refund(body: Any, fact: FactSeen, voice: Voice) -> Told:
    paid = getattr(body, "amount", 0) or getattr(body, "total", 0)
    what = _("We paid back %(amount)s") % {"amount": voice.money(paid, body.currency)} if paid else _("We paid the money back")
    return Told(what, "", numbered(fact, "order"), GOOD)


def missed(body: Any, fact: FactSeen, voice: Voice) -> Told:
    if body.by == "us":
        return Told(_("We were not there as agreed"), "", numbered(fact, "appointment"), BAD)
    return Told(_("The customer did not come"), "", numbered(fact, "appointment"))


def conversation(body: Any, fact: FactSeen, voice: Voice) -> Told:
    topic = names.name_in(names.TOPICS, body.topic) if body.topic else ""
    what = _("Talked with us about %(topic)s") % {"topic": topic} if topic else _("Talked with us")
    return Told(what, written(fact, "text"), numbered(fact, "case"))


def touchpoint_used(body: Any, fact: FactSeen, voice: Voice) -> Told:
    tool = common.tool(body.tool)
    what = _("A colleague used %(tool)s") if body.used_by == "staff" else _("Used %(tool)s")
    span = (voice.span(body.seconds * SECOND),) if body.seconds else ()
    return Told(what % {"tool": tool}, "", (*numbered(fact, "store"), *span))


def capacity(body: Any, fact: FactSeen, voice: Voice) -> Told:
    what = _("Manages %(pace)s of the ordinary pace") % {"pace": voice.percent(body.pace / 100, 0)}
    return Told(what, "", (*numbered(fact, "store"), *coded(body.why)))


TELLERS: dict[str, Teller] = {
    "case_opened": case_opened,
    "case_message_received": simple(lambda: _("Wrote to us"), "case"),
    "case_message_sent": simple(lambda: _("We answered"), "case"),
    "conversation_noted": conversation,
    "live_chat_conversation_started": simple(lambda: _("Began a chat with us"), "case"),
    "live_chat_message_received": simple(lambda: _("Wrote in the chat"), "case"),
    "live_chat_conversation_ended": simple(lambda: _("The chat is over"), "case"),
    "live_chat_message_sent": simple(lambda: _("We answered in the chat"), "case"),
    "case_resolved": simple(lambda: _("We consider the matter closed"), "case"),
    "callback_requested": simple(lambda: _("Asked us to call"), "case"),
    "callback_made": simple(lambda: _("We called"), "case", mood=GOOD),
    "return_requested": simple(lambda: _("Wants to send something back"), "order", "case"),
    "return_received": simple(lambda: _("What was sent back has come"), "order", "case"),
    "refund_issued": refund,
    "order_refunded": refund,
    "repair_completed": simple(lambda: _("We put it right"), "case", "order", mood=GOOD),
    "appointment_booked": simple(lambda: _("Booked a time"), "appointment"),
    "appointment_held": simple(lambda: _("We met as agreed"), "appointment", mood=GOOD),
    "appointment_missed": missed,
    "store_opened": simple(lambda: _("The store opened")),
    "store_closed": simple(lambda: _("The store closed")),
    "store_visited": simple(lambda: _("Came into the store")),
    "touchpoint_used": touchpoint_used,
    "capacity_changed": capacity,
}
