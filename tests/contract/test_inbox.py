"""What every inbox keeps to."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from contract.conftest import KEYS
from omtanke.storage.databases import open_database
from omtanke.storage.ports import Accepted, Inbox, Incoming, Source, SourceConflict
from omtanke.storage.sql_inbox import SqlInbox
from omtanke.vocabulary.fact import Mode

NOON = 1_795_000_000_000_000


def shop(inbox: Inbox) -> Source:
    return inbox.source("shop", Mode.LIVE, "Europe/Stockholm", "SEK")


def message(name: str, stamped_at: int = NOON) -> Incoming:
    return Incoming(name, stamped_at, b"{}")


def test_source_is_made_once_and_known_again(inbox: Inbox) -> None:
    assert shop(inbox) == shop(inbox)
    assert inbox.sources() == {1: Source(1, "shop", Mode.LIVE, "Europe/Stockholm", "SEK")}


def test_source_cannot_become_another(inbox: Inbox) -> None:
    shop(inbox)
    with pytest.raises(SourceConflict, match=r"'shop' is known as live, Europe/Stockholm, SEK and cannot become live, Europe/Stockholm, NOK"):
        inbox.source("shop", Mode.LIVE, "Europe/Stockholm", "NOK")


def test_message_counts_once_in_a_batch_and_in_another(inbox: Inbox) -> None:
    source = shop(inbox).source
    assert inbox.append(source, [message("a"), message("b"), message("a")], NOON) == Accepted(2, 1)
    assert inbox.append(source, [message("a"), message("c")], NOON) == Accepted(1, 1)
    assert len(inbox.read(0, 10)) == 3


def test_same_id_from_another_source_is_another_message(inbox: Inbox) -> None:
    other = inbox.source("till", Mode.LIVE, "Europe/Stockholm", "SEK").source
    inbox.append(shop(inbox).source, [message("a")], NOON)
    assert inbox.append(other, [message("a")], NOON) == Accepted(1, 0)


def test_receipt_never_goes_back(inbox: Inbox) -> None:
    source = shop(inbox).source
    inbox.append(source, [message("a")], NOON)
    inbox.append(source, [message("b")], NOON - 1_000_000)
    assert [entry.received_at for entry in inbox.read(0, 10)] == [NOON, NOON]


def test_entries_are_read_in_order_from_where_one_was(inbox: Inbox) -> None:
    source = shop(inbox).source
    inbox.append(source, [message(name) for name in "abcd"], NOON)
    first = inbox.read(0, 2)
    assert [entry.entry for entry in (*first, *inbox.read(first[-1].entry, 9))] == [1, 2, 3, 4]


def test_trimmed_entries_are_gone_and_still_known(inbox: Inbox) -> None:
    source = shop(inbox).source
    inbox.append(source, [message("a"), message("b")], NOON)
    inbox.trim(1)
    inbox.tidy()
    assert [entry.entry for entry in inbox.read(0, 9)] == [2]
    assert (inbox.append(source, [message("a")], NOON), inbox.last_entry()) == (Accepted(0, 1), 2)


def test_entries_are_trimmed_one_stretch_after_another(inbox: Inbox) -> None:
    source = shop(inbox).source
    inbox.append(source, [message(name) for name in "abcd"], NOON)
    for consumed in (1, 3, 2):
        inbox.trim(consumed)
    assert [entry.entry for entry in inbox.read(0, 9)] == [4]


def test_numbers_go_on_after_everything_was_trimmed(inbox: Inbox) -> None:
    source = shop(inbox).source
    inbox.append(source, [message("a")], NOON)
    inbox.trim(1)
    inbox.append(source, [message("b")], NOON)
    assert [entry.entry for entry in inbox.read(0, 9)] == [2]


def test_telling_begins_once_and_rests(inbox: Inbox) -> None:
    source = inbox.source("export", Mode.HISTORY, "Europe/Stockholm", "SEK").source
    inbox.begin_telling(source, NOON)
    inbox.begin_telling(source, NOON + 5)
    told = inbox.sources()[source]
    inbox.rest(source, has_ended=True)
    rested = inbox.sources()[source]
    assert (told.is_telling, told.began_at, rested.is_telling, rested.has_ended) == (True, NOON, False, True)


def test_what_comes_after_it_was_settled_is_received_later(inbox: Inbox) -> None:
    source = shop(inbox).source
    inbox.append(source, [message("a")], NOON)
    inbox.settle(NOON + 5)
    inbox.settle(NOON + 1)
    inbox.append(source, [message("b")], NOON + 2)
    assert [entry.received_at for entry in inbox.read(0, 10)] == [NOON, NOON + 5]


def test_settling_waits_for_who_is_writing(tmp_path: Path) -> None:
    """What was on its way, received before the moment, is there when it returns."""
    one, other = (SqlInbox(open_database(tmp_path, "inbox"), KEYS) for _ in range(2))
    source = shop(one).source
    one.connection.execute("BEGIN IMMEDIATE")
    one.connection.execute("INSERT INTO entry (source, fact_id, received_at, stamped_at, wire) VALUES (?, x'00', ?, 0, x'')", (source, NOON))
    threading.Timer(0.3, lambda: one.connection.execute("COMMIT")).start()
    other.settle(NOON + 1)
    assert [entry.received_at for entry in other.read(0, 10)] == [NOON]
    one.close()
    other.close()
