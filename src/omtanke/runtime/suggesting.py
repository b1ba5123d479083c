"""The use case behind `omtanke suggest-links`: from what persons have told to pairs that somebody looks at.

Everything happens in this process. Pairs are kept as numbers and codes; what they rest on stays in the log.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from itertools import islice

from msgspec import Struct

from omtanke.learning.links.fields import Comparable, comparable
from omtanke.learning.links.pairing import likely_pairs
from omtanke.storage.suggestions import Suggestion, Suggestions
from omtanke.storage.tellings import Tellings

# What is being done, how much of it, of how much.
Progress = Callable[[str, int, int], None]
# Those of some persons who may be matched.
Matchable = Callable[[Collection[int]], frozenset[int]]
PAIRS_AT_ONCE = 500


class Searched(Struct, frozen=True):
    """What came of it: how many persons there are, and how many pairs wait for somebody."""

    persons: int
    open: int


def suggest(tellings: Tellings, suggestions: Suggestions, country: str, limit: int, now: int, progress: Progress, matchable: Matchable) -> Searched:
    """Look for pairs among all persons who may be matched; at most `limit` wait afterwards.

    Whose data are left alone is not compared with anybody. Stopped half-way, what was found stays; run again, it is the same search.
    """
    decided = tellings.refused() | decided_here(tellings, suggestions)
    people = comparable_people(tellings, country, progress)
    pairs = likely_pairs(people, lambda done, of: progress("portions of the pairs", done, of))
    new = (one for one in pairs if (one.one, one.two) not in decided)
    while batch := list(islice(new, PAIRS_AT_ONCE)):
        may_be = matchable({person for one in batch for person in (one.one, one.two)})
        suggestions.put(Suggestion(one.one, one.two, one.probability, one.likeness, now) for one in batch if {one.one, one.two} <= may_be)
    suggestions.finish(now, limit)
    return Searched(tellings.persons(), suggestions.open_count())


def decided_here(tellings: Tellings, suggestions: Suggestions) -> set[tuple[int, int]]:
    """Pairs that somebody has decided about on the page, as the persons whom they lead to today."""
    pairs = suggestions.decided()
    leading = tellings.leading({customer for pair in pairs for customer in pair})
    persons = ((leading.get(one, one), leading.get(two, two)) for one, two in pairs)
    return {(min(pair), max(pair)) for pair in persons if pair[0] != pair[1]}


def comparable_people(tellings: Tellings, country: str, progress: Progress) -> Iterator[Comparable]:
    """Each person as the model sees them, but for those whose data are left alone."""
    of, restricted = tellings.persons(), tellings.restricted()
    for done, (person, told) in enumerate(tellings.told(), 1):
        if person not in restricted:
            yield comparable(person, told, country)
        progress("persons", done, of)
