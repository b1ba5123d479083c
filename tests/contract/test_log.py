"""What every log keeps to."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from fakes.story import Story, at
from omtanke.engine import ENGINE_VERSION
from omtanke.engine.state import State
from omtanke.engine.tasks import Task
from omtanke.storage.aside import Held, SetAside
from omtanke.storage.erasing import Asked
from omtanke.storage.ports import Batch, Card, Device, Log, Logged, VersionConflict
from omtanke.vocabulary.erasure import ErasureRequested
from omtanke.vocabulary.fact import Fact

NOON = 1_795_000_000_000_000


def ordered() -> Story:
    story = Story()
    story.tell("2026-11-17 18:04", "Order Completed", order_id="7", promises=[{"kind": "delivery", "until": "2026-11-20"}])
    return story


def batch_of(story: Story, version: int = 0, consumed: int = 1, first: int = 1) -> Batch:
    """A transaction that stores the story's facts and state of customer 1."""
    facts = [Logged(first + n, fact, {"numbers": [("order", 1, "7")]} if not n else None) for n, fact in enumerate(story.facts)]
    batch = Batch(consumed=consumed, clock=story.state.now, facts=facts, next_customer=2, next_surrogate=9)
    batch.snapshots = {1: (version, facts[-1].position, story.state, story.wake)}
    batch.promises = {number: (1, promise, 2) for number, promise in story.state.promises.promises.items()}
    return batch


def test_new_log_is_empty(log: Log) -> None:
    assert (log.consumed(), log.clock(), log.last_position(), log.counters(), log.next_wake(), log.policies()) == (0, 0, 0, (1, 1), None, [])


def test_facts_come_back_as_they_were_stored(log: Log) -> None:
    story = ordered()
    batch = batch_of(story)
    batch.customers = {1: "person"}
    log.commit(batch)
    assert [(one.position, one.fact.fact_id, one.fact.body, one.fact.because, one.fact.reason) for one in log.facts_of([1])] == [
        (n + 1, fact.fact_id, fact.body, fact.because, fact.reason) for n, fact in enumerate(story.facts)
    ]
    assert (log.consumed(), log.clock(), log.last_position(), log.counters()) == (1, story.state.now, len(story.facts), (2, 9))


def test_state_comes_back_with_its_version_and_wake(log: Log) -> None:
    story = ordered()
    log.commit(batch_of(story))
    stored = log.snapshot(1)
    assert stored is not None
    assert (stored.version, stored.next_wake, stored.state, log.snapshot(2)) == (1, story.wake, story.state, None)


def test_snapshot_that_has_moved_on_stores_nothing(log: Log) -> None:
    story = ordered()
    log.commit(batch_of(story))
    with pytest.raises(VersionConflict):
        log.commit(batch_of(story, version=0, consumed=2, first=3))
    assert (log.consumed(), log.last_position()) == (1, len(story.facts))
    log.commit(batch_of(story, version=1, consumed=2, first=3))
    assert log.consumed() == 2


def test_abandoned_batch_leaves_nothing(log: Log) -> None:
    log.begin()
    log.abandon()
    log.abandon()
    assert log.last_position() == 0


def test_wakes_are_found_by_their_time(log: Log) -> None:
    story = ordered()
    log.commit(batch_of(story))
    due = at("2026-11-20 00:00")
    assert (log.due_wakes(0, due, 9), log.due_wakes(0, due + 1, 9), log.due_wakes(due + 1, due + 9, 9)) == ([], [(due, 1)], [])
    assert log.next_wake() == due


def test_identifiers_subjects_and_persons_are_found(log: Log) -> None:
    batch = batch_of(ordered())
    batch.customers = {1: "person", 2: "unnamed"}
    batch.identifiers = {b"k" * 16: ("email", 1)}
    batch.subjects = {b"s" * 16: ("order", 7, 1)}
    log.commit(batch)
    assert (log.identifier(b"k" * 16), log.identifier(b"x" * 16), log.subject(b"s" * 16), log.subject(b"x" * 16)) == (1, 0, (7, 1), None)
    assert (log.customer(2), log.customers_of(1)) == ((2, "unnamed"), [1])
    assert [log.has_identifier(customer, ("email",)) for customer in (1, 2)] == [True, False]
    assert not log.has_identifier(1, ("user_id",))


