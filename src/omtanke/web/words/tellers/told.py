"""What a fact in words is, and what every teller needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from omtanke.storage.seen import FactSeen
from omtanke.web.words import names
from omtanke.web.words.names import and_list, quoted
from omtanke.web.words.stated import goods_of, words_of
from omtanke.web.words.voice import Voice

GOOD, BAD = "good", "bad"
LONGEST_QUOTE = 400


class Told(Struct, frozen=True):
    """A fact in words: what happened, what was said or written (quoted), further details, and whether it was good or bad for the customer."""

    what: str
    quote: str = ""
    details: tuple[str, ...] = ()
    mood: str = ""


Teller = Callable[[Any, FactSeen, Voice], Told]


def place_of(fact: FactSeen) -> str:
    """e-post, orderbekräftelse: channel and touchpoint."""
    return names.met(fact.channel, fact.touchpoint)


def number_of(fact: FactSeen, kind: str) -> str:
    """The number as written, of the thing of that kind that the fact is about."""
    surrogate = getattr(fact.body, kind, 0)
    for named, known, number in fact.personal.get("numbers") or ():
        if named == kind and known == surrogate:
            return str(number)
    return ""


def numbered(fact: FactSeen, *kinds: str) -> tuple[str, ...]:
    """order 10482, parcel DHL10482."""
    return tuple(said for kind in kinds if (said := names.subject(kind, number_of(fact, kind))))


def written(fact: FactSeen, *fields: str) -> str:
    """What somebody wrote, in quotation marks."""
    properties: Mapping[str, Any] = fact.personal.get("properties") or {}
    for field in fields:
        text = properties.get(field)
        if isinstance(text, str) and text.strip():
            return quoted(text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…")
    return ""


def things(fact: FactSeen) -> str:
    """The goods by name, else what sort they are, else the product by number."""
    named = and_list(goods_of(fact.personal), most=3)
    return named or names.readable(getattr(fact.body, "category", "")) or names.number_said("product", number_of(fact, "product"))


def amount(body: Any, voice: Voice, field: str = "total") -> tuple[str, ...]:
    value = getattr(body, field, 0)
    return (voice.money(value, body.currency),) if value else ()


def carried(body: Any) -> tuple[str, ...]:
    return (body.carrier,) if body.carrier else ()


def simple(what: Callable[[], str], *kinds: str, mood: str = "", text: tuple[str, ...] = ("text", "message_body", "message")) -> Teller:
    """A fact that is said in the same words each time, with its numbers and what was written."""
    return lambda body, fact, voice: Told(what(), written(fact, *text), numbered(fact, *kinds), mood)


def coded(word: str) -> tuple[str, ...]:
    """A code of the shop's or a carrier's in words, where there is one."""
    said = names.code(word) if word else ""
    return (said,) if said else ()


def plain(fact: FactSeen, field: str) -> str:
    """What the sender calls it, from the personal part; empty when it is not told."""
    said = (fact.personal.get("properties") or {}).get(field)
    return said if isinstance(said, str) else ""


def shown(body: Any, fact: FactSeen) -> str:
    stated = getattr(body, "stated", ())
    return " · ".join(dict.fromkeys(said for n in range(len(stated)) if (said := quoted(words_of(fact.personal, n)[0]))))
