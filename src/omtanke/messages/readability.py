"""How hard a text is to read, by one number for each language, and which language it is in.

Swedish: LIX = words a sentence + long words (more than six letters) a hundred words; below 30 very easy, 30-40 easy, 40-50 as newspapers,
above 50 as officials write (C. H. Björnsson, Läsbarhet, 1968). English: the Automated Readability Index = 4.71 letters a word + 0.5 words a sentence
- 21.43, the years of school it takes (E. A. Smith and R. J. Senter, AMRL-TR-66-220, 1967).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from omtanke.messages.dates import STATED, VALUE

WORD = re.compile(r"[^\W\d_][\w’'-]*|\d[\d.,]*|[◈◇]")
END = re.compile(r"[.!?:…]+(?=\s|$)|\n+")
LONG = 6
# Shorter texts say nothing about how one reads them.
LEAST_WORDS = 30
LIMITS = {"sv": 40.0, "en": 8.0}
INDEXES = {"sv": "LIX", "en": "ARI"}
COMMON = {
    "sv": frozenset("och att det som är på för med av till den har inte vi du om ett din ditt dina hos oss kan så men eller från när här ska blir".split()),
    "en": frozenset("the and to of is it that you your for with we are on this be at have not or from by us our will can if when what has was".split()),
}
LEAST_COMMON = 3


class Readability(Struct, frozen=True):
    """`value` of the index that the language has; words and sentences it was taken from."""

    index: str
    value: float
    words: int
    sentences: int


def words_of(text: str) -> list[str]:
    return [found for found in WORD.findall(text) if found not in (STATED, VALUE)]


def readability(paragraphs: Sequence[str], language: str) -> Readability:
    """Of the paragraphs together; each ends a sentence. What a template places counts as no word."""
    sentences = [words for text in paragraphs for part in END.split(text) if (words := words_of(part))]
    words = [word for one in sentences for word in one]
    if not words:
        return Readability(INDEXES[language], 0.0, 0, 0)
    each = len(words) / len(sentences)
    if language == "sv":
        value = each + 100 * sum(len(word) > LONG for word in words) / len(words)
    else:
        value = 4.71 * sum(len(word) for word in words) / len(words) + 0.5 * each - 21.43
    return Readability(INDEXES[language], round(value, 1), len(words), len(sentences))


def other_language(text: str, language: str) -> str:
    """The language it is in when that is another one; empty when it is right or cannot be told."""
    words = [word.lower() for word in words_of(text)]
    counts = {name: sum(word in common for word in words) for name, common in COMMON.items()}
    other = max(counts, key=lambda name: counts[name])
    return other if other != language and counts[other] >= LEAST_COMMON and counts[other] > 2 * counts[language] else ""
