"""The certificate is held against the name, though the connection goes to an address that was checked before."""

from __future__ import annotations

import asyncio
import ssl
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from fakes.certificates import certified
from fakes.mailbox import mail_server
from fakes.receiver import hook_server
from omtanke.channels.address import Guard
from omtanke.channels.email.channel import MailChannel
from omtanke.channels.outcome import Outcome
from omtanke.channels.post import Poster
from omtanke.settings import MailServer
from omtanke.storage.outbox_deliveries import Delivery, Message

DELIVERY = Delivery(1, "one", "mail", "mail", 0, "mail", 0, "waiting", 0, 0, 1, 1, 0)
MESSAGE = Message("karin@butiken.example", "Hej", "text", "", "sv")


def post(name: str, port: int, trust: ssl.SSLContext | None) -> Outcome:
    guard = Guard([f"{name}:{port}"], lambda asked, at: ["127.0.0.1"])
    with ThreadPoolExecutor(1) as pool:
        return asyncio.run(Poster(guard, pool, trust, seconds=5).post(f"https://{name}:{port}/x", [], b"{}"))


def test_name_of_the_certificate_is_the_one_asked_for(tmp_path: Path) -> None:
    server, trust = certified("shop.example", tmp_path)
    with hook_server(tls=server) as hooks:
        assert post("shop.example", hooks.port, trust) == Outcome(is_done=True, status=204)
        assert hooks.heard[0].headers["host"] == f"shop.example:{hooks.port}"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize(("name", "is_trusted"), [("other.example", True), ("shop.example", False)])
def test_certificate_of_another_name_or_of_nobody_we_know_is_refused(name: str, is_trusted: bool, tmp_path: Path) -> None:
    server, trust = certified("shop.example", tmp_path)
    with hook_server(tls=server) as hooks:
        outcome = post(name, hooks.port, trust if is_trusted else None)
        assert (outcome.is_done, hooks.heard) == (False, [])
        assert "certificate" in outcome.answer.lower()


def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, auth: object) -> AuthResult:
    assert isinstance(auth, LoginPassword)
    return AuthResult(success=(auth.login, auth.password) == (b"omtanke", b"hemligt"), handled=False)


def hand_over(port: int, password: str, trust: ssl.SSLContext) -> Outcome:
    server = MailServer(host="localhost", port=port, security="starttls", user="omtanke", sender="omtanke@butiken.example")
    with ThreadPoolExecutor(1) as pool:
        return asyncio.run(MailChannel(lambda number: MESSAGE, server, password, "Butiken", pool, trust).send(DELIVERY))


@pytest.mark.parametrize(("password", "status"), [("hemligt", 250), ("fel", 535)])
def test_mail_is_handed_over_encrypted_to_a_server_that_knows_us(password: str, status: int, tmp_path: Path) -> None:
    server, trust = certified("localhost", tmp_path)
    with mail_server(tls_context=server, require_starttls=True, authenticator=authenticate, auth_required=True) as (mailbox, port):
        outcome = hand_over(port, password, trust)
        assert (outcome.status, len(mailbox.mails), outcome.is_final) == (status, 1 if status == 250 else 0, False)


def test_server_without_encryption_is_told_nothing(tmp_path: Path) -> None:
    _server, trust = certified("localhost", tmp_path)
    with mail_server() as (mailbox, port):
        assert not hand_over(port, "hemligt", trust).is_done
        assert mailbox.mails == []