def test_many_are_found_at_once_and_who_is_unknown_is_left_out(log: Log) -> None:
    story = ordered()
    batch = batch_of(story)
    batch.customers = {1: "person", 2: "unnamed"}
    batch.identifiers = {b"k" * 16: ("email", 1), b"l" * 16: ("device", 2)}
    batch.subjects = {b"s" * 16: ("order", 7, 1)}
    batch.devices = {b"l" * 16: Device(account=1, customer=2, is_open=True)}
    log.commit(batch)
    keys = {b"k" * 16, b"l" * 16, b"s" * 16, b"x" * 16}
    assert (log.identifiers(keys), log.subjects(keys)) == ({b"k" * 16: 1, b"l" * 16: 2}, {b"s" * 16: (7, 1)})
    assert (log.devices(keys), log.customers({2, 1})) == (batch.devices, {1: (1, "person"), 2: (2, "unnamed")})
    assert log.snapshots({1, 2}) == {1: log.snapshot(1)}
    assert (log.identifiers(()), log.subjects(()), log.devices(()), log.customers(()), log.snapshots(())) == ({}, {}, {}, {}, {})


def test_within_a_batch_the_log_stands_where_the_last_one_left_it(log: Log) -> None:
    story = ordered()
    log.begin()
    log.abandon()
    log.commit(batch_of(story))
    log.begin()
    assert (log.consumed(), log.clock(), log.last_position(), log.counters()) == (1, story.state.now, len(story.facts), (2, 9))
    log.commit(batch_of(story, version=1, consumed=2, first=3))
    assert (log.consumed(), log.last_position()) == (2, len(story.facts) + 2)


def test_linked_customer_leads_to_the_survivor_and_its_snapshot_goes(log: Log) -> None:
    story = ordered()
    batch = batch_of(story)
    batch.customers = {1: "person", 2: "unnamed"}
    batch.snapshots[2] = (0, 1, State(), None)
    log.commit(batch)
    link = Batch(consumed=2, clock=story.state.now, persons={2: 1}, gone={2: 1}, next_customer=3, next_surrogate=9)
    log.commit(link)
    assert (log.customer(2), log.customers_of(1), log.snapshot(2)) == ((1, "unnamed"), [1, 2], None)


def test_those_who_wait_for_a_product_are_found(log: Log) -> None:
    story = Story()
    story.tell("2026-11-17 10:00", "Promise Stated", kind="restock", product_id="p", until="2026-12-01")
    batch = batch_of(story)
    batch.customers = {1: "person"}
    log.commit(batch)
    product = story.refer("product", "p")
    assert (log.waiting_for("restock", "product", product), log.waiting_for("restock", "product", 99)) == ([1], [])


TASK = Task("promise", 2**62 + 5, 0, "logistics", 7, 50, customer=1)


def tasks_batch(number: int, customer: int, task: Task, consumed: int = 1) -> Batch:
    return Batch(consumed=consumed, clock=0, customers={1: "person", 2: "person"}, tasks={number: (customer, task, 1)}, next_customer=3, next_surrogate=1)


def test_tasks_come_back_as_they_stand(log: Log) -> None:
    log.commit(tasks_batch(TASK.promise, 1, TASK))
    assert (log.tasks_of([1]), log.tasks_of([2]), log.tasks_of([1, 2])) == ({TASK.promise: TASK}, {}, {TASK.promise: TASK})


def test_task_that_has_moved_on_stays_with_its_customer(log: Log) -> None:
    log.commit(tasks_batch(5, 1, TASK))
    done = Task("answer", 0, 9, "service", 8, 60, taken_at=61, told_at=62, told_by=8, done_at=63, outcome="told", customer=1)
    log.commit(tasks_batch(5, 2, done, consumed=2))
    assert (log.tasks_of([1]), log.tasks_of([2])) == ({5: done}, {})


