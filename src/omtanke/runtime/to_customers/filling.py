"""What a message can say, read from the log when it is sent: what has been erased, or is no longer so, is not in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct

from omtanke.channels.webhook.payload import numbers_of
from omtanke.engine.quote_policy import NO_QUOTES
from omtanke.messages.asking import survey_of
from omtanke.messages.context import Cart, Case, Context, Link, Links, Money, Order, Parcel, Person, Refund, Shop, Store, Survey
from omtanke.messages.stated import StatedPromise, StatedQuote
from omtanke.runtime.customer_links import MY_PAGE, RESUME, UNSUBSCRIBE, Keys, path_of
from omtanke.runtime.preferences import MOST_CHOSEN, TYPES, country_of, language_of, preferences_in
from omtanke.runtime.survey_links import survey_path
from omtanke.runtime.to_customers.goods import CART_TYPES, ORDER_TYPES, Numbers, cart_of, order_of
from omtanke.runtime.to_customers.quoting import quote_for, quotes_of
from omtanke.storage.outbox_facts import Facts
from omtanke.storage.seen import FactSeen, PromiseSeen
from omtanke.vocabulary.case import RefundIssued
from omtanke.vocabulary.order import OrderRefunded
from omtanke.vocabulary.play import MessageReleased
from omtanke.vocabulary.refusal import Refused
from omtanke.vocabulary.survey import SurveyAsked

MOST_FACTS, MOST_PROMISES = 300, 200
PARCEL_TYPES = ("order_shipped", "shipment_updated", "shipment_delayed", "pickup_ready", "shipment_delivered")
GOODS = ("delivery", "pickup")
REFUND_TYPES = ("order_refunded", "refund_issued")
CASE_TYPES = ("case_opened", "case_message_received", "callback_requested", "return_requested", "case_resolved")
STORE_TYPES = ("receipt_issued", "store_visited", "pickup_ready")
STORE_TOUCHPOINT = "store/"


class ShopSaid(Struct, frozen=True, kw_only=True):
    """What the shop's settings say: its name, language (sv or en), zone and currency, and the address with which links begin."""

    name: str
    locale: str
    zone: str
    currency: str
    pages_address: str


class Filled(Struct, frozen=True, kw_only=True):
    """What is known for one message. `email`, `phone`: empty when not known, the number as it was told. `thread`: what it shares with others
    about the same order."""

    email: str
    phone: str
    language: str
    context: Context
    unsubscribe: str
    thread: str


class Filling:
    """Fills contexts from the log, for one thread. `now` is the shop's clock."""

    def __init__(self, facts: Facts, keys: Keys, shop: ShopSaid, now: Callable[[], int]) -> None:
        self._facts = facts
        self._keys = keys
        self._shop = shop
        self._now = now

    def of(self, person: int, customer: int, released: MessageReleased) -> Filled:
        """Everything that the message can say. Raises Refused when the shop's pages have no https address."""
        known = self._facts.known(person)
        chosen = preferences_in(self._facts.told(person, TYPES, MOST_CHOSEN))
        language = language_of(chosen, known.locale if known else "", self._shop.locale)
        entry = self._facts.by_id(person, released.entry)
        about = self._about(person, released)
        numbers = _numbers([*([entry] if entry else []), *about])
        unsubscribe = self._link(UNSUBSCRIBE, customer, released.message)
        context = Context(
            person=Person(first_name=first_name(known.name if known else "")),
            shop=Shop(name=self._shop.name),
            links=Links(my_page=self._link(MY_PAGE, customer), unsubscribe=unsubscribe),
            order=self._order(released, about, numbers),
            cart=self._cart(customer, released, about, numbers),
            parcel=parcel_of(released, [*about, *([entry] if entry else [])], numbers),
            refund=refund_of(released, entry, about, self._shop.currency),
            case=Case(number=numbers[("case", released.case)]) if ("case", released.case) in numbers else None,
            store=store_of(released.store, [*about, *([entry] if entry else [])], numbers),
            survey=self._survey(released.survey, about, language),
            promise=self._promise(person, released, entry.type if entry else ""),
            quote=self._quote(person, released),
        )
        thread = f"order/{released.order}" if released.order else ""
        email, phone = (known.email, known.phone) if known else ("", "")
        return Filled(email=email, phone=phone, language=language, context=context, unsubscribe=unsubscribe.url, thread=thread)

    def _about(self, person: int, released: MessageReleased) -> list[FactSeen]:
        """The facts that bear on it, the earliest first."""
        types: list[str] = []
        if released.order:
            types += [*ORDER_TYPES, *REFUND_TYPES]
        if released.order or released.parcel:
            types += PARCEL_TYPES
        for is_about, more in ((released.cart, CART_TYPES), (released.case, CASE_TYPES), (released.store, STORE_TYPES), (released.survey, ("survey_asked",))):
            types += more if is_about else ()
        return self._facts.told(person, dict.fromkeys(types), MOST_FACTS) if types else []

    def _link(self, purpose: str, customer: int, about: int = 0) -> Link:
        return Link(self._shop.pages_address + path_of(self._keys, purpose, customer, self._now(), about))

    def _order(self, released: MessageReleased, about: Sequence[FactSeen], numbers: Numbers) -> Order | None:
        return order_of(released.order, about, numbers, self._shop.currency) if released.order else None

    def _cart(self, customer: int, released: MessageReleased, about: Sequence[FactSeen], numbers: Numbers) -> Cart | None:
        if not released.cart:
            return None
        return Cart(lines=cart_of(released.cart, about, numbers, self._shop.currency), link=self._link(RESUME, customer, released.cart))

    def _survey(self, number: int, about: Sequence[FactSeen], language: str) -> Survey | None:
        for fact in about if number else ():
            body = fact.body
            if isinstance(body, SurveyAsked) and body.survey == number:
                page = self._shop.pages_address + survey_path(self._keys, fact.position)
                return survey_of(body.question, body.about, body.scale, self._shop.name, language, page)
        return None

    def _promise(self, person: int, released: MessageReleased, entry: str) -> StatedPromise | None:
        """The one that is named, as long as it is open and its time is not over; else the latest that is open about the order or case. What
        began with goods that are on their way says when they come, also when money is owed for the same order."""
        is_of_goods = entry in (*PARCEL_TYPES, *ORDER_TYPES)
        given = [one for one in self._facts.promises_to(person, MOST_PROMISES) if one.is_open and one.until_at > self._now()]
        named = [one for one in given if one.promise == released.promise]
        of_it = [one for one in given if (released.order and one.order == released.order) or (released.case and _is_of_case(one, released.case))]
        found = next(iter(named), None) or max(of_it, key=lambda one: (is_of_goods and one.kind in GOODS, one.made_at, one.promise), default=None)
        return self._stated(found) if found else None

    def _quote(self, person: int, released: MessageReleased) -> StatedQuote | None:
        """With a cart, what its goods could be promised for if it were ordered now."""
        quotes = quotes_of(self._facts.policy()) if released.cart else NO_QUOTES
        if not quotes.lanes:
            return None
        return quote_for(quotes, country_of(self._facts, person), released.message, self._now(), self._shop.zone, self._facts.capacity())

    def _stated(self, promise: PromiseSeen) -> StatedPromise:
        said = self._facts.stated(promise)
        is_other = (promise.first_from, promise.first_until) != (promise.from_at, promise.until_at)
        return StatedPromise(
            id=promise.promise,
            from_at=promise.from_at,
            until_at=promise.until_at,
            zone=said.zone or self._shop.zone,
            status=promise.status,
            words=said.words,
            first_from_at=promise.first_from if is_other else 0,
            first_until_at=promise.first_until if is_other else 0,
        )


