"""What the demo's shop hears of us by webhook, and what it believes."""

from __future__ import annotations

import json
import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from standardwebhooks import Webhook

from fakes.web import free_port
from omtanke.channels.webhook.signature import new_secret
from omtanke.intake.calls import read_calls, read_events
from omtanke.intake.gathering import Sending
from omtanke.processes.demo import come_alive
from omtanke.processes.demo_post import PostOffice
from omtanke.processes.demo_site import Nobody, Site, Visit
from omtanke.processes.shop import STATE, Ear, in_batches, told_of, written
from omtanke.simulate.planted import ShopSettings
from omtanke.simulate.shop import Shop
from omtanke.simulate.told import Message, NewDate, SurveyLink
from omtanke.storage.keys import Keys
from omtanke.vocabulary.fact import Mode

SECRET = new_secret()
STOCKHOLM = ZoneInfo("Europe/Stockholm")
KEYS = Keys(b"the demo's shop" * 4)
SENDING = Sending("shop", Mode.LIVE, STOCKHOLM, "SEK")
ASKED = {
    "occurred_at": "2026-11-22T02:41:23Z",
    "customer": {"user_id": "kund-00009"},
    "about": "case",
    "question": "effort",
    "scale": "1-7",
    "case_id": "arende-signe",
    "link": "http://127.0.0.1:8400/s/AAAA",
}
DATED = {
    "occurred_at": "2026-11-22T02:21:10Z",
    "customer": {"user_id": "kund-00009"},
    "touchpoint": "console",
    "case_id": "arende-signe",
    "until_at": "2026-11-22T03:30:00Z",
    "words": "Vi ringer dig senast kl. 04.30.",
}
HALF_PAST = 1_795_318_200_000_000


@pytest.fixture
def ear() -> Iterator[Ear]:
    listening = Ear(free_port(), SECRET, Site(None, Nobody()))
    yield listening
    listening.close()


def signed(data: dict[str, Any], number: str = "msg_1", secret: str = SECRET) -> tuple[dict[str, str], bytes]:
    body = json.dumps({"type": "survey.asked", "timestamp": "2026-11-22T02:41:23Z", "data": data})
    now = datetime.now(UTC)
    signature = Webhook(secret).sign(number, now, body)
    return {"webhook-id": number, "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": signature}, body.encode()


def test_a_question_is_heard_once_by_its_id(ear: Ear) -> None:
    assert [ear.hear(*signed(ASKED)), ear.hear(*signed(ASKED)), ear.hear(*signed(ASKED, "msg_2"))] == [204, 204, 204]
    assert [told.link for told in ear.take() if isinstance(told, SurveyLink)] == [ASKED["link"]] * 2
    assert ear.take() == []


def test_what_somebody_else_signed_is_not_believed(ear: Ear) -> None:
    assert ear.hear(*signed(ASKED, secret=new_secret())) == 401
    assert ear.take() == []


def test_a_new_date_from_the_console_reaches_the_customer() -> None:
    told = told_of(DATED, "promise.made")
    assert told == NewDate(user_id="kund-00009", case_id="arende-signe", until_at=HALF_PAST, words=DATED["words"], at=1_795_314_070_000_000)


def test_a_reminder_that_has_gone_out_reaches_the_customer() -> None:
    went = {
        "occurred_at": "2026-11-22T07:00:02Z",
        "customer": {"user_id": "kund-00101"},
        "message": 7,
        "message_class": "promotional",
        "template": "remembered_cart",
    }
    (told, offer) = (told_of(one, "message.sent") for one in (went, {**went, "template": "spring"}))
    assert isinstance(told, Message) and (told.user_id, told.kind) == ("kund-00101", "cart_reminder")
    assert isinstance(offer, Message) and offer.kind == "offer"
    for own in ({"message_class": "service"}, {"message": 0}):  # what is owed annoys nobody; what the shop has sent by itself it knows
        assert told_of({**went, **own}, "message.sent") is None


def test_what_the_shop_said_itself_tells_it_nothing() -> None:
    assert told_of({**DATED, "touchpoint": "service/phone"}, "promise.made") is None


def test_demo_of_another_version_is_served_at_rest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / STATE).write_bytes(b"saved by another version")
    assert come_alive(tmp_path, 60) == {}
    assert "rests" in capsys.readouterr().err
    assert not (tmp_path / "clock.json").exists()


def mail_to(recipient: str, subject: str, words: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "hej@bjorkberg.example", recipient, subject
    mail.set_content(words)
    mail.add_alternative(f"<p>{words}</p>", subtype="html")
    return mail


def test_post_office_shows_mail_as_it_came_the_latest_first() -> None:
    port = free_port()
    office = PostOffice(port)
    with smtplib.SMTP("127.0.0.1", port) as server:
        server.send_message(mail_to("moa@example.com", "Löparskor ligger kvar", "Hej Moa!"))
        server.send_message(mail_to("ali@example.com", "Tack <Ali>", ".början av en rad"))
    site = Site(office, Nobody())
    page = site.page(Visit("/", "sv")).page
    office.close()
    assert page.index("Tack &lt;Ali&gt;") < page.index("Löparskor ligger kvar")
    assert "moa@example.com" in page
    assert [site.page(Visit(f"/mail/{n}")).page.strip() for n in (1, 2)] == ["<p>Hej Moa!</p>", "<p>.början av en rad</p>"]
    assert site.page(Visit("/mail/3")).status == 404


def test_the_door_takes_all_that_the_shop_tells_also_of_parcels_and_stores() -> None:
    begins = datetime(2026, 10, 1, tzinfo=STOCKHOLM)
    shop = Shop(3, 300, begins, ShopSettings(surveys="omtanke", answers="links"))
    events = shop.advance(begins + timedelta(days=6))
    taken, refused = [], []
    for batch in in_batches(events):
        path, _, body = written(batch)
        said = json.loads(body)
        read = read_events(said, SENDING, lambda: HALF_PAST, KEYS) if path == "/v1/events" else read_calls("batch", said, SENDING, lambda: HALF_PAST, KEYS)
        taken += read.taken
        refused += read.refused
    assert (refused, len(taken)) == ([], len(events))
    told = [json.loads(one.wire) for one in taken]
    assert [one["timestamp"] for one in told] == [json.loads(event.wire)["timestamp"] for event in events], "in the order in which it was told"
    nameless = {one["event"]: one["context"]["channel"] for one in told if "userId" not in one and "anonymousId" not in one}
    assert {"Order Shipped": "warehouse", "Shipment Delivered": "delivery", "Pickup Ready": "delivery", "Store Opened": "store"}.items() <= nameless.items()
