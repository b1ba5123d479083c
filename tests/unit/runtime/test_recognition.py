"""Who does not want to be recognised is not: at once, in both directions, and as the shop has set."""

from __future__ import annotations

import itertools
from typing import Any

from fakes.shop import FIRST_POLICY, Shop, memory_shop
from omtanke.vocabulary.time import HOUR

_numbers = itertools.count()
NO = {"consent": {"categoryPreferences": {"Functional": False}}}
ASKED = '[consent.purposes.recognition]   # being known as the same person on another device\nbasis = "opt_out"\ndirect_marketing = false\ncategories = ['
POLICY = FIRST_POLICY.replace(ASKED, ASKED + '"Functional"')
DROPS = POLICY.replace('without_consent = "apart"', 'without_consent = "drop"')
assert FIRST_POLICY != POLICY != DROPS


def tell(shop: Shop, event: str = "Product Viewed", **message: Any) -> None:
    properties = message.pop("properties", {"product_id": "p"} if event == "Product Viewed" else {})
    shop.hear([{"type": "track", "event": event, "properties": properties, "messageId": f"r{next(_numbers)}", **message}])
    shop.work()


def groups(shop: Shop) -> list[list[str]]:
    """What was observed, person by person."""
    persons = {
        person: [one.fact.type for one in shop.log.facts_of(customers) if one.fact.source and not one.fact.cause] for person, customers in shop.log.persons()
    }
    return list(persons.values())


def test_a_no_parts_the_device_at_once_and_keeps_it_apart() -> None:
    shop = memory_shop(policy=POLICY)
    tell(shop, anonymousId="phone")
    tell(shop, "Cart Viewed", userId="anna", anonymousId="phone")
    assert groups(shop) == [["product_viewed", "cart_viewed"]]
    tell(shop, "Consent Withdrawn", userId="anna", properties={"purpose": "recognition"})
    assert groups(shop) == [["product_viewed"], ["cart_viewed", "consent_withdrawn"]]
    shop.wait(2 * HOUR)
    tell(shop, anonymousId="phone")
    tell(shop, "Cart Viewed", userId="anna", anonymousId="phone")
    assert groups(shop) == [["product_viewed"], ["cart_viewed", "consent_withdrawn", "cart_viewed"], ["product_viewed"]]
    shop.assert_sound()


def test_a_yes_lets_what_comes_be_known_again() -> None:
    shop = memory_shop(policy=POLICY)
    tell(shop, "Consent Withdrawn", userId="anna", anonymousId="phone", properties={"purpose": "recognition"})
    shop.wait(HOUR)
    tell(shop, "Consent Given", userId="anna", properties={"purpose": "recognition"})
    tell(shop, anonymousId="phone")
    assert groups(shop) == [["consent_withdrawn", "consent_given", "product_viewed"]]
    shop.assert_sound()


def test_a_banners_no_parts_too() -> None:
    shop = memory_shop(policy=POLICY)
    tell(shop, anonymousId="phone")
    tell(shop, "Cart Viewed", userId="anna", anonymousId="phone", context=NO)
    assert groups(shop) == [["product_viewed"], ["cart_viewed"]]
    shop.assert_sound()


def test_shop_that_drops_keeps_nothing_of_such_a_device() -> None:
    shop = memory_shop(policy=DROPS)
    tell(shop, anonymousId="phone", context=NO)
    assert groups(shop) == []
    tell(shop, anonymousId="laptop")
    tell(shop, anonymousId="laptop", context=NO)
    tell(shop, anonymousId="laptop")
    assert groups(shop) == [["product_viewed", "product_viewed"]]
    tell(shop, "Cart Viewed", userId="anna", anonymousId="laptop", context=NO)
    assert groups(shop) == [["product_viewed", "product_viewed"], ["cart_viewed"]]
    shop.assert_sound()


def withdraw(shop: Shop, **who: Any) -> None:
    tell(shop, "Consent Withdrawn", **who, properties={"purpose": "recognition"})


def test_a_no_holds_within_the_same_visit_and_on_a_device_that_comes_after_it() -> None:
    shop = memory_shop(policy=POLICY)
    tell(shop, "Cart Viewed", userId="anna", anonymousId="phone")
    withdraw(shop, userId="anna")
    tell(shop, anonymousId="phone")
    tell(shop, "Cart Viewed", userId="anna", anonymousId="laptop")
    tell(shop, anonymousId="laptop")
    tell(shop, anonymousId="laptop")
    hers = ["cart_viewed", "consent_withdrawn", "cart_viewed"]
    assert groups(shop) == [hers, ["product_viewed"], ["product_viewed", "product_viewed"]]
    shop.assert_sound()


def told_by_mail(shop: Shop, device: str, email: str) -> None:
    shop.hear([{"type": "identify", "traits": {"email": email}, "anonymousId": device, "messageId": f"r{next(_numbers)}"}])
    shop.work()


def test_a_device_of_somebody_known_by_an_address_leads_to_them_no_longer_after_their_no() -> None:
    shop = memory_shop(policy=POLICY)
    tell(shop, anonymousId="phone")
    told_by_mail(shop, "phone", "bo@example.com")
    withdraw(shop, anonymousId="phone")
    tell(shop, anonymousId="phone")
    shop.wait(24 * HOUR)
    tell(shop, anonymousId="phone")
    assert groups(shop) == [["product_viewed", "customer_identified", "consent_withdrawn"], ["product_viewed", "product_viewed"]]
    shop.assert_sound()


def test_nor_does_it_when_the_address_has_become_that_of_an_account() -> None:
    shop = memory_shop(policy=POLICY)
    told_by_mail(shop, "phone", "bo@example.com")
    shop.hear([{"type": "identify", "userId": "bo", "traits": {"email": "bo@example.com"}, "messageId": "account"}])
    shop.work()
    withdraw(shop, userId="bo")
    shop.wait(24 * HOUR)
    tell(shop, anonymousId="phone")
    assert groups(shop) == [["customer_identified", "customer_identified", "consent_withdrawn"], ["product_viewed"]]
    shop.assert_sound()


def test_a_device_alone_that_says_no_stays_the_one_that_said_it() -> None:
    shop = memory_shop(policy=POLICY)
    tell(shop, anonymousId="phone", context=NO)
    tell(shop, anonymousId="phone", context=NO)
    assert groups(shop) == [["product_viewed", "product_viewed"]]
    shop.assert_sound()
