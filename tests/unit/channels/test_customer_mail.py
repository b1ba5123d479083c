"""A mail to a customer as it goes over the wire."""

from __future__ import annotations

from email import message_from_bytes, policy
from typing import Any

import pytest
from msgspec.structs import replace

from omtanke.channels.email.customer import Letter, as_sent_to, customer_mail, on_the_wire
from omtanke.channels.email.handing import is_of_address, unnamed
from omtanke.channels.email.seal import CannotSign, Seal, seal_of
from omtanke.settings import CustomerMail

LETTER = Letter(
    number=4711,
    class_="promotional",
    recipient="maja@example.com",
    subject="Löparskor ligger kvar",
    text="Hej Maja\n",
    html="<p>Hej Maja</p>",
    language="sv",
    made_at=1_795_000_000_000_000,
    thread="order/7",
    unsubscribe="https://omtanke.butiken.example/stop/" + "a" * 80,
)


def arrived(letter: Letter) -> Any:
    return message_from_bytes(on_the_wire(customer_mail(letter, "hej@butiken.example", "Fjäll & Fot")), policy=policy.default)


@pytest.mark.parametrize(("class_", "may_stop"), [("service", False), ("transactional", False), ("promotional", True), ("survey", True)])
def test_only_what_was_not_asked_for_can_be_stopped_by_one_click(class_: str, may_stop: bool) -> None:
    mail = arrived(replace(LETTER, class_=class_))
    assert (mail["List-Unsubscribe"], mail["List-Unsubscribe-Post"]) == (
        (f"<{LETTER.unsubscribe}>", "List-Unsubscribe=One-Click") if may_stop else (None, None)
    )
    assert mail["List-Id"] == f"<{class_}.messages.butiken.example>"


def test_long_link_stands_on_the_wire_as_a_link() -> None:
    """Folded at 78 it would be an encoded word, which no program takes for a link."""
    wire = on_the_wire(customer_mail(LETTER, "hej@butiken.example", "Fjäll & Fot"))
    assert f"List-Unsubscribe: <{LETTER.unsubscribe}>\r\n".encode() in wire


def test_mail_is_the_same_at_each_try_but_for_its_boundary() -> None:
    one, again, other = arrived(LETTER), arrived(LETTER), arrived(replace(LETTER, number=4712))
    names = ("From", "To", "Subject", "Date", "Message-ID", "References")
    assert [one[name] for name in names] == [again[name] for name in names]
    assert (one["Message-ID"] != other["Message-ID"], one["References"] == other["References"]) == (True, True)
    assert [part.get_content_type() for part in one.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize(("address", "sent_to"), [("maja@exämple.se", "maja@xn--exmple-cua.se"), (" maja@example.com ", "maja@example.com")])
def test_address_is_written_as_every_server_takes_it(address: str, sent_to: str) -> None:
    assert as_sent_to(address) == sent_to


@pytest.mark.parametrize("address", ["", "maja", "mäja@example.com", "@example.com", "maja@"])
def test_address_that_has_no_such_form_is_none(address: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        as_sent_to(address)


@pytest.mark.parametrize(
    ("code", "said", "is_it"),
    [
        (550, b"5.1.1 No such user", True),
        (550, b"5.2.1 Disabled", True),
        (550, b"No such user here", True),
        (550, b"5.7.1 Relaying denied", False),
        (552, b"5.2.2 Full", False),
        (554, b"No", False),
    ],
)
def test_address_is_dead_only_when_that_is_what_is_said(code: int, said: bytes, is_it: bool) -> None:
    assert is_of_address(code, said) is is_it


def test_answer_names_nobody() -> None:
    said = unnamed("5.1.1 <Maja.Lindqvist>: no mailbox of Lindqvist, M here", "maja.lindqvist@example.com")
    assert said == "5.1.1 <…>: no mailbox of …, M here"


def test_key_that_is_none_or_not_there_is_said_with_the_way_out(tmp_path: Any) -> None:
    with pytest.raises(CannotSign, match=r"openssl genrsa -out dkim.key 2048"):
        Seal(b"nonsense", "omtanke", "butiken.example").sealed(b"From: a@b\r\n\r\nHej")
    with pytest.raises(CannotSign, match=r"Put the private key there, or name no dkim_selector"):
        seal_of(CustomerMail(host="h", dkim_selector="omtanke", dkim_domain="butiken.example"), tmp_path)
