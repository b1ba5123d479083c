"""A customer at whom we fail is set aside, and blocks nobody; nothing is lost, and back again all is as if nothing had been."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fakes.poison import QUOTED, Faulty, of, poison
from fakes.shop import CURRENCY, KEYS, ZONE, Shop, first_difference, memory_shop, sqlite_shop, unplaced
from omtanke.engine import step
from omtanke.runtime import linking
from omtanke.runtime.erase import erasure_key
from omtanke.runtime.own_sources import CONSOLE, OwnSource
from omtanke.runtime.people import People
from omtanke.runtime.replay import check
from omtanke.storage.postgres import PostgresDatabase
from omtanke.storage.sql_inbox import SqlInbox
from omtanke.storage.sql_log import SqlLog
from omtanke.vocabulary.erasure import ErasureRequested
from omtanke.vocabulary.fact import Observed
from omtanke.vocabulary.identity import LinkConfirmed
from omtanke.vocabulary.running import RetryRequested
from omtanke.vocabulary.time import DAY

_numbers = itertools.count()


@pytest.fixture(params=["memory", "sqlite", *(["postgres"] if os.environ.get("OMTANKE_SOAK") else [])])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    if request.param != "postgres":
        yield memory_shop() if request.param == "memory" else sqlite_shop(tmp_path)
        return
    inbox, log = (PostgresDatabase(request.getfixturevalue("database_url"), name) for name in ("inbox", "log"))
    inbox.migrate("inbox")
    log.migrate("log")
    yield Shop(SqlInbox(inbox, KEYS), SqlLog(log))
    inbox.close()
    log.close()


def event(user: str, name: str = "Product Viewed", touchpoint: str = "shop", **properties: Any) -> dict[str, Any]:
    context = {"touchpoint": touchpoint, "channel": "web"}
    return {"messageId": f"m{next(_numbers)}", "userId": user, "event": name, "context": context, "properties": {"product_id": "p", **properties}}


def ordered(user: str, order: str, until: str = "2026-12-03", touchpoint: str = "shop") -> dict[str, Any]:
    return event(user, "Order Completed", touchpoint, order_id=order, promises=[{"kind": "delivery", "until": until}])


def of_user(shop: Shop, user: str) -> list[str]:
    customer = shop.log.identifier(KEYS.identifier_key("user_id", user))
    return [one.fact.type for one in shop.log.facts_of([customer])]


def act(shop: Shop, event: type[Observed], customer: int, key: str = "", **named: Any) -> None:
    OwnSource(shop.inbox, CONSOLE, ZONE, CURRENCY, lambda: shop.clock).put(event, key or f"act{next(_numbers)}", customer, {"staff": 1, **named})


def retry(shop: Shop) -> None:
    """Everybody who is set aside is tried again."""
    for person in shop.log.set_aside():
        act(shop, RetryRequested, person)
    shop.work()


def waiting(shop: Shop) -> list[str]:
    return [one.fact.type for person in shop.log.set_aside() for one in shop.log.held(person, 100)]


def test_others_go_on(shop: Shop) -> None:
    with poison():
        shop.hear([ordered("anna", "1"), event("anna", touchpoint="poison"), ordered("bo", "2"), event("anna"), event("bo")])
        shop.work()
        shop.assert_sound()
    assert (of_user(shop, "bo"), of_user(shop, "anna")) == (["order_completed", "promise_made", "product_viewed"], ["order_completed", "promise_made"])
    (one,) = shop.log.set_aside().values()
    assert (one.type, one.tries, one.is_returning, waiting(shop)) == ("product_viewed", 1, False, ["product_viewed", "product_viewed"])
    assert one.fault.startswith("Faulty in ") and QUOTED not in one.fault


def test_back_again_all_is_as_if_nothing_had_been(shop: Shop) -> None:
    told = [
        [ordered("anna", "1"), event("anna", touchpoint="poison"), event("bo")],
        [event("anna", "Shipment Delivered", order_id="1"), ordered("bo", "2"), ordered("anna", "3", "2026-12-05")],
        [event("anna", "Cart Viewed", cart_id="k"), event("bo", "Shipment Delivered", order_id="2")],
    ]
    well = memory_shop()
    with poison():
        for messages in told:
            shop.hear(messages)
            shop.work()
            shop.wait(2 * DAY)
            shop.work()
    for messages in told:
        well.hear(messages)
        well.work()
        well.wait(2 * DAY)
        well.work()
    retry(shop)
    act(well, RetryRequested, 1)
    well.work()
    assert shop.log.set_aside() == {} and waiting(shop) == []
    assert first_difference(without_position(unplaced(shop)), without_position(unplaced(well))) == ""
    shop.assert_sound()


def without_position(facts: dict[int, list[dict[str, Any]]]) -> dict[int, list[dict[str, Any]]]:
    """Acts have ids of their own in each shop, and our own source has a number of its own."""
    for one in itertools.chain(*facts.values()):
        if one["body"].type == "retry_requested":
            one["fact_id"], one["source"] = b"", 0
    return facts


def test_who_fails_again_stays_with_what_waits_in_its_order(shop: Shop) -> None:
    with poison(lambda fact: fact.touchpoint == "poison"):
        shop.hear([event("anna", "Cart Viewed", touchpoint="poison"), event("anna", "Product Viewed")])
        shop.work()
        retry(shop)
        shop.hear([ordered("anna", "1")])
        shop.work()
        assert waiting(shop) == ["cart_viewed", "product_viewed", "retry_requested", "order_completed"]
        assert [one.tries for one in shop.log.set_aside().values()] == [2]
        shop.assert_sound() if of_user(shop, "anna") else None
    retry(shop)
    assert of_user(shop, "anna") == ["cart_viewed", "product_viewed", "retry_requested", "order_completed", "promise_made", "retry_requested"]
    shop.assert_sound()


def test_wake_that_fails_holds_up_no_other_wake(shop: Shop) -> None:
    shop.hear([ordered("anna", "1"), ordered("bo", "2")])
    shop.work()
    anna = shop.log.identifier(KEYS.identifier_key("user_id", "anna"))
    with poison(of(anna, types=("wake_reached",))):
        shop.wait(5 * DAY)
        shop.work()
        assert ("promise_broken" in of_user(shop, "bo"), "promise_broken" in of_user(shop, "anna"), [*shop.log.set_aside()]) == (True, False, [anna])
        shop.assert_sound()
    retry(shop)
    assert [one for one in of_user(shop, "anna") if one.startswith("promise")] == [one for one in of_user(shop, "bo") if one.startswith("promise")]
    shop.assert_sound()


def test_many_who_fail_at_once_cost_one_batch(shop: Shop) -> None:
    with poison():
        shop.hear([event(f"u{n}", touchpoint="poison" if n % 2 else "shop") for n in range(400)])
        first = shop.worker.work(shop.clock)
        assert (first.entries, first.returning, len(shop.log.set_aside())) == (400, 200, 200)
    retry(shop)
    assert (shop.log.set_aside(), len([one for one in shop.facts() if one.fact.type == "product_viewed"])) == ({}, 400)
    shop.assert_sound()


def test_what_is_told_while_somebody_comes_back_in_parts_is_in_order(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("omtanke.runtime.returning.MOST_RETURNING", 3)
    with poison():
        shop.hear([event("anna", touchpoint="poison"), *(ordered("anna", f"{n}") for n in range(7))])
        shop.work()
    act(shop, RetryRequested, *shop.log.set_aside())
    for n in range(5):
        shop.hear([event("anna", "Cart Viewed", cart_id=f"{n}")])
        shop.worker.work(shop.clock)
    shop.work()
    told = [one for one in of_user(shop, "anna") if one not in ("promise_made", "retry_requested")]
    assert told == ["product_viewed", *["order_completed"] * 7, *["cart_viewed"] * 5]
    shop.assert_sound()


def test_link_with_somebody_set_aside_waits_for_them(shop: Shop) -> None:
    with poison():
        shop.hear([event("anna", "Cart Viewed", touchpoint="poison", cart_id="k"), ordered("bo", "2")])
        shop.work()
        anna, bo = (shop.log.identifier(KEYS.identifier_key("user_id", user)) for user in ("anna", "bo"))
        act(shop, LinkConfirmed, bo, other=anna)
        shop.hear([event("bo")])
        shop.work()
        assert (shop.log.customer(bo)[0], "product_viewed" in of_user(shop, "bo"), len(shop.log.regroupings())) == (bo, True, 1)
    retry(shop)
    assert (shop.log.customer(anna)[0], shop.log.customer(bo)[0], shop.log.regroupings()) == (anna, anna, [])
    shop.assert_sound()


@pytest.mark.parametrize("at_once", [3_000, 0])
def test_link_that_fails_leaves_both_as_they_were(shop: Shop, at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Now, or folded beside the work."""
    monkeypatch.setattr(linking, "MOST_AT_ONCE", at_once)
    shop.hear([event("anna", "Cart Viewed", cart_id="k"), ordered("bo", "2"), event("cleo")])
    shop.work()
    anna, bo = (shop.log.identifier(KEYS.identifier_key("user_id", user)) for user in ("anna", "bo"))
    with poison(lambda fact: fact.type == "customers_linked"):
        act(shop, LinkConfirmed, bo, other=anna)
        shop.hear([event("bo"), event("cleo")])
        shop.work()
        assert ({*shop.log.set_aside()}, shop.log.customer(bo)[0], len(shop.log.regroupings())) == ({anna, bo}, bo, 1)
        assert of_user(shop, "cleo") == ["product_viewed"] * 2
        shop.assert_sound()
    retry(shop)
    assert (shop.log.customer(bo)[0], shop.log.regroupings(), shop.log.set_aside()) == (anna, [], {})
    shop.assert_sound()


