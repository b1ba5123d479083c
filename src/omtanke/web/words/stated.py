"""What was shown to a customer with a promise: words, place, number and goods, from the personal part of the fact that stated it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from msgspec import Struct

from omtanke.storage.seen import FactSeen, PromiseSeen
from omtanke.vocabulary.promise import REQUEST, PromiseFirstWindowLearned, PromiseMade, PromiseRenegotiated
from omtanke.web.words.names import TOPICS, and_list, kind, name_in, subject

LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class Shown(Struct, frozen=True):
    """What was shown. Empty: not told, or erased. `what` says what it was about: goods and number. `zone` is that of its days, `language` that of the words."""

    words: str = ""
    place: str = ""
    what: str = ""
    number: str = ""
    carrier: str = ""
    channel: str = ""
    touchpoint: str = ""
    zone: str = ""
    language: str = ""


def words_of(personal: Mapping[str, Any], statement: int) -> tuple[str, str]:
    """Words and place of the statement of that number."""
    items = personal.get("items") or {}
    said = items.get(f"properties.promises[{statement}]") or items.get("properties") or personal.get("properties") or {}
    return str(said.get("words") or ""), str(said.get("place") or "")


def numbers_of(personal: Mapping[str, Any]) -> dict[tuple[str, int], str]:
    """Numbers as written, by kind and surrogate."""
    return {(kind, surrogate): str(number) for kind, surrogate, number in personal.get("numbers") or ()}


def language_of(locale: str) -> str:
    """A locale as a page writes it, pt_BR as pt-BR; empty when it is none."""
    text = locale.replace("_", "-")
    return text if LOCALE.fullmatch(text) else ""


def goods_of(personal: Mapping[str, Any]) -> list[str]:
    """The names of the goods, as far as the sender told them."""
    items = personal.get("items") or {}
    named = [str(item["name"]) for path, item in items.items() if path.startswith(("properties.products", "properties.lines")) and item.get("name")]
    one = (personal.get("properties") or {}).get("name")
    return named or ([str(one)] if one else [])


def shown_with(promise: PromiseSeen, facts: Sequence[FactSeen]) -> Shown:
    """What was shown when the promise was made. `facts`: those of the moment it was stated."""
    made = next((f for f in facts if isinstance(f.body, PromiseMade | PromiseFirstWindowLearned) and f.body.promise == promise.promise), None)
    if made is None:
        return Shown(what=subject(promise.subject_kind, "") or "")
    stating = next((f for f in facts if f.fact_id == made.cause), None)
    if stating is None:
        return Shown(zone=getattr(made.body, "zone", ""))
    return shown_by(promise, made, stating, next((f for f in facts if f.fact_id == made.worded_by), None))


def shown_by(promise: PromiseSeen, made: FactSeen, stating: FactSeen, worded: FactSeen | None) -> Shown:
    """What was shown by one statement. `worded`: the fact with the words; None where it is not there any more."""
    body: Any = stating.body
    decided = made.body
    statement = decided.statement if isinstance(decided, PromiseMade | PromiseRenegotiated | PromiseFirstWindowLearned) else 0
    words, place = words_of(worded.personal, statement) if worded is not None else ("", "")
    numbers = numbers_of(stating.personal)
    number = numbers.get(("order", promise.order)) or numbers.get((promise.subject_kind, promise.subject)) or ""
    return Shown(
        words=words,
        place=place,
        what=about(promise, stating, numbers),
        number=number,
        carrier=getattr(body, "carrier", "") or "",
        channel=stating.channel,
        touchpoint=stating.touchpoint,
        zone=getattr(decided, "zone", ""),
        language=language_of(promise.locale),
    )


def about(promise: PromiseSeen, stating: FactSeen, numbers: Mapping[tuple[str, int], str]) -> str:
    """Löparskor Trail 3, order 10482; återuppringning, ärende 4711."""
    if promise.subject_kind == REQUEST:
        return _("a question about their data")
    goods = and_list(goods_of(stating.personal))
    topic = getattr(stating.body, "topic", "")
    order = numbers.get(("order", promise.order), "")
    numbered = subject("order", order) if order else subject(promise.subject_kind, numbers.get((promise.subject_kind, promise.subject), ""))
    named = goods or (name_in(TOPICS, topic) if topic else "" if order or promise.subject_kind != "case" else kind(promise.kind))
    return ", ".join(part for part in (named, numbered) if part)
