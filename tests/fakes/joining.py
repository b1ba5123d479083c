"""One person known by several names, in calls and acts of all sorts, as Hypothesis draws them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from fakes.shop import CURRENCY, ZONE, Shop
from omtanke.engine.state import State
from omtanke.runtime.own_sources import CONSOLE, OwnSource
from omtanke.vocabulary.fact import Observed
from omtanke.vocabulary.identity import LinkConfirmed, LinkRefused, SplitRequested

# By what the parts of one person are known, and the calls that say that two of them are one's.
PARTS: list[dict[str, Any]] = [
    {"userId": "u1"},
    {"anonymousId": "laptop"},
    {"anonymousId": "phone"},
    {"context": {"externalIds": [{"type": "club", "id": "7"}]}},
    {"userId": "u1", "anonymousId": "phone"},
]
CALLS: list[dict[str, Any]] = [
    {"type": "identify", "userId": "u1", "anonymousId": "laptop"},
    {"type": "identify", "userId": "u1", "anonymousId": "phone"},
    {"type": "identify", "userId": "u1", "context": {"externalIds": [{"type": "club", "id": "7"}]}},
    {"type": "alias", "userId": "u1", "previousId": "laptop"},
    {"type": "alias", "userId": "u1", "previousId": "phone"},
    {"type": "identify", "userId": "u1", "traits": {"email": "ebba@example.org"}},
    {"type": "track", "event": "Signed Out", "userId": "u1", "anonymousId": "phone"},
]
EVENTS = (
    "Order Completed",
    "Promise Stated",
    "Order Shipped",
    "Shipment Delivered",
    "Case Opened",
    "Case Message Sent",
    "Case Resolved",
    "Product Added",
    "Survey Answered",
    "Store Visited",
)
IDENTIFIERS = ("userId", "anonymousId", "context", "timestamp")


def nobodys(message: dict[str, Any]) -> dict[str, Any]:
    """A message without a word of who it was, and when."""
    return {name: value for name, value in message.items() if name not in IDENTIFIERS}


said = st.sampled_from(CALLS)
acts = st.tuples(st.sampled_from([LinkConfirmed, LinkRefused, SplitRequested]), st.integers(0, 9), st.integers(0, 9))


def act(shop: Shop, key: str, event: type[Observed], customer: int, **named: int) -> None:
    OwnSource(shop.inbox, CONSOLE, ZONE, CURRENCY, lambda: shop.clock).put(event, key, customer, {"staff": 1, **named})


def persons_of(shop: Shop) -> dict[int, list[int]]:
    """Those who are known, or will be; a store and a product have ledgers of their own."""
    return {person: customers for person, customers in shop.log.persons() if shop.log.customer(person)[1] != "subject"}


def do(shop: Shop, key: str, event: type[Observed], one: int, two: int) -> None:
    """The act on the persons, or on the link, of these places; nothing when there are not so many."""
    persons = list(persons_of(shop))
    links = [link for link in shop.log.links_of(sorted(number for _, numbers in shop.log.persons() for number in numbers)) if link.status == "made"]
    if event is SplitRequested and links:
        link = links[one % len(links)]
        act(shop, key, event, link.one, one=link.one, two=link.two)
    elif event is not SplitRequested and persons:
        act(shop, key, event, persons[one % len(persons)], other=persons[two % len(persons)])


def join_everyone(shop: Shop) -> State:
    """Somebody sees at last that they are all one: the state that follows."""
    while len(persons := list(persons_of(shop))) > 1:
        act(shop, f"join/{persons[-1]}/{len(shop.facts())}", LinkConfirmed, persons[0], other=persons[-1])
        shop.work()
    snapshot = shop.log.snapshot(persons[0])
    assert snapshot is not None and snapshot.state is not None
    return snapshot.state
