"""The morning letter and alerts end to end: the processes as they run in a shop, a real SMTP server, a real chat webhook."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from conftest import ROOT
from fakes.dispatching import order
from fakes.mailbox import mail_server
from fakes.receiver import hook_server
from omtanke.folder import Folder
from omtanke.processes.demo import demo
from omtanke.storage.outbox_choices import Choice
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.time import DAY, datetime_of, zone_named

CUSTOMERS, SEED = 150, 7
LEAD = 1
MAKE_STAFF = """
import sys
from pathlib import Path
from omtanke.web import app
app.migrate(Path(sys.argv[1]))
from omtanke.web.accounts.models import Role, Staff
Staff.objects.create_staff("karin@butiken.example", "Karin", Role.LEAD)
Staff.objects.create_staff("ali@butiken.example", "Ali", Role.DEVELOPER)
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A shop with some months behind it, a lead and a developer."""
    demo(tmp_path, CUSTOMERS, SEED, lambda what, done, of: None)
    subprocess.run([sys.executable, "-c", MAKE_STAFF, str(tmp_path)], check=True, env=os.environ | {"PYTHONPATH": str(ROOT / "src")})
    return tmp_path


@contextmanager
def dispatch(data: Path, mail_port: int = 0, place: str = "") -> Iterator[subprocess.Popen[bytes]]:
    """The process, over a folder whose settings name the servers."""
    settings = 'pages_address = "https://omtanke.butiken.example"\nname = "Butiken"\n' + (f'webhook_allow = ["{place}"]\n' if place else "")
    settings += f'[mail]\nhost = "127.0.0.1"\nport = {mail_port}\nsecurity = "none"\nsender = "omtanke@butiken.example"\n' if mail_port else ""
    (data / "omtanke.toml").write_text(settings, encoding="utf-8")
    process = subprocess.Popen([sys.executable, "-m", "omtanke.cli", "run", "dispatch", "--data", str(data)])
    try:
        yield process
    finally:
        process.terminate()
        assert process.wait(10) == 0


def wait_until(so: Callable[[], bool], seconds: float = 45.0) -> None:
    deadline = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < deadline, "it did not become so"
        time.sleep(0.1)


def minute_now(data: Path) -> int:
    """This minute by the shop's clocks: its letter is due now."""
    now = datetime_of(Folder(data).clock(), zone_named("Europe/Stockholm"))
    return now.hour * 60 + now.minute


def choose(data: Path, **how: object) -> None:
    outbox = Folder(data).outbox()
    outbox.choices.put(Choice(LEAD, **how))  # type: ignore[arg-type]
    outbox.close()


def test_morning_letter_comes_once_with_links_that_open_the_very_thing(shop: Path) -> None:
    with mail_server() as (mailbox, port):
        choose(shop, letter=("mail",), minute=minute_now(shop))
        with dispatch(shop, port):
            wait_until(lambda: len(mailbox.mails) == 1)
        with dispatch(shop, port):
            time.sleep(7)
        (mail,) = mailbox.mails
    assert mailbox.recipients == ["karin@butiken.example"]
    assert (mail["From"], mail["Auto-Submitted"], mail["Content-Language"]) == ("Butiken <omtanke@butiken.example>", "auto-generated", "sv")
    assert re.fullmatch(r"<[0-9a-f]{32}@butiken\.example>", mail["Message-ID"])
    plain, html = (part.get_content() for part in mail.iter_parts())
    assert mail["Subject"].endswith("väntar på oss.")
    assert ["VEM SOM BEHÖVER EN MÄNNISKA NU" in plain, "VAD KUNDERNA SA I GÅR" in plain] == [True, True]
    assert re.search(r"https://omtanke\.butiken\.example/promises/\d+/", plain)
    assert 'href="https://omtanke.butiken.example/promises/' in html
    assert "<img" not in html


def test_letter_after_a_stop_says_that_it_is_late(shop: Path) -> None:
    with mail_server() as (mailbox, port):
        choose(shop, letter=("mail",), minute=(minute_now(shop) - 200) % 1440, language="en")  # in the small hours: yesterday's
        with dispatch(shop, port):
            wait_until(lambda: len(mailbox.mails) == 1)
    plain = next(mailbox.mails[0].iter_parts()).get_content()  # type: ignore[attr-defined]
    assert "This letter comes 3 hours late" in plain


