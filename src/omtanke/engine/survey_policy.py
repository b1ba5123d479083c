"""The part of the policy that says whom we ask, about what, and how often. Everything has a default."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from omtanke.vocabulary.survey import BOUNDS
from omtanke.vocabulary.time import DAY, SECOND

LONGEST_SECONDS = 366 * 86_400
QUESTIONS = {
    "satisfaction": ("1-5", "how satisfied the customer is"),
    "effort": ("1-7", "how far we made it easy"),
    "recommendation": ("0-10", "how likely the customer is to recommend us"),
}
KINDS = ("delivery", "store_visit", "case", "return")
WHOLE_NUMBERS = {"rest_days": (0, 366), "expires_days": (1, 366), "recommendation_percent": (0, 100)}
KIND_KEYS = ("after_seconds", "question", "share_percent", "owner")


class AskPolicy(Struct, frozen=True):
    """How we ask about one sort of thing. `after` in microseconds; `share` of a hundred are asked; `owner` answers for low answers."""

    after: int
    question: str
    share: int
    owner: str


class SurveyPolicy(Struct, frozen=True):
    """`rest`: the least time between two questions to the same customer; `lasts`: for how long a link can be used;
    both in microseconds. `recommendation`: in so many of a hundred we ask whether they would recommend us instead.
    `low`: the highest score on each scale that needs a person."""

    rest: int
    lasts: int
    recommendation: int
    low: dict[str, int]
    kinds: dict[str, AskPolicy]


ORDINARY = SurveyPolicy(
    rest=14 * DAY,
    lasts=30 * DAY,
    recommendation=20,
    low={"1-5": 2, "0-10": 6, "1-7": 3, "1-3": 1, "0-1": 0},
    kinds={
        "delivery": AskPolicy(2 * 3600 * SECOND, "satisfaction", 100, "logistics"),
        "store_visit": AskPolicy(3600 * SECOND, "satisfaction", 50, "store"),
        "case": AskPolicy(600 * SECOND, "effort", 100, "service"),
        "return": AskPolicy(3600 * SECOND, "effort", 100, "service"),
    },
)


def read_surveys(table: object, faults: list[str]) -> SurveyPolicy:
    """The table `surveys`; what it leaves out is as ordinary. Adds to `faults`."""
    if not isinstance(table, dict):
        faults.append("surveys: is not a table")
        return ORDINARY
    known = (*WHOLE_NUMBERS, "low", *KINDS)
    faults += [f"surveys.{name}: is not known; the table has {', '.join(known)}" for name in table if name not in known]
    numbers = {
        name: _whole(table, "surveys", name, default, faults, *WHOLE_NUMBERS[name])
        for name, default in (("rest_days", ORDINARY.rest // DAY), ("expires_days", ORDINARY.lasts // DAY), ("recommendation_percent", ORDINARY.recommendation))
    }
    return SurveyPolicy(
        rest=numbers["rest_days"] * DAY,
        lasts=numbers["expires_days"] * DAY,
        recommendation=numbers["recommendation_percent"],
        low=_low(table.get("low", {}), faults),
        kinds={kind: _kind(table.get(kind, {}), kind, faults) for kind in KINDS},
    )


def _whole(table: dict[str, Any], path: str, name: str, default: int, faults: list[str], least: int, most: int) -> int:
    value = table.get(name, default)
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return value
    faults.append(f"{path}.{name}: {value!r} is not a whole number from {least} to {most}")
    return default


def _low(table: object, faults: list[str]) -> dict[str, int]:
    if not isinstance(table, dict):
        faults.append("surveys.low: is not a table of scales")
        return ORDINARY.low
    faults += [f"surveys.low.{scale}: is not a scale; the scales are {', '.join(BOUNDS)}" for scale in table if scale not in BOUNDS]
    return {scale: _whole(table, "surveys.low", scale, ORDINARY.low[scale], faults, *BOUNDS[scale]) for scale in BOUNDS}


def _kind(table: object, kind: str, faults: list[str]) -> AskPolicy:
    path, ordinary = f"surveys.{kind}", ORDINARY.kinds[kind]
    if not isinstance(table, dict):
        faults.append(f"{path}: is not a table")
        return ordinary
    faults += [f"{path}.{name}: is not known; it has {', '.join(KIND_KEYS)}" for name in table if name not in KIND_KEYS]
    question, owner = table.get("question", ordinary.question), table.get("owner", ordinary.owner)
    if not isinstance(question, str) or question not in QUESTIONS:
        faults.append(f"{path}.question: {question!r} is not one of {', '.join(QUESTIONS)}")
    if not isinstance(owner, str) or not owner:
        faults.append(f"{path}.owner: {owner!r} is not the name of a unit")
    return AskPolicy(
        after=_whole(table, path, "after_seconds", ordinary.after // SECOND, faults, 0, LONGEST_SECONDS) * SECOND,
        question=str(question),
        share=_whole(table, path, "share_percent", ordinary.share, faults, 0, 100),
        owner=str(owner),
    )
