"""What a play lets go reaches the customer: a real log, a real outbox, a real mail server, and the library that checks signatures."""

from __future__ import annotations

import base64
import re
import shutil
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from email.message import EmailMessage
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from fakes.living import LIV, MAJA, promised
from fakes.sending import PAGES, SENDER, Sending, sending
from omtanke.channels.email.compose import message_id
from omtanke.runtime.customer_links import MY_PAGE, RESUME, UNSUBSCRIBE, Link, opened
from omtanke.runtime.survey_links import asked_at
from omtanke.vocabulary.time import DAY, SECOND, datetime_of

SHOES = {"sku": "T3", "name": "Löparskor Trail 3", "variant": "blå, 42", "quantity": 2, "price": 149.5}
LINK = re.compile(r"https://\S+")


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Sending]:
    with sending(tmp_path / "shop", "order_confirmed", "remembered_cart", "survey_delivery", "refunded") as made:
        for user in (MAJA, LIV):
            made.shop.meet(user)
            made.shop.hear(user, "Consent Given", purpose="marketing", words="Ja tack")
        made.shop.work()
        yield made


def bought(here: Sending, user: str = MAJA, number: str = "10482", until: str = "2026-11-19") -> None:
    here.shop.hear(user, "Order Completed", order_id=number, total=1797, products=[SHOES], promises=[promised(until, "Hos dig torsdag")])
    here.shop.work()


def left(here: Sending, user: str = MAJA) -> None:
    """A cart is left in the evening, and is remembered the next morning."""
    here.shop.until("2026-11-16 20:00")
    here.shop.hear(user, "Product Added", cart_id="c1", product_id="T3", name="Löparskor Trail 3", price=149.5, quantity=2)
    here.shop.work()
    here.shop.until("2026-11-17 08:01")


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def link_in(here: Sending, text: str, purpose: str) -> Link | None:
    """What the link of that purpose in a text opens."""
    token = next(one.rpartition("/")[2] for one in LINK.findall(text) if one.startswith(f"{PAGES}/{purpose}/"))
    return opened(here.shop.folder.keys, purpose, token, here.shop.now)


