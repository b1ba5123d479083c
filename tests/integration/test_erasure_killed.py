"""An erasure is cut off at every step, and goes on: in the end it is whole, and it happened once."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fakes.marked import MARK, Marked, holding
from omtanke.bootstrap import check_folder, has_live_source
from omtanke.folder import Folder
from omtanke.processes.erasing import erase_in, find_customer, request_erasure
from omtanke.processes.restoring import tidy
from omtanke.processes.worker import open_worker
from omtanke.storage import erasing
from omtanke.storage.erasing import Erasures
from omtanke.storage.erasure_journal import read_journal
from omtanke.storage.other_stores import OtherStores
from omtanke.storage.ports import Incoming, Waiting
from omtanke.storage.sql_log import SqlLog
from omtanke.vocabulary.fact import Mode


class Killed(BaseException):
    """The process has ended here."""


def dying(when: str, really: Callable[..., Any]) -> Callable[..., Any]:
    """The step, after or before which the process ends."""

    def step(*args: Any, **kwargs: Any) -> Any:
        if when == "after":
            really(*args, **kwargs)
        raise Killed

    return step


# Where the process ends: the step, whose it is, and whether it had been taken.
STEPS: tuple[tuple[object, str, str], ...] = (
    (OtherStores, "forget", "before"),
    (OtherStores, "_forget_rows", "before"),
    (OtherStores, "_forget_letters", "after"),
    (OtherStores, "forget", "after"),
    (OtherStores, "write_down", "before"),
    (OtherStores, "write_down", "after"),
    (erasing, "erase", "before"),
    (erasing, "erase", "after"),
    (SqlLog, "commit", "after"),
)


def filled(data: Path) -> Folder:
    """Somebody, in the log and elsewhere."""
    folder, person = Folder(data), Marked(MARK)
    inbox, outbox = folder.inbox(), folder.outbox()
    source = inbox.source("shop", Mode.LIVE, "Europe/Stockholm", "SEK").source
    inbox.append(source, [Incoming(str(one["messageId"]), 0, json.dumps(one).encode()) for one in person.every()], folder.clock())
    inbox.wait(source, [Waiting("reviews", "1", f"order/order-{MARK}", json.dumps({"text": f"{MARK} waits"}).encode())])
    outbox.put_mail("letter", "staff@example.com", "Today", f"Anna {MARK} waits", "")
    worker, own = open_worker(folder)
    while not worker.work(folder.clock()).was_idle:
        own.trim(worker.consumed())
    for one in (inbox, outbox, own):
        one.close()
    return folder


@pytest.mark.parametrize(("whose", "step", "when"), STEPS)
def test_erasure_that_is_cut_off_goes_on(whose: object, step: str, when: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = filled(tmp_path)
    customer = find_customer(tmp_path, email=Marked(MARK).email)
    inbox, log = folder.inbox(), folder.log()
    request_erasure(folder, inbox, log, customer)
    worker, first_inbox = open_worker(folder)
    with monkeypatch.context() as patch:
        patch.setattr(whose, step, dying(when, getattr(whose, step)))
        with pytest.raises(Killed):
            worker.work(folder.clock())
    first_inbox.close()
    worker, own = open_worker(folder)
    while not worker.work(folder.clock()).was_idle:
        pass
    tidy(worker, own, folder, log)
    erasure = Erasures(log.connection).of(customer)
    assert erasure is not None
    assert (erasure.status, erasure.keys, len(Erasures(log.connection).latest(9))) == ("done", (), 1)
    assert {str(customer) in line.firsts for line in read_journal(tmp_path)} == {True}
    for one in (inbox, own, log):
        one.close()
    assert holding(tmp_path, MARK) == []
    *_, checked = check_folder(tmp_path)
    assert checked.is_clean, checked.differences[:5]


def identified(person: int) -> Incoming:
    mark = f"{MARK}{person:04}"
    said = {"type": "identify", "messageId": mark, "userId": mark, "traits": {"email": f"{mark}@example.com", "name": f"Anna {mark}"}}
    return Incoming(mark, 0, json.dumps(said).encode())


def test_worker_that_is_killed_again_and_again_erases_everyone_once(tmp_path: Path) -> None:
    folder, chance, count = Folder(tmp_path), random.Random(5), 150
    inbox, log = folder.inbox(), folder.log()
    inbox.append(inbox.source("shop", Mode.LIVE, "Europe/Stockholm", "SEK").source, [identified(n) for n in range(count)], folder.clock())
    command = [sys.executable, "-m", "omtanke.cli", "run", "worker", "--data", str(tmp_path), "--until-idle"]
    subprocess.run(command, check=True)
    for n in range(count):
        request_erasure(folder, inbox, log, find_customer(tmp_path, user_id=f"{MARK}{n:04}"))
    killed = 0
    while Erasures(log.connection).latest(count) == [] or any(one.status in ("received", "running") for one in Erasures(log.connection).latest(count)):
        worker, known = subprocess.Popen(command), log.last_position()
        while log.last_position() == known and worker.poll() is None:
            time.sleep(0.001)
        if killed < 6:
            time.sleep(chance.uniform(0.0, 0.05))
            worker.kill()
            killed += 1
        worker.wait()
    assert killed == 6
    assert len(Erasures(log.connection).latest(count + 1)) == count
    assert log.connection.execute("SELECT count(*) FROM fact WHERE type = 'customer_erased'").fetchone()[0] == count
    inbox.close()
    log.close()
    assert holding(tmp_path, MARK) == []
    *_, checked = check_folder(tmp_path)
    assert checked.is_clean, checked.differences[:5]


def test_data_that_have_ended_stay_so_when_somebody_is_erased(tmp_path: Path) -> None:
    folder, person = Folder(tmp_path), Marked(MARK)
    inbox, log = folder.inbox(), folder.log()
    source = inbox.source("past", Mode.HISTORY, "Europe/Stockholm", "SEK").source
    told = [one | {"timestamp": "2024-05-01T10:00:00Z"} for one in person.every()]
    inbox.append(source, [Incoming(str(one["messageId"]), 1, json.dumps(one).encode()) for one in told], folder.clock())
    inbox.rest(source, True)
    worker, own = open_worker(folder)
    while not worker.work(folder.clock()).was_idle:
        pass
    clock = log.clock()
    customer = find_customer(tmp_path, email=person.email)
    for one in (inbox, own):
        one.close()
    assert erase_in(tmp_path, customer).status == "done"
    assert (has_live_source(tmp_path), log.clock()) == (False, clock)
    log.close()
    assert holding(tmp_path, MARK) == []
    *_, checked = check_folder(tmp_path)
    assert checked.is_clean, checked.differences[:5]
