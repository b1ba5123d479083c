"""Details that were wrong are put right: what pages show from now on, and by what the person is found beside what was known before."""

from __future__ import annotations

from collections.abc import Sequence

from omtanke.runtime.people import People
from omtanke.storage.ports import Correction
from omtanke.vocabulary.identity import Identifier, is_placeholder
from omtanke.vocabulary.reading import Understood
from omtanke.vocabulary.rights import DetailsCorrected

# The details of a card, with the most signs of each.
ON_CARD = {"name": 200, "email": 320, "phone": 40, "city": 100, "region": 80, "locale": 80}


def value_of(understood: Understood, detail: str) -> str:
    """What a detail is corrected to; empty for one that is not known any more."""
    said = understood.personal.get("properties", {}).get(detail, getattr(understood.body, detail, ""))
    return said.strip() if isinstance(said, str) else ""


def correction_of(understood: Understood, customer: int, customers: Sequence[int], after: int) -> Correction:
    """The correction of what is known of a person, `customers` being all that they are; `after` so many cards of the batch."""
    body = understood.body
    assert isinstance(body, DetailsCorrected)
    values = {detail: value_of(understood, detail)[: ON_CARD[detail]] for detail in body.corrected if detail in ON_CARD}
    return Correction((customer, *(other for other in customers if other != customer)), values, understood.occurred_at, after)


def find_by_corrected(people: People, understood: Understood, customer: int) -> None:
    """The new address and number lead to the person too, unless they are somebody else's already; the earlier ones still do."""
    body = understood.body
    assert isinstance(body, DetailsCorrected)
    told = [Identifier(kind, value_of(understood, kind).lower() if kind == "email" else value_of(understood, kind)) for kind in ("email", "phone")]
    people.adopt(customer, [one for one in told if one.kind in body.corrected and not is_placeholder(one.value)])
