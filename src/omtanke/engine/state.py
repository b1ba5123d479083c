"""A customer's state: a slice for each rule family, and the customer's clock."""

from __future__ import annotations

from hashlib import blake2b

import msgspec
from msgspec import Struct

from omtanke.engine.consent import Consents
from omtanke.engine.plays.participation import Plays
from omtanke.engine.promises.ledger import Ledger
from omtanke.engine.rights import Rights
from omtanke.engine.situation import Situation
from omtanke.engine.surveys import Surveys
from omtanke.engine.tasks import Tasks


class State(Struct, frozen=True, array_like=True):
    """What is known of one customer. `now` is the latest clock under which anything was decided.

    `facts` counts the facts folded. Treat every dict as frozen: evolving makes new ones.
    """

    now: int = 0
    facts: int = 0
    promises: Ledger = Ledger()
    situation: Situation = Situation()
    tasks: Tasks = Tasks()
    surveys: Surveys = Surveys()
    consent: Consents = Consents()
    rights: Rights = Rights()
    plays: Plays = Plays()


NOBODY = State()


def _shape(struct: type[Struct], seen: set[type[Struct]]) -> str:
    if struct in seen:
        return struct.__name__
    seen.add(struct)
    described = []
    for field in msgspec.structs.fields(struct):
        described.append(f"{field.name}:{field.type!r}")
        for inner in _structs_in(field.type):
            described.append(_shape(inner, seen))
    return f"{struct.__name__}({','.join(described)})"


def _structs_in(hint: object) -> list[type[Struct]]:
    if isinstance(hint, type) and issubclass(hint, Struct):
        return [hint]
    return [inner for argument in getattr(hint, "__args__", ()) for inner in _structs_in(argument)]


SCHEMA_HASH = blake2b(_shape(State, set()).encode(), digest_size=8).digest()
