"""Words that customers have written, so that they can be found again: by words, folded, and erased with their customer.

What names or reaches somebody (an address, a number) is in no index.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from omtanke.storage.ports import Logged

COMMENTED = ("survey_answered", "survey_commented")
FIELDS = ("comment_title", "comment")
WORD = re.compile(r"[^\W\d_]{2,40}")
# A piece of text that has an at sign or a figure in it is an address or a number.
REACHING = re.compile(r"\S*[@\d]\S*")


def written(personal: Mapping[str, Any]) -> str:
    """What was written in the customer's own words; empty for nothing."""
    properties = personal.get("properties")
    if not isinstance(properties, Mapping):
        return ""
    return " ".join(text.strip() for field in FIELDS if isinstance(text := properties.get(field), str) and text.strip())


def folded(text: str) -> str:
    """Small letters without accents, so that a search forgives."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return plain if plain.isascii() else "".join([sign for sign in plain if not unicodedata.combining(sign)])


def words_of(text: str) -> set[str]:
    """The words of a text, folded, without what names or reaches somebody."""
    return set(WORD.findall(folded(REACHING.sub(" ", text))))


def words_in(facts: Iterable[Logged]) -> Iterator[tuple[str, int, int]]:
    """(word, position, customer) of everything that customers have written."""
    for one in facts:
        if one.personal and one.fact.type in COMMENTED and (text := written(one.personal)):
            for word in words_of(text):
                yield word, one.position, one.fact.customer