def test_owner_of_a_promise_or_task_is_found(log: Log) -> None:
    batch = batch_of(ordered())
    batch.tasks = {5: (2, TASK, 1)}
    log.commit(batch)
    (promise,) = batch.promises
    assert (log.owner_of(promise), log.owner_of(5), log.owner_of(6)) == (1, 2, 0)


def test_last_fact_of_another_engine_is_found(log: Log) -> None:
    log.commit(batch_of(ordered()))
    assert (log.facts_by_others(ENGINE_VERSION), log.facts_by_others(ENGINE_VERSION + 1)) == (0, 2)


def test_policies_are_kept_in_order(log: Log) -> None:
    for version in (1, 2):
        log.commit(Batch(consumed=0, clock=0, next_customer=1, next_surrogate=1, policy=(version, f"digest {version}", "text", 5)))
    assert log.policies() == [(1, "digest 1", "text"), (2, "digest 2", "text")]


def test_cards_may_be_told_in_any_order(log: Log) -> None:
    batch = batch_of(ordered())
    batch.cards = [Card(1, name="Maja Lindqvist", seen_at=5), Card(1, email="maja@example.com", seen_at=3)]
    log.commit(batch)
    assert log.last_position() == 2


def aside(person: int, **how: Any) -> SetAside:
    return SetAside(person, NOON, "order_completed", "KeyError in engine/step.py:1 (step)", 2, program="1", policy=3, **how)


def test_who_is_set_aside_comes_back_with_what_waits_in_order(log: Log) -> None:
    story = ordered()
    first = Batch(consumed=1, clock=NOON, next_customer=3, next_surrogate=9)
    first.customers = {1: "person", 2: "person"}
    first.aside = {1: aside(1), 2: aside(2, is_returning=True)}
    first.held = [Held(0, 1, fact, {"numbers": [["order", 1, "7"]]} if not n else None) for n, fact in enumerate(story.facts)]
    log.commit(first)
    assert log.set_aside() == {1: aside(1), 2: aside(2, is_returning=True)}
    held = log.held(1, 10)
    assert [(one.person, one.fact, one.personal) for one in held] == [
        (1, fact, {"numbers": [["order", 1, "7"]]} if not n else None) for n, fact in enumerate(story.facts)
    ]
    assert (log.held(1, 1), log.held(2, 10), log.last_position()) == (held[:1], [], 0)
    second = Batch(consumed=2, clock=NOON, next_customer=3, next_surrogate=9)
    second.aside = {1: None, 2: replace(aside(2), tries=3)}
    second.let_go = [held[0].held]
    second.held = [Held(0, 1, story.facts[0], None)]
    log.commit(second)
    assert log.set_aside() == {2: replace(aside(2), tries=3)}
    assert [one.fact.fact_id for one in log.held(1, 10)] == [*(fact.fact_id for fact in story.facts[1:]), story.facts[0].fact_id]


def test_who_waits_to_be_told_of_a_restock_is_known_while_it_is_held(log: Log) -> None:
    story = Story()
    story.tell("2026-11-17 18:04", "Promise Stated", kind="restock", product_id="7", until="2026-11-20")
    batch = Batch(consumed=1, clock=NOON, next_customer=3, next_surrogate=9)
    batch.customers, batch.aside = {1: "person", 2: "person"}, {1: aside(1), 2: aside(2)}
    batch.held = [Held(0, 1, story.facts[0], None), Held(0, 2, ordered().facts[0], None)]
    log.commit(batch)
    assert log.held_restock() == [1]


def test_erasure_of_somebody_set_aside_lets_the_next_one_pass(log: Log) -> None:
    facts = [Logged(n, Fact(bytes([n]) * 16, n, ErasureRequested(staff=1), NOON, NOON, NOON)) for n in (1, 2)]
    batch = Batch(consumed=1, clock=NOON, facts=facts, next_customer=3, next_surrogate=9)
    batch.customers, batch.asked = {1: "person", 2: "person"}, [Asked(n, n, NOON) for n in (1, 2)]
    batch.aside = {1: aside(1)}
    log.commit(batch)
    asked = log.asked_to_erase()
    assert asked is not None and asked[0].fact.customer == 2
