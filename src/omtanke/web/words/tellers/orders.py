"""Orders, payments, receipts, and goods on their way."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from omtanke.storage.seen import FactSeen
from omtanke.web.words import names
from omtanke.web.words.tellers.told import BAD, GOOD, Teller, Told, amount, carried, numbered, shown, simple, things, written
from omtanke.web.words.voice import Voice


def order_completed(body: Any, fact: FactSeen, voice: Voice) -> Told:
    goods = things(fact)
    what = _("Ordered %(things)s") % {"things": goods} if goods else _("Placed an order")
    return Told(what, shown(body, fact), (*numbered(fact, "order"), *amount(body, voice)), GOOD)


def order_updated(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("The order was changed"), shown(body, fact), (*numbered(fact, "order"), *amount(body, voice)))


def order_line(body: Any, fact: FactSeen, voice: Voice) -> Told:
    named = things(fact)
    what = _("In the order: %(thing)s") % {"thing": named} if named else _("A line of the order")
    return Told(what, "", (*numbered(fact, "order"), *amount(body, voice, "price")))


def payment_recorded(body: Any, fact: FactSeen, voice: Voice) -> Told:
    details = (names.code(body.method),) if body.method else ()
    return Told(_("Paid %(amount)s") % {"amount": voice.money(body.amount, body.currency)}, "", (*details, *numbered(fact, "order")))


def order_cancelled(body: Any, fact: FactSeen, voice: Voice) -> Told:
    what = _("Part of the order was cancelled") if body.lines else _("The order was cancelled")
    return Told(what, "", (*numbered(fact, "order"), *((said,) if (said := names.code(body.why)) else ())), BAD if body.why == "out_of_stock" else "")


def receipt(body: Any, fact: FactSeen, voice: Voice) -> Told:
    goods = things(fact)
    what = _("Bought %(things)s in the store") % {"things": goods} if goods else _("Bought in the store")
    return Told(what, "", (*amount(body, voice), *numbered(fact, "order")), GOOD)


def shipped(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("We sent the parcel"), shown(body, fact), (*carried(body), *numbered(fact, "order", "parcel")))


def scanned(body: Any, fact: FactSeen, voice: Voice) -> Told:
    place = (fact.personal.get("properties") or {}).get("place")
    what = _("Scanned in %(place)s") % {"place": place} if place else _("Scanned on its way")
    return Told(what, written(fact, "message"), (*carried(body), *((names.code(body.status),) if body.status else ()), *numbered(fact, "parcel")))


def delayed(body: Any, fact: FactSeen, voice: Voice) -> Told:
    expected = (_("now expected %(day)s") % {"day": voice.day(voice.last_day(body.expected_at))},) if body.expected_at else ()
    why = (names.code(body.why),) if body.why else ()
    return Told(_("The parcel will be late"), written(fact, "message"), (*expected, *why, *carried(body), *numbered(fact, "parcel")), BAD)


def delivered(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("Delivered"), "", (*carried(body), *numbered(fact, "order", "parcel")), GOOD)


def ready(body: Any, fact: FactSeen, voice: Voice) -> Told:
    place = (fact.personal.get("properties") or {}).get("place")
    what = _("Ready to collect in %(place)s") % {"place": place} if place else _("Ready to collect")
    return Told(what, "", (*carried(body), *numbered(fact, "order", "parcel")), GOOD)


TELLERS: dict[str, Teller] = {
    "order_completed": order_completed,
    "order_updated": order_updated,
    "order_line_recorded": order_line,
    "payment_approved": simple(lambda: _("The payment went through"), "order"),
    "payment_recorded": payment_recorded,
    "order_cancelled": order_cancelled,
    "receipt_issued": receipt,
    "order_shipped": shipped,
    "shipment_updated": scanned,
    "shipment_delayed": delayed,
    "shipment_delivered": delivered,
    "pickup_ready": ready,
    "pickup_collected": simple(lambda: _("Collected"), "order", "parcel", mood=GOOD),
}
