"""Somebody is erased: no byte of the folder knows them any more, everybody else is untouched, and what was counted stays counted."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fakes.marked import MARK, OTHER, Marked, holding
from integration.running_door import PATIENCE_SECONDS, RunningDoor, running_door
from omtanke.bootstrap import check_folder
from omtanke.folder import Folder
from omtanke.processes.erasing import find_customer
from omtanke.runtime.own_sources import CONSOLE, OwnSource, wait_until
from omtanke.storage.erasing import Erasures
from omtanke.storage.ports import Incoming, Waiting
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.task import NoteAdded

SESSION = """
import sys
from pathlib import Path
from omtanke.web import app
app.migrate(Path(sys.argv[1]))
from django.contrib.sessions.backends.db import SessionStore
for mark in sys.argv[2:]:
    session = SessionStore()
    session["next"] = f"/customers/?q={mark}.person@example.com" + "&more=" * 40
    session.save()
"""
PEOPLE = (Marked(MARK), Marked(OTHER))


def fill(door: RunningDoor) -> None:
    """Both persons in every store, by every door."""
    for person in PEOPLE:
        for message in person.every():
            answered = door.post("batch", {"batch": [message]})
            assert answered.status == 200, (message, answered.body)
        refused = door.post("track", person.message("track", "refused", event="Order Completed", properties={"email": person.email}))
        assert refused.status == 400
        assert door.say(promise_of(person), **{"idempotency-key": f"key-{person.mark}"}).status in (200, 201, 202)
    fill_beside(Folder(door.data))


def promise_of(person: Marked) -> dict[str, Any]:
    said = {"promise_id": f"said-{person.mark}", "kind": "delivery", "until": "2031-01-12", "words": f"{person.mark} words"}
    return {**said, "user_id": f"user-{person.mark}", "order_id": f"order-{person.mark}-api"}


def fill_beside(folder: Folder) -> None:
    """What does not come through the door: staff, imports, letters, files, sign-ins, what was not understood."""
    inbox, outbox = folder.inbox(), folder.outbox()
    shop = inbox.source("shop", Mode.LIVE, folder.settings.zone, folder.settings.currency)
    past = inbox.source("register", Mode.HISTORY, folder.settings.zone, folder.settings.currency)
    acts = OwnSource(inbox, CONSOLE, folder.settings.zone, folder.settings.currency, folder.clock)
    for person in PEOPLE:
        wrong = {**person.message("track", "wrong", event="Order Completed", properties={"order_id": {}}), "context": 7}
        texts = [json.dumps(wrong).encode(), f'{{"broken": "{person.email}'.encode(), b'"\xff ' + person.email.encode()]
        inbox.append(shop.source, [Incoming(f"{person.mark}-{n}", 0, text) for n, text in enumerate(texts)], folder.clock())
        inbox.wait(past.source, [Waiting("reviews", f"row-{person.mark}", f"order/order-{person.mark}", json.dumps({"text": f"{person.mark} waits"}).encode())])
        inbox.learn(past.source, {f"order/order-{person.mark}": "1"})
        customer = find_customer(folder.path, user_id=f"user-{person.mark}")
        outbox.put_mail(f"letter-{customer}", "staff@example.com", "Today", f"Anna {person.mark} waits for us", f"<b>Anna {person.mark}</b>")
        acts.put(NoteAdded, f"note-{person.mark}", customer, {"staff": 1, "note": f"{person.mark} is kind"})
        exports = folder.path / "exports"
        exports.mkdir(exist_ok=True)
        with zipfile.ZipFile(exports / f"{customer}.zip", "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("person.json", json.dumps(person.traits()))
    subprocess.run([sys.executable, "-c", SESSION, str(folder.path), *(person.mark for person in PEOPLE)], check=True)
    log = folder.log()
    assert wait_until(log.consumed, inbox.last_entry(), 20)
    for one in (inbox, outbox, log):
        one.close()


def counts(folder: Folder, until: int) -> Counter[tuple[str, str]]:
    log = folder.log()
    try:
        return Counter((one.fact.type, one.fact.kind) for one in log.facts_from(0, until))
    finally:
        log.close()


def asked(data: Path, question: str) -> Any:
    run = subprocess.run([sys.executable, "-m", "omtanke.cli", "ask", question, "--data", str(data), "--format", "json"], capture_output=True, check=True)
    return json.loads(run.stdout)


def rows(answer: Any) -> set[tuple[Any, ...]]:
    return {tuple(row.values()) for row in answer["rows"]}


def last_position(folder: Folder) -> int:
    log = folder.log()
    try:
        return log.last_position()
    finally:
        log.close()


class Erased:
    """A folder in which one of two has been erased, with what was so before."""

    def __init__(self, data: Path) -> None:
        self.data = data
        with running_door(data) as door:
            fill(door)
            time.sleep(1.2)  # the door writes its record down twice a second
            self.folder = Folder(data)
            self.held = {person.mark: holding(data, person.mark) for person in PEOPLE}
            self.position = last_position(self.folder)
            self.counted = counts(self.folder, self.position)
            self.overview = asked(data, "overview")
            self.customer = find_customer(data, email=PEOPLE[0].email)
            command = [sys.executable, "-m", "omtanke.cli", "rights", "erase", "--email", PEOPLE[0].email, "--yes", "--data", str(data), "--format", "json"]
            self.run = subprocess.run(command, capture_output=True, text=True, check=False)
            self.left = holding(data, MARK)


@pytest.fixture(scope="module")
def erased(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Erased]:
    yield Erased(tmp_path_factory.mktemp("erased") / "data")


def test_the_mark_was_in_every_store_before(erased: Erased) -> None:
    files = {name.removesuffix("-wal") for name in erased.held[MARK]}
    assert {"log.db", "inbox.db", "door.db", "outbox.db", "staff.db"} <= files
    assert any(name.startswith("exports/") for name in files)


def test_no_byte_of_the_folder_holds_the_mark_afterwards(erased: Erased) -> None:
    assert (erased.run.returncode, erased.run.stderr) == (0, "")
    assert erased.left == []
    assert holding(erased.data, MARK) == []


def test_receipt_says_what_went_and_nothing_of_who_it_was(erased: Erased) -> None:
    (receipt,) = json.loads(erased.run.stdout)
    assert receipt["status"] == "done"
    assert receipt["customer"] == erased.customer
    went = receipt["went"]
    assert all(went[name] > 0 for name in ("parts", "identifiers", "numbers", "calls")), went
    assert {name: went[name] for name in ("quarantined", "waiting", "letters", "sessions", "exports")} == {
        "quarantined": 3,
        "waiting": 1,
        "letters": 1,
        "sessions": 1,
        "exports": 1,
    }


def test_everybody_else_is_as_before(erased: Erased) -> None:
    now = {name.removesuffix("-wal") for name in holding(erased.data, OTHER)}
    assert now == {name.removesuffix("-wal") for name in erased.held[OTHER]}
    assert find_customer(erased.data, email=PEOPLE[1].email)


def test_what_was_counted_stays_counted_and_replays(erased: Erased) -> None:
    assert counts(erased.folder, erased.position) == erased.counted
    changed = {tuple(row[:2]) for row in rows(erased.overview) ^ rows(asked(erased.data, "overview"))}
    assert changed == {("moments", "last"), ("facts", "all"), ("facts", "erasure_requested"), ("open promises", "made")}
    *_, checked = check_folder(erased.data)
    assert checked.is_clean, checked.differences[:5]


def test_same_address_coming_again_is_somebody_new(erased: Erased) -> None:
    with running_door(erased.data) as door:
        assert door.post("identify", Marked(MARK).message("identify", "again", traits={"email": PEOPLE[0].email})).status == 200
        deadline = time.monotonic() + PATIENCE_SECONDS
        with closing(erased.folder.log()) as log, closing(erased.folder.inbox()) as inbox:
            while log.consumed() < inbox.last_entry():
                assert time.monotonic() < deadline, "the worker does not come through"
                time.sleep(0.1)
        assert holding(erased.data, MARK)
    customer = find_customer(erased.data, email=PEOPLE[0].email)
    log = erased.folder.log()
    assert customer != erased.customer
    assert Erasures(log.connection).of(customer) is None
    log.close()
