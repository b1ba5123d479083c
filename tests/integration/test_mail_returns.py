"""What comes back for a mail: reports and complaints at a door that runs, told by the address that the mail was sent from."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from fakes.living import LIV, MAJA
from fakes.mailbox import mail_server
from fakes.returns import FORMS, bounce, complaint
from fakes.sending import Sending
from fakes.story import at
from integration.running_door import PATIENCE_SECONDS
from integration.test_sms_answers import door_of
from integration.test_to_customers import bought, left
from omtanke.folder_clock import set_clock
from omtanke.runtime.hooks import make_hook
from omtanke.vocabulary.time import SECOND

RETURNS = 'return_path = "returns@butiken.example"'
PLAYS = ("order_confirmed", "remembered_cart", "delivered")


class Here:
    """A shop that sends by mail, with a door that runs and a hook for what comes back."""

    def __init__(self, sending: Sending, port: int, path: str) -> None:
        self.sending, self.shop, self.port, self.path = sending, sending.shop, port, path

    def posted(self, raw: bytes, kind: str = "message/rfc822") -> tuple[int, dict[str, object]]:
        """As `curl --data-binary @-` posts it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request("POST", self.path, raw, {"content-type": kind})
            answer = connection.getresponse()
            return answer.status, msgspec.json.decode(answer.read())
        finally:
            connection.close()

    def why(self, type_: str) -> list[str]:
        return [fact.reason for fact in self.shop.facts(type_)]


@contextmanager
def shop_that_hears(path: Path) -> Iterator[Here]:
    path.mkdir()
    set_clock(path / "clock.json", at("2026-11-16 09:00"), 1)
    hook = make_hook(path / "keys", "mail_returns", "mail_returns")
    with mail_server() as (mailbox, port):
        made = Sending(path, port, PLAYS, RETURNS)
        made.mailbox = mailbox
        tell_everybody(path)
        made.shop.restart()
        try:
            for user in (MAJA, LIV):
                made.shop.meet(user)
                made.shop.hear(user, "Consent Given", purpose="marketing", words="Ja tack")
            made.shop.work()
            with door_of(made) as door:  # type: ignore[arg-type]
                yield Here(made, door, hook.path)
        finally:
            made.close()


def tell_everybody(path: Path) -> None:
    """The remembered cart, without those who are told nothing to see what it does."""
    play = path / "playbook" / "plays" / "remembered_cart.toml"
    play.write_text("".join(line for line in play.read_text(encoding="utf-8").splitlines(keepends=True) if "holdout" not in line), encoding="utf-8")


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Here]:
    with shop_that_hears(tmp_path / "shop") as made:
        yield made


def sent_from(here: Here) -> str:
    """The address that the last mail was sent from."""
    here.sending.send()
    return here.sending.mailbox.senders[-1]


@pytest.mark.parametrize("form", FORMS)
def test_mail_that_came_back_is_heard_once_and_what_was_owed_becomes_a_task(here: Here, form: str) -> None:
    bought(here.sending)
    path = sent_from(here)
    assert path.startswith("returns+") and path.endswith("@butiken.example")
    assert [here.posted(bounce(form, path)) for _ in range(2)] == [(200, {"success": True})] * 2
    here.shop.work()
    (sent,), (failed,), (task,) = here.shop.facts("message_sent"), here.shop.facts("message_failed"), here.shop.facts("task_assigned")
    assert (failed.customer, failed.body.message, failed.body.for_channel, failed.body.failure) == (sent.customer, sent.body.message, "mail", "address")
    assert (task.customer, task.body.about, task.body.unit, task.reason) == (sent.customer, "message", "service", "undeliverable")
    bought(here.sending, number="10483")
    here.sending.send()
    assert (here.why("message_suppressed"), len(here.sending.mailbox.mails), len(here.shop.facts("task_assigned"))) == (["undeliverable"], 1, 1)
    here.shop.tell_of(MAJA, {"email": "maja@lind.example"})
    here.shop.work()
    bought(here.sending, number="10484")
    here.sending.send()
    assert here.sending.mailbox.recipients == ["maja@example.com", "maja@lind.example"]


