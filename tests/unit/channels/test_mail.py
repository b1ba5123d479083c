"""A mail as it goes over the wire, and servers that want TLS."""

from __future__ import annotations

import pytest

from omtanke.channels.email.compose import mail, message_id
from omtanke.storage.outbox_deliveries import Delivery, Message

NOW = 1_795_000_000_000_000
DELIVERY = Delivery(1, "letter/3/2026-11-22/mail", "mail", "mail", 0, "letter", 0, "waiting", 0, 0, NOW, NOW, 0)


def made(**how: str) -> object:
    given = {"recipient": "karin@butiken.example", "subject": "Tre kunder väntar på oss.", "text": "Hej åäö\n", "html": "<p>Hej</p>", "language": "sv", **how}
    return mail(DELIVERY, Message(**given), "omtanke@butiken.example", "Butiken, Umeå")


def test_mail_has_text_and_html_and_asks_for_no_automatic_answer() -> None:
    one = made()
    assert [part.get_content_type() for part in one.iter_parts()] == ["text/plain", "text/html"]  # type: ignore[attr-defined]
    assert (one["Auto-Submitted"], one["Content-Language"], one["Subject"]) == ("auto-generated", "sv", "Tre kunder väntar på oss.")  # type: ignore[index]
    assert bytes(one).isascii()  # type: ignore[call-overload]


def test_same_key_is_the_same_message() -> None:
    assert message_id("a", "x@butiken.example") == message_id("a", "x@butiken.example") != message_id("b", "x@butiken.example")


def test_mail_without_html_is_plain() -> None:
    assert made(html="").get_content_type() == "text/plain"  # type: ignore[attr-defined]


def test_heading_cannot_begin_another() -> None:
    assert made(subject="Hej\r\nBcc: all@butiken.example")["Bcc"] is None  # type: ignore[index]


@pytest.mark.parametrize("recipient", ["not an address", "a@b\r\nBcc: c@d", ""])
def test_address_that_is_none_is_refused(recipient: str) -> None:
    with pytest.raises((ValueError, IndexError)):
        made(recipient=recipient)
