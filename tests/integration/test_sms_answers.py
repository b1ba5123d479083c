"""What comes back for a text message: receipts and answers at a door that runs, told by the address that went out with the message."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from fakes.living import MAJA
from fakes.story import at
from integration.running_door import PATIENCE_SECONDS, free_port, wait_until_open
from integration.test_sms import Here, shop_with
from omtanke.folder_clock import set_clock
from omtanke.runtime.hooks import make_hook

DOOR = "https://in.butiken.example"
TOKEN = "auth-token"


@contextmanager
def door_of(here: Here) -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "omtanke.cli", "run", "door", "--data", str(here.shop.folder.path), "--door-port", str(port)])
    try:
        wait_until_open(port)
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def posted(port: int, url: str, fields: dict[str, str], token: str = "") -> tuple[int, bytes]:
    """One call as a provider makes it, through a proxy that knows the door; signed as Twilio signs when a token is given."""
    signed = url + "".join(f"{name}{fields[name]}" for name in sorted(fields))
    signature = base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()
    headers = {"content-type": "application/x-www-form-urlencoded", **({"x-twilio-signature": signature} if token else {})}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("POST", url.removeprefix(DOOR), urlencode(fields), headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@contextmanager
def shop_that_hears(path: Path, kind: str) -> Iterator[tuple[Here, int, str]]:
    """(a shop, the port of its door, the address of its hook)."""
    path.mkdir()
    set_clock(path / "clock.json", at("2026-11-16 10:00"), 1)
    hook = make_hook(path / "keys", kind, kind, TOKEN if kind == "twilio" else "")
    with shop_with(path, kind, f'door_address = "{DOOR}"') as here, door_of(here) as port:
        here.meet(MAJA)
        yield here, port, DOOR + hook.path


@pytest.mark.parametrize(
    ("kind", "field", "failed", "delivered"),
    [
        ("46elks", "whendelivered", {"id": "s1", "status": "failed"}, {"id": "s1", "status": "delivered", "delivered": "2026-11-16T09:00:00.000000"}),
        (
            "twilio",
            "StatusCallback",
            {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30006"},
            {"MessageSid": "SM1", "MessageStatus": "delivered"},
        ),
    ],
)
def test_receipt_comes_to_the_address_that_went_out_with_the_message(
    tmp_path: Path, kind: str, field: str, failed: dict[str, str], delivered: dict[str, str]
) -> None:
    with shop_that_hears(tmp_path / "shop", kind) as (here, port, hook):
        here.bought()
        here.sending.send()
        address = here.provider.taken[0][field]
        token = TOKEN if kind == "twilio" else ""
        assert address.startswith(hook + "?about=") and urlsplit(address).scheme == "https"
        assert [posted(port, address, said, token) for said in (delivered, failed, failed)] == [(204, b"")] * 3
        here.shop.work()
        (sent,), (fact,) = here.shop.facts("message_sent"), here.shop.facts("message_failed")
        assert (fact.customer, fact.body.message, fact.channel) == (sent.customer, sent.body.message, "sms")
        assert fact.body.failure == ("address" if kind == "twilio" else "refused")
        here.bought(number="10483")
        assert len(here.shop.facts("message_released")) == (1 if kind == "twilio" else 2)


def test_stop_is_heard_once_and_only_what_is_owed_comes_afterwards(tmp_path: Path) -> None:
    with shop_that_hears(tmp_path / "shop", "46elks") as (here, port, hook):
        here.left()
        stop = {"direction": "incoming", "id": "s7", "from": "+46701234567", "to": "+46709876543", "created": "2026-11-16T19:30:00.000000", "message": "Stopp!"}
        assert [posted(port, hook, stop) for _ in range(2)] == [(204, b"")] * 2
        here.shop.work()
        here.sending.send()
        withdrawn = here.shop.facts("consent_withdrawn")
        (given,) = here.shop.facts("consent_given")
        assert [(fact.customer, fact.body.purpose, fact.body.for_channel) for fact in withdrawn] == [
            (given.customer, one, "sms") for one in ("marketing", "surveys")
        ]
        here.provider.taken.clear()
        here.shop.until("2026-11-20 20:00")
        here.shop.hear(MAJA, "Product Added", cart_id="c2", product_id="T4", name="Mössa", price=99)
        here.shop.until("2026-11-21 09:00")
        here.bought(number="10484")
        here.sending.send()
        assert [text[:16] for text in here.provider.texts] == ["Hej Maja, tack! "]


def test_answer_is_on_the_timeline_and_nothing_is_said_to_it(tmp_path: Path) -> None:
    with shop_that_hears(tmp_path / "shop", "twilio") as (here, port, hook):
        answer = {"MessageSid": "SM7", "SmsStatus": "received", "From": "+46701234567", "To": "+46709876543", "Body": "När kommer skorna?", "NumSegments": "1"}
        assert posted(port, hook, answer) == (401, posted(port, hook, answer)[1])
        assert posted(port, hook, answer, TOKEN) == (204, b"")
        here.shop.work()
        (wrote,) = here.shop.facts("case_message_received")
        (given,) = here.shop.facts("consent_given")
        seen = here.sending.facts.at(wrote.position)
        assert seen is not None
        assert (wrote.customer, wrote.channel, seen[1].personal["properties"]["text"]) == (given.customer, "sms", "När kommer skorna?")
