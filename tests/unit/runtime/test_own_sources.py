"""What our own pages say: whose it is, what it may name, and that it acts once."""

from __future__ import annotations

from typing import Any

import pytest

from fakes.shop import CURRENCY, ZONE, Shop, memory_shop
from fakes.story import at
from omtanke.runtime.own_sources import ANSWERS, CONSOLE, OwnSource, wait_until
from omtanke.storage.memory import MemoryLog
from omtanke.vocabulary.survey import SurveyAnswered
from omtanke.vocabulary.task import NoteAdded, PromiseRenegotiationRequested, TaskClosed, TaskTaken
from omtanke.vocabulary.time import DAY, HOUR


def order(number: str, user: str) -> dict[str, Any]:
    properties = {"order_id": number, "promises": [{"kind": "delivery", "until": "2026-12-02"}]}
    return {"type": "track", "event": "Order Completed", "messageId": number, "userId": user, "properties": properties}


def log_of(shop: Shop) -> MemoryLog:
    assert isinstance(shop.log, MemoryLog)
    return shop.log


def waiting() -> tuple[Shop, OwnSource]:
    """Two customers, 1 and 2, each with a delivery that we broke."""
    shop = memory_shop(begins="2026-12-01 12:00")
    shop.hear([order("1", "maja"), order("2", "moa")])
    shop.work()
    shop.wait(3 * DAY)
    shop.work()
    return shop, OwnSource(shop.inbox, CONSOLE, ZONE, CURRENCY, lambda: shop.clock)


def promise_of(shop: Shop, customer: int) -> int:
    return next(number for number, (owner, *_) in log_of(shop).promises.items() if owner == customer)


def refusals(shop: Shop) -> list[tuple[str, str]]:
    return [(one.path, one.rule) for one in log_of(shop).refusals]


def test_act_belongs_to_the_customer_that_the_page_names() -> None:
    shop, console = waiting()
    number = promise_of(shop, 2)
    console.put(TaskTaken, "form 1", 2, {"staff": 7, "task": number})
    shop.work()
    assert (log_of(shop).tasks_of([2])[number].assignee, shop.facts()[-1].fact.customer, refusals(shop)) == (7, 2, [])
    shop.assert_sound()


def test_form_that_is_sent_twice_acts_once() -> None:
    shop, console = waiting()
    for _ in range(2):
        console.put(PromiseRenegotiationRequested, "form 1", 1, {"staff": 7, "promise": promise_of(shop, 1), "until": "2026-12-09"})
    shop.work()
    assert shop.decided().count("promise_made") == 3


def test_put_tells_when_it_has_become_a_fact() -> None:
    shop, console = waiting()
    entry = console.put(NoteAdded, "form 1", 1, {"staff": 7, "note": "Ring efter fem."})
    assert not wait_until(shop.log.consumed, entry, 0.05)
    shop.work()
    assert wait_until(shop.log.consumed, entry, 0.05)


@pytest.mark.parametrize(
    ("customer", "path", "rule"),
    [
        (1, "properties.task", "is not a promise or task of this customer"),
        (99, "customer", "is not the number of a customer"),
        (0, "customer", "is missing: whom it is about"),
    ],
)
def test_act_on_somebody_elses_task_is_refused(customer: int, path: str, rule: str) -> None:
    shop, console = waiting()
    console.put(TaskClosed, "form 1", customer, {"staff": 7, "task": promise_of(shop, 2), "outcome": "told"})
    before = len(shop.facts())
    shop.work()
    assert (refusals(shop), len(shop.facts())) == ([(path, rule)], before)
    shop.assert_sound()


def test_act_on_what_does_not_exist_is_refused() -> None:
    shop, console = waiting()
    console.put(PromiseRenegotiationRequested, "form 1", 1, {"staff": 7, "promise": 12345, "until": "2026-12-09"})
    shop.work()
    assert refusals(shop) == [("properties.promise", "is not a promise or task of this customer")]


