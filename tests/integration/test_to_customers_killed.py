"""Dispatch is killed in the middle of sending: what was not asked for comes once at most, what is owed at least once, and all is accounted for."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from fakes.living import Living, promised
from fakes.mailbox import mail_server
from fakes.sending import SENDER, write_shop, write_sms
from fakes.sms_provider import sms_provider
from fakes.story import at
from omtanke.channels.email.compose import message_id
from omtanke.folder import Folder
from omtanke.folder_clock import set_clock
from omtanke.runtime.customer_links import RECEIPT, opened
from omtanke.runtime.hooks import make_hook
from omtanke.settings import CustomerMail, CustomerSms
from omtanke.storage.outbox import Outbox

CLOCK = at("2026-11-16 10:00")
KILLS = 100 if os.environ.get("OMTANKE_SOAK") else 4
AT_ONCE = 12
# A cart is spoken of as soon as something is put into it: as many mails as can be.
OFFER = """
class = "promotional"
key = "cart"
[entry]
fact = "product_added"
[[exit]]
fact = "cart_taken_up"
[[step]]
say = "remembered_cart"
channels = ["mail", "sms"]
"""


class Carrier(NamedTuple):
    """Whoever takes messages. `came`: what each that was taken was called, as `called` calls a message; `address`: of somebody; `lanes`: so many
    are under way at the same time."""

    came: Callable[[], list[str]]
    called: Callable[[int], str]
    address: Callable[[int], dict[str, str]]
    lanes: int


@contextmanager
def by_mail(path: Path) -> Iterator[Carrier]:
    with mail_server() as (mailbox, port):
        mailbox.answers_after = 0.02
        write_shop(path, port, ["order_confirmed"])
        yield Carrier(
            lambda: [mail["Message-ID"] for mail in mailbox.mails],
            lambda number: message_id(f"message/{number}", SENDER),
            lambda user: {"email": f"user{user}@example.com"},
            CustomerMail().at_once,
        )


@contextmanager
def by_sms(path: Path) -> Iterator[Carrier]:
    """Over HTTP. A message is known by the number in the address to which its receipt would come."""
    with sms_provider() as (provider, server):
        provider.answers_after = 0.02
        write_shop(path, 0, ["order_confirmed"])
        make_hook(path / "keys", "46elks", "46elks")
        write_sms(path, f"http://{server.place}", more='door_address = "https://in.butiken.example"')
        keys = Folder(path).keys

        @cache
        def number_of(address: str) -> str:
            link = opened(keys, RECEIPT, address.partition("about=")[2], CLOCK)
            assert link is not None
            return str(link.about)

        yield Carrier(
            lambda: [number_of(one["whendelivered"]) for one in provider.taken], str, lambda user: {"phone": f"+4670{user:07}"}, CustomerSms().at_once
        )


def tell(shop: Living, number: int, address: dict[str, str]) -> None:
    """Somebody new puts something into a cart and buys something else."""
    user = f"user{number}"
    shop.tell_of(user, {"name": f"Maja {number}", "locale": "sv", **address})
    shop.hear(user, "Consent Given", purpose="marketing", words="Ja tack")
    shop.hear(user, "Product Added", cart_id=f"c{number}", product_id="T3", name="Löparskor", price=149.5)
    shop.hear(user, "Order Completed", order_id=f"o{number}", products=[{"sku": "S1", "name": "Strumpor"}], promises=[promised("2026-12-19", "Hos dig lördag")])


def link(shop: Living, one: int, other: int) -> None:
    """Two turn out to be one person: they show the same card."""
    for number in (one, other):
        shop.tell_of(f"user{number}", {"loyalty_number": f"77{one:06}"})


def work(shop: Living) -> None:
    shop.now = shop.folder.clock()
    shop.work()


def start(data: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "omtanke.cli", "run", "dispatch", "--data", str(data)], stderr=subprocess.DEVNULL)


def wait_for(so: Callable[[], bool], shop: Living, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < deadline, "it did not become so"
        work(shop)
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("carrier", "is_linking"),
    [(by_mail, False), (by_mail, True), (by_sms, False), (by_sms, True)],
    ids=["by mail", "by mail while customers are linked", "by text message", "by text message while customers are linked"],
)
def test_killed_in_the_middle_of_sending_nothing_is_lost_and_no_offer_comes_twice(
    tmp_path: Path, carrier: Callable[[Path], AbstractContextManager[Carrier]], is_linking: bool
) -> None:
    seed = int(os.environ.get("OMTANKE_SEED", time.time_ns() % 1_000_000))
    print(f"OMTANKE_SEED={seed}")
    dice = random.Random(seed)
    set_clock(tmp_path / "clock.json", CLOCK, 1)
    with carrier(tmp_path) as (came_so_far, called, address, lanes):
        (tmp_path / "playbook" / "plays" / "offer.toml").write_text(OFFER, encoding="utf-8")
        with closing(Living(tmp_path)) as shop, closing(shop.folder.outbox()) as outbox:
            outbox.deliveries.set_meta("position", "0")
            told = 0
            for kill in range(KILLS):
                for _ in range(AT_ONCE):
                    tell(shop, told, address(told))
                    told += 1
                work(shop)
                before, process = len(came_so_far()), start(tmp_path)
                for number in range(told - AT_ONCE, told, 2) if is_linking else ():
                    link(shop, number, number + 1)
                wait_for(lambda before=before: len(came_so_far()) > before, shop)  # type: ignore[misc]
                time.sleep(dice.uniform(0, 0.4))
                if kill % 10 == 9:
                    wait_for(lambda: not is_waiting(outbox), shop, 120.0)
                process.kill()
                process.wait()
            process = start(tmp_path)
            try:
                wait_for(lambda: not is_waiting(outbox) and is_over(shop, 2 * told), shop, 60.0 + KILLS)
            finally:
                process.terminate()
                ended = process.wait(10)
            assert ended == 0
            came = Counter(came_so_far())
            sent, doubtful = ({called(fact.body.message) for fact in shop.facts(f"message_{how}")} for how in ("sent", "in_doubt"))
            linked = len(shop.facts("customers_linked"))
            released = {fact.body.message: fact.body.message_class for fact in shop.facts("message_released")}
    offers = {called(number) for number, class_ in released.items() if class_ == "promotional"}
    owed = {called(number) for number, class_ in released.items() if class_ == "transactional"}
    print(f"{len(offers)} offers, {len(doubtful)} in doubt, {len(offers - came.keys())} not come; {len(owed)} owed, {came.total() - len(came)} came again")
    assert (len(offers), len(owed), linked) == (told, told, told // 2 if is_linking else 0)
    assert {one: came[one] for one in offers if came[one] > 1} == {}
    assert owed - came.keys() == set() and owed <= sent
    assert came.total() - len(came) <= KILLS * lanes
    assert offers - doubtful == offers & sent <= came.keys()
    assert (sent | doubtful, sent & doubtful) == (offers | owed, set())


def is_waiting(outbox: Outbox) -> bool:
    return any(one.state == "waiting" for one in outbox.deliveries.counts())


def is_over(shop: Living, messages: int) -> bool:
    return len({fact.body.message for how in ("sent", "in_doubt") for fact in shop.facts(f"message_{how}")}) >= messages
