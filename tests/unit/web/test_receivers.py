"""Receivers and deliveries, as developers and leads see them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from omtanke.storage.outbox import Outbox
from omtanke.storage.outbox_deliveries import Attempt, Destination, NewDelivery, Settled
from omtanke.web.outgoing import close_outbox, outbox
from omtanke.web.shop import Shop

if TYPE_CHECKING:
    from django.test import Client

PUBLIC = "https://93.184.215.14/hooks"
MOMENT = 1_795_000_000_000_000


@pytest.fixture
def box(here: Shop) -> Iterator[Outbox]:
    """The outbox of the shop, empty again afterwards."""
    yield outbox()
    for table in ("attempt", "message", "delivery", "receiver", "destination", "choice", "meta"):
        outbox().connection.execute(f"DELETE FROM {table}")
    close_outbox()


def add(lead: Client, **how: object) -> str:
    given = {"description": "The warehouse", "url": PUBLIC, "types": ["promise_broken"], **how}
    return lead.post("/receivers/new/", given).content.decode()


def test_new_receiver_is_told_from_here_on_and_its_secret_is_shown_once(lead: Client, box: Outbox, here: Shop) -> None:
    html = add(lead)
    (one,) = box.receivers.all()
    assert (one.url, one.types, one.description, one.since, one.state) == (PUBLIC, ("promise_broken",), "The warehouse", here.pages.last_fact()[0], "on")
    assert one.secret in html
    assert one.secret not in lead.get(f"/receivers/{one.receiver}/").content.decode()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://127.0.0.1/x", "inside a network"),
        ("https://169.254.169.254/latest/meta-data", "inside a network"),
        ("https://[::ffff:10.0.0.1]/x", "inside a network"),
        ("http://93.184.215.14/x", "Without https"),
        ("ftp://shop.example/x", "not an address that can be sent to"),
        ("https://me:secret@shop.example/x", "not an address that can be sent to"),
    ],
)
def test_address_that_we_do_not_send_to_is_refused_with_the_way_out(lead: Client, box: Outbox, url: str, said: str) -> None:
    assert said in add(lead, url=url)
    assert box.receivers.all() == []


def test_receiver_without_a_kind_of_fact_is_refused(lead: Client, box: Outbox) -> None:
    assert "Choose at least one kind of fact." in add(lead, types=["no_such_fact"])
    assert box.receivers.all() == []


def test_try_is_a_delivery_that_can_be_looked_at(lead: Client, box: Outbox) -> None:
    add(lead)
    (one,) = box.receivers.all()
    html = lead.post(f"/receivers/{one.receiver}/", {"do": "ping"}, follow=True).content.decode()
    (sent,) = box.deliveries.listed(2**62, 9)
    assert (sent.type, sent.state, sent.receiver) == ("ping", "waiting", one.receiver)
    assert (sent.key in html, "&quot;type&quot;: &quot;ping&quot;" in html) == (True, True)


def test_receiver_can_be_paused_gone_on_with_and_removed(lead: Client, box: Outbox) -> None:
    add(lead)
    number = box.receivers.all()[0].receiver
    states = []
    for do in ("pause", "go_on"):
        lead.post(f"/receivers/{number}/", {"do": do})
        states.append(box.receivers.all()[0].state)
    lead.post(f"/receivers/{number}/", {"do": "remove"})
    assert (states, box.receivers.all(), lead.get(f"/receivers/{number}/").status_code) == (["paused", "on"], [], 404)


def test_new_secret_stands_beside_the_former_for_a_day(lead: Client, box: Outbox) -> None:
    add(lead)
    (before,) = box.receivers.all()
    html = lead.post(f"/receivers/{before.receiver}/", {"do": "rotate"}).content.decode()
    (after,) = box.receivers.all()
    assert (after.former_secret, after.secret in html, before.secret == after.secret) == (before.secret, True, False)
    assert after.secrets(after.former_until - 1) == [after.secret, before.secret]
    assert after.secrets(after.former_until) == [after.secret]


def failed_delivery(box: Outbox, here: Shop) -> int:
    """The latest fact about a promise could not be delivered."""
    number = box.receivers.add(PUBLIC, ["promise_kept"], "The warehouse", 0, "whsec_x", MOMENT)
    log = here.data / "log.db"
    import sqlite3

    with sqlite3.connect(f"file:{log}?mode=ro", uri=True) as connection:
        (position,) = connection.execute("SELECT max(position) FROM fact WHERE type = 'promise_kept'").fetchone()
    connection.close()
    destination = f"receiver/{number}"
    delivery = box.deliveries.add(NewDelivery("msg_1", destination, number, "promise_kept", position), MOMENT)
    attempt = Attempt(delivery, 1, MOMENT, 12_000, 500, "no such table")
    box.deliveries.settle(attempt, Settled("failed", 1, MOMENT, MOMENT), Destination(destination, 1, 0))
    return delivery


def test_delivery_shows_every_try_and_its_payload(lead: Client, box: Outbox, here: Shop) -> None:
    html = lead.get(f"/deliveries/{failed_delivery(box, here)}/").content.decode()
    assert ("no such table" in html, "500" in html, "promise.kept" in html) == (True, True, True)
    assert re.search(r"&quot;order_id&quot;|&quot;case_id&quot;|&quot;store_id&quot;", html)
    assert re.search(r'<a href="/promises/\d+/">What it tells of</a>', html)


def test_failed_delivery_is_sent_again(lead: Client, box: Outbox, here: Shop) -> None:
    number = failed_delivery(box, here)
    assert "One delivery did not arrive." in lead.get("/deliveries/").content.decode()
    lead.post(f"/deliveries/{number}/")
    again = box.deliveries.get(number)
    assert again is not None
    assert (again.state, again.rung, again.attempts) == ("waiting", 0, 1)


def test_everything_failed_is_sent_again_since_a_day(lead: Client, box: Outbox, here: Shop) -> None:
    number = failed_delivery(box, here)
    receiver = box.receivers.all()[0].receiver
    box.connection.execute("UPDATE delivery SET made_at = (SELECT CAST(strftime('%s', 'now') AS INTEGER)) * 1000000")
    html = lead.post("/deliveries/", {"receiver": receiver, "days": "1"}, follow=True).content.decode()
    again = box.deliveries.get(number)
    assert again is not None
    assert (again.state, "1 is sent again." in html) == ("waiting", True)


def test_mail_that_waits_for_a_server_is_said(lead: Client, box: Outbox) -> None:
    box.put_mail("one", "karin@butiken.example", "Välkommen", "hemlig text")
    html = lead.get("/deliveries/").content.decode()
    (waiting,) = box.deliveries.listed(2**62, 9)
    page = lead.get(f"/deliveries/{waiting.delivery}/").content.decode()
    assert ("1 letter waits: no mail server is named in the settings." in html, "karin@butiken.example" in html) == (True, True)
    assert "hemlig text" not in html + page
    assert "mail waits until there is one" in lead.get("/health/").content.decode()


@pytest.mark.parametrize("address", ["/receivers/", "/receivers/new/", "/deliveries/", "/letters/"])
def test_page_is_small_and_without_inline_script(lead: Client, box: Outbox, address: str) -> None:
    html = lead.get(address).content.decode()
    assert (len(html) < 100_000, re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", html)) == (True, [])


def test_delivery_to_a_customer_says_by_which_way_and_not_to_whom(lead: Client, box: Outbox) -> None:
    for way, destination in (("customer_mail", "customer/mail"), ("customer_sms", "customer/sms/offers")):
        box.deliveries.add(NewDelivery(f"message/{way}/0", destination, 0, "message_released", 1, way), MOMENT)
    html = lead.get("/deliveries/").content.decode()
    assert ("a customer, by e-mail" in html, "a customer, by text message" in html) == (True, True)
    health = re.sub(r"\s*<[^>]+>\s*", "|", lead.get("/health/").content.decode())
    assert re.search(r"Text messages to customers on their way\|+The oldest has waited [^|]*\|+1\|", health)
