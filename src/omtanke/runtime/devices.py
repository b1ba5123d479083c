"""Whose a device is, and whose what is done on it without an account is.

What is done without an account between two sign-ins is the next account's. From the second person on who signs in on it a
device is shared: then only what names an account is somebody's, and the rest is nobody's. What is done without an account
is recorded with customers of its own and linked, never mixed in, so that it can be parted again. Of somebody who does not want to be
recognised nothing is theirs that names only a device.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from omtanke.storage.ports import Device
from omtanke.vocabulary.time import MINUTE

# So long after somebody was seen signed in, what is done on a device of theirs alone is still part of the same visit.
VISIT = 30 * MINUTE
# A sign-in that is renewed sooner is not written down again.
RENEWED_AFTER = 15 * MINUTE


class Joining(Struct, frozen=True):
    """Two customers as recorded turn out to be one person; `by`: what showed it."""

    one: int
    two: int
    by: str


class Parting(Struct, frozen=True):
    """Two customers as recorded are not one person, after all."""

    one: int
    two: int
    by: str


Change = Joining | Parting


class Persons(Protocol):
    """What is asked of those who know the customers."""

    def person_of(self, customer: int) -> int: ...
    def is_somebody(self, customer: int) -> bool: ...
    def is_recognised(self, customer: int) -> bool: ...


def signed_in(device: Device, account: int, at: int, persons: Persons) -> tuple[Device, list[Change]]:
    """The device after an account was seen on it at a moment, and who is one person by that."""
    owner = device.account
    if not owner and device.customer and persons.is_somebody(device.customer):
        owner = device.customer
    if not owner:
        changes: list[Change] = [Joining(account, device.customer, "sign_in")] if device.customer else []
        return Device(account, device.customer, signed_in_at=at), changes
    if device.is_shared or persons.person_of(owner) == persons.person_of(account):
        return _seen(device, account, at), []
    shared = Device(account, is_shared=True, signed_in_at=at)
    if not device.is_open:
        return shared, []
    return shared, [Parting(owner, device.customer, "shared_device"), Joining(account, device.customer, "sign_in")]


def _seen(device: Device, account: int, at: int) -> Device:
    """The same device, unless it is time to write down that the account was seen."""
    if device.account == account and not device.is_open and at < device.signed_in_at + RENEWED_AFTER:
        return device
    return replace(device, account=account, is_open=False, signed_in_at=max(at, device.signed_in_at))


def of_the_other(device: Device) -> Device:
    """The device after somebody has said that what was done on it without an account was not the account's: it is that other person's."""
    return Device(device.customer, device.customer)


def signed_out(device: Device) -> Device:
    """The device after its account has left it."""
    return replace(device, signed_in_at=0)


def anonymous(device: Device, at: int, new_customer: Callable[[], int], persons: Persons) -> tuple[Device, int, list[Change]]:
    """The device after something was done on it without an account at a moment, whose that is, and who is one person by that."""
    if device.is_shared:
        customer = device.customer or new_customer()
        return (device if device.customer else replace(device, customer=customer)), customer, []
    if not device.account:
        if device.customer and not persons.is_recognised(device.customer):
            device = replace(device, account=device.customer)  # known by an address, as if they had signed in
        else:
            customer = device.customer or new_customer()
            return replace(device, customer=customer), customer, []
    if device.is_open:
        return device, device.customer, []
    if 0 <= at - device.signed_in_at < VISIT and persons.is_recognised(device.account):
        return device, device.account, []
    customer = new_customer()
    return replace(device, customer=customer, is_open=True), customer, [Joining(device.account, customer, "device")]