def test_erasure_of_somebody_set_aside_waits_and_others_are_erased(shop: Shop) -> None:
    shop.hear([event("anna"), event("bo")])
    shop.work()
    anna, bo = (shop.log.identifier(KEYS.identifier_key("user_id", user)) for user in ("anna", "bo"))
    with poison(of(anna, types=("customer_erased",))):
        act(shop, ErasureRequested, anna, erasure_key(anna))
        shop.work()
        act(shop, ErasureRequested, bo, erasure_key(bo))
        shop.work()
        assert (shop.log.is_erased(anna), shop.log.is_erased(bo), [*shop.log.set_aside()], waiting(shop)) == (False, True, [anna], [])
    retry(shop)
    assert shop.log.is_erased(anna)
    shop.assert_sound()


def test_newer_policy_tries_again_by_itself(shop: Shop) -> None:
    with poison():
        shop.hear([event("anna", touchpoint="poison")])
        shop.work()
    shop.restart()
    shop.work()
    assert len(shop.log.set_aside()) == 1
    shop.change_policy(shop.policy_text + "\n# said otherwise\n")
    shop.work()
    assert (shop.log.set_aside(), of_user(shop, "anna")) == ({}, ["product_viewed"])


def test_message_at_which_we_fail_before_it_is_anybodys_is_put_in_quarantine_whole(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """No customer is known yet, so none can be set aside; the others of its batch go on."""
    real = People.resolve

    def resolve(people: People, understood: Any, source: str, handed: Any) -> Any:
        if understood.touchpoint == "poison":
            raise Faulty(QUOTED)
        return real(people, understood, source, handed)

    monkeypatch.setattr(People, "resolve", resolve)
    shop.hear([event("anna"), event("bo", touchpoint="poison"), *(event("cleo") for _ in range(30))])
    shop.work()
    assert (len(of_user(shop, "anna")), len(of_user(shop, "cleo")), shop.log.set_aside()) == (1, 30, {})
    ((_entry, _id, wire, _value),) = shop.log.quarantined()
    assert b'"bo"' in wire


def test_state_that_cannot_be_stored_sets_aside_whose_it_is(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails at the end of a batch is narrowed down to one message."""
    real = type(shop.log).commit

    def commit(log: Any, batch: Any) -> None:
        if any(one.fact.touchpoint == "poison" for one in batch.facts):
            raise OverflowError(QUOTED)
        real(log, batch)

    monkeypatch.setattr(type(shop.log), "commit", commit)
    shop.hear([event("bo"), event("anna", touchpoint="poison"), *(event("cleo") for _ in range(30))])
    shop.work()
    anna = shop.log.identifier(KEYS.identifier_key("user_id", "anna"))
    assert ([*shop.log.set_aside()], len(of_user(shop, "cleo")), waiting(shop)) == ([anna], 30, ["product_viewed"])


def test_check_says_of_whom_it_cannot_say_anything(shop: Shop) -> None:
    shop.hear([event("anna"), event("bo")])
    shop.work()
    anna = shop.log.identifier(KEYS.identifier_key("user_id", "anna"))
    with poison(of(anna)):
        *_, checked = check(shop.log, None)
    assert [(one.customer, one.what.partition(":")[0], QUOTED in one.what) for one in checked.differences] == [(anna, "cannot be decided anew", False)]


def test_store_that_fails_sets_nobody_aside(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.hear([event("anna")])

    def broken(*_: Any) -> Any:
        raise OSError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(step, "_change", broken)
        with pytest.raises(OSError, match="no space"):
            shop.work()
    shop.work()
    assert (shop.log.set_aside(), of_user(shop, "anna")) == ({}, ["product_viewed"])
