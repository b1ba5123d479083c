"""Words that customers have written: found by beginnings, erased with their customer, found also in old logs."""

from __future__ import annotations

from omtanke.storage.verbatims import words_of, written


def test_words_are_folded_and_without_what_reaches_somebody() -> None:
    assert words_of("Åkte HEM! anna@berg.se 070-1740605 b2b c/o Ö") == {"akte", "hem"}


def test_heading_and_comment_are_one_text() -> None:
    assert written({"properties": {"comment": " Sent. ", "comment_title": "Hm"}}) == "Hm Sent."
    assert written({"properties": {"comment": 4}}) == written({"traits": {}}) == written({}) == ""
