"""What became of one try to send something."""

from __future__ import annotations

import re

from msgspec import Struct

ANSWER_LENGTH = 200
ADDRESS = re.compile(r"\S+@\S+")
LONG_NUMBER = re.compile(r"\d[\d \-]{4,}\d")


class Outcome(Struct, frozen=True):
    """One try. `status`: what the other side answered, 0 when it did not; `answer`: the beginning of it, or what stood in the way.

    `is_final`: another try would end alike. `is_gone`: nobody is there any more (410). `is_waiting`: it was not tried, something is not set up.
    `is_withheld`: it was not tried and will not be: whom it is about is to be left alone.
    `wait_seconds`: the other side asked for so much time.
    """

    is_done: bool
    status: int = 0
    answer: str = ""
    is_final: bool = False
    is_gone: bool = False
    is_waiting: bool = False
    is_withheld: bool = False
    wait_seconds: int = 0


class Handed(Struct, frozen=True):
    """What has become of handing one message to a carrier. `at`: where it was refused, empty when it was taken.

    `is_doubtful`: it was given whole, and no answer came. `is_address`: there is no such address, or it takes nothing any more.
    `reference`: the carrier's own number of what it has taken; empty when it has none.
    """

    outcome: Outcome
    at: str = ""
    is_doubtful: bool = False
    is_address: bool = False
    reference: str = ""


def shown(answer: str) -> str:
    """The beginning of an answer as it is kept: on one line, without addresses and long numbers, which may be a customer's."""
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in answer).split())
    return LONG_NUMBER.sub("…", ADDRESS.sub("…", text))[:ANSWER_LENGTH]
