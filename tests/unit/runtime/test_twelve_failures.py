"""Twelve ways in which other systems lose or mix up people. Each is tried here."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from fakes.shop import CURRENCY, KEYS, ZONE, Shop, memory_shop, sqlite_shop
from omtanke.insight.ask import ask
from omtanke.runtime import linking
from omtanke.runtime.own_sources import CONSOLE, OwnSource
from omtanke.storage.keys import Keys
from omtanke.storage.memory import MemoryLog
from omtanke.vocabulary.fact import Observed
from omtanke.vocabulary.identity import LinkConfirmed, SplitRequested
from omtanke.vocabulary.time import HOUR

_numbers = itertools.count()


def told(shop: Shop, event: str = "Cart Viewed", **message: Any) -> int:
    """The person that the fact belongs to."""
    properties = message.pop("properties", {})
    shop.hear([{"type": "track", "event": event, "properties": properties, "messageId": f"m{next(_numbers)}", **message}])
    before = shop.log.last_position()
    shop.work()
    observed = next(one.fact for one in shop.facts() if one.position > before and one.fact.source and not one.fact.cause)
    return shop.log.customer(observed.customer)[0]


def act(shop: Shop, event: type[Observed], customer: int, **named: int) -> None:
    OwnSource(shop.inbox, CONSOLE, ZONE, CURRENCY, lambda: shop.clock).put(event, f"act{next(_numbers)}", customer, {"staff": 1, **named})
    shop.work()


def types_of(shop: Shop, person: int) -> list[str]:
    """What was observed of the person, in the order of the log."""
    return [one.fact.type for one in shop.log.facts_of(shop.log.customers_of(person)) if one.fact.source and not one.fact.cause]


def test_known_person_gets_the_history_of_a_new_device() -> None:
    shop = memory_shop()
    anna = told(shop, "Order Completed", userId="anna", properties={"order_id": "1"})
    told(shop, "Product Added", anonymousId="phone", properties={"cart_id": "k", "product_id": "p"})
    told(shop, type="identify", userId="anna", anonymousId="phone", traits={})
    assert types_of(shop, anna) == ["order_completed", "product_added", "customer_identified"]
    snapshot = shop.log.snapshot(anna)
    assert snapshot is not None and snapshot.state is not None
    assert [cart.pieces for cart in snapshot.state.situation.carts.values()] == [1]
    shop.assert_sound()


def test_history_is_there_in_any_order_of_calls_on_two_devices_after_months() -> None:
    calls = [
        {"event": "Product Viewed", "anonymousId": "laptop", "properties": {"product_id": "p"}},
        {"event": "Product Viewed", "anonymousId": "phone", "properties": {"product_id": "p"}},
        {"type": "identify", "userId": "anna", "anonymousId": "laptop", "traits": {}},
        {"type": "identify", "userId": "anna", "anonymousId": "phone", "traits": {}},
    ]
    for order in itertools.permutations(calls):
        shop = memory_shop()
        for call in order:
            told(shop, **call)
            shop.wait(60 * 24 * HOUR)
        assert [len(customers) for _, customers in shop.log.persons()] != []
        assert len(list(shop.log.persons())) == 1, order
        shop.assert_sound()


def test_merge_loses_no_event_and_no_promise() -> None:
    shop = memory_shop()
    for user in ("old", "new"):
        told(shop, "Order Completed", userId=user, properties={"order_id": user, "promises": [{"kind": "delivery", "until": "2026-12-24"}]})
    person = told(shop, type="alias", userId="new", previousId="old")
    assert types_of(shop, person) == ["order_completed", "order_completed", "customer_aliased"]
    assert len(shop.log.promises_of(shop.log.customers_of(person))) == 2
    shop.assert_sound()


def test_merge_loses_no_personal_field(tmp_path: Path) -> None:
    shop = sqlite_shop(tmp_path)
    told(shop, type="identify", userId="old", traits={"name": "Ebba Åkesson", "city": "Umeå"})
    told(shop, type="identify", userId="new", traits={"email": "ebba@example.org"})
    told(shop, type="alias", userId="new", previousId="old")
    rows = shop.log.connection.execute("SELECT name, city, email FROM card JOIN customer USING (customer) WHERE person = 1 ORDER BY customer").fetchall()  # type: ignore[attr-defined]
    assert rows == [("Ebba Åkesson", "Umeå", ""), ("", "", "ebba@example.org")]


def customers_in(folder: Path, *period: str) -> int:
    """The figure: of how many customers anything was observed on the days of a period."""
    since, until = period or (None, None)
    (number,) = [
        one["number"] for one in ask(folder, "overview", zone=ZONE, since=since, until=until).records if one["section"] == "customers" and one["item"] == "all"
    ]
    return int(number)


def test_merged_person_is_counted_once_in_every_month(tmp_path: Path) -> None:
    shop, november, january = sqlite_shop(tmp_path), ("2026-11-01", "2026-11-30"), ("2027-01-01", "2027-01-31")
    told(shop, userId="old")
    shop.wait(40 * 24 * HOUR)
    told(shop, userId="new")
    told(shop, userId="old")
    assert (customers_in(tmp_path, *november), customers_in(tmp_path, *january), customers_in(tmp_path)) == (1, 2, 2)
    told(shop, type="alias", userId="new", previousId="old")
    assert (customers_in(tmp_path, *november), customers_in(tmp_path, *january), customers_in(tmp_path)) == (1, 1, 1)


def test_second_person_on_a_browser_does_not_swallow_the_first() -> None:
    shop = memory_shop()
    anna = told(shop, "Order Completed", userId="anna", anonymousId="browser", properties={"order_id": "1"})
    bo = told(shop, "Order Completed", userId="bo", anonymousId="browser", properties={"order_id": "2"})
    assert (anna == bo, types_of(shop, anna), types_of(shop, bo)) == (False, ["order_completed"], ["order_completed"])
    assert told(shop, anonymousId="browser") not in (anna, bo)
    shop.assert_sound()


def test_old_id_lives_on_after_a_merge() -> None:
    shop = memory_shop()
    told(shop, userId="old")
    told(shop, userId="new")
    person = told(shop, type="alias", userId="new", previousId="old")
    assert (told(shop, userId="old"), told(shop, userId="new")) == (person, person)


def test_the_shops_own_address_is_nobodys() -> None:
    keys = Keys(b"k" * 32, "SE", ("kundtjanst@butik.se", "@butik.example", "08-123 45 67"))
    assert [
        keys.may_identify(kind, value)
        for kind, value in (
            ("email", "Kundtjanst@butik.se"),
            ("email", "any@butik.example"),
            ("phone", "+46 8 123 45 67"),
            ("email", "ebba@example.org"),
            ("user_id", "x@butik.example"),
        )
    ] == [False, False, False, True, True]
    shop = memory_shop(keys=keys)
    first, second = (told(shop, type="identify", userId=None, anonymousId=device, traits={"email": "kundtjanst@butik.se"}) for device in ("a", "b"))
    assert first != second


def test_null_is_nobody() -> None:
    shop = memory_shop()
    assert told(shop, userId="null", anonymousId="a") != told(shop, userId="null", anonymousId="b")


def test_common_telephone_does_not_make_two_accounts_one() -> None:
    shop = memory_shop()
    first, second = (told(shop, type="identify", userId=user, traits={"phone": "070-123 45 67"}) for user in ("anna", "bo"))
    assert first != second


def test_both_records_live_on_whichever_way_they_are_merged() -> None:
    for older, newer in (("a", "b"), ("b", "a")):
        shop = memory_shop()
        told(shop, "Order Completed", userId="a", properties={"order_id": "1"})
        told(shop, type="identify", userId="b", traits={"name": "Ebba"})
        person = told(shop, type="alias", userId=newer, previousId=older)
        assert types_of(shop, person) == ["order_completed", "customer_identified", "customer_aliased"]
        assert isinstance(shop.log, MemoryLog)
        assert [card.name for card in shop.log.cards] == ["Ebba"]


def test_alias_may_be_called_again_and_again() -> None:
    shop = memory_shop()
    for old in ("one", "two", "three", "two", "one"):
        told(shop, userId=old)
        told(shop, type="alias", userId="now", previousId=old)
    assert len(list(shop.log.persons())) == 1
    assert [one.fact.type for one in shop.facts()].count("customers_linked") == 2
    shop.assert_sound()


def test_old_address_still_leads_to_who_has_a_new_one() -> None:
    shop = memory_shop()
    anna = told(shop, type="identify", userId="anna", traits={"email": "anna@old.example"})
    told(shop, type="identify", userId="anna", traits={"email": "anna@new.example"})
    found = [told(shop, type="identify", userId=None, traits={"email": address}) for address in ("anna@old.example", "Anna@New.example ")]
    assert found == [anna, anna]


def test_what_staff_have_parted_stays_parted_until_staff_join_it() -> None:
    shop = memory_shop()
    anna = told(shop, "Order Completed", userId="anna", properties={"order_id": "1", "promises": [{"kind": "delivery", "until": "2026-12-01"}]})
    phone = told(shop, "Product Added", anonymousId="phone", properties={"cart_id": "k", "product_id": "p"})
    assert told(shop, type="identify", userId="anna", anonymousId="phone", traits={}) == anna
    shop.wait(72 * HOUR)
    shop.work()
    act(shop, SplitRequested, anna, one=anna, two=phone)
    assert [shop.log.customer(one)[0] for one in (anna, phone)] == [anna, phone]
    assert [types_of(shop, one) for one in (anna, phone)] == [["order_completed", "customer_identified", "split_requested"], ["product_added"]]
    told(shop, type="identify", userId="anna", anonymousId="phone", traits={})
    assert shop.log.customer(phone)[0] == phone
    shop.assert_sound()
    broken = [one.fact.type for one in shop.facts()].count("promise_broken")
    act(shop, LinkConfirmed, anna, other=phone)
    assert (shop.log.customer(phone)[0], [one.fact.type for one in shop.facts()].count("promise_broken"), broken) == (anna, 1, 1)
    shop.assert_sound()


@pytest.mark.parametrize("remembers", [True, False])
def test_a_device_goes_with_the_one_whom_staff_have_parted_from_its_account(tmp_path: Path, remembers: bool) -> None:
    shop = memory_shop() if remembers else sqlite_shop(tmp_path)
    anna = told(shop, "Order Completed", userId="anna", properties={"order_id": "1"})
    phone = told(shop, "Product Added", anonymousId="phone", properties={"cart_id": "k", "product_id": "p"})
    told(shop, type="identify", userId="anna", anonymousId="phone", traits={})
    if not remembers:
        shop.restart()
    act(shop, SplitRequested, anna, one=anna, two=phone)
    shop.wait(2 * HOUR)
    visits = [told(shop, anonymousId="phone"), told(shop, anonymousId="phone")]
    assert (visits, shop.log.customer(phone)[0] == shop.log.customer(anna)[0]) == ([phone, phone], False)
    told(shop, type="identify", userId="anna", anonymousId="phone", traits={})
    assert told(shop, anonymousId="phone") not in (anna, phone), "what is done without an account on a device of two is nobody's"
    shop.assert_sound()


def test_keys_of_a_club_are_written_in_one_way() -> None:
    assert KEYS.identifier_key("loyalty_number", " ml-700 1") == KEYS.identifier_key("loyalty_number", "ML7001")
    assert KEYS.identifier_key_of_before("loyalty_number", "ML7001") is None


def test_runaway_merge_is_stopped_and_visits_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linking, "MOST_CUSTOMERS", 5)
    shop = memory_shop()
    for _ in range(12):
        told(shop, userId="anna", anonymousId="phone")
        shop.wait(HOUR)
        told(shop, anonymousId="phone")
    assert len(list(shop.log.persons())) == 1
    for n in range(9):
        told(shop, userId=f"old-{n}")
        told(shop, type="alias", userId="anna", previousId=f"old-{n}")
    told(shop, type="alias", userId="anna", previousId="old-8")
    types = [one.fact.type for one in shop.facts()]
    assert (types.count("link_withheld"), len(list(shop.log.persons()))) == (5, 6)
    shop.assert_sound()


def test_link_on_its_way_is_ended_when_the_device_turns_out_to_be_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linking, "MOST_AT_ONCE", 0)
    shop = memory_shop()
    for user in ("anna", "bo"):
        told(shop, userId=user)
    device = told(shop, "Product Viewed", anonymousId="computer", properties={"product_id": "p"})
    calls = [{"type": "identify", "userId": user, "anonymousId": "computer", "traits": {}, "messageId": f"way-{user}"} for user in ("anna", "bo")]
    between = {"type": "track", "event": "Product Viewed", "anonymousId": "computer", "properties": {"product_id": "q"}, "messageId": "way-between"}
    out = {"type": "track", "event": "Signed Out", "userId": "anna", "anonymousId": "computer", "messageId": "way-out"}
    shop.hear([calls[0], out, between, calls[1]])
    shop.work()
    anna, bo = (shop.log.identifier(KEYS.identifier_key("user_id", user)) for user in ("anna", "bo"))
    viewed = [one.fact.customer for one in shop.facts() if one.fact.type == "product_viewed"]
    assert shop.log.customer(anna)[0] != shop.log.customer(bo)[0]
    assert [shop.log.customer(one)[0] for one in (device, *viewed)] == [shop.log.customer(one)[0] for one in (anna, anna, bo)]
    shop.assert_sound()
