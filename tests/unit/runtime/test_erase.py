"""What erasing does to what we owe, to what comes later, and to those who share something with whoever is erased."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fakes.shop import CURRENCY, KEYS, ZONE, Shop, memory_shop, sqlite_shop
from omtanke.engine.promises.ledger import BROKEN
from omtanke.runtime.erase import erasure_key
from omtanke.runtime.mentions import mentions_of
from omtanke.runtime.own_sources import ANSWERS, CONSOLE, OwnSource
from omtanke.storage.ports import Log
from omtanke.vocabulary.erasure import CustomerErased, ErasureRequested
from omtanke.vocabulary.fact import Observed
from omtanke.vocabulary.rights import RightsAnswered, RightsRequested
from omtanke.vocabulary.survey import SurveyCommented
from omtanke.vocabulary.task import NoteAdded
from omtanke.vocabulary.time import DAY

ANNA: dict[str, Any] = {"userId": "anna", "traits": {"email": "anna@shop.example", "name": "Anna Berg"}}


@pytest.fixture(params=["memory", "sqlite"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    """Anna has an order on its way and one that came too late; Bo has bought too, and shares her telephone."""
    shop = memory_shop() if request.param == "memory" else sqlite_shop(tmp_path)
    shop.hear(
        [
            {"type": "identify", "messageId": "1", **ANNA, "context": {"traits": {"phone": "0701234567"}}},
            order("2", "anna", "A-10482", "2026-12-20"),
            order("3", "anna", "A-10401", "2026-11-30"),
            order("4", "bo", "B-20311", "2026-12-20"),
            {"type": "identify", "messageId": "5", "userId": "bo", "traits": {"phone": "0701234567", "name": "Bo Berg"}},
        ]
    )
    shop.work()
    shop.wait(3 * 86_400_000_000)
    shop.work()
    yield shop


def order(message: str, user: str, number: str, until: str) -> dict[str, Any]:
    promises = [{"kind": "delivery", "until": until, "words": "Hos dig snart"}]
    return {"messageId": message, "userId": user, "event": "Order Completed", "properties": {"order_id": number, "promises": promises}}


def customer(log: Log, kind: str, value: str) -> int:
    return log.identifier(KEYS.identifier_key(kind, value))


def say(shop: Shop, event: type[Observed], key: str, number: int, source: str = CONSOLE, **properties: Any) -> None:
    OwnSource(shop.inbox, source, ZONE, CURRENCY, lambda: shop.clock).put(event, key, number, properties)
    shop.work()


def erase(shop: Shop, number: int) -> None:
    say(shop, ErasureRequested, erasure_key(number), number, staff=1)


def facts(shop: Shop, number: int) -> list[str]:
    return [one.fact.type for one in shop.log.facts_of(shop.log.customers_of(number))]


def test_nobody_finds_them_and_everybody_else_is_found(shop: Shop) -> None:
    anna, bo = customer(shop.log, "user_id", "anna"), customer(shop.log, "user_id", "bo")
    erase(shop, anna)
    assert [customer(shop.log, *one) for one in (("user_id", "anna"), ("email", "anna@shop.example"), ("user_id", "bo"))] == [0, 0, bo]
    assert [shop.log.subject(KEYS.subject_key("order", number)) is None for number in ("A-10482", "B-20311")] == [True, False]
    assert (shop.log.traces_of([anna]).parts, len(shop.log.traces_of([bo]).parts)) == ((), 2)
    assert (shop.log.is_erased(anna), shop.log.is_erased(bo)) == (True, False)


def test_open_promises_are_withdrawn_broken_ones_stay_broken_and_tasks_close(shop: Shop) -> None:
    anna = customer(shop.log, "user_id", "anna")
    before = facts(shop, anna)
    erase(shop, anna)
    assert facts(shop, anna)[len(before) :] == ["erasure_requested", "customer_erased", "promise_withdrawn", "task_done"]
    state = shop.states()[anna]
    assert sorted(promise.status for promise in state.promises.promises.values()) == [5, 6]
    assert all(task.done_at for task in state.tasks.tasks.values())
    shop.assert_sound()


def ask(shop: Shop, number: int, *rights: str) -> None:
    for right in rights:
        say(shop, RightsRequested, f"ask {right}", number, staff=1, right=right, text="Anna Berg vill det.")


def test_erasure_answers_what_was_asked_in_time_and_keeps_its_promise(shop: Shop) -> None:
    anna = customer(shop.log, "user_id", "anna")
    ask(shop, anna, "access", "erasure")
    shop.wait(3 * DAY)
    before = facts(shop, anna)
    erase(shop, anna)
    answered = ["rights_answered", "promise_kept"]
    assert facts(shop, anna)[len(before) :] == ["erasure_requested", *answered, *answered, "customer_erased", "promise_withdrawn", "task_done"]
    requests = shop.log.requests_of([anna]).values()
    assert sorted((one.right, one.outcome, one.answered_at) for one in requests) == [("access", "erased", shop.clock), ("erasure", "done", shop.clock)]
    assert shop.log.traces_of([anna]).parts == ()
    shop.assert_sound()


def test_request_that_was_answered_before_keeps_its_answer(shop: Shop) -> None:
    anna = customer(shop.log, "user_id", "anna")
    ask(shop, anna, "access")
    (number,) = shop.log.requests_of([anna])
    say(shop, RightsAnswered, "answer", anna, staff=1, promise=number, outcome="refused")
    erase(shop, anna)
    assert shop.log.requests_of([anna])[number].outcome == "refused"
    shop.assert_sound()


def test_erasure_after_the_month_answers_and_the_promise_stays_broken(shop: Shop) -> None:
    anna = customer(shop.log, "user_id", "anna")
    ask(shop, anna, "erasure")
    shop.wait(40 * DAY)
    shop.work()
    erase(shop, anna)
    ((number, one),) = shop.log.requests_of([anna]).items()
    promise = shop.states()[anna].promises.promises[number]
    assert (one.outcome, promise.status, promise.met_at) == ("done", BROKEN, shop.clock)
    shop.assert_sound()


def test_fact_counts_what_went(shop: Shop) -> None:
    anna = customer(shop.log, "user_id", "anna")
    erase(shop, anna)
    (erased,) = [one.fact.body for one in shop.log.facts_of([anna]) if isinstance(one.fact.body, CustomerErased)]
    assert erased == CustomerErased(customers=1, parts=3, identifiers=2, numbers=2)


def test_identifiers_that_a_sender_wrote_as_codes_are_counted(shop: Shop) -> None:
    long = "carrier of user-anna-berg-1234 who lives by the old harbour and waits"
    shop.hear(
        [
            {"type": "identify", "messageId": "9", "userId": "anna", "traits": {"loyalty_number": "user-anna-berg-1234"}},
            {"messageId": "10", "userId": "anna", "event": "Order Shipped", "properties": {"order_id": "A-10482", "carrier": long}},
            {"messageId": "11", "userId": "anna", "event": "Order Shipped", "properties": {"order_id": "A-10482", "carrier": "PostNord"}},
            {"messageId": "12", "userId": "anna", "event": "Cart Viewed", "context": {"touchpoint": "my-page/user-anna-berg-1234"}},
        ]
    )
    shop.work()
    anna = customer(shop.log, "user_id", "anna")
    traces = shop.log.traces_of([anna])
    mentions = mentions_of(traces.parts, traces.identifiers, KEYS.identifier_key)
    assert sum(mentions.in_text(touchpoint) or mentions.in_body(body) for body, touchpoint in traces.bodies) == 2


def test_asked_for_again_nothing_happens(shop: Shop) -> None:
    anna = customer(shop.log, "user_id", "anna")
    erase(shop, anna)
    told = shop.log.last_position()
    erase(shop, anna)
    say(shop, ErasureRequested, "another key", anna, staff=2)
    assert shop.log.last_position() == told


@pytest.mark.parametrize(
    ("source", "event", "said"), [(CONSOLE, NoteAdded, {"staff": 1, "note": "Anna ringde"}), (ANSWERS, SurveyCommented, {"survey_id": "s", "comment": "Anna"})]
)
def test_what_is_said_about_them_later_is_refused_and_not_kept(shop: Shop, source: str, event: type[Observed], said: dict[str, Any]) -> None:
    anna = customer(shop.log, "user_id", "anna")
    erase(shop, anna)
    say(shop, event, "later", anna, source, **said)
    assert list(shop.log.quarantined())[-1][2:] == (b"", "")
    assert facts(shop, anna)[-1] == "task_done"


def test_same_person_coming_back_is_somebody_new(shop: Shop) -> None:
    anna = customer(shop.log, "user_id", "anna")
    erase(shop, anna)
    shop.hear([{"type": "identify", "messageId": "9", **ANNA}, order("10", "anna", "A-10482", "2026-12-30")])
    shop.work()
    assert customer(shop.log, "email", "anna@shop.example") > anna
    assert facts(shop, anna)[-1] == "task_done"
    shop.assert_sound()


def test_what_has_come_in_by_then_goes_too_and_what_comes_later_is_somebody_elses(shop: Shop) -> None:
    anna = customer(shop.log, "user_id", "anna")
    source = OwnSource(shop.inbox, CONSOLE, ZONE, CURRENCY, lambda: shop.clock)
    source.put(ErasureRequested, erasure_key(anna), anna, {"staff": 1})
    shop.hear([order("9", "anna", "A-1", "2026-12-30")])
    shop.work()
    shop.hear([order("10", "anna", "A-2", "2026-12-30")])
    shop.work()
    again = customer(shop.log, "user_id", "anna")
    assert (facts(shop, anna).count("order_completed"), facts(shop, again).count("order_completed")) == (3, 1)
    assert (shop.log.traces_of([anna]).parts, len(shop.log.traces_of([again]).parts)) == ((), 1)
    shop.assert_sound()


def test_asked_for_under_two_numbers_it_happens_once(shop: Shop) -> None:
    anna, bo = customer(shop.log, "user_id", "anna"), customer(shop.log, "user_id", "bo")
    shop.hear([{"type": "alias", "messageId": "9", "previousId": "bo", "userId": "anna"}])
    shop.work()
    source = OwnSource(shop.inbox, CONSOLE, ZONE, CURRENCY, lambda: shop.clock)
    for number in (anna, bo):
        source.put(ErasureRequested, erasure_key(number), number, {"staff": 1})
    shop.work()
    assert facts(shop, anna).count("customer_erased") == 1
    assert shop.log.asked_to_erase() is None
    shop.assert_sound()


def test_linked_customers_go_together(shop: Shop) -> None:
    anna, bo = customer(shop.log, "user_id", "anna"), customer(shop.log, "user_id", "bo")
    shop.hear([{"type": "alias", "messageId": "9", "previousId": "bo", "userId": "anna"}])
    shop.work()
    erase(shop, bo)
    assert [shop.log.is_erased(number) for number in (anna, bo)] == [True, True]
    assert customer(shop.log, "user_id", "bo") == 0
    shop.assert_sound()


def test_store_is_nobody_who_can_be_erased(shop: Shop) -> None:
    shop.hear([{"messageId": "9", "event": "Store Opened", "properties": {"store_id": "nordstan"}}])
    shop.work()
    store = shop.log.counters()[0] - 1
    assert shop.log.customer(store)[1] == "subject"
    erase(shop, store)
    assert not shop.log.is_erased(store)


MENTIONS = mentions_of(
    [
        {"identifiers": [("email", "anna@shop.example"), ("user_id", "17")], "traits": ANNA["traits"]},
        {"numbers": [("order", 1, "7"), ("parcel", 2, "SE-998877")]},
    ],
    [KEYS.identifier_key("user_id", "17"), KEYS.identifier_key("email", "anna@shop.example")],
    KEYS.identifier_key,
)


@pytest.mark.parametrize(
    ("wire", "is_theirs"),
    [
        (b'{"userId": "17"}', True),
        (b'{"userId": "18", "properties": {"price": 17}}', False),
        (b'{"properties": {"order_id": "7"}}', True),
        (b'{"properties": {"case_id": "7", "quantity": 7}}', False),
        (b'{"a": [{"b": "till ANNA@shop.example."}]}', True),
        (b'{"traits": {"email": "Anna@Shop.example "}}', True),
        (b'{"traits": {"email": "anna@shop.example.org"}}', True),
        (b'{"traits": {"email": "susanna@shop.example"}}', False),
        (b'{"note": "Anna \\u0042erg ringde"}', True),
        (b'{"note": "Anna ringde, Berg ringde"}', False),
        (b'{"cut off": "SE-998877', True),
        (b'"\xff SE-998878', False),
        (b"", False),
    ],
)
def test_message_is_theirs_by_identifier_number_or_name(wire: bytes, is_theirs: bool) -> None:
    assert MENTIONS.in_message(wire) is is_theirs
