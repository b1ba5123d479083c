"""What is left of a long history: a state by the names of its fields, so that engines to come can read it.

A field that a later engine adds has its default; one that it no longer has is passed over. So fields of a state may be added and may go;
one that changes its meaning takes another name.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin

import msgspec
from msgspec import NODEFAULT, Struct

from omtanke.engine.families import FAMILIES
from omtanke.engine.state import State

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode


def settled(state: State, edge: int) -> State:
    """What still matters of a state: nothing that ended before the edge."""
    return _each(state, lambda family, slice_: family.settled(slice_, edge, state.now))


def matters_alike(one: State, other: State, edge: int) -> bool:
    """Whether two states agree in everything that is open, or was after the edge."""
    pairs = ((family, getattr(one, family.name), getattr(other, family.name)) for family in FAMILIES)
    return (
        one.now == other.now
        and one.facts == other.facts
        and all(f.settled(mine, edge, edge - 1) == f.settled(theirs, edge, edge - 1) for f, mine, theirs in pairs)
    )


def is_spared(state: State) -> bool:
    """Whether the data are to be left alone (GDPR, article 18), or somebody waits for an answer about them."""
    return bool(state.rights.restricted_at) or any(not one.answered_at for one in state.rights.requests.values())


def is_owed_anything(state: State) -> bool:
    """Whether a promise is open, or a task."""
    return any(one.is_open for one in state.promises.promises.values()) or any(not one.done_at for one in state.tasks.tasks.values())


def part_of(state: State, customer: int, is_first: bool) -> State:
    """What of a person's state is one customer's; `is_first`: and what is nobody's. United, the parts are the whole."""
    return _each(state, lambda family, slice_: family.part_of(slice_, customer, is_first))


def _each(state: State, change: Any) -> State:
    return State(state.now, state.facts, *(change(family, getattr(state, family.name)) for family in FAMILIES))


def written(state: State) -> bytes:
    """The slices of a state, by names."""
    return _encode({family.name: by_names(slice_) for family in FAMILIES if (slice_ := getattr(state, family.name)) != type(slice_)()})


@lru_cache(maxsize=256)
def read(data: bytes) -> State:
    """The slices that were written, whichever engine wrote them."""
    tree = _decode(data)
    hints = {field.name: field.type for field in msgspec.structs.fields(State)}
    return State(0, 0, *(from_names(tree.get(family.name, {}), hints[family.name]) for family in FAMILIES))


def by_names(value: Any) -> Any:
    """Structs as maps of what differs from the default, maps as lists of pairs."""
    if isinstance(value, Struct):
        fields = msgspec.structs.fields(value)
        return {field.name: by_names(one) for field in fields if (one := getattr(value, field.name)) != _default(field) or field.required}
    if isinstance(value, dict):
        return [[by_names(key), by_names(one)] for key, one in value.items()]
    if isinstance(value, tuple):
        return [by_names(one) for one in value]
    return value


def from_names(tree: Any, hint: Any) -> Any:
    """The value that `by_names` has written, as the type says today."""
    if isinstance(hint, UnionType):
        return None if tree is None else from_names(tree, next(one for one in get_args(hint) if one is not NoneType))
    if isinstance(hint, type) and issubclass(hint, Struct):
        fields = msgspec.structs.fields(hint)
        return hint(**{field.name: from_names(tree[field.name], field.type) if field.name in tree else _default(field) for field in fields})
    if get_origin(hint) is dict:
        key, value = get_args(hint)
        return {from_names(one, key): from_names(other, value) for one, other in tree}
    if get_origin(hint) is tuple:
        return tuple(from_names(one, inner) for one, inner in zip(tree, _inner(hint, tree), strict=True))
    return tree


def _inner(hint: Any, tree: Sequence[Any]) -> Sequence[Any]:
    inner = get_args(hint)
    return [inner[0]] * len(tree) if inner[-1] is Ellipsis else inner


def _default(field: Any) -> Any:
    """What a field has of which nothing was written; a field without a default is one that an engine to come has made so."""
    if field.default is not NODEFAULT:
        return field.default
    return field.default_factory() if field.default_factory is not NODEFAULT else field.type()
