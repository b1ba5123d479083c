"""Whatever is asked, answered, corrected and left alone, between whatever else happens: stores agree, and every decision can be made anew."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fakes.happenings import happenings
from fakes.shop import CURRENCY, ZONE, Shop, memory_shop, sqlite_shop
from omtanke.runtime.own_sources import CONSOLE, OwnSource
from omtanke.storage.codec import encode
from omtanke.storage.memory import MemoryLog
from omtanke.vocabulary.fact import Observed
from omtanke.vocabulary.rights import (
    ANSWERS,
    RIGHTS,
    WHY_LONGER,
    WHY_RESTRICTED,
    DetailsCorrected,
    ProcessingRestricted,
    RestrictionLifted,
    RightsAnswered,
    RightsExtended,
    RightsRequested,
)
from omtanke.vocabulary.task import PromiseRenegotiationRequested, TaskClosed, TaskTaken
from omtanke.vocabulary.time import HOUR

LARGEST = 64 * 1024
ON_PROMISE, ON_TASK = (RightsAnswered, RightsExtended, PromiseRenegotiationRequested), (TaskTaken, TaskClosed)
ACTS: dict[type[Observed], dict[str, st.SearchStrategy[Any]]] = {
    RightsRequested: {"right": st.sampled_from(sorted(RIGHTS)), "reached": st.sampled_from(["2026-10-31", "2026-11-29", "2027-01-31"])},
    RightsExtended: {"why": st.sampled_from(sorted(WHY_LONGER))},
    RightsAnswered: {"outcome": st.sampled_from(sorted(ANSWERS))},
    DetailsCorrected: {"corrected": st.just(["name", "email"]), "name": st.just("Ebba"), "email": st.sampled_from(["e@x.example", "f@x.example"])},
    ProcessingRestricted: {"why": st.sampled_from(sorted(WHY_RESTRICTED))},
    RestrictionLifted: {},
    PromiseRenegotiationRequested: {"until": st.sampled_from(["2026-12-24", "2027-02-01"])},
    TaskTaken: {},
    TaskClosed: {"outcome": st.just("told")},
}
EVENTS = ("Order Completed", "Shipment Delivered", "Case Message Sent", "Case Resolved")


@st.composite
def acts(draw: st.DrawFn) -> tuple[type[Observed], int, int, dict[str, Any]]:
    """An act: which, on the customer and the promise of these places, and what more."""
    act = draw(st.sampled_from(sorted(ACTS, key=lambda one: one.name)))
    return act, draw(st.integers(0, 3)), draw(st.integers(0, 5)), {name: draw(values) for name, values in ACTS[act].items()}


live = happenings(EVENTS).map(lambda message: {name: value for name, value in message.items() if name != "timestamp"})
steps = st.lists(st.tuples(st.lists(live, max_size=2), st.lists(acts(), max_size=3), st.integers(0, 900)), max_size=6)


def do(shop: Shop, numbers: list[int], key: str, act: tuple[type[Observed], int, int, dict[str, Any]]) -> None:
    event, customer, place, more = act
    name = "promise" if event in ON_PROMISE else "task" if event in ON_TASK else ""
    named = {name: numbers[place % len(numbers)]} if name and numbers else {}
    OwnSource(shop.inbox, CONSOLE, ZONE, CURRENCY, lambda: shop.clock).put(event, key, customer, {"staff": 1, **named, **more})


@given(told=steps)
def test_rights_between_promises_keep_the_check_clean(told: list[tuple[list[dict[str, Any]], list[Any], int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        memory, sqlite = memory_shop(begins="2026-11-30 12:00"), sqlite_shop(Path(folder), begins="2026-11-30 12:00", limit=2)
        assert isinstance(memory.log, MemoryLog)
        for n, (messages, done, hours) in enumerate(told):
            numbers = sorted({*memory.log.requests, *memory.log.promises})
            for shop in (memory, sqlite):
                shop.hear(message | {"messageId": f"{n}/{i}"} for i, message in enumerate(messages))
                for i, act in enumerate(done):
                    do(shop, numbers, f"{n}/{i}", act)
                shop.wait(hours * HOUR)
                shop.work()
        for shop in (memory, sqlite):
            shop.assert_sound()
            assert all(len(encode(state)) < LARGEST for state in shop.states().values())
        customers = sorted(memory.log._customers)
        assert memory.log.requests_of(customers) == sqlite.log.requests_of(customers)
        assert [memory.log.restricted_at([one]) for one in customers] == [sqlite.log.restricted_at([one]) for one in customers]
