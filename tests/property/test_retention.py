"""What is condensed goes on as it would have: whatever comes after, the log is sound, and what is open is what it would have been."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fakes.happenings import happenings
from fakes.joining import EVENTS, PARTS, acts, do, join_everyone, nobodys, persons_of, said
from fakes.shop import FIRST_POLICY, Shop, memory_shop, sqlite_shop
from omtanke.engine.condensed import part_of, read, settled, written
from omtanke.engine.state import NOBODY, State
from omtanke.engine.step import fold, stands_for
from omtanke.vocabulary.time import DAY

CONSENTS = ("Consent Given", "Consent Withdrawn", "Return Received", "Refund Issued", "Order Cancelled", "Receipt Issued")
KEEPS_A_MONTH = FIRST_POLICY.replace("history_months = 0 ", "history_months = 1 ").replace("texts_months = 0 ", "texts_months = 1 ")

happened = st.tuples(happenings((*EVENTS, *CONSENTS)).map(nobodys), st.sampled_from(PARTS)).map(lambda told: told[0] | told[1])
told = st.tuples(st.lists(st.one_of(happened, happened, said), max_size=4), st.lists(acts, max_size=2), st.integers(0, 45))
steps = st.lists(told, max_size=7)


def tell(shop: Shop, told: Any) -> None:
    """Weeks apart, so that much becomes old."""
    for n, (messages, done, days) in enumerate(told):
        shop.hear(message | {"messageId": f"{n}/{i}"} for i, message in enumerate(messages))
        shop.work()
        for i, (event, one, two) in enumerate(done):
            do(shop, f"{n}/act/{i}", event, one, two)
        shop.work()
        shop.wait(days * DAY)
        shop.work()
        assert_sound(shop)


def assert_sound(shop: Shop) -> None:
    checked = shop.check()
    assert checked.is_clean, [f"{one.customer}@{one.position}: {one.what}" for one in checked.differences]
    for person, facts in shop.persons().items():
        stored = shop.log.snapshot(person)
        assert stored is not None and stored.state == fold(facts)


def what_matters(shop: Shop) -> dict[int, tuple[Any, ...]]:
    """Of each person, what is open and allowed, how much was told, and when they are to be woken."""
    found = {}
    for person, state in shop.states().items():
        stored = shop.log.snapshot(person)
        owed = [promise for promise in state.promises.promises.values() if promise.is_open]
        tasks = {number: task for number, task in state.tasks.tasks.items() if not task.done_at}
        requests = {number: request for number, request in state.rights.requests.items() if not request.answered_at}
        found[person] = (sorted(owed, key=lambda one: one.promise), tasks, requests, state.consent, state.facts, state.now, stored and stored.next_wake)
    return found


@given(told=steps, after=steps)
def test_what_is_open_stays_and_whatever_comes_after_is_sound(told: Any, after: Any) -> None:
    shop = memory_shop()
    tell(shop, told)
    before = what_matters(shop)
    shop.change_policy(KEEPS_A_MONTH)
    shop.work()
    assert_sound(shop)
    assert what_matters(shop) == before
    tell(shop, after)
    if persons_of(shop):
        join_everyone(shop)
        assert_sound(shop)


@given(told=steps)
def test_memory_and_sqlite_condense_alike(told: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shop, stored = memory_shop(policy=KEEPS_A_MONTH), sqlite_shop(Path(folder), policy=KEEPS_A_MONTH)
        tell(shop, told)
        tell(stored, told)
        assert [(one.position, one.fact) for one in shop.facts()] == [(one.position, one.fact) for one in stored.facts()]
        assert shop.log.retained() == stored.log.retained()


@given(told=steps)
def test_parts_are_the_whole(told: Any) -> None:
    shop = memory_shop()
    tell(shop, told)
    for person, state in shop.states().items():
        customers = shop.log.customers_of(person)
        kept = settled(state, state.now - 3 * DAY)
        assert united(part_of(kept, customer, customer == person) for customer in customers) == kept
        assert slices(read(written(state))) == slices(state)


def united(parts: Any) -> State:
    from omtanke.engine.families import FAMILIES

    whole = NOBODY
    for part in parts:
        whole = State(part.now, part.facts, *(family.united(getattr(whole, family.name), getattr(part, family.name)) for family in FAMILIES))
    return whole


def slices(state: State) -> tuple[Any, ...]:
    return (state.promises, state.situation, state.tasks, state.surveys, state.consent, state.rights)


def test_something_is_condensed() -> None:
    """The other tests would hold of a shop that lets nothing go."""
    shop = memory_shop(policy=KEEPS_A_MONTH)
    until = "2026-12-05"
    bought = {"event": "Order Completed", "properties": {"order_id": "o1", "promises": [{"kind": "delivery", "until": until, "words": "Till fredag"}]}}
    shop.hear([{"type": "track", "userId": "u1", "messageId": "1", **bought}])
    shop.work()
    shop.wait(2 * DAY)
    shop.hear([{"type": "track", "userId": "u1", "messageId": "2", "event": "Shipment Delivered", "properties": {"order_id": "o1"}}])
    shop.work()
    shop.wait(29 * DAY)
    shop.work()
    counted = {n: state.facts for n, state in shop.states().items()}
    shop.wait(DAY)
    shop.hear([{"type": "identify", "userId": "u1", "messageId": "3"}])
    shop.wait(5 * DAY)
    shop.work()
    left = [one.fact for one in shop.facts() if one.fact.customer == 1]
    assert [fact.type for fact in left] == ["history_condensed", "customer_identified"]
    assert sum(stands_for(fact) for fact in left) == shop.states()[1].facts == counted[1] + 1
    assert shop.states()[1].promises.promises == {}
    assert_sound(shop)
