"""Facts in plain words. We are the subject when it went wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from msgspec import Struct

from omtanke.storage.pages import FactSeen
from omtanke.web.words import names
from omtanke.web.words.names import and_list, quoted
from omtanke.web.words.stated import goods_of, words_of
from omtanke.web.words.voice import Voice

GOOD, BAD = "good", "bad"
BEST = {"1-5": 5, "0-10": 10, "1-7": 7, "1-3": 3}
GLAD_SHARE, SAD_SHARE = 0.8, 0.4
LONGEST_QUOTE = 400


class Told(Struct, frozen=True):
    """A fact in words: what happened, what was said or written (quoted), further details, and whether it was good or bad for the customer."""

    what: str
    quote: str = ""
    details: tuple[str, ...] = ()
    mood: str = ""


Teller = Callable[[Any, FactSeen, Voice], Told]


def tell(fact: FactSeen, voice: Voice) -> Told:
    """The fact in words; a type without words of its own is shown by its name."""
    teller = TELLERS.get(fact.type)
    if teller is None or fact.body is None:
        return Told(_("“%(name)s”, for which there are no words yet") % {"name": fact.type.replace("_", " ")})
    return teller(fact.body, fact, voice)


def place_of(fact: FactSeen) -> str:
    """e-post, orderbekräftelse: channel and touchpoint."""
    return names.met(fact.channel, fact.touchpoint)


def number_of(fact: FactSeen, kind: str) -> str:
    """The number as written, of the thing of that kind that the fact is about."""
    surrogate = getattr(fact.body, kind, 0)
    for named, known, number in fact.personal.get("numbers") or ():
        if named == kind and known == surrogate:
            return str(number)
    return ""


def numbered(fact: FactSeen, *kinds: str) -> tuple[str, ...]:
    """order 10482, parcel DHL10482."""
    return tuple(said for kind in kinds if (said := names.subject(kind, number_of(fact, kind))))


def written(fact: FactSeen, *fields: str) -> str:
    """What somebody wrote, in quotation marks."""
    properties: Mapping[str, Any] = fact.personal.get("properties") or {}
    for field in fields:
        text = properties.get(field)
        if isinstance(text, str) and text.strip():
            return quoted(text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…")
    return ""


def things(fact: FactSeen) -> str:
    """The goods by name, else what sort they are, else the product by number."""
    named = and_list(goods_of(fact.personal), most=3)
    return named or names.readable(getattr(fact.body, "category", "")) or names.number_said("product", number_of(fact, "product"))


def amount(body: Any, voice: Voice, field: str = "total") -> tuple[str, ...]:
    value = getattr(body, field, 0)
    return (voice.money(value, body.currency),) if value else ()


def carried(body: Any) -> tuple[str, ...]:
    return (body.carrier,) if body.carrier else ()


def simple(what: Callable[[], str], *kinds: str, mood: str = "", text: tuple[str, ...] = ("text", "message_body", "message")) -> Teller:
    """A fact that is said in the same words each time, with its numbers and what was written."""
    return lambda body, fact, voice: Told(what(), written(fact, *text), numbered(fact, *kinds), mood)


# Orders


def order_completed(body: Any, fact: FactSeen, voice: Voice) -> Told:
    goods = things(fact)
    what = _("Ordered %(things)s") % {"things": goods} if goods else _("Placed an order")
    return Told(what, _shown(body, fact), (*numbered(fact, "order"), *amount(body, voice)), GOOD)


def order_updated(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("The order was changed"), _shown(body, fact), (*numbered(fact, "order"), *amount(body, voice)))


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


# Goods on their way


def shipped(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("We sent the parcel"), _shown(body, fact), (*carried(body), *numbered(fact, "order", "parcel")))


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


# Carts and pages


def added(body: Any, fact: FactSeen, voice: Voice) -> Told:
    thing = things(fact)
    what = _("Put %(thing)s in the cart") % {"thing": thing} if thing else _("Put something in the cart")
    return Told(what, "", amount(body, voice, "price"))


def removed(body: Any, fact: FactSeen, voice: Voice) -> Told:
    thing = things(fact)
    return Told(_("Took %(thing)s out of the cart") % {"thing": thing} if thing else _("Took something out of the cart"))


def viewed(body: Any, fact: FactSeen, voice: Voice) -> Told:
    thing = things(fact)
    return Told(_("Looked at %(thing)s") % {"thing": thing} if thing else _("Looked at a product"), "", amount(body, voice, "price"))


def page_viewed(body: Any, fact: FactSeen, voice: Voice) -> Told:
    said = fact.personal.get("properties") or {}
    title = str(said.get("title") or said.get("url") or "")
    return Told(_("Looked at the page %(title)s") % {"title": quoted(title)} if title else _("Looked at a page"))


def cart_left(body: Any, fact: FactSeen, voice: Voice) -> Told:
    pieces = ngettext("%(n)s thing in it", "%(n)s things in it", body.pieces) % {"n": voice.number(body.pieces)}
    return Told(_("Left the cart"), "", (pieces, *amount(body, voice, "worth")))


# Service


def case_opened(body: Any, fact: FactSeen, voice: Voice) -> Told:
    topic = names.name_in(names.TOPICS, body.topic) if body.topic else ""
    what = _("Got in touch about %(topic)s") % {"topic": topic} if topic else _("Asked us for help")
    return Told(what, written(fact, "text", "subject_line"), numbered(fact, "case", "order"), BAD if body.topic in ("wrong_item", "broken_item") else "")


def refund(body: Any, fact: FactSeen, voice: Voice) -> Told:
    paid = getattr(body, "amount", 0) or getattr(body, "total", 0)
    what = _("We paid back %(amount)s") % {"amount": voice.money(paid, body.currency)} if paid else _("We paid the money back")
    return Told(what, "", numbered(fact, "order"), GOOD)


def missed(body: Any, fact: FactSeen, voice: Voice) -> Told:
    if body.by == "us":
        return Told(_("We were not there as agreed"), "", numbered(fact, "appointment"), BAD)
    return Told(_("The customer did not come"), "", numbered(fact, "appointment"))


# Surveys


def answered(body: Any, fact: FactSeen, voice: Voice) -> Told:
    best = BEST.get(body.scale, 5)
    what = _("Answered %(score)s of %(best)s") % {"score": body.score, "best": best}
    mood = GOOD if body.score >= best * GLAD_SHARE else BAD if body.score <= best * SAD_SHARE else ""
    return Told(what, written(fact, "comment", "comment_title"), (*about(body.question), *numbered(fact, "order")), mood)


def asked(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("We asked how it was"), "", (*about(body.question), *numbered(fact, "order")))


def about(question: str) -> tuple[str, ...]:
    """What a question was about."""
    return (names.question(question),) if question else ()


# Who, and what we do not know


def identified(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("We learnt who it is"), "", (body.region,) if body.region else ())


def linked(body: Any, fact: FactSeen, voice: Voice) -> Told:
    by = {"user_id": _("account"), "email": _("e-mail"), "phone": _("phone"), "loyalty_number": _("club number"), "anonymous_id": _("device")}
    return Told(_("We saw that it is the same person"), "", (by.get(body.by, body.by.replace("_", " ")),) if body.by else ())


def unknown(body: Any, fact: FactSeen, voice: Voice) -> Told:
    said = dict(fact.personal.get("properties") or {})
    name = str(said.pop("event", "") or fact.type)
    details = tuple(f"{key}: {value}" for key, value in list(said.items())[:4])
    return Told(_("“%(name)s”: an event that Omtanke does not know yet") % {"name": name}, "", details)


# Promises


def _shown(body: Any, fact: FactSeen) -> str:
    stated = getattr(body, "stated", ())
    return " · ".join(dict.fromkeys(said for n in range(len(stated)) if (said := quoted(words_of(fact.personal, n)[0]))))


def window_of(body: Any, voice: Voice) -> str:
    """The window in the days of the one it was promised to."""
    return voice.of(getattr(body, "zone", "")).window(body.from_at, body.until_at)


def promise_stated(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("We gave our word"), _shown(body, fact), tuple(names.kind(one.kind) for one in body.stated))


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
    "order_completed": order_completed,
    "order_updated": order_updated,
    "order_line_recorded": order_line,
    "payment_approved": simple(lambda: _("The payment went through"), "order"),
    "payment_recorded": payment_recorded,
    "order_cancelled": order_cancelled,
    "order_refunded": refund,
    "order_shipped": shipped,
    "shipment_updated": scanned,
    "shipment_delayed": delayed,
    "shipment_delivered": delivered,
    "pickup_ready": ready,
    "pickup_collected": simple(lambda: _("Collected"), "order", "parcel", mood=GOOD),
    "product_added": added,
    "product_removed": removed,
    "cart_viewed": simple(lambda: _("Looked at the cart")),
    "checkout_started": simple(lambda: _("Went to the checkout")),
    "cart_left": cart_left,
    "cart_taken_up": simple(lambda: _("Took the cart up again")),
    "cart_closed": simple(lambda: _("The cart became an order")),
    "product_viewed": viewed,
    "product_restocked": simple(lambda: _("The product is back"), "product", mood=GOOD),
    "page_viewed": page_viewed,
    "screen_viewed": page_viewed,
    "case_opened": case_opened,
    "case_message_received": simple(lambda: _("Wrote to us"), "case"),
    "case_message_sent": simple(lambda: _("We answered"), "case"),
    "live_chat_message_sent": simple(lambda: _("We answered in the chat"), "case"),
    "case_resolved": simple(lambda: _("We consider the matter closed"), "case"),
    "callback_requested": simple(lambda: _("Asked us to call"), "case"),
    "callback_made": simple(lambda: _("We called"), "case", mood=GOOD),
    "return_requested": simple(lambda: _("Wants to send something back"), "order", "case"),
    "return_received": simple(lambda: _("What was sent back has come"), "order", "case"),
    "refund_issued": refund,
    "repair_completed": simple(lambda: _("We put it right"), "case", "order", mood=GOOD),
    "appointment_booked": simple(lambda: _("Booked a time"), "appointment"),
    "appointment_held": simple(lambda: _("We met as agreed"), "appointment", mood=GOOD),
    "appointment_missed": missed,
    "store_opened": simple(lambda: _("The store opened")),
    "store_closed": simple(lambda: _("The store closed")),
    "store_visited": simple(lambda: _("Came into the store")),
    "receipt_issued": receipt,
    "survey_sent": asked,
    "survey_answered": answered,
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
    "customer_identified": identified,
    "customers_linked": linked,
    "wake_reached": simple(lambda: _("Time passed")),
    "policy_activated": simple(lambda: _("A new policy counts")),
    "unknown_observed": unknown,
}
