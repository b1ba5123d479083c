"""Whatever staff do, with whatever, in whatever order: it is theirs or refused, and every decision can be made anew."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fakes.happenings import happenings
from fakes.shop import CURRENCY, FIRST_POLICY, ZONE, Shop, memory_shop, sqlite_shop
from omtanke.runtime.own_sources import CONSOLE, OwnSource
from omtanke.storage.codec import encode
from omtanke.storage.memory import MemoryLog
from omtanke.vocabulary.erasure import ErasureRequested
from omtanke.vocabulary.fact import Observed
from omtanke.vocabulary.task import OUTCOMES, CustomerTold, NoteAdded, PromiseRenegotiationRequested, TaskClosed, TaskTaken
from omtanke.vocabulary.time import HOUR

LARGEST = 64 * 1024
POLICY = FIRST_POLICY + "\n[units]\nlogistics = [1, 2]\nservice = [3]\n"
DAYS = [f"2026-12-{day:02}" for day in range(1, 29)]
ACTS: dict[type[Observed], dict[str, st.SearchStrategy[Any]]] = {
    PromiseRenegotiationRequested: {"until": st.sampled_from(DAYS)},
    TaskTaken: {},
    CustomerTold: {},
    TaskClosed: {"outcome": st.sampled_from(sorted(OUTCOMES))},
    NoteAdded: {"note": st.just("Ring efter fem.")},
    ErasureRequested: {},
}
EVENTS = ("Order Completed", "Promise Stated", "Shipment Delivered", "Survey Answered", "Case Opened", "Case Message Sent", "Case Resolved", "Store Visited")


@st.composite
def acts(draw: st.DrawFn) -> tuple[type[Observed], int, int, int, dict[str, Any]]:
    """An act: which, on the customer and the task of these places, by whom, and what more; often on another customer's task."""
    act = draw(st.sampled_from(sorted(ACTS, key=lambda one: one.name)))
    return act, draw(st.integers(0, 3)), draw(st.integers(0, 5)), draw(st.integers(1, 3)), {name: draw(values) for name, values in ACTS[act].items()}


live = happenings(EVENTS).map(lambda message: {name: value for name, value in message.items() if name != "timestamp"})
steps = st.lists(st.tuples(st.lists(live, max_size=3), st.lists(acts(), max_size=3), st.integers(0, 72)), max_size=6)


def do(shop: Shop, numbers: list[int], key: str, act: tuple[type[Observed], int, int, int, dict[str, Any]]) -> None:
    event, customer, place, staff, more = act
    is_named = numbers and event not in (NoteAdded, ErasureRequested)
    named = {"promise" if event is PromiseRenegotiationRequested else "task": numbers[place % len(numbers)]} if is_named else {}
    OwnSource(shop.inbox, CONSOLE, ZONE, CURRENCY, lambda: shop.clock).put(event, key, customer, {"staff": staff, **named, **more})


@given(told=steps)
def test_acts_between_promises_keep_the_check_clean(told: list[tuple[list[dict[str, Any]], list[Any], int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        memory, sqlite = memory_shop(policy=POLICY, begins="2026-11-30 12:00"), sqlite_shop(Path(folder), policy=POLICY, begins="2026-11-30 12:00", limit=2)
        assert isinstance(memory.log, MemoryLog)
        for n, (messages, done, hours) in enumerate(told):
            numbers = sorted({*memory.log.promises, *memory.log.tasks})
            for shop in (memory, sqlite):
                shop.hear(message | {"messageId": f"{n}/{i}"} for i, message in enumerate(messages))
                for i, act in enumerate(done):
                    if act[0] is ErasureRequested:
                        shop.work()  # an erasure happens between two batches: both stores shall have read as far
                    do(shop, numbers, f"{n}/{i}", act)
                    if act[0] is ErasureRequested:
                        shop.work()
                shop.wait(hours * HOUR)
                shop.work()
        for shop in (memory, sqlite):
            shop.assert_sound()
            assert all(len(encode(state)) < LARGEST for state in shop.states().values())
        customers = sorted(memory.log._customers)
        assert memory.log.tasks_of(customers) == sqlite.log.tasks_of(customers)
        assert all(task.done_at == 0 or task.outcome in OUTCOMES for task in memory.log.tasks_of(customers).values())
