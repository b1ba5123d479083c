"""Filters of the page Promises, as they stand in its address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from msgspec import Struct
from msgspec.structs import replace

from omtanke.insight.board import GROUPS, Board, Filters, span_of
from omtanke.vocabulary.promise import KINDS
from omtanke.vocabulary.time import LAST_DAY, day_ends_at
from omtanke.web.words import names
from omtanke.web.words.voice import Voice

NOT_KNOWN = "-"
DIMENSIONS = ("kind", "carrier", "region", "warehouse", "touchpoint", "owner", "month")
STATES = ("waiting", "open", "at_risk", "due", "kept", "exceeded", "broken", "put_right", "withdrawn", "well")
# States of the address that are figures of the board rather than states of a promise.
FIGURES = {"put_right": "put_right", "waiting": "still_waiting", "well": "promises"}
PERIODS = ("7", "28", "90")
LONGEST = 120
PLACE = re.compile(r"([0-9]{1,16})[.-]([0-9]{1,19})")
LATEST_MOMENT = day_ends_at(LAST_DAY, ZoneInfo("UTC"))


class Asked(Struct, frozen=True):
    """What the address asks for; empty: everything. `figure` is a group of the board; `by` the dimension of the chart."""

    kind: str = ""
    state: str = ""
    region: str = ""
    carrier: str = ""
    warehouse: str = ""
    touchpoint: str = ""
    owner: str = ""
    period: str = ""
    figure: str = ""
    by: str = "kind"
    after: str = ""

    def address(self, **changes: str) -> str:
        """The query of the same page with some things changed; always from the top of the list."""
        changed = replace(self, after=changes.pop("after", ""), **changes)
        said = {name: value for name in self.__struct_fields__ if (value := getattr(changed, name)) and (name, value) != ("by", "kind")}
        return "?" + urlencode(said)

    @property
    def is_filtered(self) -> bool:
        return any((self.kind, self.state, self.region, self.carrier, self.warehouse, self.touchpoint, self.owner, self.period, self.figure))


@dataclass(frozen=True)
class Choice:
    """A value of a filter. value: as in the address. label: as said. is_chosen: whether it is the one."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Filter:
    """A filter. name: in the address. label: as said. choices: its values, the first is everything. is_set: whether it leaves something out."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    is_set: bool


def read_asked(query: Mapping[str, str]) -> Asked:
    """What the address asks for; what makes no sense is left out."""
    given = {name: query.get(name, "")[:LONGEST] for name in Asked.__struct_fields__ if query.get(name)}
    asked = Asked(**given)
    return replace(
        asked,
        kind=asked.kind if asked.kind in KINDS else "",
        state=asked.state if asked.state in STATES else "",
        period=asked.period if is_period(asked.period) else "",
        figure=asked.figure if asked.figure in GROUPS else "",
        by=asked.by if asked.by in DIMENSIONS else "kind",
        after=asked.after if is_place(asked.after) else "",
    )


def is_place(text: str) -> bool:
    """A moment and a number, as lists write the place they are read on from."""
    parts = PLACE.fullmatch(text)
    return parts is not None and int(parts[1]) <= LATEST_MOMENT and int(parts[2]) < 2**63


def is_period(text: str) -> bool:
    """Whole days before today, today, a month or a week."""
    if text in (*PERIODS, "today", ""):
        return True
    try:
        span_of(text)
    except ValueError:
        return False
    return True


def days_of(period: str, today: date) -> tuple[date | None, date | None]:
    """First day, and the day after the last. A number of days means so many whole days before today."""
    if not period:
        return None, None
    if period == "today":
        return today, today + timedelta(days=1)
    if period.isdecimal() and len(period) <= 2:
        return today - timedelta(days=int(period)), today
    return span_of(period)


def filters_of(asked: Asked, today: date) -> Filters:
    """The board's filters: states that are figures of its own stand apart, in `group_of`."""
    due_from, due_before = days_of(asked.period, today)

    def value(text: str) -> str | None:
        return None if not text else "" if text == NOT_KNOWN else text

    return Filters(
        kind=value(asked.kind),
        status=asked.state if asked.state and asked.state not in FIGURES else None,
        region=value(asked.region),
        carrier=value(asked.carrier),
        warehouse=value(asked.warehouse),
        touchpoint=value(asked.touchpoint),
        owner=value(asked.owner),
        due_from=due_from,
        due_before=due_before,
    )


