"""Words that customers have written: found by beginnings, erased with their customer, found also in old logs."""

from __future__ import annotations

import shutil
from pathlib import Path

from omtanke.folder import Folder
from omtanke.storage.pages import Pages
from omtanke.storage.verbatims import words_of, written

FORMAT_1 = Path(__file__).parents[2] / "data_folders" / "format_1"


def opened(tmp_path: Path) -> Pages:
    """A folder of the first format, which knew no search, as it is today."""
    shutil.copytree(FORMAT_1, tmp_path / "data")
    Folder(tmp_path / "data").log().close()
    return Pages(tmp_path / "data")


def test_words_are_folded_and_without_what_reaches_somebody() -> None:
    assert words_of("Åkte HEM! anna@berg.se 070-1740605 b2b c/o Ö") == {"akte", "hem"}


def test_heading_and_comment_are_one_text() -> None:
    assert written({"properties": {"comment": " Sent. ", "comment_title": "Hm"}}) == "Hm Sent."
    assert written({"properties": {"comment": 4}}) == written({"traits": {}}) == written({}) == ""


def test_what_was_written_before_there_was_a_search_is_found_too(tmp_path: Path) -> None:
    pages = opened(tmp_path)
    with_words = [row[0] for row in pages._rows("log", "SELECT DISTINCT position FROM verbatim_word ORDER BY position")]
    found = pages.verbatims(with_words)
    assert len(found) == len(with_words) > 0
    longest = max(words_of(found[0].text), key=len)
    assert found[0].position in pages.by_words(longest[:6], 100)
    assert found[0].position in pages.by_words(" ".join(sorted(words_of(found[0].text), key=len)[-3:]), 100)
    assert pages.by_words(f"{longest} qqqq", 100) == []
    pages.close()


def test_words_go_with_their_customer(tmp_path: Path) -> None:
    opened(tmp_path).close()
    log = Folder(tmp_path / "data").log()
    (word, customer) = log.connection.execute("SELECT word, customer FROM verbatim_word ORDER BY length(word) DESC LIMIT 1").fetchone()
    log.connection.execute("DELETE FROM verbatim_word WHERE customer = ?", (customer,))
    log.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    plan = log.connection.execute("EXPLAIN QUERY PLAN DELETE FROM verbatim_word WHERE customer = 1").fetchall()
    assert "verbatim_word_of_customer" in str(plan)
    assert log.connection.execute("SELECT count(*) FROM verbatim_word WHERE customer = ?", (customer,)).fetchone() == (0,)
    assert word
    log.close()
