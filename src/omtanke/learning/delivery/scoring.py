"""How well windows would have held: kept rates with their groups, days, width, and the curve that a policy draws.

An order that has not come counts as broken. Delivered orders weigh what the caller says; the size of a sample with weights is Kish's
effective one (1965): (sum of weights)² / sum of squares.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from omtanke.learning.delivery.backtest import Quoted
from omtanke.learning.delivery.curves import Point
from omtanke.learning.delivery.orders import NEVER, Bools, Floats, Ints, Orders
from omtanke.learning.delivery.quoting import first_days, last_by_cost, last_by_level

# How many points the cost curve has, and the ratios (days that a broken promise weighs up) between which it is drawn; the per cent of the level curve,
# which are those that a policy may ask for.
POINTS = 60
LEAST_RATIO, MOST_RATIO = 10.0, 3000.0
CHANCES = range(50, 100)
SMALLEST_GROUP = 300

# The low and high end of a share, from what was kept and how many there were.
Interval = Callable[[float, float], tuple[float, float]]


class Group(Struct, frozen=True):
    """Orders of a month or a region. Rates are shares of weight; `own_kept`: under the shop's own dates."""

    name: str
    orders: int
    kept: float
    kept_low: float
    kept_high: float
    days: float
    own_kept: float
    own_days: float


class Scored(Struct, frozen=True):
    """A policy over all orders. `asked`: the chance asked for, or the ratio. `days`: from the order to the last day, on average. `early`: came before the
    window. `width`: from its first to its last day. `out_of_reach`: the share of windows whose chance cannot be had."""

    asked: float
    orders: int
    kept: float
    kept_low: float
    kept_high: float
    days: float
    early: float
    width: float
    out_of_reach: float
    months: tuple[Group, ...]
    regions: tuple[Group, ...]


class Trial(Struct, frozen=True, eq=False):
    """Orders quoted for, as the scoring reads them. `corrected`: the distributions that windows by level are quoted from. `took`: days until delivery, NEVER
    where it has not come. `own`: days that the shop showed."""

    distributions: Floats
    corrected: Floats
    took: Ints
    own: Ints
    weight: Floats
    months: tuple[str, ...]
    month_of: Ints
    regions: tuple[str, ...]
    region_of: Ints
    interval: Interval


def trial_of(orders: Orders, quoted: Quoted, delivered_weight: float, interval: Interval) -> Trial:
    rows = quoted.rows
    placed, delivered, promised = orders.placed[rows], orders.delivered[rows], orders.promised[rows]
    came = delivered < NEVER
    months, month_of = np.unique(placed.astype("datetime64[D]").astype("datetime64[M]").astype(str), return_inverse=True)
    region = orders.features["region"]
    return Trial(
        quoted.distributions,
        quoted.corrected,
        np.where(came, delivered - placed, NEVER),
        np.where(promised < NEVER, promised - placed, -1),
        np.where(came, delivered_weight, 1.0),
        tuple(str(month) for month in months),
        month_of.astype(np.int64),
        region.labels,
        region.of[rows],
        interval,
    )


def by_level(trial: Trial, chance: float) -> Scored:
    """Every order at the same chance."""
    return scored(trial, chance, trial.corrected, last_by_level(trial.corrected, chance), chance)


def by_cost(trial: Trial, ratio: float, floor: float = 0.0) -> Scored:
    """Every order at the least cost, none under the floor. `ratio`: the cost of a broken promise over that of a day."""
    return scored(trial, ratio, trial.distributions, last_by_cost(trial.distributions, ratio, floor), floor)


def own_dates(trial: Trial) -> Point:
    """What the shop itself kept. An order with which it showed no date has none to be kept."""
    return point(trial, 0.0, trial.own)


def own_dates_shown(trial: Trial) -> tuple[Point | None, int]:
    """The same among those with which it showed one, and how many they are; None for none."""
    shown = np.flatnonzero(trial.own >= 0)
    if not len(shown):
        return None, 0
    few = {name: getattr(trial, name)[shown] for name in ("distributions", "corrected", "took", "own", "weight", "month_of", "region_of")}
    return own_dates(replace(trial, **few)), len(shown)


def scored(trial: Trial, asked: float, distributions: Floats, last: Ints, least: float) -> Scored:
    """`least`: the chance below which a window is out of reach."""
    first = first_days(distributions)
    kept = trial.took <= last
    low, high = interval_of(trial, kept, np.ones(len(kept), bool))
    reached = distributions[np.arange(len(last)), last] >= least
    return Scored(
        asked,
        len(last),
        share(trial, kept),
        low,
        high,
        mean(trial, last),
        share(trial, trial.took < first),
        mean(trial, last - first),
        share(trial, ~reached),
        tuple(group(trial, name, trial.month_of == at, kept, last) for at, name in enumerate(trial.months)),
        tuple(group(trial, name, trial.region_of == at, kept, last) for at, name in enumerate(trial.regions) if (trial.region_of == at).any()),
    )


def group(trial: Trial, name: str, among: Bools, kept: Bools, last: Ints) -> Group:
    low, high = interval_of(trial, kept, among)
    own = trial.took <= trial.own
    return Group(
        name, int(among.sum()), share(trial, kept, among), low, high, mean(trial, last, among), share(trial, own, among), mean(trial, trial.own, among)
    )


def share(trial: Trial, which: Bools, among: Bools | None = None) -> float:
    return mean(trial, which, among)


def mean(trial: Trial, values: Ints | Bools, among: Bools | None = None) -> float:
    here = slice(None) if among is None else among
    return float(np.average(values[here], weights=trial.weight[here]))


def interval_of(trial: Trial, kept: Bools, among: Bools) -> tuple[float, float]:
    weight = trial.weight[among]
    size = float(weight.sum() ** 2 / (weight**2).sum())
    return trial.interval(share(trial, kept, among) * size, size)


def cost_curve(trial: Trial, floor: float = 0.0) -> tuple[Point, ...]:
    """What each ratio keeps, and in how many days."""
    return tuple(point(trial, ratio, last_by_cost(trial.distributions, ratio, floor)) for ratio in np.geomspace(LEAST_RATIO, MOST_RATIO, POINTS))


def level_curve(trial: Trial) -> tuple[Point, ...]:
    """What each chance keeps, and in how many days."""
    return tuple(point(trial, chance, last_by_level(trial.corrected, chance)) for chance in (percent / 100 for percent in CHANCES))


def point(trial: Trial, asked: float, last: Ints) -> Point:
    kept = trial.took <= last
    low, high = interval_of(trial, kept, np.ones(len(kept), bool))
    worst, worst_kept = worst_region(trial, kept)
    return Point(float(asked), share(trial, kept), mean(trial, last), low, high, worst, worst_kept)


def worst_region(trial: Trial, kept: Bools) -> tuple[str, float]:
    """The region of at least SMALLEST_GROUP orders where fewest were kept, and its share; those whose region is not known stand apart."""
    orders, weight, held = (np.bincount(trial.region_of, each, len(trial.regions)) for each in (None, trial.weight, trial.weight * kept))
    known = np.asarray([bool(name) for name in trial.regions], bool)
    among = np.flatnonzero(known & (orders >= SMALLEST_GROUP))
    if not len(among):
        return "", 0.0
    shares = held[among] / weight[among]
    at = int(shares.argmin())
    return trial.regions[among[at]], float(shares[at])