def test_full_box_is_on_record_and_is_written_to_again_and_a_delay_is_not_told(here: Here) -> None:
    bought(here.sending)
    path = sent_from(here)
    assert here.posted(bounce("postfix", path, "4.2.2", "452", "delayed"))[1] == {
        "success": True,
        "left_aside": "delayed 4.2.2: only what has not arrived for good is told further",
    }
    assert here.posted(bounce("postfix", path, "5.2.2", "552")) == (200, {"success": True})
    here.shop.work()
    bought(here.sending, number="10483")
    here.sending.send()
    assert [fact.body.failure for fact in here.shop.facts("message_failed")] == ["refused"]
    assert (len(here.sending.mailbox.mails), here.shop.facts("task_assigned")) == (2, [])


def test_complaint_ends_what_was_not_asked_for_until_a_new_yes(here: Here) -> None:
    left(here.sending)
    path = sent_from(here)
    assert here.posted(complaint(path, "not-spam"))[1]["left_aside"] == "feedback of the type not-spam: only complaints are told further"
    assert [here.posted(complaint(path)) for _ in range(2)] == [(200, {"success": True})] * 2
    here.shop.work()
    (sent,), said = here.shop.facts("message_sent"), here.shop.facts("consent_withdrawn")
    assert [(fact.customer, fact.body.purpose, fact.body.for_channel) for fact in said] == [(sent.customer, one, "mail") for one in ("marketing", "surveys")]
    again(here, "c2", "2026-11-20")
    assert here.why("message_suppressed") == ["withdrawn"]
    here.shop.hear(MAJA, "Consent Given", purpose="marketing", for_channel="mail", words="Ja tack, igen")
    here.shop.work()
    again(here, "c3", "2026-11-30")
    bought(here.sending, until="2026-12-05")
    here.sending.send()
    assert [mail["List-Id"][1:8] for mail in here.sending.mailbox.mails] == ["promoti", "promoti", "transac"]
    assert here.shop.facts("message_failed") == []


def again(here: Here, cart: str, day: str) -> None:
    """Another cart is left in the evening, and its morning comes."""
    here.shop.until(f"{day} 20:00")
    here.shop.hear(MAJA, "Product Added", cart_id=cart, product_id="T4", name="Mössa", price=99)
    here.shop.work()
    here.shop.until(f"{day[:-2]}{int(day[-2:]) + 1:02} 08:01" if day != "2026-11-30" else "2026-12-01 08:01")
    here.sending.send()


def test_what_is_no_report_or_about_no_mail_of_ours_is_taken_and_said_to_be_so(here: Here) -> None:
    bought(here.sending)
    path = sent_from(here)
    answers = {
        "it is neither a delivery report (RFC 3464) nor a complaint (RFC 5965); it was not told further": f"To: {path}\n\nJag är ledig till fredag.".encode(),
        "it names no mail that went out from here in the last 90 days; it was not told further": bounce("gmail", "returns+abc@butiken.example"),
    }
    assert [here.posted(raw) for raw in answers.values()] == [(200, {"success": True, "left_aside": said}) for said in answers]
    here.shop.work()
    assert here.shop.facts("message_failed") == []


def test_mail_in_a_form_is_read_as_services_post_it(here: Here) -> None:
    bought(here.sending)
    path = sent_from(here)

    def form(field: str) -> bytes:
        head = b'--xYzZY\r\nContent-Disposition: form-data; name="to"\r\n\r\nreturns\r\n--xYzZY\r\nContent-Disposition: form-data; name="%s"\r\n\r\n'
        return head % field.encode() + bounce("exchange", path) + b"\r\n--xYzZY--\r\n"

    assert here.posted(form("text"), "multipart/form-data; boundary=xYzZY")[0] == 400
    assert here.posted(form("email"), "multipart/form-data; boundary=xYzZY") == (200, {"success": True})
    here.shop.work()
    assert [fact.body.failure for fact in here.shop.facts("message_failed")] == ["address"]


def test_address_that_the_server_refuses_at_once_has_the_same_consequence(here: Here) -> None:
    here.sending.mailbox.refused_recipients = ["550 5.1.1 No such user"]
    bought(here.sending)
    here.sending.send()
    (task,) = here.shop.facts("task_assigned")
    assert (task.body.about, task.reason, here.sending.became()) == ("message", "undeliverable", ["released", "failed", "suppressed"])
    here.sending.mailbox.refused_recipients = ["550 5.1.8 Sender address rejected: Domain not found"]
    bought(here.sending, LIV, "10483")
    here.sending.send()
    assert [fact.body.failure for fact in here.shop.facts("message_failed")] == ["address", "refused"]
    here.sending.ahead = SECOND
    bought(here.sending, LIV, "10484")
    here.sending.send()
    assert here.sending.mailbox.recipients == ["liv@example.com"]
