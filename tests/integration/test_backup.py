"""A back-up is made while events come in, and restored: nothing is lost, nothing doubled, and whoever was erased since is erased again."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from fakes.marked import MARK, Marked, holding
from integration.running_door import RunningDoor, running_door
from omtanke.bootstrap import check_folder
from omtanke.folder import Folder
from omtanke.processes.backing_up import PART, back_up, prune
from omtanke.processes.erasing import erase_in, find_customer, own_source
from omtanke.processes.restoring import restore
from omtanke.storage.backup_files import read_manifest
from omtanke.storage.backup_list import list_backups, read_backups
from omtanke.storage.erasing import Backup
from omtanke.storage.erasure_journal import NAME, Line, join_journals, read_journal, write_down
from omtanke.vocabulary.identity import SplitRequested
from omtanke.vocabulary.refusal import CannotDo
from omtanke.vocabulary.time import DAY

BACKUPS = 4


def silent(what: str, done: int, total: int) -> None:
    """Nobody looks."""


class Sender(threading.Thread):
    """Tells the door one thing after the other; `acknowledged` is what it has answered for."""

    def __init__(self, door: RunningDoor) -> None:
        super().__init__()
        self.door, self.acknowledged, self.stopping = door, list[str](), threading.Event()

    def run(self) -> None:
        while not self.stopping.is_set():
            first = len(self.acknowledged)
            batch = [event(f"sent-{first + n}") for n in range(20)]
            assert self.door.post("batch", {"batch": batch}).status == 200
            self.acknowledged += [str(one["messageId"]) for one in batch]


def event(number: str) -> dict[str, object]:
    return {"type": "track", "messageId": number, "userId": f"user-{len(number)}", "event": "Product Added", "properties": {"product_id": number}}


def times(folder: Folder, numbers: list[str]) -> Counter[int]:
    """How many of the messages have become one fact, how many none …"""
    log = folder.log()
    known = Counter(one.fact.fact_id for one in log.facts_from(0, 1_000_000))
    log.close()
    return Counter(known[folder.keys.fact_id("shop", number)] for number in numbers)


def work_off(data: Path) -> None:
    subprocess.run([sys.executable, "-m", "omtanke.cli", "run", "worker", "--data", str(data), "--until-idle"], check=True)


def test_backups_made_while_events_come_in_lose_and_double_nothing(tmp_path: Path) -> None:
    data, to = tmp_path / "data", tmp_path / "backups"
    made: list[tuple[Backup, int]] = []
    with running_door(data) as door:
        sender = Sender(door)
        sender.start()
        for _ in range(BACKUPS):
            time.sleep(0.3)
            known = len(sender.acknowledged)
            made.append((back_up(data, to, 30, silent), known))
        sender.stopping.set()
        sender.join()
    assert made[-1][1] > made[0][1]
    for backup, known in (made[0], made[-1]):
        restored = tmp_path / f"restored-{known}"
        restore(Path(backup.folder), restored, is_over=False, progress=silent)
        assert times(Folder(restored), sender.acknowledged[:known]) == ({1: known} if known else {})
        *_, checked = check_folder(restored)
        assert checked.is_clean, checked.differences[:5]
    with running_door(restored) as door:
        for number in sender.acknowledged:
            assert door.post("track", event(number)).status == 200
    work_off(restored)
    assert times(Folder(restored), sender.acknowledged) == {1: len(sender.acknowledged)}


def test_restoring_erases_again_whoever_has_been_erased_since(tmp_path: Path) -> None:
    data, person = tmp_path / "data", Marked(MARK)
    with running_door(data) as door:
        for message in person.every():
            assert door.post("batch", {"batch": [message]}).status == 200
        door.facts(60)
    before = back_up(data, tmp_path / "backups", 30, silent)
    customer = find_customer(data, email=person.email)
    erasure = erase_in(data, customer)
    assert [one.folder for one in erasure.receipt.backups] == [before.folder]
    assert holding(tmp_path / "backups", MARK) != []
    with pytest.raises(CannotDo, match="--over"):
        restore(Path(before.folder), data, is_over=False, progress=silent)
    assert restore(Path(before.folder), data, is_over=True, progress=silent) == 1
    assert holding(data, MARK) == []
    *_, checked = check_folder(data)
    assert checked.is_clean, checked.differences[:5]
    assert not data.with_name("data.replaced").exists()


def known(folder: Folder, user: str) -> int:
    """The person whom the account leads to; 0 for nobody."""
    log = folder.log()
    try:
        customer = log.identifier(folder.keys.identifier_key("user_id", user))
        return log.customer(customer)[0] if customer else 0
    finally:
        log.close()


def test_restoring_spares_whoever_had_been_parted_from_those_who_were_erased(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running_door(data) as door:
        for user in ("anna", "bo"):
            assert door.post("identify", {"messageId": user, "userId": user, "traits": {"email": f"{user}@x.se"}}).status == 200
        assert door.post("alias", {"messageId": "one", "userId": "anna", "previousId": "bo"}).status == 200
        door.facts(4)
    folder = Folder(data)
    anna, bo = (find_customer(data, user_id=user) for user in ("anna", "bo"))
    assert known(folder, "bo") == anna
    before = back_up(data, tmp_path / "backups", 30, silent)
    inbox, log = folder.inbox(), folder.log()
    own_source(folder, inbox, log).put(SplitRequested, "form", anna, {"staff": 1, "one": anna, "two": bo})
    inbox.close()
    log.close()
    erase_in(data, find_customer(data, email="anna@x.se"))
    assert (known(folder, "anna"), known(folder, "bo")) == (0, bo)
    assert restore(Path(before.folder), data, is_over=True, progress=silent) == 1
    assert (known(folder, "anna"), known(folder, "bo"), find_customer(data, email="bo@x.se")) == (0, bo, bo)
    log = folder.log()
    (link,) = log.links_of([bo])
    told = [one.fact.type for one in log.facts_of([bo])]
    log.close()
    assert (link.status, link.ended_by, told) == ("refused", "staff", ["customer_identified", "customers_unlinked"])
    *_, checked = check_folder(data)
    assert checked.is_clean, checked.differences[:5]


def test_journal_alone_is_enough_when_everything_else_is_lost(tmp_path: Path) -> None:
    data, person = tmp_path / "data", Marked(MARK)
    with running_door(data) as door:
        assert door.post("identify", person.message("identify", "one", traits=person.traits())).status == 200
        door.facts(1)
    before = back_up(data, tmp_path / "backups", 30, silent)
    erase_in(data, find_customer(data, email=person.email))
    lost = tmp_path / "lost"
    lost.mkdir()
    (lost / NAME).write_bytes((data / NAME).read_bytes())
    assert restore(Path(before.folder), lost, is_over=False, progress=silent) == 1
    assert holding(lost, MARK) == []


def test_backup_within_the_folder_it_is_to_replace_is_not_restored(tmp_path: Path) -> None:
    folder, _ = shop(tmp_path)
    inside = back_up(folder.path, folder.path / "backups", 30, silent)
    with pytest.raises(CannotDo, match="Move it elsewhere"):
        restore(Path(inside.folder), folder.path, is_over=True, progress=silent)
    assert Path(inside.folder).exists()


def test_a_folder_that_is_in_use_is_not_replaced(tmp_path: Path) -> None:
    folder, backup = shop(tmp_path)
    lock = folder.lock("worker")
    assert lock.try_take()
    with pytest.raises(CannotDo, match="in use"):
        restore(Path(backup.folder), folder.path, is_over=True, progress=silent)
    lock.release()


def shop(tmp_path: Path) -> tuple[Folder, Backup]:
    folder = Folder(tmp_path / "data")
    folder.policy_text()
    folder.inbox().close()
    folder.log().close()
    return folder, back_up(folder.path, tmp_path / "backups", 30, silent)


def test_damaged_backup_is_named_and_not_restored(tmp_path: Path) -> None:
    _, backup = shop(tmp_path)
    with (Path(backup.folder) / "log.db").open("r+b") as file:
        file.seek(5000)
        file.write(b"damage")
    (Path(backup.folder) / "inbox.db").unlink()
    with pytest.raises(CannotDo, match=r"inbox\.db is missing; log\.db is not as it was"):
        restore(Path(backup.folder), tmp_path / "other", is_over=False, progress=silent)
    assert not (tmp_path / "other").exists()


def test_backups_past_their_date_go(tmp_path: Path) -> None:
    folder, backup = shop(tmp_path)
    kept = back_up(folder.path, tmp_path / "backups", 30, silent)
    list_backups(folder.path, [Backup(backup.folder, backup.made_at, backup.made_at - DAY), kept])
    assert prune(folder.path) == [Path(backup.folder)]
    assert (not Path(backup.folder).exists(), Path(kept.folder).exists(), read_backups(folder.path)) == (True, True, [kept])


def test_interrupted_backup_is_none_and_is_cleared_away_by_the_next(tmp_path: Path) -> None:
    folder, backup = shop(tmp_path)
    part = Path(backup.folder + PART)
    Path(backup.folder).rename(part)
    with pytest.raises(CannotDo, match="no back-up"):
        read_manifest(Path(backup.folder))
    made = back_up(folder.path, tmp_path / "backups", 30, silent)
    assert (part.exists(), read_backups(folder.path)) == (False, [made])


def test_line_that_a_power_failure_cut_off_harms_no_other(tmp_path: Path) -> None:
    first, second = Line(1, {"7": "aa"}), Line(2, {"8": "bb"}, 5)
    write_down(tmp_path, first)
    with (tmp_path / NAME).open("ab") as file:
        file.write(b'{"erased_at": 3, "fir')
    write_down(tmp_path, second)
    assert read_journal(tmp_path) == [first, second]
    join_journals([second, Line(9, {"9": "cc"})], tmp_path)
    assert [line.erased_at for line in read_journal(tmp_path)] == [1, 2, 9]


def test_command_says_where_it_is_and_until_when(tmp_path: Path) -> None:
    folder, _ = shop(tmp_path)
    command = [sys.executable, "-m", "omtanke.cli", "backup", "--data", str(folder.path), "--to", str(tmp_path / "more"), "--keep-days", "7"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    (made,) = (tmp_path / "more").iterdir()
    manifest = json.loads((made / "backup.json").read_text(encoding="utf-8"))
    assert run.stdout.startswith(f"{made}, to be kept until 20")
    assert manifest["keep_until"] - manifest["made_at"] == 7 * DAY
