"""A stage of the way: how long it takes, by what is known of the order. Handling lasts from the order to the hand-over, transit from there to the door.

Two things are learnt. *Where*: the logarithm of the time is a sum of effects (region, seller …), each drawn towards none by how few orders
it rests on, fitted in turn (backfitting; Breiman and Friedman 1985). Orders still under way stand with what may be expected of them (Buckley and
James 1979), so that the late ones are not left out. *What is going on now*: the hazard of ending, by how far an order is past
its own expectation, counted over the days of the calendar with yesterday weighing most (a period life table), and by how much some are faster or slower
than that of late (observed over expected, drawn towards 1: the mean of a gamma prior).
"""

from __future__ import annotations

from collections.abc import Mapping
from math import pi, sqrt

import numpy as np
from msgspec import Struct

from omtanke.learning.delivery.orders import UNKNOWN, Feature, Floats, Ints
from omtanke.learning.delivery.pace import Clock

ROUNDS = 8
# Days: after which an order counts for less by a factor e, and before which none is looked at.
WHERE_FADES, WHERE_REACHES = 200.0, 500
# An order that has been under way longer is more likely lost than late.
AWAITED = 30
HAZARD_FADES, HAZARD_FADES_SLOWLY, SPEED_FADES, HAZARD_REACHES, HAZARD_AGE = 30.0, 150.0, 6.0, 150, 60
SLOW_WEIGHT = 3.0
# A new shop: how wide a stage is supposed to be, as if seen on so many orders.
SUPPOSED_SPREAD, SUPPOSED_FROM = 0.7, 5.0
# The grid of how far an order is past its expectation, in standard deviations.
EDGES = np.concatenate([[-4.0], np.linspace(-3.0, 4.5, 76), [5.5]])
WIDTHS = np.diff(EDGES)
BINS = len(WIDTHS)
# The hazard that is supposed, that of a logistic distribution with the same standard deviation, as if seen on so many orders.
HAZARD_FROM = 0.1
SUPPOSED_HAZARD = pi / sqrt(3) / (1 + np.exp(-pi / sqrt(3) * (EDGES[:-1] + WIDTHS / 2)))


class Spells(Struct, frozen=True, eq=False):
    """A stage of many orders, by days; NEVER where it has not come. `gone`: called off."""

    began: Ints
    ended: Ints
    gone: Ints


class Kind(Struct, frozen=True):
    """What a stage rests on.

    `supposed`: log(time + 1) in a shop that has seen nothing yet. `effects`: features that move the expectation, with how many orders' worth of
    doubt there is in each. `speeds`: features by which the hazard of late is told apart, with how many endings' worth of doubt.
    """

    supposed: float
    effects: dict[str, float]
    speeds: dict[str, float]


class Where(Struct, frozen=True, eq=False):
    """log(time + 1) of an order is `centre` and the effects of its labels, give or take `spread`."""

    centre: float
    spread: float
    effects: dict[str, Floats]


class Risk(Struct, frozen=True, eq=False):
    """`cumulative`: the hazard summed up to each edge. `speeds`: by feature and label, what it is multiplied by."""

    cumulative: Floats
    speeds: dict[str, Floats]


def log_time(time: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(time, 0.0) + 1.0))


def looked_up(effects: Floats, of: Ints, unknown: float) -> Floats:
    """The effect of each; `unknown` for labels that were not there."""
    return np.asarray(np.where(of == UNKNOWN, unknown, effects[of]))


def expected(where: Where, features: Mapping[str, Feature]) -> Floats:
    """The expectation of each order."""
    total = sum(looked_up(effect, features[name].of, 0.0) for name, effect in where.effects.items())
    return np.asarray(where.centre + total)


def speed(risk: Risk, features: Mapping[str, Feature]) -> Floats:
    """What the hazard of each order is multiplied by."""
    each = [looked_up(factors, features[name].of, 1.0) for name, factors in risk.speeds.items()]
    return np.asarray(np.prod(each, axis=0))


def hazard_at(risk: Risk, z: Floats) -> Floats:
    """The cumulative hazard, before speeds."""
    return np.asarray(np.interp(z, EDGES, risk.cumulative))


