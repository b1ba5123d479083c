"""The names and fields that a template may ask for, read from the types of the context."""

from __future__ import annotations

import types
from functools import cache
from typing import Annotated, Any, TypeAlias, Union, get_args, get_origin, get_type_hints

from msgspec import Meta, Struct

from omtanke.messages.context import DRAWING, SAYINGS, Context, Link, Money

# A leaf is None; a list is a one-tuple of what is in it; anything else its fields.
Shape: TypeAlias = "dict[str, Any] | tuple[Any] | None"


def plain(hint: Any) -> Any:
    """The type without its description and without None."""
    if get_origin(hint) is Annotated:
        return plain(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        return plain(next(one for one in get_args(hint) if one is not type(None)))
    return hint


def shape_of(hint: Any) -> Shape:
    """What can be asked of a value of that type."""
    kind = plain(hint)
    if get_origin(kind) is tuple:
        return (shape_of(get_args(kind)[0]),)
    if kind in SAYINGS:
        return dict.fromkeys([*SAYINGS[kind], *DRAWING])
    if isinstance(kind, type) and issubclass(kind, Struct) and kind not in (Money, Link):
        return {name: shape_of(one) for name, one in get_type_hints(kind, include_extras=True).items()}
    return None


@cache
def context_shape() -> dict[str, Any]:
    """The whole context; nobody changes it."""
    shape = shape_of(Context)
    assert isinstance(shape, dict)
    return shape


def described(struct: type[Struct]) -> list[tuple[str, Any, str]]:
    """(name, type, meaning) of every field."""
    hints = get_type_hints(struct, include_extras=True)
    return [(name, plain(hint), next(one.description or "" for one in get_args(hint) if isinstance(one, Meta))) for name, hint in hints.items()]
