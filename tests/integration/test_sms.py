"""What a play lets go reaches the customer's telephone: a real log, a real outbox, and a real HTTP server as the provider."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fakes.living import LIV, MAJA, NAMES, promised
from fakes.sending import PAGES, Sending, write_sms
from fakes.sms_provider import SmsProvider, sms_provider
from omtanke.messages.sms import sms
from omtanke.processes.to_customers import at_once_of
from omtanke.runtime.customer_links import UNSUBSCRIBE, Link, opened
from omtanke.settings import CustomerMail, CustomerSms, Settings
from omtanke.vocabulary.time import SECOND

PLAYS = ("order_confirmed", "remembered_cart", "survey_delivery")
PHONE = "070-123 45 67"


class Here:
    def __init__(self, sending: Sending, provider: SmsProvider) -> None:
        self.sending, self.shop, self.provider = sending, sending.shop, provider

    def meet(self, user: str, phone: str = PHONE) -> None:
        self.shop.tell_of(user, {"name": NAMES[user], "phone": phone, "locale": "en-GB" if user == LIV else "sv-SE"})
        self.shop.hear(user, "Consent Given", purpose="marketing", words="Ja tack")
        self.shop.work()

    def bought(self, user: str = MAJA, number: str = "10482") -> None:
        self.shop.hear(
            user, "Order Completed", order_id=number, total=1797, products=[{"sku": "T3", "name": "Skor"}], promises=[promised("2026-11-19", "Torsdag")]
        )
        self.shop.work()

    def left(self, user: str = MAJA) -> None:
        self.shop.until("2026-11-16 20:00")
        self.shop.hear(user, "Product Added", cart_id="c1", product_id="T3", name="Löparskor Trail 3", price=149.5, quantity=2)
        self.shop.work()
        self.shop.until("2026-11-17 08:01")

    def failures(self) -> list[str]:
        return [fact.body.failure for fact in self.shop.facts("message_failed")]


@contextmanager
def shop_with(path: Path, provider: str = "46elks", more: str = "") -> Iterator[Here]:
    with sms_provider() as (taking, server):
        made = Sending(path, 0, PLAYS)
        write_sms(path, f"http://{server.place}", provider, more)
        made.shop.folder = type(made.shop.folder)(path)
        made.restart()
        try:
            yield Here(made, taking)
        finally:
            made.close()


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Here]:
    with shop_with(tmp_path / "shop") as made:
        made.meet(MAJA)
        yield made


def test_order_is_confirmed_to_a_number_in_e164_and_what_was_sent_is_on_record(here: Here) -> None:
    here.bought()
    here.sending.send()
    (went,) = here.provider.taken
    (sent,) = here.shop.facts("message_sent")
    assert went == {
        "from": "Butiken",
        "to": "+46701234567",
        "message": "Hej Maja, tack! Vi har fått din order 10482. Den är hos dig senast torsdag 19 november. Hälsningar Fjäll & Fot",
    }
    seen = here.sending.facts.at(sent.position)
    assert seen is not None
    personal = seen[1].personal["properties"]
    assert (sent.body.for_channel, sent.body.template, personal["text"], personal["message_reference"]) == (
        "sms",
        "order_confirmed",
        went["message"],
        f"s{1:032x}",
    )
    assert sent.body.segments == 1


def test_offer_says_how_to_stop_it_in_the_customers_language(here: Here) -> None:
    here.meet(LIV, "+44 7700 900123")
    here.left(LIV)
    here.sending.send()
    (went,) = here.provider.taken
    words, _, stop = went["message"].rpartition("\n")
    assert words.startswith("Hello Liv! This is still in your cart: Löparskor Trail 3. Go on where you were: https://")
    assert (went["to"], stop.startswith(f"No more: {PAGES}/stop/"), sms(went["message"]).alphabet) == ("+447700900123", True, "GSM-7")
    (sent,) = here.shop.facts("message_sent")
    link = opened(here.shop.folder.keys, UNSUBSCRIBE, stop.rpartition("/")[2], here.shop.now)
    assert isinstance(link, Link) and (link.customer, link.about) == (sent.customer, sent.body.message)


def test_question_leads_to_its_page(here: Here) -> None:
    here.bought()
    here.sending.send()
    here.shop.hear(MAJA, "Shipment Delivered", order_id="10482")
    here.shop.until("2026-11-16 12:00")
    here.sending.send()
    assert here.provider.texts[1].startswith("Hej Maja! Vad tyckte du om leveransen? Svara med ett klick: https://omtanke.butiken.example/s/")
    assert "\nInga fler: https://omtanke.butiken.example/stop/" in here.provider.texts[1]


@pytest.mark.parametrize("number", ["12", "inget nummer"])
def test_number_that_is_none_fails_and_is_left_alone(here: Here, number: str) -> None:
    here.meet(LIV, number)
    here.bought(LIV)
    here.sending.send()
    assert (here.failures(), here.provider.taken) == (["address"], [])
    here.bought(LIV, "10483")
    assert len(here.shop.facts("message_released")) == 1


@pytest.mark.parametrize(("code", "failure", "asked"), [(21211, "address", 1), (21610, "address", 1), (21606, "refused", 2)])
def test_number_that_twilio_refuses_for_good_is_dead_and_a_slip_in_the_settings_kills_none(tmp_path: Path, code: int, failure: str, asked: int) -> None:
    with shop_with(tmp_path / "shop", "twilio") as here:
        here.meet(MAJA)
        no = (400, {}, json.dumps({"code": code, "message": "no", "status": 400}).encode())
        here.provider.answers = [no, no]
        for number in ("1", "2"):
            here.bought(number=number)
            here.sending.send()
        assert here.failures() == [failure] * asked


@pytest.mark.parametrize("at_once", [1, 3])
def test_no_more_are_under_way_at_once_than_the_settings_say(here: Here, at_once: int) -> None:
    here.provider.answers_after = 0.05
    here.sending.restart(sms=at_once)
    for number in range(6):
        here.bought(number=str(number))
    here.sending.send()
    assert (len(here.provider.taken), here.provider.most) == (6, at_once)


def test_settings_say_for_mail_and_text_messages_by_themselves() -> None:
    settings = Settings(customer_mail=CustomerMail(at_once=3), customer_sms=CustomerSms(at_once=2))
    assert at_once_of(settings) == {"customer/mail": 3, "customer/sms": 2}


def test_without_its_secret_nothing_is_sent_and_nothing_lost(here: Here) -> None:
    (here.shop.folder.path / "keys" / "customer_sms.secret").write_text("\n", encoding="utf-8")
    here.sending.restart()
    here.bought()
    here.sending.send()
    (waiting,) = here.sending.deliveries()
    (tried,) = here.sending.outbox.deliveries.attempts([waiting.delivery])[waiting.delivery]
    assert (waiting.state, tried.answer, here.provider.taken) == ("waiting", "keys/customer_sms.secret is not there, or is empty", [])


def test_wrong_secret_loses_nothing(here: Here) -> None:
    here.provider.answers = [(401, {}, b"no")]
    here.bought()
    here.sending.send()
    here.sending.ahead = 6 * SECOND
    here.sending.send()
    assert (here.sending.became(), len(here.provider.taken)) == (["released", "sent"], 1)


def test_answer_that_is_lost_leaves_an_offer_in_doubt_and_repeats_a_service(here: Here) -> None:
    here.left()
    here.provider.hangs_up = 1
    here.sending.send()
    here.bought()
    here.provider.hangs_up = 1
    here.sending.send()
    here.sending.ahead = 6 * SECOND
    here.sending.send()
    assert Counter(here.sending.became()) == Counter(released=2, in_doubt=1, sent=1)
    assert [text[:17] for text in here.provider.texts] == ["Hej Maja! Löparsk", "Hej Maja, tack! V", "Hej Maja, tack! V"]


def test_what_is_too_late_is_asked_anew_and_who_is_restricted_is_left_alone(here: Here) -> None:
    here.bought()
    here.shop.now += 61 * SECOND
    here.sending.send()
    assert here.sending.became() == ["released", "returned", "released"]
    here.sending.restrict(MAJA)
    here.sending.send()
    assert (here.sending.became()[3:], here.provider.taken) == (["returned", "suppressed"], [])


def test_nothing_of_a_customer_is_stored_in_the_outbox(here: Here) -> None:
    here.provider.answers = [(503, {}, b"+46701234567 070-123 45 67 later")]
    here.bought()
    here.sending.send()
    here.sending.ahead = 6 * SECOND
    here.sending.send()
    stored = b"".join(file.read_bytes() for file in here.shop.folder.path.glob("outbox.db*"))
    assert [one in stored for one in (b"Maja", b"0701234567", b"46701234567", b"123 45 67", b"10482", b"torsdag")] == [False] * 6
    assert len(here.provider.taken) == 1
