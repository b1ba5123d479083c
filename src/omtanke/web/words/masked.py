"""Words of a customer for those who may not know who it was: what names or reaches somebody is covered."""

from __future__ import annotations

import re
from collections.abc import Set

from omtanke.storage.verbatims import folded

COVER = "•••"
ADDRESS = re.compile(r"\S+@\S+|(?:https?://|www\.)\S+|(?<!\w)@\w+")
# Telephone numbers, order numbers, identity numbers: four figures or more, also with signs between them.
NUMBER = re.compile(r"\+?\d(?:[\s\-/().]{0,2}\d){3,}")
WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")


def masked(text: str, names: Set[str]) -> str:
    """The text with addresses, long numbers and names covered; `names` are folded words. A word in small letters is no name."""
    covered = NUMBER.sub(COVER, ADDRESS.sub(COVER, text))

    def cover(found: re.Match[str]) -> str:
        word = found[0]
        parts = re.split(r"['’\-]", folded(word))
        is_name = any(part in names or part.removesuffix("s") in names for part in parts)
        return COVER if is_name and word[:1].isupper() else word

    return WORD.sub(cover, covered)
