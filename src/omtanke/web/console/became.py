"""What customers answer, by what truly happened: what a broken promise costs, and what it is worth to hear from us first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from omtanke.insight.answer import Answer
from omtanke.insight.finishing import FEWEST
from omtanke.web.words.voice import Voice

FATES = {
    "kept or exceeded": "kept",
    "broken": "broken",
    "- never arrived": "never_arrived",
    "- - answered while waiting": "late_waiting",
    "- - answered after arrival": "late_after",
}


@dataclass(frozen=True)
class BecameRow:
    """What had become of the promise when they answered.

    label: what. depth: how far in it stands, 0 to 2. mean: of 1 to 5. interval: of that. count: answers. address: those answers.
    """

    label: str
    depth: int
    mean: str
    interval: str
    count: str
    address: str


@dataclass(frozen=True)
class Became:
    """Answers by what truly happened.

    sentences: what a broken promise costs and what a word beforehand is worth, among like ones, each with its interval. rows: the means.
    columns: heads of the table. definition: how it is reckoned.
    """

    sentences: tuple[str, ...]
    rows: tuple[BecameRow, ...]
    columns: tuple[str, ...]
    definition: str


def became(cost: Answer, told: Answer, say: Voice) -> Became:
    rows = [one for one in cost.records if one["part"] in FATES and one["answers"]]
    return Became(
        sentences=tuple(text for text in (cost_sentence(effect_of(cost), say), told_sentence(effect_of(told), say)) if text),
        rows=tuple(became_row(one, say) for one in (*rows, *(one for one in told.records if one["part"] == "told first" and one["answers"]))),
        columns=(_("What had become of the promise"), _("Mean, 1 to 5"), _("95 % interval"), _("Answers")),
        definition=_(
            "Deliveries, held against what was said first. Compared are those of the same region and carrier; it is the effect if, among "
            "these, chance alone decided who was hit."
        ),
    )


def effect_of(answer: Answer) -> dict[str, Any] | None:
    """The row of the adjusted difference; None when it rests on too few to be said."""
    found = next((one for one in answer.records if one["n1"] is not None), None)
    return None if found is None or found["low"] is None or min(found["n1"], found["n0"]) < FEWEST else found


def cost_sentence(effect: dict[str, Any] | None, say: Voice) -> str:
    if effect is None:
        return ""
    if effect["high"] >= 0:
        return _("What a broken promise costs cannot be told from chance yet.")
    said = {"points": say.number(-effect["estimate"], 2), "low": say.number(-effect["high"], 2), "high": say.number(-effect["low"], 2)}
    return _("A broken promise of which we say nothing costs us %(points)s out of 5 (%(low)s–%(high)s).") % said


def told_sentence(effect: dict[str, Any] | None, say: Voice) -> str:
    if effect is None:
        return ""
    if effect["low"] <= 0:
        return _("What it is worth to hear of a delay from us first cannot be told from chance yet.")
    said = {"points": say.number(effect["estimate"], 2), "low": say.number(effect["low"], 2), "high": say.number(effect["high"], 2)}
    return _("To hear of a delay from us first gives back %(points)s (%(low)s–%(high)s).") % said


def label_of(part: str) -> str:
    return {
        "kept or exceeded": _("Kept or exceeded"),
        "broken": _("Broken"),
        "- never arrived": _("never arrived"),
        "- - answered while waiting": _("answered while still waiting"),
        "- - answered after arrival": _("answered after arrival"),
        "told first": _("told by us before it was late"),
    }[part]


def became_row(one: dict[str, Any], say: Voice) -> BecameRow:
    low, fate = one["mean_score_low"], FATES.get(one["part"], "")
    return BecameRow(
        label=label_of(one["part"]),
        depth=1 if one["part"] == "told first" else min(one["part"].count("- "), 1),
        mean=say.number(one["mean_score"], 2),
        interval="–" if low is None else say.interval(max(low, 1.0), min(one["mean_score_high"], 5.0), 2, 1),
        count=say.number(one["answers"]),
        address=reverse("answers") + f"?fate={fate}#people" if fate else "",
    )
