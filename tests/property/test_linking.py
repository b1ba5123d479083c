"""One person's history, told in parts and joined in any order, is the history told whole."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.happenings import happenings
from fakes.joining import EVENTS, PARTS, act, acts, do, join_everyone, nobodys, persons_of, said
from fakes.shop import FIRST_POLICY, Shop, memory_shop, sqlite_shop
from omtanke.engine.plays.reading import read_playbook
from omtanke.engine.policy import with_plays
from omtanke.engine.state import State
from omtanke.engine.step import fold
from omtanke.playbook import shipped
from omtanke.runtime import linking
from omtanke.vocabulary.identity import SplitRequested
from omtanke.vocabulary.time import HOUR

happened = st.tuples(happenings(EVENTS).map(nobodys), st.sampled_from(PARTS)).map(lambda told: told[0] | told[1])
steps = st.lists(st.tuples(st.lists(st.one_of(happened, happened, said), max_size=4), st.lists(acts, max_size=2), st.integers(0, 60)), max_size=6)

# Carts are remembered and questions asked meanwhile: who is in which play is of the union too.
WITH_PLAYS = with_plays(FIRST_POLICY, read_playbook(shipped()).plays.values(), "Europe/Stockholm")


@contextmanager
def beside_from(facts: int) -> Iterator[None]:
    """Histories longer than so many facts are folded beside the work."""
    was, linking.MOST_AT_ONCE = linking.MOST_AT_ONCE, facts
    try:
        yield
    finally:
        linking.MOST_AT_ONCE = was


def tell(shop: Shop, told: Any) -> None:
    for n, (messages, done, hours) in enumerate(told):
        shop.hear(message | {"messageId": f"{n}/{i}"} for i, message in enumerate(messages))
        shop.work()
        for i, (event, one, two) in enumerate(done):
            do(shop, f"{n}/act/{i}", event, one, two)
        shop.work()
        shop.wait(hours * HOUR)
        shop.work()


@pytest.mark.parametrize("at_once", [3_000, 3])
@given(told=steps, limit=st.sampled_from([1, 3, 4_000]))
def test_any_order_of_links_gives_the_state_of_the_union(at_once: int, told: Any, limit: int) -> None:
    with beside_from(at_once):
        shop, whole = memory_shop(limit=limit, policy=WITH_PLAYS), memory_shop(policy=WITH_PLAYS)
        tell(shop, told)
        shop.assert_sound()
        tell(
            whole,
            [
                ([message | {"userId": "u1", "anonymousId": None, "context": {}} for message in messages if message["type"] == "track"], [], hours)
                for messages, _, hours in told
            ],
        )
        if not persons_of(shop):
            return
        state = join_everyone(shop)
        shop.assert_sound()
        facts = [one.fact for one in shop.facts() if one.fact.customer in {number for numbers in persons_of(shop).values() for number in numbers}]
        assert state == fold(facts)
        if persons_of(whole):
            assert orders(state) == orders(join_everyone(whole))


def orders(state: State) -> dict[int, tuple[int, int]]:
    """How far each order has come: of what was observed, whoever was thought to be whom meanwhile."""
    return {number: (order.progress, order.total) for number, order in state.situation.orders.items()}


@given(told=steps)
def test_stores_link_alike(told: Any) -> None:
    with tempfile.TemporaryDirectory() as folder, beside_from(5):
        memory, sqlite = memory_shop(limit=2, policy=WITH_PLAYS), sqlite_shop(Path(folder), limit=2, policy=WITH_PLAYS)
        for n, (messages, done, hours) in enumerate(told):
            for shop in (memory, sqlite):
                shop.hear(message | {"messageId": f"{n}/{i}"} for i, message in enumerate(messages))
                shop.work()
            persons = list(persons_of(memory))
            for i, (event, one, two) in enumerate(done if persons else ()):
                named = (
                    {"one": persons[one % len(persons)], "two": persons[two % len(persons)]}
                    if event is SplitRequested
                    else {"other": persons[two % len(persons)]}
                )
                for shop in (memory, sqlite):
                    act(shop, f"{n}/act/{i}", event, persons[one % len(persons)], **named)
            for shop in (memory, sqlite):
                shop.work()
                shop.wait(hours * HOUR)
                shop.work()
        sqlite.assert_sound()
        customers = sorted(memory.log._customers)
        assert (memory.log.links_of(customers), memory.states()) == (sqlite.log.links_of(customers), sqlite.states())
