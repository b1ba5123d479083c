"""Whose a fact is, and who turns out to be one person."""

from __future__ import annotations

import msgspec
import pytest

from omtanke.runtime.policies import activate
from omtanke.runtime.work import Worker
from omtanke.storage.keys import Keys
from omtanke.storage.memory import MemoryInbox, MemoryLog
from omtanke.storage.ports import Incoming
from omtanke.storage.statements import files
from omtanke.vocabulary.fact import Mode

NOON = 1_795_000_000_000_000


class Shop:
    """A store in memory that is told messages."""

    def __init__(self) -> None:
        keys = Keys(b"people" * 6)
        self.inbox, self.log = MemoryInbox(keys), MemoryLog()
        policy = (files("omtanke.engine") / "policy.toml").read_text(encoding="utf-8")
        self.source = self.inbox.source("shop", Mode.LIVE, "Europe/Stockholm", "SEK").source
        self.worker = Worker(self.inbox, self.log, keys, activate(self.log, policy, NOON))
        self.told = 0

    def tell(self, event: str = "Cart Viewed", user: str | None = None, device: str | None = None, **more: object) -> int:
        """The person that the fact belongs to."""
        self.told += 1
        message = {"type": "track", "event": event, "userId": user, "anonymousId": device, "properties": more.pop("properties", {}), **more}
        self.inbox.append(self.source, [Incoming(str(self.told), 0, msgspec.json.encode(message))], NOON)
        self.worker.work(NOON)
        observed = next(one.fact for one in reversed(self.log.facts) if not one.fact.cause and one.fact.type != "customers_linked")
        return self.log.customer(observed.customer)[0]

    def external(self, *values: str) -> dict[str, object]:
        return {"context": {"externalIds": [{"type": "crm", "id": value} for value in values]}}


def test_same_identifier_is_the_same_person() -> None:
    shop = Shop()
    assert (shop.tell(user="a"), shop.tell(user="b"), shop.tell(user="a")) == (1, 2, 1)


@pytest.mark.parametrize("nobody", ["null", "0", "anonymous", "  ", "undefined"])
def test_placeholder_identifies_nobody(nobody: str) -> None:
    shop = Shop()
    assert shop.tell(user=nobody, device="d1") != shop.tell(user=nobody, device="d2")


def test_two_strong_identifiers_in_one_message_are_one_person() -> None:
    shop = Shop()
    assert (shop.tell(**shop.external("x")), shop.tell(**shop.external("y"))) == (1, 2)
    assert (shop.tell(**shop.external("x", "y")), shop.tell(**shop.external("y"))) == (1, 1)


def test_device_is_the_first_accounts_and_nobodys_from_the_second_on() -> None:
    shop = Shop()
    assert (shop.tell(device="d"), shop.tell(user="u", device="d"), shop.tell(device="d")) == (1, 1, 1)
    assert (shop.tell(user="v", device="d"), shop.tell(device="d"), shop.tell(user="u", device="d"), shop.tell(user="w", device="d")) == (3, 4, 1, 5)


def test_address_finds_a_customer_and_links_nobody() -> None:
    shop = Shop()
    assert (shop.tell(type="identify", device="d", traits={"email": "e@x.se"}), shop.tell(device="f")) == (1, 2)
    assert (shop.tell(type="identify", device="f", traits={"email": "e@x.se"}), shop.tell(device="f")) == (1, 2)


def test_second_address_on_a_device_is_somebody_elses() -> None:
    shop = Shop()
    assert [shop.tell(type="identify", device="d", traits={"email": f"{who}@x.se"}) for who in "ab"] == [1, 2]


def test_order_leads_to_whoever_placed_it() -> None:
    shop = Shop()
    placed = shop.tell("Order Completed", user="u", properties={"order_id": "1"})
    assert shop.tell("Shipment Delivered", properties={"order_id": "1"}) == placed


def test_order_of_nobody_becomes_that_of_the_one_who_names_it() -> None:
    shop = Shop()
    known = shop.tell(user="u")
    shop.tell("Shipment Delivered", properties={"order_id": "1"})
    assert shop.tell("Order Completed", user="u", properties={"order_id": "1"}) == known
    assert [one.fact.type for one in shop.log.facts].count("customers_linked") == 1


def test_another_customer_who_names_an_order_is_not_the_one_who_placed_it() -> None:
    shop = Shop()
    shop.tell("Order Completed", user="u", properties={"order_id": "1"})
    assert shop.tell("Case Opened", user="v", properties={"case_id": "c", "order_id": "1"}) == 2


def test_store_has_a_ledger_of_its_own() -> None:
    shop = Shop()
    first = shop.tell("Store Opened", properties={"store_id": "nordstan"})
    assert (shop.tell("Store Closed", properties={"store_id": "nordstan"}), shop.log.customer(first)[1]) == (first, "subject")


def test_alias_of_a_device_makes_it_the_accounts() -> None:
    shop = Shop()
    device, account = shop.tell(device="d"), shop.tell(user="u")
    assert (device, account, shop.tell(type="alias", user="u", previousId="d"), shop.tell(device="d")) == (1, 2, 1, 1)


def test_alias_of_an_account_links_both() -> None:
    shop = Shop()
    assert (shop.tell(user="old"), shop.tell(user="new")) == (1, 2)
    assert (shop.tell(type="alias", user="new", previousId="old"), shop.tell(user="old"), shop.tell(user="new")) == (1, 1, 1)


def test_alias_of_what_nobody_knows_is_found_later() -> None:
    shop = Shop()
    assert (shop.tell(type="alias", user="u", previousId="d"), shop.tell(device="d")) == (1, 1)


def test_alias_of_a_device_that_is_somebodys_links_nobody() -> None:
    shop = Shop()
    assert (shop.tell(user="a", device="tablet"), shop.tell(user="b")) == (1, 2)
    assert (shop.tell(type="alias", user="b", previousId="tablet"), shop.tell(user="a")) == (2, 1)


@pytest.mark.parametrize("nobody", ["null", "0", "anonymous"])
def test_alias_of_a_placeholder_links_nobody(nobody: str) -> None:
    shop = Shop()
    assert (shop.tell(user="a", device="d"), shop.tell(type="alias", user="b", previousId=nobody)) == (1, 2)


def test_members_of_one_group_are_different_people() -> None:
    shop = Shop()
    assert (shop.tell(type="group", user="a", groupId="family"), shop.tell(type="group", user="b", groupId="family")) == (1, 2)
    groups = [one.fact.body.group for one in shop.log.facts if one.fact.type == "customer_grouped"]  # type: ignore[attr-defined]
    assert (len(groups), len(set(groups))) == (2, 1)
