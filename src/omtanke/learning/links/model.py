"""The model: what of two persons is compared, how alike it can be, and how much each likeness weighs (Fellegi and Sunter 1969).

Splink runs it in DuckDB, in this process. The weights are shipped (weights.json): nothing is learnt from a shop's customers, so
that a suggestion means the same in every shop. How often a name or a town occurs is counted among the customers at hand.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from msgspec import Struct

# Names that this many customers have, and the most usual ones, are two names however alike they look: Anna and Hanna, Johan and Johanna.
KNOWN_NAME = 4


class Level(Struct, frozen=True):
    """A degree of likeness. `name`: its code. `sql`: when it holds. `counted`: the rarer the value, the more it says."""

    name: str
    sql: str
    counted: bool = False


class Compared(Struct, frozen=True):
    """A field, and its degrees of likeness, the strongest first; what reaches none differs. `missing`: when nothing can be said."""

    field: str
    levels: tuple[Level, ...]
    missing: str


class Weights(Struct, frozen=True):
    """What is shipped. `told_twice`: the share of persons who are there twice, before anything is compared. `threshold`: what
    probability a suggestion needs. `levels`: by field and level, how often it holds for one person told twice (m), and for two persons (u)."""

    trained_on: str
    told_twice: float
    threshold: float
    levels: dict[str, dict[str, tuple[float, float]]]


def _absent(field: str) -> str:
    return f"{field}_l = '' OR {field}_r = ''"


def _same(field: str) -> str:
    return f"{field}_l = {field}_r"


def _near(field: str, least: float) -> str:
    return f"jaro_winkler_similarity({field}_l, {field}_r) >= {least}"


def _edits(field: str, most: int) -> str:
    return f"damerau_levenshtein({field}_l, {field}_r) <= {most}"


# A slip of the pen makes a name that hardly anybody has.
ONE_IS_RARE = f"least(first_name_count_l, first_name_count_r) < {KNOWN_NAME}"
SWAPPED = "jaro_winkler_similarity(first_name_l, last_name_r) >= 0.88 AND jaro_winkler_similarity(last_name_l, first_name_r) >= 0.88"
INITIAL = "(length(first_name_l) = 1 OR length(first_name_r) = 1) AND first_name_l[1] = first_name_r[1]"
PART = "starts_with(first_name_l, first_name_r || ' ') OR starts_with(first_name_r, first_name_l || ' ')"
CROSSED = "street_l = more_r OR more_l = street_r"

COMPARED = (
    Compared(
        "first_name",
        (
            Level("same", _same("first_name"), counted=True),
            Level("swapped", SWAPPED),
            Level("part", f"({PART}) OR ({INITIAL})"),
            Level("slip", f"{_near('first_name', 0.88)} AND {ONE_IS_RARE}"),
            Level("like", f"{_near('first_name', 0.7)} AND {ONE_IS_RARE}"),
        ),
        _absent("first_name"),
    ),
    Compared(
        "last_name",
        (
            Level("same", _same("last_name"), counted=True),
            Level("swapped", SWAPPED),
            Level("slip", _near("last_name", 0.88)),
            Level("like", _near("last_name", 0.7)),
        ),
        _absent("last_name"),
    ),
    Compared(
        "birth_date",
        (Level("same", _same("birth_date")), Level("slip", _edits("birth_date", 1)), Level("like", _edits("birth_date", 2))),
        _absent("birth_date"),
    ),
    Compared(
        "street",
        (
            Level("same", _same("street"), counted=True),
            Level("crossed", CROSSED),
            Level("slip", _near("street", 0.92)),
            Level("like", _near("street", 0.8)),
        ),
        _absent("street"),
    ),
    Compared("house", (Level("same", _same("house")), Level("slip", _edits("house", 1))), _absent("house")),
    Compared(
        "postal_code",
        (Level("same", _same("postal_code"), counted=True), Level("slip", _edits("postal_code", 1)), Level("like", _edits("postal_code", 2))),
        _absent("postal_code"),
    ),
    Compared("city", (Level("same", _same("city"), counted=True), Level("slip", _near("city", 0.88))), _absent("city")),
    Compared("number", (Level("same", _same("number")), Level("slip", _edits("number", 1)), Level("like", _edits("number", 2))), _absent("number")),
    Compared("emails", (Level("same", "list_has_any(emails_l, emails_r)"),), "len(emails_l) = 0 OR len(emails_r) = 0"),
    Compared("phones", (Level("same", "list_has_any(phones_l, phones_r)"),), "len(phones_l) = 0 OR len(phones_r) = 0"),
)
DIFFERS, MISSING = "differs", "missing"

# Who lives together shares name, street and telephone, and twins the day they were born. So where the first name differs, only a number that
# is one person's own outweighs it; where it is nearly the same (Elin, Elina), or not known, something else of one person's own has to agree.
ONE_PERSON = """
    gamma_number >= 2
    OR gamma_first_name >= 3
    OR (gamma_first_name IN (-1, 1, 2) AND (gamma_birth_date >= 2 OR gamma_emails > 0 OR gamma_number > 0))
"""


@cache
def weights() -> Weights:
    """What is shipped."""
    return msgspec.json.decode((files("omtanke.learning.links") / "weights.json").read_bytes(), type=Weights)


def settings(known: Weights | None, people: int) -> dict[str, Any]:
    """The model as Splink takes it; without weights, to be trained. The more people, the less likely that two of them are one."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "person",
        "probability_two_random_records_match": known.told_twice / max(people, 1) if known else 1e-4,
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": False,
        "blocking_rules_to_generate_predictions": [],
        "comparisons": [comparison(one, known.levels[one.field] if known else {}) for one in COMPARED],
    }


def comparison(compared: Compared, shipped: dict[str, tuple[float, float]]) -> dict[str, Any]:
    levels = [{"sql_condition": compared.missing, "label_for_charts": MISSING, "is_null_level": True}]
    for level in (*compared.levels, Level(DIFFERS, "ELSE")):
        one: dict[str, Any] = {"sql_condition": level.sql, "label_for_charts": level.name}
        if level.name in shipped:
            one["m_probability"], one["u_probability"] = shipped[level.name]
        if level.counted:
            one |= {"tf_adjustment_column": compared.field, "tf_adjustment_weight": 1.0}
        levels.append(one)
    return {"output_column_name": compared.field, "comparison_levels": levels}


def level_name(field: str, gamma: int) -> str:
    """The likeness behind Splink's number: -1 missing, 0 differs, the highest the strongest."""
    levels = next(one.levels for one in COMPARED if one.field == field)
    return MISSING if gamma < 0 else DIFFERS if gamma == 0 else levels[len(levels) - gamma].name
