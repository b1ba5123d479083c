"""Shops whose truth is known, as orders."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from omtanke.learning.delivery.orders import NEVER, Floats, Ints, Orders, feature

FIRST = 17_000
NO_DAYS_OFF = frozenset[int]()


def shop(
    days: int, a_day: int, transit: Floats | float = 6.0, handling: float = 1.0, seed: int = 1, until: int = NEVER, regions: tuple[str, ...] = ("N", "S")
) -> Orders:
    """So many orders a day. `transit`: its median in days, for each order or all; lognormal, as handling. What happens from `until` on has not happened yet."""
    chance = np.random.default_rng(seed)
    count = days * a_day
    placed = FIRST + np.repeat(np.arange(days), a_day)
    shipped = placed + np.floor(handling * np.exp(0.4 * chance.standard_normal(count))).astype(np.int64)
    delivered = shipped + np.maximum(1, np.round(transit * np.exp(0.4 * chance.standard_normal(count)))).astype(np.int64)
    return orders(placed, shipped, delivered, until, [regions[at % len(regions)] for at in range(count)])


def orders(placed: Ints, shipped: Ints, delivered: Ints, until: int, regions: list[str]) -> Orders:
    told = placed < until
    count = int(told.sum())
    return Orders(
        placed[told],
        np.where(shipped < until, shipped, NEVER)[told],
        np.where(delivered < until, delivered, NEVER)[told],
        np.full(count, NEVER, np.int64),
        (placed + 14)[told],
        {
            name: feature(values[:count])
            for name, values in {"region": regions, "seller": ["1"] * len(placed), "freight": ["5"] * len(placed), "method": [""] * len(placed)}.items()
        },
    )


def later(orders: Orders, days: int) -> Orders:
    """The same, so many days later."""
    moved = {}
    for name in ("placed", "shipped", "delivered", "cancelled", "promised"):
        on = getattr(orders, name)
        moved[name] = np.where(on < NEVER, on + days, NEVER)
    return replace(orders, **moved)