def group_of(asked: Asked) -> str:
    """The figure whose people are listed."""
    return asked.figure or FIGURES.get(asked.state, "promises")


def filter_list(board: Board, asked: Asked, say: Voice) -> tuple[Filter, ...]:
    """All filters with their choices, those that occur. Where things were shipped from is asked where it is known."""
    places = [(one, names.place(one)) for one in board.choices("warehouse")]
    return (
        choose("period", _("Due"), _("any time"), [(value, period_label(value, say)) for value in periods(asked)], asked.period),
        choose("kind", _("Kind"), _("all"), [(code, names.kind(code)) for code in board.choices("kind")], asked.kind),
        choose("state", _("State"), _("all"), [(code, state_label(code)) for code in STATES], asked.state),
        choose("carrier", _("Carrier"), _("all"), [(one, one) for one in board.choices("carrier")], asked.carrier),
        choose("region", _("Region"), _("all"), [(one, one) for one in board.choices("region")], asked.region),
        *([choose("warehouse", _("Shipped from"), _("all"), places, asked.warehouse)] if places or asked.warehouse else []),
        choose("touchpoint", _("Where we promised"), _("everywhere"), [(one, names.place(one)) for one in board.choices("touchpoint")], asked.touchpoint),
        choose("owner", _("Who answers for it"), _("all"), [(one, names.owner(one)) for one in board.choices("owner")], asked.owner),
    )


def choose(name: str, label: str, everything: str, values: list[tuple[str, str]], chosen: str) -> Filter:
    known = {value for value, _label in values}
    if chosen and chosen not in known:
        values = [*values, (chosen, _("not known") if chosen == NOT_KNOWN else names.readable(chosen))]
    choices = [Choice("", everything, not chosen), *(Choice(value, said, value == chosen) for value, said in values)]
    return Filter(name, label, tuple(choices), bool(chosen))


def periods(asked: Asked) -> tuple[str, ...]:
    return ("today", *PERIODS) if asked.period in ("", "today", *PERIODS) else ("today", *PERIODS, asked.period)


def period_label(period: str, say: Voice) -> str:
    """the last 7 days; week 47; November 2026."""
    if period == "today":
        return _("today")
    if period.isdecimal() and len(period) <= 2:
        return ngettext("the last %(n)s day", "the last %(n)s days", int(period)) % {"n": period}
    first, _before = span_of(period)
    if "-W" in period:
        return _("week %(week)s") % {"week": first.isocalendar().week}
    return say.month(first)


def states_label(code: str) -> str:
    """The state of many promises."""
    words = {
        "open": pgettext("many", "open"),
        "kept": pgettext("many", "kept"),
        "exceeded": pgettext("many", "exceeded"),
        "broken": pgettext("many", "broken"),
        "withdrawn": pgettext("many", "withdrawn"),
        "put_right": pgettext("many", "put right"),
    }
    return words.get(code) or state_label(code)


def state_label(code: str) -> str:
    match code:
        case "waiting":
            return _("the customer waits")
        case "open":
            return _("open")
        case "put_right":
            return _("put right")
        case "well":
            return _("ended well today")
    return names.state(code)


def part_label(dimension: str, part: str | None, say: Voice) -> str:
    """The value of a dimension as said."""
    if part is None:
        return _("not known")
    match dimension:
        case "kind":
            return names.kind(part)
        case "owner":
            return names.owner(part)
        case "month" | "week":
            return period_label(part, say)
        case "touchpoint" | "warehouse":
            return names.place(part)
    return part


def dimension_label(dimension: str) -> str:
    match dimension:
        case "kind":
            return _("by kind")
        case "carrier":
            return _("by carrier")
        case "region":
            return _("by region")
        case "warehouse":
            return _("by where it was shipped from")
        case "touchpoint":
            return _("by where we promised")
        case "owner":
            return _("by who answers for it")
    return _("by month")
