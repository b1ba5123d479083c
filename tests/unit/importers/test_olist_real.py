"""The publisher's own files, where they are there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.fakes.import_inbox import MemoryImportInbox

from omtanke.intake.importers.olist import READ_IN_ORDER, import_olist
from omtanke.intake.importers.report import Report
from omtanke.storage.ports import Incoming

EVENTS = {
    "Order Completed": 30_814,
    "Payment Approved": 30_734,
    "Order Shipped": 29_333,
    "Shipment Delivered": 28_361,
    "Order Cancelled": 997,
    "Customer Identified": 28_645,
    "Order Line Recorded": 31_974,
    "Payment Recorded": 32_513,
    "Survey Sent": 20_639,
    "Survey Answered": 20_639,
}


# The order that is harder to get right is told each time.
FORWARDS = pytest.mark.skipif(not os.environ.get("OMTANKE_SOAK"), reason="ten seconds: make soak")


def run(folder: Path, inbox: MemoryImportInbox) -> Report:
    return import_olist(folder, inbox, 1, lambda: 0)


@pytest.fixture(scope="module")
def whole(shared_data: Path) -> tuple[Report, MemoryImportInbox]:
    inbox = MemoryImportInbox()
    return run(shared_data / "olist", inbox), inbox


@pytest.fixture(scope="module")
def halves(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Every file split in two by rows; records of a review may span lines, so they are dealt out as wholes."""
    first, second = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")
    for sheet in READ_IN_ORDER:
        text = (shared_data / "olist" / sheet.file).read_bytes().decode()
        header, *records = split_records(text)
        cut = len(records) // 3 if sheet.family == "orders" else len(records) // 2
        (first / sheet.file).write_bytes("".join([header, *records[:cut]]).encode())
        (second / sheet.file).write_bytes("".join([header, *records[cut:]]).encode())
    return first, second


def told(message: Incoming) -> tuple[str, int, bytes]:
    return message.message_id, message.stamped_at, message.wire


def split_records(text: str) -> list[str]:
    records = [""]
    for line in text.split("\n"):
        records[-1] += line + "\n"
        if records[-1].count('"') % 2 == 0:
            records.append("")
    return [record for record in records if record.strip()]


def test_olist_counts_of_every_event(whole: tuple[Report, MemoryImportInbox]) -> None:
    report, _ = whole
    assert report.messages == EVENTS
    assert (report.new, report.repeated, report.refused, report.still_waiting.total()) == (254_649, 0, 0, 0)


def test_olist_every_line_is_accounted_for(whole: tuple[Report, MemoryImportInbox]) -> None:
    report, _ = whole
    assert all(file.rows == file.accounted for file in report.files)


def test_olist_messages_come_in_order(whole: tuple[Report, MemoryImportInbox]) -> None:
    moments = [message.stamped_at for message in whole[1].messages]
    assert moments == sorted(moments)


@pytest.mark.parametrize("order", [pytest.param((0, 1), marks=FORWARDS), (1, 0)], ids=["forwards", "backwards"])
def test_olist_in_two_halves_tells_the_same(whole: tuple[Report, MemoryImportInbox], halves: tuple[Path, Path], order: tuple[int, int]) -> None:
    inbox = MemoryImportInbox()
    run(halves[order[0]], inbox)
    assert inbox.rows
    report = run(halves[order[1]], inbox)
    assert sorted(map(told, inbox.messages)) == sorted(map(told, whole[1].messages))
    assert (inbox.rows, report.still_waiting.total(), report.repeated) == ({}, 0, 0)
