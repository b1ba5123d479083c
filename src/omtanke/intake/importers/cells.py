"""Cells of a file as the values that the vocabulary will accept. Each raises Unfit naming its column."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from omtanke.intake.importers.report import Unfit
from omtanke.vocabulary.fields import CODE, LONGEST_CODE
from omtanke.vocabulary.time import moment_of_local

LONGEST_ID = 36
EXPECTED_MOMENT = "a moment as in 2017-10-02 10:56:33"
MOMENT_FORM = re.compile(r"(19[0-9]{2}|20[0-9]{2}|21[0-8][0-9])-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}", re.ASCII)
AMOUNT_FORM = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", re.ASCII)
WHOLE_FORM = re.compile(r"0|[1-9][0-9]{0,14}", re.ASCII)


def read_moment(text: str, column: str, zone: ZoneInfo) -> int:
    """Microseconds of a local moment written as 2017-10-02 10:56:33."""
    if not MOMENT_FORM.fullmatch(text):
        raise Unfit(column, text, EXPECTED_MOMENT)
    try:
        return moment_of_local(datetime.fromisoformat(text), zone)
    except ValueError:
        raise Unfit(column, text, EXPECTED_MOMENT) from None


def read_id(text: str, column: str) -> str:
    """An id: it becomes part of a message id, which parts its words by a slash."""
    name = text.strip()
    if not 0 < len(name) <= LONGEST_ID or "/" in name:
        raise Unfit(column, text, f"an id of 1 to {LONGEST_ID} characters without /")
    return name


def read_amount(text: str, column: str) -> str:
    """An amount in major units, as written."""
    if not AMOUNT_FORM.fullmatch(text):
        raise Unfit(column, text, "an amount as in 149.50")
    return text


def read_whole(text: str, column: str, least: int, most: int) -> int:
    """A whole number from `least` to `most`."""
    if not WHOLE_FORM.fullmatch(text) or not least <= int(text) <= most:
        raise Unfit(column, text, f"a whole number from {least} to {most}")
    return int(text)


@lru_cache(maxsize=4096)
def read_code(text: str, column: str) -> str:
    """A short word, or nothing."""
    if text and not is_code(text):
        raise Unfit(column, text, f"a word of at most {LONGEST_CODE} letters, figures, spaces or -_./:")
    return text


def is_code(text: str) -> bool:
    """Whether the vocabulary takes the text for a code."""
    return len(text) <= LONGEST_CODE and CODE.fullmatch(text.strip()) is not None