def _is_of_case(promise: PromiseSeen, case: int) -> bool:
    return promise.subject_kind == "case" and promise.subject == case


def first_name(name: str) -> str:
    """What they are called: the first word of a name that looks like a person's; empty for one that does not."""
    words = name.split()
    return words[0] if words and all(sign.isalpha() or sign in "-'’." for sign in words[0]) else ""


def _numbers(facts: Sequence[FactSeen]) -> dict[tuple[str, int], str]:
    """Numbers as written, by kind and surrogate."""
    found: dict[tuple[str, int], str] = {}
    for fact in facts:
        found |= numbers_of(fact.personal)
    return found


def parcel_of(released: MessageReleased, facts: Sequence[FactSeen], numbers: Numbers) -> Parcel | None:
    """The parcel that it is about, else the last of the order; what was said of it last counts. `facts`: the earliest first."""
    told = [fact for fact in facts if fact.type in PARCEL_TYPES and _is_of_parcel(fact.body, released)]
    number = released.parcel or next((one for fact in reversed(told) if (one := getattr(fact.body, "parcel", 0))), 0)
    mine = [fact for fact in told if getattr(fact.body, "parcel", 0) in (0, number)]
    if not mine and not number:
        return None
    carrier = next((one for fact in reversed(mine) if (one := getattr(fact.body, "carrier", ""))), "")
    followed = next((one for fact in reversed(mine) if (one := (fact.personal.get("properties") or {}).get("tracking_url"))), "")
    return Parcel(carrier=carrier, number=numbers.get(("parcel", number), ""), link=_link_or_none(followed))


def _is_of_parcel(body: Any, released: MessageReleased) -> bool:
    if released.parcel and body.parcel:
        return bool(body.parcel == released.parcel)
    return bool(released.order and body.order == released.order)


def _link_or_none(written: object) -> Link | None:
    """A sender's own link, when it is one that a mail may have."""
    try:
        return Link(written) if isinstance(written, str) and written else None
    except Refused:
        return None


def refund_of(released: MessageReleased, entry: FactSeen | None, about: Sequence[FactSeen], currency: str) -> Refund | None:
    """Of the fact that the play began with; else the last about the order."""
    told = [fact for fact in about if getattr(fact.body, "order", 0) == released.order]
    for fact in [*([entry] if entry else []), *reversed(told)]:
        match fact.body:
            case OrderRefunded(total=minor, currency=own) | RefundIssued(amount=minor, currency=own) if minor:
                return Refund(amount=Money(minor, own or currency))
    return None


def store_of(store: int, facts: Sequence[FactSeen], numbers: Numbers) -> Store | None:
    """The store as touchpoints name it (store/nordstan), else by its number."""
    if not store:
        return None
    named = (fact.touchpoint for fact in facts if getattr(fact.body, "store", 0) == store and fact.touchpoint.startswith(STORE_TOUCHPOINT))
    name = next((one.removeprefix(STORE_TOUCHPOINT).split("/")[0].capitalize() for one in named), "") or numbers.get(("store", store), "")
    return Store(name=name) if name else None
