"""Whatever a file holds: every row is accounted for, and what is let through is understood."""

from __future__ import annotations

import tempfile
from pathlib import Path

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.import_inbox import MemoryImportInbox
from tests.unit.importers.small_shop import FILES
from tests.unit.importers.test_mapped import HEADER, ROW, SHOP

from omtanke.intake.importers.faults import MapRefused
from omtanke.intake.importers.mapped import import_csv
from omtanke.intake.importers.mapping import parse_map
from omtanke.intake.importers.olist import CURRENCY, ZONE_NAME, import_olist
from omtanke.intake.importers.report import Report
from omtanke.vocabulary.reading import read_message
from omtanke.vocabulary.time import zone_named

NOW = 2_000_000_000_000_000
SIGNS = ['"', ",", ";", "\n", "\r", "\x00", "\ufeff", "/", " ", "%", "{}", "x" * 200]
VALUES = ["-1", "9" * 30, "1e9", "٣", "NaN", "2017-02-30 10:00:00", "9999-12-31 23:59:59"]

pieces = st.one_of(
    st.sampled_from([snippet.encode() for snippet in SIGNS + VALUES]),
    st.binary(max_size=4),
    st.text(max_size=4).map(lambda text: text.encode("utf-8", "surrogatepass")),
)
edits = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), pieces), min_size=1, max_size=6)


def edited(text: str, changes: list[tuple[float, int, bytes]]) -> bytes:
    """The text with pieces put in place of some of its bytes."""
    content = text.encode()
    for where, spent, piece in changes:
        start = int(where * len(content))
        content = content[:start] + piece + content[start + spent :]
    return content


def assert_sound(report: Report, inbox: MemoryImportInbox, zone: str, currency: str) -> None:
    for file in report.files:
        assert file.rows == file.accounted
        assert len(file.refusals) >= min(file.refused, 1)
    assert len(inbox.messages) == report.new
    for message in inbox.messages:
        understood = read_message(msgspec.json.decode(message.wire), NOW, zone_named(zone), currency, lambda kind, number: 1)
        assert understood.occurred_at == min(NOW, message.stamped_at)
    report.to_text().encode()
    msgspec.json.encode(report.to_data())


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(sorted(FILES)), changes=edits)
def test_olist_with_one_file_changed(name: str, changes: list[tuple[float, int, bytes]]) -> None:
    inbox = MemoryImportInbox()
    with tempfile.TemporaryDirectory() as folder:
        for other, text in FILES.items():
            (Path(folder) / other).write_bytes(edited(text, changes) if other == name else text.encode())
        assert_sound(import_olist(Path(folder), inbox, 1, lambda: NOW), inbox, ZONE_NAME, CURRENCY)


@settings(max_examples=150, deadline=None)
@given(changes=edits)
def test_csv_with_a_changed_file(changes: list[tuple[float, int, bytes]]) -> None:
    inbox = MemoryImportInbox()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "orders.csv"
        file.write_bytes(HEADER.encode() + edited(ROW + ROW.replace("17;", "18;", 1), changes))
        assert_sound(import_csv(file, parse_map(SHOP, "shop.toml"), inbox, 1, lambda: NOW), inbox, "Europe/Stockholm", "SEK")


@settings(max_examples=100, deadline=None)
@given(content=st.binary(max_size=200))
def test_csv_of_any_bytes(content: bytes) -> None:
    inbox = MemoryImportInbox()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "orders.csv"
        file.write_bytes(content)
        try:
            report = import_csv(file, parse_map(SHOP, "shop.toml"), inbox, 1, lambda: NOW)
        except MapRefused as refused:
            assert refused.faults
        else:
            assert_sound(report, inbox, "Europe/Stockholm", "SEK")


@settings(max_examples=200, deadline=None)
@given(changes=edits)
def test_map_of_any_text_is_read_or_refused(changes: list[tuple[float, int, bytes]]) -> None:
    try:
        parse_map(edited(SHOP, changes).decode("utf-8", "replace"), "shop.toml")
    except MapRefused as refused:
        assert refused.faults
        assert str(refused)


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(st.text(st.characters(exclude_characters='"\r\n', exclude_categories=["Cs"]), min_size=1, max_size=40), max_size=8))
def test_csv_counts_every_line_that_is_not_blank(rows: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "orders.csv"
        file.write_bytes((HEADER + "".join(f"{row}\n" for row in rows)).encode())
        report = import_csv(file, parse_map(SHOP, "shop.toml"), MemoryImportInbox(), 1, lambda: NOW)
    assert report.files[0].rows == report.files[0].accounted == len(rows)
