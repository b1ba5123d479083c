"""How long, and until when: sentences that read like sentences and mean one thing."""

from __future__ import annotations

import re

from omtanke.engine.plays.play import AtPromise, ForSpan, UntilFact, UntilTime, Waiting
from omtanke.vocabulary.parts import shown
from omtanke.vocabulary.time import DAY, HOUR, MINUTE

UNITS = {"min": MINUTE, "h": HOUR, "day": DAY, "days": DAY, "week": 7 * DAY, "weeks": 7 * DAY}
LONGEST_SPAN = 366 * DAY
MINUTES_OF_DAY = 24 * 60
# The forms of a wait: an example of each, and what it means.
FORMS = {
    "1 h": "so long; min, h, days and weeks can be written",
    "until 08.00 local": "until it is next 08.00 where the customer is",
    "until cart_left of the same key or 2 days": "until that fact comes of the same key (or of the same person), and no longer than the span",
    "2 days before the promise's end": "until so long before or after the start or end of the window promised",
}
SPAN = r"([0-9]{1,4}) (min|h|days?|weeks?)"
WHOLE_SPAN = re.compile(SPAN)
TIME = re.compile(r"until ([0-9]{2})[.:]([0-9]{2}) local")
FACT = re.compile(rf"until ([a-z0-9_]+) of the same (key|person) or {SPAN}")
ENDLESS = re.compile(r"until ([a-z0-9_]+)(?: of the same (key|person))?")
PROMISE = re.compile(rf"{SPAN} (before|after) the promise's (start|end)")


class Unreadable(ValueError):
    """A sentence that does not say how long; the text says what would."""


def read_span(text: str) -> int:
    """`2 days` in microseconds. Raises Unreadable."""
    found = WHOLE_SPAN.fullmatch(text)
    if found is None:
        raise Unreadable(f'{shown(text)} is not a span; write "30 min", "1 h", "2 days" or "1 week"')
    return _span(found[1], found[2])


def read_wait(text: str) -> Waiting:
    """What a step waits for. Raises Unreadable."""
    if found := WHOLE_SPAN.fullmatch(text):
        return ForSpan(_span(found[1], found[2]))
    if found := TIME.fullmatch(text):
        return UntilTime(_minute(found[1], found[2]))
    if found := FACT.fullmatch(text):
        return UntilFact(found[1], found[2], _span(found[3], found[4]))
    if found := PROMISE.fullmatch(text):
        span = _span(found[1], found[2])
        return AtPromise(-span if found[3] == "before" else span, found[4])
    if found := ENDLESS.fullmatch(text):
        raise Unreadable(f'{shown(text)} may never end; write "until {found[1]} of the same {found[2] or "key"} or 2 days"')
    raise Unreadable(f"{shown(text)} is not a wait; write " + ", ".join(f'"{form}"' for form in list(FORMS)[:-1]) + f' or "{list(FORMS)[-1]}"')


def _span(number: str, unit: str) -> int:
    span = int(number) * UNITS[unit]
    if not 0 < span <= LONGEST_SPAN:
        raise Unreadable(f"'{number} {unit}' is not a span from 1 min to 366 days")
    return span


def _minute(hour: str, minute: str) -> int:
    if int(hour) > 23 or int(minute) > 59:
        raise Unreadable(f"'{hour}.{minute}' is not a time of day; write 00.00 to 23.59")
    return int(hour) * 60 + int(minute)
