"""Any process of the demo is killed at any moment: what was acknowledged is there once, and so is what the page called saved."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from fakes.demo import Colleague, Demo, NotStarted
from omtanke.bootstrap import check_folder
from omtanke.folder import Folder
from omtanke.vocabulary.cart import ProductAdded
from omtanke.vocabulary.task import NoteAdded

KILLED = ("worker", "web", "door", "dispatch", "shop")
CUSTOMERS, SPEED = 60, 600
PAUSE_SECONDS = (0.6, 2.2)


class Sender:
    """Tells the door one thing after the other, each until it is acknowledged."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.acknowledged: list[str] = []
        self.stopping, self.given_up = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        while not self.stopping.is_set():
            number = f"sent-{len(self.acknowledged)}"
            message = {"messageId": number, "userId": "somebody", "event": "Product Added", "properties": {"product_id": "p", "cart_id": number}}
            while not self.demo.tell(message):
                if self.given_up.wait(0.05):
                    return
            self.acknowledged.append(number)


class Writer:
    """Adds one note after the other, each form until the page says that it is saved."""

    def __init__(self, demo: Demo, colleague: Colleague, person: int) -> None:
        self.demo, self.colleague, self.address = demo, colleague, f"/act/note/{person}/"
        self.saved: list[str] = []
        self.stopping, self.given_up = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        while not self.stopping.is_set():
            form = self.colleague.form(self.address)
            if not form:
                self.stopping.wait(0.05)
                continue
            note = f"note-{len(self.saved)}"
            while not self.colleague.send(self.address, {**form, "note": note}):
                if self.given_up.wait(0.05):
                    return
            self.saved.append(note)


def kill_each(demo: Demo, chance: random.Random) -> None:
    """Every process but the one that watches, in any order; each is there again before the next."""
    for name in chance.sample(KILLED, len(KILLED)):
        time.sleep(chance.uniform(*PAUSE_SECONDS))
        number = demo.processes()[name]
        os.kill(number, signal.SIGKILL)
        deadline = time.monotonic() + 20
        while demo.processes().get(name, number) == number:
            assert time.monotonic() < deadline, f"{name} was not started again"
            time.sleep(0.05)


def told(folder: Folder, type_: type) -> Counter[str]:
    """What the facts of a type say, from their personal parts."""
    found: Counter[str] = Counter()
    log = folder.log()
    rows = log.connection.execute("SELECT fact.position, fact.fact_id FROM fact WHERE type = ? AND mode = 0", (type_.type,)).fetchall()
    for _, fact_id in rows:
        found[fact_id.hex()] += 1
    log.close()
    return found


def person_of(folder: Folder, sender: str) -> int:
    log = folder.log()
    try:
        return log.identifier(folder.keys.identifier_key("user_id", sender))
    finally:
        log.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a demo has begun."""
    return tmp_path_factory.mktemp("killed") / "data"


def test_what_is_acknowledged_or_saved_is_there_once_whatever_is_killed(made: Path) -> None:
    demo = Demo(made, CUSTOMERS, SPEED)
    try:
        folder = Folder(made)
        person = person_of(folder, "kund-00001")
        colleague, sender = Colleague(demo), Sender(demo)
        writer = Writer(demo, colleague, person)
        sender.thread.start()
        writer.thread.start()
        kill_each(demo, random.Random(11))
        os.kill(demo.process.pid, signal.SIGKILL)
        demo.process.wait()
        demo.process.stdout.close()
        sender.demo = writer.demo = colleague._demo = demo = again(made, demo)
        time.sleep(2)
        for one in (sender, writer):
            one.stopping.set()
            one.thread.join(60)
    finally:
        for one in (sender, writer):
            one.stopping.set()
            one.given_up.set()
        demo.stop()
    assert len(sender.acknowledged) > 50
    assert len(writer.saved) > 5
    work_off(made)
    assert_sound(made, sender.acknowledged, len(writer.saved))


def again(made: Path, demo: Demo) -> Demo:
    """Started anew on the same ports, as soon as the orphans have ended."""
    deadline = time.monotonic() + 20
    while True:
        try:
            return Demo(made, CUSTOMERS, SPEED, demo.pages, demo.door)
        except NotStarted:
            assert time.monotonic() < deadline, "the ports did not become free"
            time.sleep(0.5)


def work_off(made: Path) -> None:
    """What was acknowledged in the last moment before the stop becomes facts."""
    subprocess.run([sys.executable, "-m", "omtanke.cli", "run", "worker", "--data", str(made), "--until-idle"], check=True, timeout=60)


def assert_sound(made: Path, acknowledged: list[str], saved: int) -> None:
    folder = Folder(made)
    wanted = {folder.keys.fact_id("shop", number).hex() for number in acknowledged}
    sent = told(folder, ProductAdded)
    assert {fact_id: sent[fact_id] for fact_id in wanted} == dict.fromkeys(wanted, 1)
    notes = told(folder, NoteAdded)
    assert (len(notes), sum(notes.values())) == (saved, saved)
    *_, checked = check_folder(made)
    assert checked.is_clean, checked.differences[:5]