def learn_where(spells: Spells, features: Mapping[str, Feature], kind: Kind, clock: Clock, today: int) -> Where:
    """From what was known when today began."""
    began, ended = spells.began, spells.ended
    is_open = ended >= today
    taken = (began < today) & (began > today - WHERE_REACHES) & (spells.gone >= today) & (~is_open | (today - began <= AWAITED))
    rows = np.flatnonzero(taken)
    waiting = is_open[rows]
    y = log_time(clock.passed(began[rows], np.where(waiting, today - 1, ended[rows])))
    weight = np.exp((began[rows] - today) / WHERE_FADES)
    effects = {name: np.zeros(len(features[name].labels)) for name in kind.effects}
    filled, fit, centre = y.copy(), np.zeros(len(rows)), kind.supposed
    filled[waiting] = np.maximum(y[waiting], centre)
    for _ in range(ROUNDS):
        centre = float((weight @ (filled - fit) + SUPPOSED_FROM * kind.supposed) / (weight.sum() + SUPPOSED_FROM))
        for name, doubt in kind.effects.items():
            of, size = features[name].of[rows], len(features[name].labels)
            fit -= effects[name][of]
            effects[name] = np.bincount(of, weight * (filled - centre - fit), size) / (np.bincount(of, weight, size) + doubt)
            fit += effects[name][of]
        if waiting.any() and not waiting.all():
            filled[waiting] = centre + fit[waiting] + mean_beyond(np.sort((filled - centre - fit)[~waiting]), (y - centre - fit)[waiting])
    left, counts = (filled - centre - fit)[~waiting], weight[~waiting]
    spread = np.sqrt((counts @ left**2 + SUPPOSED_FROM * SUPPOSED_SPREAD**2) / (counts.sum() + SUPPOSED_FROM))
    return Where(centre, float(spread), effects)


def mean_beyond(ordered: Floats, limits: Floats) -> Floats:
    """The mean of those residuals that lie beyond each limit; the limit itself where hardly any do."""
    tails = np.cumsum(ordered[::-1])[::-1]
    place = np.minimum(np.searchsorted(ordered, limits), max(len(ordered) - 10, 0))
    return np.asarray(np.maximum(tails[place] / (len(ordered) - place), limits))


def learn_risk(spells: Spells, features: Mapping[str, Feature], kind: Kind, where: Where, centres: Floats, clock: Clock, today: int) -> Risk:
    """From the days before today: which orders were open on them, and which of those ended. `centres`: the expectation of each order."""
    rows = np.flatnonzero((spells.began < today) & (spells.began >= today - HAZARD_REACHES) & (spells.gone >= today))
    began = spells.began[rows]
    last = np.minimum(np.minimum(spells.ended[rows], today - 1), began + HAZARD_AGE)
    ends = spells.ended[rows] == last
    lengths = last - began + 1
    row = np.repeat(np.arange(len(rows)), lengths)
    day = np.arange(len(row)) - np.repeat(np.cumsum(lengths) - lengths, lengths) + began[row]
    order = rows[row]
    start = clock.starts[began[row] - clock.first]
    low, high = ((log_time(clock.before[day - clock.first + more] - start) - centres[order]) / where.spread for more in (0, 1))
    final = ends[row] & (day == last[row])
    age = (today - 1 - day).astype(float)
    half = np.where(final, 0.5, 1.0)

    def rate(fades: float) -> tuple[Floats, Floats]:
        weight = np.exp(-age / fades)
        ending = weight[final] / np.maximum(high[final] - low[final], 1e-6)
        ended = passed_through(high[final], ending) - passed_through(low[final], ending)
        return np.maximum(ended, 0.0), passed_through(high, weight * half) - passed_through(low, weight * half)

    slow_ended, slow_open = rate(HAZARD_FADES_SLOWLY)
    slow = (slow_ended + HAZARD_FROM * SUPPOSED_HAZARD) / (slow_open + HAZARD_FROM)
    ended, waited = rate(HAZARD_FADES)
    hazard = (ended + SLOW_WEIGHT * slow) / (waited + SLOW_WEIGHT)
    cumulative = np.concatenate([[0.0], np.cumsum(hazard * WIDTHS)])
    weight = np.exp(-age / SPEED_FADES)
    share = weight * half * (np.interp(high, EDGES, cumulative) - np.interp(low, EDGES, cumulative))
    speeds: dict[str, Floats] = {}
    for name, doubt in kind.speeds.items():
        of, size = features[name].of[order], len(features[name].labels)
        seen, due = np.bincount(of[final], weight[final], size), np.bincount(of, share, size)
        speeds[name] = (seen + doubt) / (due + doubt)
        share = share * speeds[name][of]
    return Risk(cumulative, speeds)


def passed_through(z: Floats, weight: Floats) -> Floats:
    """How much of each bin lies before each z, weighted and summed."""
    place = np.clip(np.searchsorted(EDGES, z, side="right") - 1, 0, BINS - 1)
    whole = np.bincount(place, weight, BINS)
    above = np.cumsum(whole[::-1])[::-1] - whole
    return np.asarray(above * WIDTHS + np.bincount(place, weight * np.clip(z - EDGES[place], 0.0, WIDTHS[place]), BINS))
