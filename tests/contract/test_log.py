"""What every log keeps to."""

from __future__ import annotations

import pytest

from fakes.story import Story, at
from omtanke.engine import ENGINE_VERSION
from omtanke.engine.state import State
from omtanke.engine.tasks import Task
from omtanke.storage.ports import Batch, Card, Log, Logged, VersionConflict


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
