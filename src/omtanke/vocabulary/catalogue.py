"""Every type of fact, by the name senders use and by the name in the log."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache

from omtanke.vocabulary import (
    appointment,
    browsing,
    caring,
    cart,
    case,
    delivery,
    erasure,
    form,
    identity,
    order,
    page,
    play,
    product,
    promise,
    retention,
    rights,
    running,
    store,
    survey,
    task,
)
from omtanke.vocabulary.fact import Body, Decided, Input, Observed

MODULES = (
    order,
    delivery,
    cart,
    product,
    page,
    browsing,
    form,
    case,
    appointment,
    store,
    survey,
    promise,
    task,
    play,
    caring,
    identity,
    running,
    erasure,
    rights,
    retention,
)


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


@lru_cache(maxsize=4096)
def nearest_name(name: str) -> str | None:
    """The known event name that `name` was perhaps meant to be: near enough to be a slip of the pen."""
    if name in OBSERVED:
        return None
    near = get_close_matches(_plain(name), PLAIN, n=1, cutoff=0.88)
    return PLAIN[near[0]] if near else None


def _plain(name: str) -> str:
    """Without regard to capitals and to how words are joined."""
    return name.casefold().replace("_", " ").replace("-", " ")


PLAIN = {_plain(name): name for name in OBSERVED}
