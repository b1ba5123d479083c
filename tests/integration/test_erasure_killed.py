"""An erasure is cut off at every step, and goes on: in the end it is whole, and it happened once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fakes.marked import MARK, Marked, holding
from omtanke.bootstrap import check_folder
from omtanke.folder import Folder
from omtanke.processes.erasing import find_customer, request_erasure
from omtanke.processes.restoring import tidy
from omtanke.processes.worker import open_worker
from omtanke.storage import erasing
from omtanke.storage.erasing import Erasures
from omtanke.storage.erasure_journal import read_journal
from omtanke.storage.other_stores import OtherStores
from omtanke.storage.ports import Incoming, Waiting
from omtanke.storage.sqlite_log import SqliteLog
from omtanke.vocabulary.fact import Mode


class Killed(Exception):
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
    (SqliteLog, "commit", "after"),
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