def test_letter_in_the_chat_names_nobody(shop: Path) -> None:
    with hook_server() as chat:
        choose(shop, letter=("chat",), minute=minute_now(shop), chat_url=chat.url)
        with dispatch(shop, place=chat.place):
            wait_until(lambda: len(chat.heard) == 1)
        said = chat.heard[0].payload
    log = Folder(shop).log()
    names = {row[0] for row in log.connection.execute("SELECT name FROM card WHERE name <> ''")}
    log.close()
    assert list(said) == ["text"]
    assert [name for name in names if name in said["text"]] == []
    assert "https://omtanke.butiken.example/promises/?state=waiting#people" in said["text"]


def test_broken_promise_is_an_alert_within_a_minute(shop: Path) -> None:
    """Told live to the door's source, made a fact by a worker, and sent by dispatch: to mail and chat, with a link to the promise."""
    with mail_server() as (mailbox, port), hook_server() as chat:
        choose(shop, alerts={"promise_broken": ("mail", "chat")}, chat_url=chat.url)
        with dispatch(shop, port, chat.place):
            began = time.monotonic()
            break_a_promise(shop)
            wait_until(lambda: len(mailbox.mails) == 1 and len(chat.heard) == 1, 58)
            took = time.monotonic() - began
    assert took < 60
    assert mailbox.mails[0]["Subject"] == "Vi bröt ett löfte till en kund."
    assert re.search(r"https://omtanke\.butiken\.example/promises/\d+/", chat.heard[0].payload["text"])
    assert "Ebba" not in chat.heard[0].payload["text"]


def break_a_promise(data: Path) -> None:
    """A delivery was promised for the week before last."""
    folder = Folder(data)
    inbox = folder.inbox()
    until = datetime_of(folder.clock() - 14 * DAY).date().isoformat()
    tell(inbox, {**order("late", until=until), "timestamp": datetime_of(folder.clock() - 20 * DAY).isoformat()})
    inbox.close()
    subprocess.run([sys.executable, "-m", "omtanke.cli", "run", "worker", "--data", str(data), "--until-idle"], check=True)


def tell(inbox: object, message: dict[str, object]) -> None:
    from fakes.shop import CURRENCY, ZONE, wire

    source = inbox.source("door", Mode.LIVE, ZONE, CURRENCY)  # type: ignore[attr-defined]
    inbox.append(source.source, [wire(message)], time.time_ns() // 1000)  # type: ignore[attr-defined]


def test_mail_waits_until_there_is_a_server_and_then_leaves(shop: Path) -> None:
    outbox = Folder(shop).outbox()
    outbox.put_mail("one", "karin@butiken.example", "Välkommen", "Hej")
    with dispatch(shop):
        time.sleep(2)
    assert [(one.state, one.attempts) for one in outbox.deliveries.listed(2**62, 9)] == [("waiting", 0)]
    outbox.connection.execute("UPDATE delivery SET due_at = 0")  # as if the minute had passed
    with mail_server() as (mailbox, port), dispatch(shop, port):
        wait_until(lambda: len(mailbox.mails) == 1)
        wait_until(lambda: outbox.deliveries.listed(2**62, 9)[0].state == "delivered")
    assert outbox.deliveries.message(1) is None
    outbox.close()


def test_refused_recipient_has_failed_and_a_busy_server_is_tried_again(shop: Path) -> None:
    outbox = Folder(shop).outbox()
    with mail_server() as (mailbox, port):
        mailbox.answers = ["451 later please", "550 no such user karin@butiken.example"]
        outbox.put_mail("one", "karin@butiken.example", "Välkommen", "Hej")
        with dispatch(shop, port):
            wait_until(lambda: outbox.deliveries.listed(2**62, 9)[0].state == "failed")
    assert [(one.status, one.answer) for one in outbox.deliveries.attempts([1])[1]] == [(451, "later please"), (550, "no such user …")]
    outbox.close()


def test_stop_does_not_wait_for_a_mail_server_that_says_nothing(shop: Path) -> None:
    outbox = Folder(shop).outbox()
    outbox.put_mail("one", "karin@butiken.example", "Välkommen", "Hej")
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        with dispatch(shop, silent.getsockname()[1]) as process:
            connection, _where = silent.accept()
            time.sleep(0.5)
            began = time.monotonic()
            process.terminate()
            assert process.wait(10) == 0
            assert time.monotonic() - began < 5
        connection.close()
    assert [(one.state, one.attempts) for one in outbox.deliveries.listed(2**62, 9)] == [("waiting", 0)]
    outbox.close()
