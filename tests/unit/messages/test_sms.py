"""Segments, by the tables of 3GPP TS 23.038."""

from __future__ import annotations

import pytest

from omtanke.messages.sms import sms

TEXTS = [
    ("a" * 160, "GSM-7", 160, 1),
    ("a" * 161, "GSM-7", 161, 2),
    ("a" * 306, "GSM-7", 306, 2),
    ("a" * 307, "GSM-7", 307, 3),
    ("åäöÅÄÖéü", "GSM-7", 8, 1),
    ("€" * 80, "GSM-7", 160, 1),
    ("€" * 81, "GSM-7", 162, 2),
    # An escape and its sign stay together: 152 places and one of two do not fit into 153.
    ("a" * 152 + "€" + "a" * 10, "GSM-7", 164, 2),
    ("a" * 152 + "€" + "a" * 151, "GSM-7", 305, 2),
    ("a" * 152 + "€" + "a" * 152, "GSM-7", 306, 3),
    ("ž" * 70, "UCS-2", 70, 1),
    ("ž" * 71, "UCS-2", 71, 2),
    ("ž" * 134, "UCS-2", 134, 2),
    ("ž" * 135, "UCS-2", 135, 3),
    ("❤" + "a" * 69, "UCS-2", 70, 1),
    ("\N{GRINNING FACE}" * 35, "UCS-2", 70, 1),
    ("\N{GRINNING FACE}" * 66, "UCS-2", 132, 2),
    ("\N{GRINNING FACE}" * 67, "UCS-2", 134, 3),
]


@pytest.mark.parametrize(("text", "alphabet", "units", "segments"), TEXTS)
def test_segments_are_counted(text: str, alphabet: str, units: int, segments: int) -> None:
    made = sms(text)
    assert (made.alphabet, made.units, made.segments) == (alphabet, units, segments)


def test_typographic_signs_are_sent_plain() -> None:
    made = sms("“Hos dig” 26–27 november… 1\N{NO-BREAK SPACE}499 kr")
    assert (made.text, made.alphabet, made.dear) == ('"Hos dig" 26-27 november... 1 499 kr', "GSM-7", "")


def test_signs_that_make_it_dear_are_named() -> None:
    assert sms("Hej ❤ och ž").dear == "❤ž"
