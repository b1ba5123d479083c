"""A forgotten password: the same answer to everybody, a mail to those who have an account, and not too often."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from omtanke.web.outgoing import close_outbox
from unit.web.accounts.people import PASSWORD, client, said, sign_in, signed_in, somebody

NEW = "en helt annan fras"


@pytest.fixture
def mail_server(data: Path) -> Iterator[Path]:
    """The shop has a mail server, and nothing lies in its outbox."""
    written, outbox = data / "omtanke.toml", data / "outbox.db"
    written.write_text('pages_address = "https://omtanke.shop.example"\n[mail]\nhost = "127.0.0.1"\nsender = "omtanke@shop.example"\n', encoding="utf-8")
    without(outbox)
    yield outbox
    written.unlink()
    without(outbox)


def without(outbox: Path) -> None:
    """No outbox, and nobody who holds one that is gone."""
    close_outbox()
    for file in outbox.parent.glob(f"{outbox.name}*"):
        file.unlink()


def mails(outbox: Path) -> list[tuple[str, str, str]]:
    """(to, subject, text) of what is to be sent."""
    if not outbox.exists():
        return []
    with closing(sqlite3.connect(outbox)) as db:
        return db.execute("SELECT recipient, subject, text FROM message ORDER BY delivery").fetchall()


def ask(email: str) -> str:
    return said(client().post("/sign-in/forgot/", {"email": email})).replace(email, "WHO")


def without_token(html: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)


def test_the_answer_is_the_same_whether_the_address_is_known(mail_server: Path) -> None:
    somebody()
    assert without_token(ask("astrid@example.com")) == without_token(ask("nobody@example.com"))
    assert [to for to, _subject, _text in mails(mail_server)] == ["astrid@example.com"]


def test_the_link_in_the_mail_gives_a_new_password(mail_server: Path) -> None:
    somebody()
    elsewhere = client()
    sign_in(elsewhere)
    ask("Astrid@example.com")
    ((_to, _subject, text),) = mails(mail_server)
    (path,) = re.findall(r"https://omtanke\.shop\.example(/start/\S+)", text)
    browser = client()
    assert browser.post(path, {"password": "1234567890"}).status_code == 200
    assert browser.post(path, {"password": NEW}).status_code == 302
    assert (browser.get("/account/").status_code, elsewhere.get("/account/").status_code) == (200, 302)
    assert (client().get(path).status_code, sign_in(client(), password=PASSWORD), sign_in(client(), password=NEW)) == (410, 403, 302)


def test_no_more_than_five_mails_in_a_quarter_of_an_hour(mail_server: Path) -> None:
    somebody()
    answers = {without_token(ask("astrid@example.com")) for _ in range(8)}
    assert (len(answers), len(mails(mail_server))) == (1, 5)


def test_asking_does_not_keep_anybody_from_signing_in(mail_server: Path) -> None:
    somebody()
    for _ in range(8):
        ask("astrid@example.com")
    assert sign_in(client()) == 302


@pytest.mark.parametrize("state", [{"is_active": False}, {"accepted_at": None}])
def test_no_mail_goes_to_a_closed_account_or_an_open_invitation(mail_server: Path, state: dict[str, None]) -> None:
    from omtanke.web.accounts.models import Staff

    somebody()
    Staff.objects.update(**state)
    ask("astrid@example.com")
    assert mails(mail_server) == []


def test_without_a_mail_server_one_is_told_whom_to_ask() -> None:
    html = said(client().get("/sign-in/forgot/"))
    assert ("<form" in html.partition("<main")[2].partition("</main>")[0], "no mail server" in html) == (False, True)


def test_an_invitation_goes_by_mail_in_the_language_of_the_lead(mail_server: Path) -> None:
    lead = signed_in()
    lead.post("/language/", {"language": "sv", "next": "/"})
    shown = lead.post("/staff/invite/", {"email": "bo@example.com", "role": "store"})
    ((to, subject, text),) = mails(mail_server)
    assert (to, subject) == ("bo@example.com", "Välkommen till Omtanke")
    assert text.startswith("Astrid har bjudit in dig till Omtanke")
    (path,) = re.findall(r"https://omtanke\.shop\.example(/start/\S+)", text)
    assert path not in said(shown)
    assert client().get(path).status_code == 200


def test_a_lead_makes_a_link_for_a_colleague_who_is_locked_out(mail_server: Path) -> None:
    other = somebody("bo@example.com", "store", "Bo")
    html = said(signed_in().post(f"/staff/{other.pk}/", {"do": "link"}))
    (path,) = re.findall(r'value="https://omtanke\.shop\.example(/start/[^"]+)"', html)
    assert client().post(path, {"password": NEW}).status_code == 302
    assert mails(mail_server) == []
