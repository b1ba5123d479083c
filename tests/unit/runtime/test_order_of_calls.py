"""Who is one person whatever comes first; and what holds two apart all the same."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from fakes.shop import CURRENCY, FIRST_POLICY, KEYS, ZONE, Shop, memory_shop, sqlite_shop
from omtanke.engine.consent import may_recognise
from omtanke.engine.policy import read_policy
from omtanke.runtime import linking, people
from omtanke.runtime.own_sources import CONSOLE, OwnSource
from omtanke.storage.keys import Keys
from omtanke.vocabulary.fact import Observed
from omtanke.vocabulary.identity import CustomersLinked, LinkConfirmed, SplitRequested
from omtanke.vocabulary.time import HOUR

_numbers = itertools.count()
MAIL = {"email": "anna@example.org"}


def tell(shop: Shop, **message: Any) -> None:
    shop.hear([{"type": "identify", "traits": {}, "messageId": f"n{next(_numbers)}", **message}])
    shop.work()


def alias(shop: Shop, new: str, old: str) -> None:
    tell(shop, type="alias", userId=new, previousId=old)


def order(shop: Shop, number: str, **who: Any) -> None:
    tell(shop, type="track", event="Order Completed", properties={"order_id": number}, **who)


def no(shop: Shop, **who: Any) -> None:
    tell(shop, type="track", event="Consent Withdrawn", properties={"purpose": "recognition"}, **who)


def act(shop: Shop, event: type[Observed], customer: int, **named: int) -> None:
    OwnSource(shop.inbox, CONSOLE, ZONE, CURRENCY, lambda: shop.clock).put(event, f"do{next(_numbers)}", customer, {"staff": 1, **named})
    shop.work()


def customer(shop: Shop, kind: str, value: str) -> int:
    return shop.log.identifier(KEYS.identifier_key(kind, value))


def person(shop: Shop, kind: str, value: str) -> int:
    return shop.log.customer(customer(shop, kind, value))[0]


def account(shop: Shop, name: str) -> int:
    return person(shop, "user_id", name)


def links(shop: Shop) -> list[str]:
    """What showed that two were one, in the order of the log."""
    return [one.fact.body.by for one in shop.facts() if isinstance(one.fact.body, CustomersLinked)]


# An alias


@pytest.mark.parametrize("restarts", [False, True])
def test_account_that_an_alias_has_named_before_is_the_same_person(restarts: bool) -> None:
    shop = memory_shop()
    alias(shop, "new", "old")
    if restarts:
        shop.restart()
    tell(shop, userId="old")
    assert (account(shop, "old") == account(shop, "new"), links(shop)) == (True, ["alias"])
    shop.assert_sound()


def test_account_named_before_is_found_in_a_store_that_begins_anew(tmp_path: Path) -> None:
    shop = sqlite_shop(tmp_path)
    tell(shop, userId="bo")
    alias(shop, "new", "old")
    shop.restart()
    tell(shop, userId="old")
    assert (account(shop, "old") == account(shop, "new"), account(shop, "bo") != account(shop, "new"), links(shop)) == (True, True, ["alias"])
    shop.assert_sound()


def test_alias_shows_the_same_whether_the_account_was_known_or_not() -> None:
    shop = memory_shop()
    for name in ("new", "old"):
        tell(shop, userId=name)
    alias(shop, "new", "old")
    assert links(shop) == ["alias"]


def test_account_named_by_several_aliases_before_is_all_of_theirs() -> None:
    shop = memory_shop()
    for new in ("one", "two", "one", "three"):
        alias(shop, new, "old")
    assert len(list(shop.log.persons())) == 3
    tell(shop, userId="old")
    assert len(list(shop.log.persons())) == 1


def test_device_that_everybody_names_is_remembered_for_some(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "MOST_NAMING", 2)
    shop = memory_shop()
    for new in ("one", "two", "three"):
        alias(shop, new, "kiosk")
    tell(shop, userId="kiosk")
    assert [account(shop, name) == account(shop, "kiosk") for name in ("one", "two", "three")] == [True, True, False]


def test_device_of_the_name_of_an_account_is_the_others_too() -> None:
    calls: list[dict[str, Any]] = [{"anonymousId": "old"}, {"userId": "old"}, {"type": "alias", "userId": "new", "previousId": "old"}]
    for ordered in itertools.permutations(calls):
        shop = memory_shop()
        for call in ordered:
            tell(shop, **call)
            shop.wait(HOUR)
        assert len(list(shop.log.persons())) == 1, ordered


def test_alias_from_the_browser_joins_its_own_device_and_the_one_it_names() -> None:
    shop = memory_shop()
    for device in ("phone", "laptop"):
        tell(shop, anonymousId=device)
    tell(shop, type="alias", userId="anna", anonymousId="phone", previousId="laptop")
    assert len(list(shop.log.persons())) == 1


def test_accounts_that_staff_have_parted_stay_two_whatever_an_alias_says() -> None:
    shop = memory_shop()
    alias(shop, "new", "old")
    tell(shop, userId="old")
    new, old = (customer(shop, "user_id", name) for name in ("new", "old"))
    act(shop, SplitRequested, new, one=new, two=old)
    alias(shop, "new", "old")
    tell(shop, userId="old")
    assert account(shop, "new") != account(shop, "old")
    shop.assert_sound()


# A guest


@pytest.mark.parametrize("traits", [MAIL, {"phone": "070-123 45 67"}])
def test_guest_is_the_accounts_that_tells_the_address(traits: dict[str, str]) -> None:
    shop = memory_shop()
    tell(shop, userId="anna")
    order(shop, "1", context={"traits": traits})
    tell(shop, userId="anna", traits=traits)
    assert (len(list(shop.log.persons())), links(shop)) == (1, [*traits])
    shop.assert_sound()


def test_two_guests_with_an_address_each_are_the_accounts_that_tells_both() -> None:
    shop = memory_shop()
    for n, traits in enumerate((MAIL, {"phone": "0701234567"})):
        order(shop, str(n), context={"traits": traits})
    tell(shop, userId="anna", traits=MAIL | {"phone": "+46701234567"})
    assert (len(list(shop.log.persons())), links(shop)) == (1, ["email", "phone"])


def test_two_accounts_with_one_address_stay_two_in_any_order() -> None:
    calls = [{"userId": "anna"}, {"userId": "bo"}, {"userId": "anna", "traits": MAIL}, {"userId": "bo", "traits": MAIL}]
    for ordered in itertools.permutations(calls):
        shop = memory_shop()
        for call in ordered:
            tell(shop, **call)
        assert account(shop, "anna") != account(shop, "bo")


def test_guest_of_an_account_is_not_anothers() -> None:
    shop = memory_shop()
    tell(shop, userId="bo")
    order(shop, "1", context={"traits": MAIL})
    tell(shop, userId="anna", traits=MAIL)
    tell(shop, userId="bo", traits=MAIL)
    assert (person(shop, "email", MAIL["email"]) == account(shop, "anna"), account(shop, "anna") == account(shop, "bo")) == (True, False)


def test_guest_whom_staff_have_parted_stays_parted_until_staff_join_them() -> None:
    shop = memory_shop()
    order(shop, "1", context={"traits": MAIL})
    guest = customer(shop, "email", MAIL["email"])
    tell(shop, userId="anna", traits=MAIL)
    anna = customer(shop, "user_id", "anna")
    act(shop, SplitRequested, anna, one=guest, two=anna)
    tell(shop, userId="anna", traits=MAIL)
    assert shop.log.customer(guest)[0] != shop.log.customer(anna)[0]
    act(shop, LinkConfirmed, anna, other=guest)
    assert shop.log.customer(guest)[0] == shop.log.customer(anna)[0]
    shop.assert_sound()


@pytest.mark.parametrize("refuses", [{"userId": "anna"}, {"context": {"traits": MAIL}}])
def test_who_refuses_to_be_recognised_is_joined_with_no_guest(refuses: dict[str, Any]) -> None:
    shop = memory_shop()
    tell(shop, userId="anna")
    order(shop, "1", context={"traits": MAIL})
    no(shop, **refuses)
    tell(shop, userId="anna", traits=MAIL)
    assert (person(shop, "email", MAIL["email"]) != account(shop, "anna"), links(shop)) == (True, [])
    shop.assert_sound()


def test_what_an_account_refuses_holds_for_the_address_that_it_has_told() -> None:
    shop = memory_shop()
    order(shop, "1", context={"traits": MAIL})
    tell(shop, userId="anna", traits=MAIL)
    no(shop, userId="anna")
    state = shop.states()[person(shop, "email", MAIL["email"])]
    assert not may_recognise(state.consent, read_policy(FIRST_POLICY, 1))
    shop.assert_sound()


def test_new_account_of_a_guest_who_refuses_to_be_recognised_is_another() -> None:
    shop = memory_shop()
    order(shop, "1", context={"traits": MAIL})
    no(shop, context={"traits": MAIL})
    tell(shop, userId="anna", traits=MAIL)
    assert person(shop, "email", MAIL["email"]) != account(shop, "anna")


def test_shops_own_and_blocked_addresses_bring_no_guest_to_an_account() -> None:
    shop = memory_shop(keys=Keys(b"k" * 32, "SE", ("kassa@butik.example",), ("till@butik.example",)))
    for n, address in enumerate(("kassa@butik.example", "till@butik.example")):
        tell(shop, userId=f"anna{n}")
        order(shop, str(n), context={"traits": {"email": address}})
        tell(shop, userId=f"anna{n}", traits={"email": address})
    assert (len(list(shop.log.persons())), links(shop)) == (4, [])


# Limits


def test_more_facts_than_a_person_has_are_left_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linking, "MOST_FACTS", 6)
    shop = memory_shop()
    for n in range(3):
        order(shop, f"g{n}", context={"traits": MAIL})
        order(shop, f"a{n}", userId="anna")
    tell(shop, userId="anna", traits=MAIL)
    assert person(shop, "email", MAIL["email"]) == account(shop, "anna")
    alias(shop, "new", "anna")
    assert account(shop, "new") == account(shop, "anna")
    for n in range(6):
        order(shop, f"b{n}", userId="bo")
    alias(shop, "anna", "bo")
    assert (account(shop, "bo") != account(shop, "anna"), [one.fact.type for one in shop.facts()].count("link_withheld")) == (True, 1)
    shop.assert_sound()


def test_more_visits_than_a_person_makes_are_left_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linking, "MOST_CUSTOMERS", 2)
    monkeypatch.setattr(linking, "MOST_VISITS", 4)
    shop = memory_shop()
    for _ in range(8):
        tell(shop, userId="anna", anonymousId="phone")
        shop.wait(HOUR)
        tell(shop, type="track", event="Cart Viewed", anonymousId="phone", properties={})
    sizes = sorted(len(customers) for _, customers in shop.log.persons())
    assert (sizes, [one.fact.type for one in shop.facts()].count("link_withheld")) == ([1, 1, 1, 6], 3)
    shop.assert_sound()