def test_order_that_came_in_is_confirmed_with_its_promise(here: Sending) -> None:
    bought(here)
    here.send()
    (mail,) = here.mailbox.mails
    (sent,) = here.shop.facts("message_sent")
    assert here.mailbox.recipients == ["maja@example.com"]
    assert text_of(mail).startswith("Hej Maja, tack!")
    assert "Det är hos dig senast torsdag 19 november." in text_of(mail)
    assert "Löparskor Trail 3, blå, 42 (2 st) 299\xa0kr\n\nSumma 1\xa0797\xa0kr. Din order har nummer 10482." in text_of(mail)
    assert link_in(here, text_of(mail), MY_PAGE) == Link(sent.customer, 0, (here.shop.now + 90 * DAY) // SECOND * SECOND)
    assert (mail["Auto-Submitted"], mail["List-Id"], mail["Content-Language"]) == ("auto-generated", "<transactional.messages.butiken.example>", "sv")
    assert (mail["Message-ID"], mail["List-Unsubscribe"]) == (message_id(f"message/{sent.body.message}", SENDER), None)
    assert (sent.body.template, sent.body.message_class, sent.body.for_channel) == ("order_confirmed", "transactional", "mail")


def test_cart_is_remembered_in_the_customers_language_and_can_be_stopped_by_one_click(here: Sending) -> None:
    left(here, LIV)
    here.send()
    (mail,) = here.mailbox.mails
    (sent,) = here.shop.facts("message_sent")
    (went,) = here.shop.facts("cart_left")
    assert text_of(mail).startswith("Hello Liv! This is still in your cart: Löparskor Trail 3.")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = link_in(here, mail["List-Unsubscribe"].strip("<>"), UNSUBSCRIBE)
    assert stop is not None and (stop.customer, stop.about) == (sent.customer, sent.body.message)
    resumed = link_in(here, text_of(mail), RESUME)
    assert resumed is not None and (resumed.customer, resumed.about) == (sent.customer, went.body.cart)


def test_cart_is_offered_with_a_date_by_the_lanes_of_the_policy_which_is_on_record(here: Sending) -> None:
    policy = here.shop.folder.path / "policy" / "policy.toml"
    policy.write_text(policy.read_text(encoding="utf-8") + '[quotes]\ncountry = "SE"\nlanes.SE = [1, 2]\n', encoding="utf-8")
    here.shop.restart()
    left(here)
    here.send()
    (mail,) = here.mailbox.mails
    (quote,) = here.shop.facts("quote_given")
    assert "Beställer du senast kl. 14 tisdag 17 november är det hos dig mellan onsdag 18 och torsdag 19 november." in text_of(mail)
    moments = [datetime_of(at, ZoneInfo("Europe/Stockholm")).isoformat()[:16] for at in (quote.body.from_at, quote.body.until_at, quote.body.valid_until)]
    assert moments == ["2026-11-18T00:00", "2026-11-20T00:00", "2026-11-17T14:00"]


def test_what_is_about_one_order_stands_together_and_a_question_leads_to_its_page(here: Sending) -> None:
    bought(here)
    here.send()
    here.shop.hear(MAJA, "Shipment Delivered", order_id="10482")
    here.shop.until("2026-11-16 12:00")
    here.send()
    here.shop.hear(MAJA, "Order Refunded", order_id="10482", total=299)
    here.shop.work()
    here.send()
    refunded, asked, confirmed = sorted(here.mailbox.mails, key=lambda mail: str(mail["List-Id"]))
    assert confirmed["References"] == asked["References"] == refunded["References"]
    assert "299\xa0kr" in text_of(refunded)
    first = next(one for one in LINK.findall(text_of(asked)) if "/s/" in one)
    page, _, score = first.partition("?score=")
    (question,) = here.shop.facts("survey_asked")
    assert (asked_at(here.shop.folder.keys, page.rpartition("/")[2]), score) == (question.position, "1")


def test_mail_is_signed_so_that_the_shops_name_in_the_dns_vouches_for_it(tmp_path: Path) -> None:
    with sending(tmp_path / "shop", "remembered_cart", more='dkim_selector = "omtanke"\ndkim_domain = "butiken.example"') as here:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        folder = here.shop.folder.path / "keys"
        (folder / "dkim.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        public = base64.b64encode(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
        here.shop.meet(MAJA)
        here.shop.hear(MAJA, "Consent Given", purpose="marketing", words="Ja tack")
        left(here)
        here.send()
        (raw,) = here.mailbox.raw
    answers = {b"omtanke._domainkey.butiken.example.": b"v=DKIM1; k=rsa; p=" + public}

    def is_good(mail: bytes) -> bool:
        return bool(dkim.verify(mail, dnsfunc=lambda name, timeout=5: answers[name]))

    assert is_good(raw)
    assert [is_good(raw.replace(*change)) for change in ((b"/stop/", b"/stay/"), (b"One-Click", b"Two-Click"), (b"Maja", b"Meja"))] == [False] * 3


def test_what_was_not_handed_over_within_a_minute_is_asked_anew_first(here: Sending) -> None:
    left(here)
    here.shop.now += 61 * SECOND
    here.shop.hear(MAJA, "Order Completed", order_id="10482", products=[SHOES], promises=[promised("2026-11-19", "Hos dig torsdag")])
    here.shop.work()
    here.send()
    assert Counter(here.became()) == Counter(released=2, returned=1, suppressed=1, sent=1)
    assert [mail["List-Id"] for mail in here.mailbox.mails] == ["<transactional.messages.butiken.example>"]


def test_what_is_returned_and_still_true_is_sent(here: Sending) -> None:
    bought(here)
    here.shop.now += 61 * SECOND
    here.send()
    here.send()
    assert (here.became(), [one.key[-2:] for one in here.deliveries()]) == (["released", "returned", "released", "sent"], ["/0", "/1"])
    assert len(here.mailbox.mails) == 1


def test_what_can_still_be_sent_goes_before_what_is_too_late_so_that_a_crowd_ends(here: Sending) -> None:
    """Each try takes more than a minute: with the longest waiting first each would be too late when its turn comes, for ever."""
    bought(here, number="1")
    here.shop.now += 61 * SECOND
    bought(here, number="2")

    def passes(delivery: object, outcome: object) -> None:
        here.shop.now += 61 * SECOND

    here.restart(passes, at_once=1)
    here.send()
    assert (here.became(), len(here.mailbox.mails)) == (["released", "released", "sent", "returned", "released"], 1)


def test_server_that_is_down_is_asked_again_and_what_is_too_late_by_then_returns_once(tmp_path: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with closing(Sending(tmp_path / "shop", nobody.getsockname()[1], ["order_confirmed"])) as here:
            here.shop.meet(MAJA)
            bought(here)
            for seconds in (0, 6, 400):
                here.shop.now += seconds * SECOND - here.ahead
                here.ahead = seconds * SECOND
                here.send()
            assert here.became() == ["released", "returned", "released"]
            assert [(one.state, one.attempts) for one in here.deliveries()] == [("dropped", 3)]
            here.send()
            assert [(one.state, one.attempts) for one in here.deliveries()] == [("dropped", 3), ("waiting", 1)]


@pytest.mark.parametrize(
    ("answer", "failure", "is_dead"),
    [("550 5.1.1 No such user", "address", True), ("550 5.7.1 Relaying denied", "refused", False), ("552 5.2.2 Mailbox full", "refused", False)],
)
def test_recipient_that_is_refused(here: Sending, answer: str, failure: str, is_dead: bool) -> None:
    here.mailbox.refused_recipients = [answer]
    bought(here)
    here.send()
    (fact,) = here.shop.facts("message_failed")
    bought(here, number="10483")
    here.send()
    assert (fact.body.failure, here.mailbox.mails == []) == (failure, is_dead)


def test_mail_that_is_refused_for_good_fails_and_for_now_is_tried_again(here: Sending) -> None:
    here.mailbox.answers = ["554 5.6.0 Not like this", "451 4.7.1 Later"]
    bought(here)
    here.send()
    bought(here, number="10483")
    here.send()
    here.ahead = 6 * SECOND
    here.send()
    assert [fact.body.failure for fact in here.shop.facts("message_failed")] == ["refused"]
    assert len(here.mailbox.mails) == len(here.shop.facts("message_sent")) == 1


def test_what_was_about_to_be_handed_over_when_dispatch_ended_is_in_doubt_and_not_sent(here: Sending) -> None:
    left(here)
    here.dispatch.follow()
    (waiting,) = here.deliveries()
    assert here.outbox.deliveries.begin_handing(waiting.delivery, waiting.made_at)
    here.restart()
    here.send()
    assert (here.became(), here.mailbox.mails, here.deliveries()[0].state) == (["released", "in_doubt"], [], "failed")


def test_server_that_hangs_up_instead_of_an_answer_leaves_an_offer_in_doubt_and_a_service_to_be_repeated(here: Sending) -> None:
    left(here)
    here.mailbox.hangs_up = 1
    here.send()
    bought(here, until="2026-11-20")
    here.mailbox.hangs_up = 1
    here.send()
    here.ahead = 6 * SECOND
    here.send()
    assert [mail["List-Id"][1:8] for mail in here.mailbox.mails] == ["promoti", "transac", "transac"]
    assert here.mailbox.mails[1]["Message-ID"] == here.mailbox.mails[2]["Message-ID"]
    assert (len(here.shop.facts("message_in_doubt")), len(here.shop.facts("message_sent"))) == (1, 1)


def test_what_became_of_it_is_told_before_anything_is_sent_again(here: Sending, monkeypatch: pytest.MonkeyPatch) -> None:
    bought(here)
    inbox, append, tries = here.shop.inbox, here.shop.inbox.append, iter((True, True, False))

    def fails_twice(*given: object) -> object:
        if next(tries):
            raise OSError(28, "No space left on device")
        return append(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(inbox, "append", fails_twice)
    for seconds in (0, 6, 400):
        here.ahead = seconds * SECOND
        here.send()
    assert (len(here.mailbox.mails), here.became()) == (1, ["released", "sent"])


@pytest.mark.parametrize(("play", "event"), [("order_confirmed", "Order Completed"), ("order_sent", "Order Shipped"), ("delivered", "Shipment Delivered")])
def test_order_of_which_nobody_has_told_the_goods_is_your_order(tmp_path: Path, play: str, event: str) -> None:
    with sending(tmp_path / "shop", play) as here:
        here.shop.meet(MAJA)
        for one in dict.fromkeys(("Order Completed", event)):
            here.shop.hear(MAJA, one, order_id="10482", parcel_id="P1")
        here.shop.work()
        here.send()
        (mail,) = here.mailbox.mails
        assert "beställning" in text_of(mail)


def test_message_that_cannot_be_made_fails_and_the_log_says_why_without_the_customer(here: Sending, capsys: pytest.CaptureFixture[str]) -> None:
    own = here.shop.folder.path / "playbook" / "messages" / "order_confirmed"
    shutil.copytree(str(files("omtanke.messages") / "shipped" / "order_confirmed"), own)
    (own / "mail.sv.mjml").write_text("<mj-text>Hej {{ person.first_name }}, hos dig {{ promise.window }}.</mj-text>", encoding="utf-8")
    here.shop.hear(MAJA, "Order Completed", order_id="10482", total=1797, products=[SHOES])
    here.shop.work()
    here.send()
    said = capsys.readouterr().err
    assert ([fact.body.failure for fact in here.shop.facts("message_failed")], here.mailbox.mails) == (["not_made"], [])
    assert "promise is not known here" in said and "Maja" not in said and "maja@" not in said


def test_without_a_server_and_without_an_address_it_fails_and_says_so(tmp_path: Path) -> None:
    with sending(tmp_path / "shop", "order_confirmed", has_server=False) as here:
        here.shop.meet(MAJA)
        bought(here)
        here.shop.tell_of(LIV, {"phone": "+46701234567", "name": "Liv Grey"})
        bought(here, LIV, "10483")
        here.send()
        assert {(fact.body.for_channel, fact.body.failure) for fact in here.shop.facts("message_failed")} == {("mail", "not_set_up"), ("sms", "not_set_up")}


def test_who_has_been_restricted_meanwhile_is_left_alone(here: Sending) -> None:
    bought(here)
    here.restrict(MAJA)
    here.send()
    assert (here.became(), here.mailbox.mails) == (["released", "returned", "suppressed"], [])


NO = {
    "objected": {"event": "Consent Withdrawn", "purpose": "marketing", "objection": True},
    "withdrawn": {"event": "Consent Withdrawn", "purpose": "marketing"},
    "own_choice": {"event": "Preference Changed", "preference": "channel", "for_channel": "mail", "chosen": "off"},
    "own_subject": {"event": "Preference Changed", "preference": "subject.cart", "chosen": "off"},
}


@pytest.mark.parametrize("why", NO)
def test_a_no_between_release_and_handing_over_counts(here: Sending, why: str) -> None:
    left(here)
    assert here.became() == ["released"]
    here.shop.hear(MAJA, **NO[why])
    here.shop.work()
    here.send()
    assert (here.became(), here.mailbox.mails) == (["released", "returned", "suppressed"], [])
    assert [fact.reason for fact in here.shop.facts("message_suppressed")] == [why]


def test_a_no_while_the_server_is_down_counts_at_the_next_try(here: Sending) -> None:
    here.mailbox.answers = ["451 4.7.1 later"]
    left(here)
    here.send()
    assert (here.became(), here.mailbox.mails) == (["released"], [])
    here.shop.hear(MAJA, "Consent Withdrawn", purpose="marketing")
    here.shop.work()
    here.ahead = 6 * SECOND
    here.send()
    assert (here.became(), here.mailbox.mails) == (["released", "returned", "suppressed"], [])


def test_a_no_to_questions_counts_until_the_question_is_handed_over(here: Sending) -> None:
    bought(here)
    here.shop.hear(MAJA, "Shipment Delivered", order_id="10482")
    here.shop.work()
    here.send()
    before = len(here.mailbox.mails)
    here.shop.until("2026-11-16 12:00")
    here.shop.hear(MAJA, "Consent Withdrawn", purpose="surveys")
    here.shop.work()
    here.send()
    assert (here.became()[-3:], len(here.mailbox.mails)) == (["released", "returned", "suppressed"], before)


def test_a_no_to_marketing_leaves_what_is_owed(here: Sending) -> None:
    bought(here)
    here.shop.hear(MAJA, "Consent Withdrawn", purpose="marketing")
    here.shop.work()
    here.send()
    assert (here.became(), len(here.mailbox.mails)) == (["released", "sent"], 1)


def test_nothing_of_a_customer_is_stored_in_the_outbox(here: Sending) -> None:
    here.mailbox.answers = ["451 4.7.1 maja@example.com (<maja>), 070-123 45 67: later"]
    bought(here)
    here.send()
    here.ahead = 6 * SECOND
    here.send()
    stored = b"".join(file.read_bytes() for file in here.shop.folder.path.glob("outbox.db*"))
    assert [one in stored for one in (b"maja", b"070-123", b"10482", b"Trail", b"torsdag")] == [False] * 5
    assert len(here.mailbox.mails) == 1