def test_act_follows_a_customer_who_has_become_part_of_another() -> None:
    shop, console = waiting()
    number = promise_of(shop, 2)
    shop.hear([{"type": "identify", "messageId": "link", "userId": "maja", "context": {"externalIds": [{"type": "crm", "id": "7"}]}}])
    shop.hear([{"type": "identify", "messageId": "too", "userId": "moa", "context": {"externalIds": [{"type": "crm", "id": "7"}]}}])
    console.put(TaskTaken, "form 1", 1, {"staff": 7, "task": number})
    shop.work()
    assert (shop.log.customer(2)[0], log_of(shop).tasks_of([2])[number].assignee, refusals(shop)) == (1, 7, [])
    shop.assert_sound()


def test_no_other_source_may_say_what_staff_do() -> None:
    shop, _ = waiting()
    properties = {"staff": 7, "task": promise_of(shop, 1)}
    shop.hear([{"type": "track", "event": "Task Taken", "messageId": "act", "userId": "maja", "customer": 1, "properties": properties}])
    shop.work()
    assert [path for path, _ in refusals(shop)] == ["event"]


def test_answer_by_our_own_link_is_the_customers() -> None:
    shop = memory_shop(begins="2026-12-01 12:00")
    shop.hear([{"type": "track", "event": "Case Resolved", "messageId": "1", "userId": "maja", "properties": {"case_id": "4"}}])
    shop.work()
    shop.wait(HOUR)
    shop.work()
    asked = shop.facts()[-1].fact
    OwnSource(shop.inbox, ANSWERS, ZONE, CURRENCY, lambda: shop.clock).put(
        SurveyAnswered,
        "click",
        asked.customer,
        {"survey_id": "1", "asked": asked.body.survey, "about": "case", "score": 1, "scale": "1-7"},  # type: ignore[attr-defined]
    )
    shop.work()
    (task,) = log_of(shop).tasks_of([1]).values()
    assert (task.about, task.survey, task.unit, task.assigned_at) == ("answer", asked.body.survey, "service", at("2026-12-01 13:00"))  # type: ignore[attr-defined]
    shop.assert_sound()


def test_two_who_turn_out_to_be_one_are_asked_once() -> None:
    shop = memory_shop(begins="2026-12-01 12:00")
    cases = [{"type": "track", "event": "Case Resolved", "messageId": n, "userId": n, "properties": {"case_id": n}} for n in ("a", "b")]
    shop.hear(cases)
    one = {"type": "identify", "userId": "a", "context": {"externalIds": [{"type": "crm", "id": "7"}]}}
    shop.hear([one | {"messageId": "1"}, one | {"messageId": "2", "userId": "b"}])
    shop.work()
    shop.wait(HOUR)
    shop.work()
    assert shop.decided() == ["survey_asked", "survey_withheld"]
    shop.assert_sound()


def test_one_who_was_asked_is_not_asked_as_the_other() -> None:
    shop = memory_shop(begins="2026-12-01 12:00")
    case = {"type": "track", "event": "Case Resolved", "properties": {}}
    link = {"type": "identify", "userId": "a", "context": {"externalIds": [{"type": "crm", "id": "7"}]}}
    shop.hear([case | {"messageId": "1", "userId": "a", "properties": {"case_id": "1"}}, link | {"messageId": "2"}])
    shop.wait(HOUR)
    shop.work()
    shop.hear([case | {"messageId": "3", "userId": "b", "properties": {"case_id": "2"}}, link | {"messageId": "4", "userId": "b"}])
    shop.wait(HOUR)
    shop.work()
    assert shop.decided() == ["survey_asked", "survey_withheld"]
    shop.assert_sound()


def test_ledger_of_a_store_is_never_asked() -> None:
    shop = memory_shop(begins="2026-12-01 12:00")
    shop.hear([{"type": "track", "event": event, "messageId": event, "properties": {"store_id": "s"}} for event in ("Store Opened", "Store Visited")])
    shop.work()
    shop.wait(DAY)
    shop.work()
    assert (shop.log.customer(1)[1], shop.decided()) == ("subject", [])
