"""What alerts are made of, as the log is followed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from omtanke.runtime.dispatch_watch import Watch
from omtanke.storage.codec import encode
from omtanke.storage.outbox import Outbox
from omtanke.storage.outbox_choices import Choice
from omtanke.storage.outbox_facts import Followed
from omtanke.vocabulary.promise import PromiseAtRisk, PromiseBroken
from omtanke.vocabulary.task import TaskAssigned
from omtanke.vocabulary.time import MINUTE

NOW = 1_795_000_000_000_000
STORE = 99


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Outbox]:
    made = Outbox(tmp_path, lambda: NOW)
    made.choices.put(Choice(1, alerts={"low_answer": ("mail",), "promise_broken": ("mail",), "at_risk_burst": ("chat",)}))
    yield made
    made.close()


def watch(box: Outbox, burst: int = 3) -> Watch:
    return Watch(box, lambda customer: customer == STORE, burst)


def fact(position: int, body: object, customer: int = 7) -> Followed:
    return Followed(position, b"f", False, customer, body.type, 1, NOW, encode(body))  # type: ignore[attr-defined]


BROKEN = PromiseBroken(promise=1, incident=1, owner="logistics")
AT_RISK = PromiseAtRisk(promise=1, until_at=NOW)


def test_broken_promise_to_a_customer_counts_and_a_stores_hours_do_not(box: Outbox) -> None:
    assert watch(box).see([fact(1, BROKEN), fact(2, BROKEN, STORE)], NOW) == [("promise_broken", NOW, 1, 1)]


def test_low_answer_is_the_task_that_it_opens(box: Outbox) -> None:
    low, other = TaskAssigned(task=1, about="answer", survey=4, unit="service"), TaskAssigned(task=2, about="promise", promise=1, unit="service")
    assert watch(box).see([fact(1, low), fact(2, other)], NOW) == [("low_answer", NOW, 1, 1)]


def test_burst_is_so_many_within_ten_minutes(box: Outbox) -> None:
    spread, close = watch(box), watch(box)
    assert [spread.see([fact(n, AT_RISK)], NOW + n * 6 * MINUTE) for n in range(3)] == [[], [], []]
    assert [close.see([fact(n, AT_RISK)], NOW + n * 4 * MINUTE) for n in range(3)] == [[], [], [("at_risk_burst", NOW, 2, 3)]]


def test_what_nobody_has_chosen_is_not_counted(box: Outbox) -> None:
    box.choices.put(Choice(1))
    assert watch(box).see([fact(1, BROKEN)], NOW) == []


def test_worker_that_is_behind_is_told_once_until_it_has_caught_up(box: Outbox) -> None:
    seeing = watch(box)
    for since, waited in ((NOW, MINUTE), (NOW, 3 * MINUTE), (NOW, 4 * MINUTE), (0, 0), (NOW, 5 * MINUTE)):
        seeing.worker_waits(since, waited)
    seeing.tell(NOW)
    assert [(one.kind, one.times) for one in box.choices.unworded()] == [("worker_behind", 2)]


def test_more_customers_set_aside_are_told_and_those_who_are_still_are_not(box: Outbox) -> None:
    seeing = watch(box)
    for count in (0, 2, 2, 1, 3):
        seeing.customers_set_aside(count, NOW if count else 0)
    seeing.tell(NOW)
    assert [(one.kind, one.times) for one in box.choices.unworded()] == [("customer_set_aside", 4)]
