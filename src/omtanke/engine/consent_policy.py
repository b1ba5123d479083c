"""The part of the policy that says what we ask leave for, and on what ground. Everything has a default."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

RECOGNITION, SURVEYS, MARKETING = "recognition", "surveys", "marketing"
OPT_IN, OPT_OUT = "opt_in", "opt_out"
BASES = {OPT_IN: "only after a yes", OPT_OUT: "until a no"}
WITHOUT_CONSENT = {"apart": "kept, and joined with nobody", "drop": "not kept"}
PURPOSE_KEYS = ("basis", "direct_marketing", "categories")
LONGEST_NAME = 80
MOST_PURPOSES = 40


class PurposePolicy(Struct, frozen=True):
    """One purpose. `basis`: opt_in needs a yes, opt_out is allowed until a no. `direct_marketing`: an objection to direct
    marketing covers it. `categories`: what a banner's categories, Consent Mode signals or TCF purposes ("tcf.4") it is asked under."""

    basis: str = OPT_IN
    direct_marketing: bool = True
    categories: tuple[str, ...] = ()


class RecognitionPolicy(Struct, frozen=True):
    """What becomes of a device whose owner does not want to be recognised: kept apart, or dropped."""

    without_consent: str = "apart"


ORDINARY = {
    RECOGNITION: PurposePolicy(OPT_OUT, direct_marketing=False),
    MARKETING: PurposePolicy(OPT_IN, direct_marketing=True),
    "advertising": PurposePolicy(OPT_IN, direct_marketing=True, categories=("ad_user_data", "ad_personalization", "tcf.3", "tcf.4")),
    SURVEYS: PurposePolicy(OPT_OUT, direct_marketing=False),
    "personalisation": PurposePolicy(OPT_OUT, direct_marketing=False, categories=("personalization_storage", "tcf.5", "tcf.6")),
}
# A purpose that the policy does not name is one that nobody has thought through: the strictest counts.
UNNAMED = PurposePolicy()


class ConsentPolicy(Struct, frozen=True):
    """Every purpose by name. `by_category`: the purposes that each category of a banner is about."""

    purposes: dict[str, PurposePolicy]
    by_category: dict[str, tuple[str, ...]] = {}

    def of(self, purpose: str) -> PurposePolicy:
        return self.purposes.get(purpose, UNNAMED)


def consent_policy(purposes: dict[str, PurposePolicy]) -> ConsentPolicy:
    """The policy of these purposes, found by category too."""
    by_category: dict[str, tuple[str, ...]] = {}
    for name, purpose in purposes.items():
        for category in purpose.categories:
            by_category[category] = (*by_category.get(category, ()), name)
    return ConsentPolicy(purposes, by_category)


ORDINARY_CONSENT = consent_policy(ORDINARY)
ORDINARY_RECOGNITION = RecognitionPolicy()


def read_consent(table: object, faults: list[str]) -> ConsentPolicy:
    """The table `consent`; purposes that it leaves out are as ordinary. Adds to `faults`."""
    if not isinstance(table, dict):
        faults.append("consent: is not a table")
        return ORDINARY_CONSENT
    faults += [f"consent.{name}: is not known; the table has purposes" for name in table if name != "purposes"]
    written = table.get("purposes", {})
    if not isinstance(written, dict):
        faults.append("consent.purposes: is not a table of purposes")
        return ORDINARY_CONSENT
    if len(ORDINARY | written) > MOST_PURPOSES:
        faults.append(f"consent.purposes: {len(written)} are more than a shop can explain; at most {MOST_PURPOSES} in all")
    return consent_policy(ORDINARY | {name: _purpose(name, one, faults) for name, one in written.items()})


def _purpose(name: str, table: object, faults: list[str]) -> PurposePolicy:
    path, ordinary = f"consent.purposes.{name}", ORDINARY.get(name, UNNAMED)
    if not isinstance(table, dict):
        faults.append(f"{path}: is not a table")
        return ordinary
    faults += [f"{path}.{key}: is not known; it has {', '.join(PURPOSE_KEYS)}" for key in table if key not in PURPOSE_KEYS]
    if not 0 < len(name) <= LONGEST_NAME:
        faults.append(f"{path}: the name of a purpose has 1 to {LONGEST_NAME} characters")
    return PurposePolicy(
        basis=_one_of(table, path, "basis", ordinary.basis, BASES, faults),
        direct_marketing=_flag(table, path, "direct_marketing", ordinary.direct_marketing, faults),
        categories=_categories(table, path, ordinary.categories, faults),
    )


def read_recognition(table: object, faults: list[str]) -> RecognitionPolicy:
    """The table `recognition`. Adds to `faults`."""
    if not isinstance(table, dict):
        faults.append("recognition: is not a table")
        return ORDINARY_RECOGNITION
    faults += [f"recognition.{name}: is not known; the table has without_consent" for name in table if name != "without_consent"]
    return RecognitionPolicy(_one_of(table, "recognition", "without_consent", ORDINARY_RECOGNITION.without_consent, WITHOUT_CONSENT, faults))


def _one_of(table: dict[str, Any], path: str, name: str, ordinary: str, known: dict[str, str], faults: list[str]) -> str:
    value = table.get(name, ordinary)
    if isinstance(value, str) and value in known:
        return value
    faults.append(f"{path}.{name}: {value!r} is not one of {', '.join(known)}")
    return ordinary


def _flag(table: dict[str, Any], path: str, name: str, ordinary: bool, faults: list[str]) -> bool:
    value = table.get(name, ordinary)
    if isinstance(value, bool):
        return value
    faults.append(f"{path}.{name}: {value!r} is not true or false")
    return ordinary


def _categories(table: dict[str, Any], path: str, ordinary: tuple[str, ...], faults: list[str]) -> tuple[str, ...]:
    value = table.get("categories", list(ordinary))
    if isinstance(value, list) and all(isinstance(one, str) and one for one in value):
        return tuple(value)
    faults.append(f"{path}.categories: {value!r} is not a list of names")
    return ordinary
