"""Whose a device is, as a table: who was seen on it, and what follows."""

from __future__ import annotations

from omtanke.runtime.devices import Joining, Parting, anonymous, signed_in, signed_out
from omtanke.storage.ports import Device
from omtanke.vocabulary.time import HOUR, MINUTE

NOON = 1_795_000_000_000_000
ANNA, BO, LAPTOP, NEW = 1, 2, 3, 9


class Persons:
    """Everybody is themselves, and those with an account are known."""

    def person_of(self, customer: int) -> int:
        return customer

    def is_somebody(self, customer: int) -> bool:
        return customer in (ANNA, BO)

    def is_recognised(self, customer: int) -> bool:
        return True


def seen(device: Device, at: int) -> tuple[Device, int, list[Joining | Parting]]:
    return anonymous(device, at, lambda: NEW, Persons())


def test_first_who_signs_in_gets_what_was_done_before() -> None:
    device, changes = signed_in(Device(customer=LAPTOP), ANNA, NOON, Persons())
    assert (device, changes) == (Device(ANNA, LAPTOP, signed_in_at=NOON), [Joining(ANNA, LAPTOP, "sign_in")])


def test_within_the_visit_it_is_the_account_even_when_it_is_not_named() -> None:
    device = Device(ANNA, LAPTOP, signed_in_at=NOON)
    assert seen(device, NOON + 29 * MINUTE) == (device, ANNA, [])


def test_after_the_visit_it_is_a_customer_of_its_own_that_is_linked() -> None:
    device = Device(ANNA, LAPTOP, signed_in_at=NOON)
    assert seen(device, NOON + 30 * MINUTE) == (Device(ANNA, NEW, True, False, NOON), NEW, [Joining(ANNA, NEW, "device")])
    assert seen(Device(ANNA, NEW, True, False, NOON), NOON + 9 * HOUR) == (Device(ANNA, NEW, True, False, NOON), NEW, [])


def test_after_signing_out_it_is_so_at_once() -> None:
    assert seen(signed_out(Device(ANNA, signed_in_at=NOON)), NOON + MINUTE)[1] == NEW


def test_second_person_gets_what_was_done_since_the_first_and_the_device_is_shared() -> None:
    device, changes = signed_in(Device(ANNA, LAPTOP, True, False, NOON), BO, NOON + 2 * HOUR, Persons())
    assert device == Device(BO, 0, False, True, NOON + 2 * HOUR)
    assert changes == [Parting(ANNA, LAPTOP, "shared_device"), Joining(BO, LAPTOP, "sign_in")]


def test_second_person_gets_nothing_of_what_the_first_did_before() -> None:
    assert signed_in(Device(ANNA, LAPTOP, signed_in_at=NOON), BO, NOON + HOUR, Persons())[1] == []


def test_on_a_shared_device_what_names_no_account_is_nobodys() -> None:
    shared = Device(BO, is_shared=True, signed_in_at=NOON)
    assert seen(shared, NOON + MINUTE) == (Device(BO, NEW, False, True, NOON), NEW, [])
    assert signed_in(Device(BO, NEW, False, True, NOON), ANNA, NOON + HOUR, Persons())[1] == []


def test_device_that_an_older_store_gave_to_an_account_is_that_accounts() -> None:
    assert signed_in(Device(customer=ANNA), BO, NOON, Persons())[0].is_shared
    assert not signed_in(Device(customer=ANNA), ANNA, NOON, Persons())[0].is_shared


def test_sign_in_that_is_repeated_is_written_down_now_and_then() -> None:
    device = Device(ANNA, signed_in_at=NOON)
    assert signed_in(device, ANNA, NOON + 14 * MINUTE, Persons())[0] is device
    assert signed_in(device, ANNA, NOON + 15 * MINUTE, Persons())[0].signed_in_at == NOON + 15 * MINUTE
