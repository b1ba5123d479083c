"""How each region did against what was quoted for it of late, so that the model corrects itself.

Arrivals over those that the quotes led to expect, day by day, yesterday weighing most; orders under way count with the days that they have been out. A region
is held against the whole, which the life table follows, and drawn towards it (observed over expected, the mean of a gamma prior).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from omtanke.learning.delivery.orders import Floats, Ints, Orders

# Chosen on purchases before 2018 (docs/decisions/0042). Days: after which an arrival counts for less by a factor e, how far back quotes are made again
# and for how many of those days by the same model, for how many orders of a day at most, and how long an order is followed.
FADES, REACHES, EVERY, MOST_A_DAY, FOLLOWED = 10.0, 60, 5, 100, 45
# Arrivals' worth of doubt that a region differs.
DOUBT = 20.0
SUREST = 1.0 - 1e-6


class Quotes(Struct, frozen=True, eq=False):
    """Of orders placed on a day, by their rows: P(delivered by the end of the d-th day) of those that come, d below FOLLOWED, before any correction."""

    day: int
    rows: Ints
    chances: Floats


def paces_by_quotes(orders: Orders, quoted: Sequence[Quotes], today: int) -> Floats:
    """By region: how many times as fast as quoted, against the whole, as was known when today began. 1 where nothing was quoted."""
    region = orders.features["region"]
    size = len(region.labels)
    if not quoted:
        return np.ones(size)
    rows = np.concatenate([quotes.rows for quotes in quoted])
    chances = np.concatenate([quotes.chances for quotes in quoted])
    delivered = orders.delivered[rows][:, None]
    left = np.minimum(delivered, orders.cancelled[rows][:, None])
    day = orders.placed[rows][:, None] + np.arange(FOLLOWED)
    weight = np.exp((np.minimum(day, today) - today) / FADES) * ((day < today) & (day <= left))
    hazard = np.diff(-np.log1p(-np.minimum(chances, SUREST)), axis=1, prepend=0.0)
    came = day == delivered
    seen = np.bincount(region.of[rows], (weight * came).sum(axis=1), size)
    due = np.bincount(region.of[rows], (weight * hazard * np.where(came, 0.5, 1.0)).sum(axis=1), size)
    whole = seen.sum() / max(float(due.sum()), 1e-9)
    return np.asarray((seen + DOUBT) / (due * whole + DOUBT))
