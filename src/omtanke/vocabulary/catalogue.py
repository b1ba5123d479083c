"""Every type of fact, by the name senders use and by the name in the log."""

from __future__ import annotations

from difflib import get_close_matches

from omtanke.vocabulary import appointment, cart, case, delivery, identity, order, page, product, promise, running, store, survey
from omtanke.vocabulary.fact import Body, Decided, Input, Observed

MODULES = (order, delivery, cart, product, page, case, appointment, store, survey, promise, identity, running)


def _declared(module: object) -> list[type[Body]]:
    return [
        thing
        for thing in vars(module).values()
        if isinstance(thing, type)
        and issubclass(thing, Body)
        and thing not in (Body, Input, Observed, Decided)
        and thing.__module__ == getattr(module, "__name__", "")
    ]


BODIES: dict[str, type[Body]] = {body.type: body for module in MODULES for body in _declared(module)}
OBSERVED: dict[str, type[Observed]] = {body.name: body for body in BODIES.values() if issubclass(body, Observed) and body.name}
DECIDED: dict[str, type[Decided]] = {name: body for name, body in BODIES.items() if issubclass(body, Decided)}


def nearest_name(name: str) -> str | None:
    """The known event name that `name` was perhaps meant to be: near enough to be a slip of the pen."""
    if name in OBSERVED:
        return None
    near = get_close_matches(name, OBSERVED, n=1, cutoff=0.88)
    return near[0] if near else None
