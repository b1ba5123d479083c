"""A mail to a customer as it goes over the wire."""

from __future__ import annotations

import base64
import re
from email import message_from_bytes, policy
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from omtanke.channels.email.compose import one_line
from omtanke.channels.email.customer import Letter, as_sent_to, customer_mail
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


PRIVATE = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = PRIVATE.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
PUBLIC = base64.b64encode(PRIVATE.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), include_characters="\n\t"), max_size=300)


def arrived(letter: Letter) -> Any:
    return message_from_bytes(written(letter), policy=policy.default)


def written(letter: Letter) -> bytes:
    return customer_mail(letter, as_sent_to(letter.recipient), "hej@butiken.example", "Fjäll & Fot")


@pytest.mark.parametrize(("class_", "may_stop"), [("service", False), ("transactional", False), ("promotional", True), ("survey", True)])
def test_only_what_was_not_asked_for_can_be_stopped_by_one_click(class_: str, may_stop: bool) -> None:
    mail = arrived(replace(LETTER, class_=class_))
    assert (mail["List-Unsubscribe"], mail["List-Unsubscribe-Post"]) == (
        (f"<{LETTER.unsubscribe}>", "List-Unsubscribe=One-Click") if may_stop else (None, None)
    )
    assert mail["List-Id"] == f"<{class_}.messages.butiken.example>"


def test_long_link_stands_on_the_wire_as_a_link() -> None:
    """Folded at 78 it would be an encoded word, which no program takes for a link."""
    assert f"List-Unsubscribe: <{LETTER.unsubscribe}>\r\n".encode() in written(LETTER)


def test_mail_is_the_same_at_each_try() -> None:
    one, other = arrived(LETTER), arrived(replace(LETTER, number=4712))
    assert written(LETTER) == written(LETTER)
    assert (one["Message-ID"] != other["Message-ID"], one["References"] == other["References"]) == (True, True)
    assert [part.get_content_type() for part in one.iter_parts()] == ["text/plain", "text/html"]


@given(WORDS, WORDS, WORDS, st.booleans())
@example("ö" * 200, "Hej\n\n\n", "<p>x</p>", False)
@example("Kvar: a  b", " a \t \n.\n..\nFrom x\n--=_\n", "\n\n", True)
def test_what_was_written_is_read_and_its_signature_holds(subject: str, text: str, html: str, is_offer: bool) -> None:
    letter = replace(LETTER, subject=subject, text=text, html=html, class_="promotional" if is_offer else "service")
    wire = Seal(PEM, "omtanke", "butiken.example").sealed(written(letter), 1_795_000_000)
    mail = message_from_bytes(wire, policy=policy.default)
    parts = [part.get_content() for part in mail.iter_parts()]
    assert (mail["Subject"], mail["From"], mail["To"]) == (one_line(subject), "Fjäll & Fot <hej@butiken.example>", "maja@example.com")
    assert [as_lines(part) for part in parts] == [as_lines(text), as_lines(html)]
    assert max(map(len, wire.split(b"\r\n"))) <= 998 and b"\n" not in wire.replace(b"\r\n", b"") and wire.isascii()
    assert is_good(wire)
    assert not is_good(wire.replace(b"@example.com", b"@exbmple.com", 1)) and not is_good(wire.replace(b"=_", b"=-", 1))


@pytest.mark.parametrize("body", [b"", b"\r\n", b"\r\n\r\n", b"a", b"a \t b  \r\n\r\n \r\n", b" \r\n", b"\ta\r\n"])
def test_signature_holds_over_any_body_and_over_folded_fields(body: bytes) -> None:
    """The library that verifies is another one than the one that signs."""
    made = b"FROM: a@b\r\nSubject: a\r\n\tb  c \r\nReceived: x\r\nTo: d@e\r\nTo: f@g\r\n\r\n" + body
    assert is_good(Seal(PEM, "omtanke", "butiken.example").sealed(made, 1_795_000_000))


def is_good(wire: bytes) -> bool:
    return bool(dkim.verify(wire, dnsfunc=lambda name, timeout=5: b"v=DKIM1; k=rsa; p=" + PUBLIC))


def as_lines(text: str) -> list[str]:
    """What a reader sees: how lines end is not said."""
    return re.split("\r\n|\r|\n", text.rstrip("\r\n"))


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
        Seal(b"nonsense", "omtanke", "butiken.example").sealed(b"From: a@b\r\n\r\nHej", 0)
    with pytest.raises(CannotSign, match=r"Put the private key there, or name no dkim_selector"):
        seal_of(CustomerMail(host="h", dkim_selector="omtanke", dkim_domain="butiken.example"), tmp_path)
