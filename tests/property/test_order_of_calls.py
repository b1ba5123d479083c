"""Whatever order the calls of a customer come in, they are the same persons in the end, and nobody has to say so."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from fakes.shop import KEYS, Shop, memory_shop
from omtanke.vocabulary.time import HOUR

Told = dict[str, Any]


def said(**more: Any) -> Told:
    return {"type": "identify", "traits": {}, **more}


def done(event: str, who: Told, **properties: Any) -> Told:
    return {"type": "track", "event": event, "properties": properties, **who}


def guest(**traits: str) -> Told:
    """Somebody who tells an address at the checkout and has no account."""
    return {"context": {"traits": traits}}


# Two accounts and a third one that are Anna's, what she has done as a guest and on her devices, and Bo, with whom she shares nothing.
CALLS: dict[str, Told] = {
    "anna": said(userId="anna"),
    "anna's mail": said(userId="anna", traits={"email": "Anna@Example.org"}),
    "anna's telephone": said(userId="anna", traits={"phone": "070-123 45 67"}),
    "anna's order": done("Order Completed", {"userId": "anna"}, order_id="o1", total=100),
    "new account": said(userId="anna-2"),
    "new account's mail": said(userId="anna-2", traits={"email": "anna@work.example"}),
    "new account's order": done("Order Completed", {"userId": "anna-2"}, order_id="o2", total=200),
    "alias": {"type": "alias", "userId": "anna-2", "previousId": "anna"},
    "alias again": {"type": "alias", "userId": "anna-2", "previousId": "anna"},
    "third account": done("Product Added", {"userId": "anna-3"}, cart_id="k3", product_id="p", quantity=1),
    "third account's alias": {"type": "alias", "userId": "anna-3", "previousId": "anna-2"},
    "device's alias": {"type": "alias", "userId": "anna", "previousId": "laptop"},
    "device": done("Product Added", {"anonymousId": "laptop"}, cart_id="k1", product_id="p", quantity=2),
    "guest by mail": said(anonymousId="tablet", traits={"email": "anna@example.org"}),
    "order by mail": done("Order Completed", guest(email="anna@example.org"), order_id="o3", total=300),
    "order by telephone": done("Order Completed", guest(phone="+46701234567"), order_id="o4", total=400),
    "order by the other mail": done("Order Completed", guest(email="anna@work.example"), order_id="o5", total=500),
    "bo": said(userId="bo", traits={"email": "bo@example.org", "phone": "070-765 43 21"}),
    "bo's order": done("Order Completed", {"userId": "bo"}, order_id="o6", total=600),
    "bo's order by mail": done("Order Completed", guest(email="bo@example.org"), order_id="o7", total=700),
}
MOMENTS = {name: f"2026-11-{n + 1:02}T12:00:00+01:00" for n, name in enumerate(CALLS)}
FACTS = {KEYS.fact_id("door", name): name for name in CALLS}
ORDERS = tuple(f"o{n}" for n in range(1, 8))

chosen = st.lists(st.sampled_from(tuple(CALLS)), min_size=2, max_size=9, unique=True)
orders = chosen.flatmap(lambda names: st.tuples(st.permutations(names), st.permutations(names)))


def told(names: list[str], with_moments: bool) -> Shop:
    """A shop that has heard the calls in this order, an hour between them."""
    shop = memory_shop()
    for name in names:
        shop.hear([CALLS[name] | {"messageId": name} | ({"timestamp": MOMENTS[name]} if with_moments else {})])
        shop.work()
        shop.wait(HOUR)
    return shop


def persons(shop: Shop) -> set[frozenset[str]]:
    """The calls of each person."""
    return {calls for facts in shop.persons().values() if (calls := frozenset(FACTS[fact.fact_id] for fact in facts if fact.fact_id in FACTS))}


def folded(shop: Shop) -> set[tuple[Any, ...]]:
    """What each person's state says of orders and carts, by the numbers that the calls name."""
    return {
        tuple((kind, number, found) for kind, number in NAMED if (found := in_state(state, kind, surrogate(shop, kind, number))))
        for state in shop.states().values()
    }


NAMED = [*(("order", number) for number in ORDERS), ("cart", "k1"), ("cart", "k3")]


def surrogate(shop: Shop, kind: str, number: str) -> int:
    return (shop.log.subject(KEYS.number_key("door", kind, number)) or (0, 0))[0]


def in_state(state: Any, kind: str, number: int) -> tuple[Any, ...]:
    situation = state.situation
    if kind == "order" and number in situation.orders:
        return situation.orders[number].progress, situation.orders[number].total
    return (situation.carts[number].pieces,) if kind == "cart" and number in situation.carts else ()


@given(order=orders, with_moments=st.booleans())
@example(order=(["alias", "anna", "new account"], ["anna", "new account", "alias"]), with_moments=False)
@example(order=(["anna", "guest by mail", "anna's mail"], ["guest by mail", "anna's mail", "anna"]), with_moments=False)
@example(order=(["anna's order", "order by telephone", "anna's telephone"], ["anna's telephone", "order by telephone", "anna's order"]), with_moments=True)
def test_any_order_of_calls_gives_the_same_persons_and_states(order: tuple[list[str], list[str]], with_moments: bool) -> None:
    one, other = (told(names, with_moments) for names in order)
    assert (persons(one), folded(one)) == (persons(other), folded(other))
    one.assert_sound()
    other.assert_sound()


def everyone_in_every_order(names: tuple[str, ...]) -> list[set[frozenset[str]]]:
    seen: list[set[frozenset[str]]] = []
    for order in itertools.permutations(names):
        shop = told([*order], with_moments=False)
        shop.assert_sound()
        if persons(shop) not in seen:
            seen.append(persons(shop))
    return seen


def test_chain_of_aliases_before_anybody_is_known_is_one_person() -> None:
    names = ("alias", "third account's alias", "anna", "third account")
    assert everyone_in_every_order(names) == [{frozenset(names)}]


def test_guest_is_the_accounts_in_every_order() -> None:
    names = ("anna", "guest by mail", "order by mail", "anna's mail")
    assert everyone_in_every_order(names) == [{frozenset(names)}]


def test_guest_whose_address_no_account_tells_is_nobodys_in_any_order() -> None:
    names = ("anna", "order by mail", "bo", "bo's order by mail")
    assert everyone_in_every_order(names) == [{frozenset({"anna"}), frozenset({"order by mail"}), frozenset({"bo", "bo's order by mail"})}]
