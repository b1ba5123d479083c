"""Orders as arrays: what happened on which day, and what is known of each when it is placed. Days are numbered from 1970-01-01."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]

NEVER = 10**6
UNKNOWN = -1
# How much dearer delivery is from one band to the next.
FREIGHT_STEP = 1.15


class Feature(Struct, frozen=True, eq=False):
    """A property of orders: its values, and which of them each order has (UNKNOWN for none)."""

    labels: tuple[str, ...]
    of: Ints


class Orders(Struct, frozen=True, eq=False):
    """In the order of placing. NEVER where something has not happened. `promised`: the last day that the shop itself showed."""

    placed: Ints
    shipped: Ints
    delivered: Ints
    cancelled: Ints
    promised: Ints
    features: dict[str, Feature]

    def __len__(self) -> int:
        return len(self.placed)


def orders_of(columns: Mapping[str, Sequence[Any]]) -> Orders:
    """From columns: placed, shipped, delivered, cancelled and promised as days or None, and region, seller, freight and method.

    What contradicts itself is straightened: nothing is shipped before it is placed or after it has come. A shop that hardly tells when it ships
    is taken to ship at once.
    """
    placed = np.asarray(columns["placed"], np.int64)
    delivered, cancelled, promised = (days(columns[name]) for name in ("delivered", "cancelled", "promised"))
    come = delivered < NEVER
    delivered = np.where(come, np.maximum(delivered, placed), NEVER)
    shipped = days(columns["shipped"])
    told = (shipped < NEVER) & (shipped >= placed)
    if told[come].mean() < 0.5 if come.any() else not told.any():
        shipped, told = placed, np.ones(len(placed), bool)
    shipped = np.where(told, np.minimum(shipped, delivered), NEVER)
    named = {name: [str(value) for value in columns[name]] for name in ("region", "seller", "method")}
    named["freight"] = [freight_band(freight) for freight in columns["freight"]]
    return Orders(placed, shipped, delivered, cancelled, promised, {name: feature(values) for name, values in named.items()})


def days(column: Sequence[Any]) -> Ints:
    return np.fromiter((NEVER if day is None else int(day) for day in column), np.int64, len(column))


def feature(values: Sequence[str]) -> Feature:
    """The values in use, in order, and each order's place among them."""
    labels, of = np.unique(np.asarray(values, dtype=np.str_), return_inverse=True)
    return Feature(tuple(str(label) for label in labels), of.astype(np.int64))


def freight_band(freight: int) -> str:
    """The band of what delivery costs the customer, in minor units; it stands for distance and weight."""
    return str(int(np.log(freight) / np.log(FREIGHT_STEP))) if freight > 0 else ""
