"""Kinds, subjects and states of promises, the policy, and the reasons of decisions."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.resources import files
from inspect import getsource
from pkgutil import walk_packages
from typing import Any

from omtanke import engine
from omtanke.engine.consent_policy import PURPOSE_KEYS
from omtanke.engine.contact_policy import KEYS as CONTACT_KEYS
from omtanke.engine.families import FAMILIES
from omtanke.engine.quote_policy import KEYS as QUOTE_KEYS
from omtanke.engine.survey_policy import KINDS as OCCASIONS
from omtanke.reference.markdown import code, page, table
from omtanke.reference.meanings import MET_BY, POLICY_KEYS
from omtanke.vocabulary.promise import KINDS, STATES, SUBJECTS
from omtanke.vocabulary.reasons import REASONS
from omtanke.vocabulary.survey import ABOUT, SCALES

MINUTE_SECONDS, HOUR_SECONDS, DAY_SECONDS = 60, 3600, 86_400


def promises_page() -> str:
    """The page."""
    return page("Promises", kinds(), subjects(), states(), scales())


def kinds() -> Iterator[str]:
    yield "## Kinds"
    yield ""
    yield from table(
        ("kind", "kept when", "what tells it"),
        ((code(kind), text, ", ".join((*MET_BY[kind], "Promise Fulfilled")) + appended(kind)) for kind, text in KINDS.items()),
    )
    yield ""
    yield "*Promise Retracted* withdraws a promise of any kind, if it happened in the window; *Order Cancelled* withdraws what has not been"
    yield "delivered. A promise on an order is met when all its lines that were not called off have arrived. For an attended slot at the"
    yield "door, before `from` is broken; for an appointment it is kept, for anything else exceeded. Without `from` a promise is exceeded"
    yield "when it was met at least the kind's margin before `until`."


def appended(kind: str) -> str:
    """What is peculiar to a kind."""
    return {
        "appointment": ". Missed by us it is broken, missed by the customer withdrawn",
        "opening_hours": ". Opened by `from` and not closed before `until`",
    }.get(kind, "")


def subjects() -> Iterator[str]:
    yield "## What a promise is about"
    yield ""
    yield from table(("subject", "meaning"), ((code(name), text) for name, text in SUBJECTS.items()))


def states() -> Iterator[str]:
    yield "## States"
    yield ""
    yield "The first three are open, the last four are endings; at any time a promise has at most one ending."
    yield ""
    yield from table(("state", "meaning"), ((code(name), text) for name, text in STATES.items()))


def scales() -> Iterator[str]:
    yield "## Scales of surveys"
    yield ""
    yield from table(("scale", "meaning"), ((code(name), text) for name, text in SCALES.items()))


def policy_page() -> str:
    """The page."""
    return page("Policy", policy_opening(), policy_keys(), policy_first())


def policy_opening() -> Iterator[str]:
    yield "What a shop decides is data: `policy/policy.toml` in the data folder ([changing it](../how-to/change-the-policy.md)). The file is"
    yield "checked as a whole; every fault is shown at once with its key, its value and the rule. All spans are whole seconds, at most 366"
    yield "days. Each kind of promise has its table, and so has each occasion on which customers are asked; what the tables of surveys and"
    yield "consent leave out is as in the first policy."


def policy_keys() -> Iterator[str]:
    yield "## Keys"
    yield ""
    yield from table(("table", "key", "meaning"), ((code(where), code(key), meaning_of(where, key)) for where, key in keys_of_policy()))


def meaning_of(where: str, key: str) -> str:
    """A key may mean one thing of promises and another of surveys."""
    return POLICY_KEYS.get(f"{where}.{key}") or POLICY_KEYS[key]


@cache
def first_policy() -> dict[str, dict[str, object]]:
    """The first policy as written."""
    written: dict[str, dict[str, object]] = tomllib.loads((files("omtanke.engine") / "policy.toml").read_text(encoding="utf-8"))
    return written


def keys_of_policy() -> list[tuple[str, str]]:
    """(table, key) of everything that can be decided."""
    found = [("carts", key) for key in first_policy()["carts"]]
    kinds_: list[object] = list(first_policy()["promises"].values())
    every = dict.fromkeys(key for kind in kinds_ if isinstance(kind, dict) for key in kind)
    surveys: dict[str, object] = first_policy()["surveys"]
    asked: dict[str, object] = {key: value for occasion in OCCASIONS if isinstance(table_ := surveys[occasion], dict) for key, value in table_.items()}
    found += [("promises.KIND", key) for key in every]
    found += [("surveys", key) for key in surveys if key not in OCCASIONS]
    found += [("surveys.OCCASION", key) for key in asked]
    found += [("consent.purposes.PURPOSE", key) for key in PURPOSE_KEYS]
    found += [("contact", key) for key in CONTACT_KEYS]
    found += [("quotes", key) for key in QUOTE_KEYS]
    return [*found, ("recognition", "without_consent"), ("units", "UNIT")]


def policy_first() -> Iterator[str]:
    first = first_policy()
    yield "## The first policy"
    yield ""
    yield f"A cart has been left after {span(first['carts']['idle_seconds'])} of nothing."
    yield ""
    rows = []
    for kind, table_ in first["promises"].items():
        assert isinstance(table_, dict)
        spans = (span(table_[key]) for key in ("grace_seconds", "at_risk_seconds", "margin_seconds"))
        rows.append((code(kind), *spans, table_["owner"], f"{table_['target_percent']} %"))
    yield from table(("kind", "grace", "at risk", "margin", "owner", "target"), rows)
    yield ""
    yield from surveys_first(first["surveys"])
    yield ""
    yield from purposes_first(first["consent"], first["recognition"])
    yield ""
    yield from contact_first(first["contact"])


def contact_first(contact: dict[str, Any]) -> Iterator[str]:
    yield f"Promotional messages and questions: at most {contact['week_limit']} in seven days over all senders, none from {contact['quiet_from']} to"
    yield f"{contact['quiet_until']} where the customer is, none while a case is open or a broken promise waited for. What would have to wait for"
    yield f"more than {contact['patience_days']} days is not said. Service and transactional messages are not counted and wait for nothing."


def surveys_first(surveys: dict[str, Any]) -> Iterator[str]:
    yield f"At least {surveys['rest_days']} days pass between two questions to the same customer, and a link can be used for {surveys['expires_days']}"
    yield f"days. {surveys['recommendation_percent']} of a hundred are asked whether they would recommend us instead."
    yield ""
    asked = ((name, surveys[name]) for name in OCCASIONS)
    yield from table(
        ("occasion", "about", "asked after", "question", "asked", "owner"),
        ((code(n), ABOUT[n], span(one["after_seconds"]), one["question"], f"{one['share_percent']} %", one["owner"]) for n, one in asked),
    )
    yield ""
    low = ", ".join(f"{score} on {code(scale)}" for scale, score in surveys["low"].items())
    yield f"An answer needs a person at or below: {low}."


def purposes_first(consent: dict[str, Any], recognition: dict[str, Any]) -> Iterator[str]:
    yield "What we ask leave for ([consent](../how-to/consent.md)); a purpose that the policy does not name needs a yes, and is direct marketing."
    yield ""
    rows = (
        (code(name), one["basis"], "yes" if one["direct_marketing"] else "no", ", ".join(map(code, one["categories"])) or "–")
        for name, one in consent["purposes"].items()
    )
    yield from table(("purpose", "basis", "direct marketing", "categories"), rows)
    yield ""
    yield f"The device of one who does not want to be recognised is kept {recognition['without_consent']}."


def span(seconds: object) -> str:
    """Seconds as people say them: 12 h, 2 days."""
    assert isinstance(seconds, int)
    for unit, name in ((DAY_SECONDS, "day"), (HOUR_SECONDS, "hour"), (MINUTE_SECONDS, "minute")):
        if seconds and seconds % unit == 0:
            return f"{seconds // unit} {name}{'s' if seconds != unit else ''}"
    return f"{seconds} seconds" if seconds else "–"


def reasons_page() -> str:
    """The page."""
    return page("Reasons", reasons_opening(), reasons_table())


def reasons_opening() -> Iterator[str]:
    yield "Every decided fact carries one of these codes, and the facts that it rests on. The module is the one that gives the reason:"
    yield f"of the rule families {' and '.join(f'`{family.name}`' for family in FAMILIES)}."


def reasons_table() -> Iterator[str]:
    yield from table(("code", "meaning", "given by"), ((code(name), text, ", ".join(map(code, modules_giving(name)))) for name, text in REASONS.items()))


@cache
def sources() -> dict[str, str]:
    """The modules of the engine, by name."""
    names = [found.name for found in walk_packages(engine.__path__, "omtanke.engine.")]
    return {name: getsource(import_module(name)) for name in names}


def modules_giving(reason: str) -> list[str]:
    """Where in the engine a reason is given."""
    return [name for name, text in sources().items() if f'"{reason}"' in text]
