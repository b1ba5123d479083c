"""The model: two stages, one after the other, and the few orders that never come."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from omtanke.learning.delivery.orders import NEVER, UNKNOWN, Bools, Feature, Floats, Ints, Orders
from omtanke.learning.delivery.own_quotes import EVERY, FOLLOWED, MOST_A_DAY, REACHES, Quotes, paces_by_quotes
from omtanke.learning.delivery.pace import (
    HORIZON,
    LONGEST_OPEN,
    USUAL_DAYS,
    Clock,
    Slowed,
    clock_of,
    kinds_of_day,
    load_by_group,
    load_of,
    longer_by,
    open_on_days,
    paces,
    usual_before,
)
from omtanke.learning.delivery.stage import Kind, Risk, Spells, Where, expected, hazard_at, learn_risk, learn_where, log_time, looked_up, speed
from omtanke.learning.delivery.told import Telling, Told, nothing_told

# Chosen on purchases before 2018 (docs/decisions/0042).
HANDLING = Kind(1.1, {"seller": 8.0, "method": 5.0}, {"seller": 10.0})
TRANSIT = Kind(1.8, {"region": 3.0, "seller": 15.0, "freight": 10.0}, {"region": 5.0, "seller": 20.0})
STAGES = (HANDLING, TRANSIT)
# Days: how far a distribution reaches, how long handling and the whole may take, and after how many an order counts as lost.
DAYS, LONGEST_HANDLING, LONGEST = 120, 40, 75
LOST_AFTER, LOST_REACHES = 60, 180
# What is supposed of a new shop, as if seen on this many orders.
LOST_SUPPOSED, LOST_FROM = 0.015, 60.0
# An order to nobody knows where is like one of so many that were placed of late.
ALIKE = 12
# What moves slowly is learnt anew after so many days.
SLOWLY_EVERY = 7


class Learnt(Struct, frozen=True, eq=False):
    """What is learnt of a stage. `paces`: how much a day counts, Monday to Sunday, and a holiday."""

    paces: Floats
    where: Where
    risk: Risk


class Model(Struct, frozen=True, eq=False):
    """`day`: what was known when it began has been learnt. `lost`: the share of orders that never come. `waiting`, `usual`: orders under way then,
    and on the days before; `region_load`: of each region against the whole. `labels`: the values of each feature, in the order of the effects.
    `alike`: the region and freight of orders placed of late, by their labels, which stand for one to nobody knows where. `region_pace`: how many times as
    fast each region is as quoted of late. A model that was learnt before there were these has neither."""

    day: int
    orders: int
    lost: float
    waiting: float
    usual: float
    region_load: Floats
    days_off: tuple[int, ...]
    handling: Learnt
    transit: Learnt
    labels: dict[str, tuple[str, ...]]
    alike: tuple[tuple[int, int], ...] = ()
    region_pace: Floats | None = None


def stages_of(orders: Orders) -> tuple[Spells, Spells]:
    """Handling and transit. An order that has come without being shipped tells nothing of either."""
    unseen = (orders.shipped >= NEVER) & (orders.delivered < NEVER)
    handling = Spells(orders.placed, orders.shipped, np.where(unseen, np.minimum(orders.delivered, orders.cancelled), orders.cancelled))
    return handling, Spells(orders.shipped, orders.delivered, orders.cancelled)


class Learner:
    """Learns day after day from the same orders, and only from what was known when the day began. What moves slowly is learnt anew when asked."""

    def __init__(self, orders: Orders, days_off: Collection[int], delivered_weight: float = 1.0, telling: Telling = nothing_told) -> None:
        """`delivered_weight`: of how many orders a delivered one is a sample; known from the day on which it is delivered. All that are under way
        weigh the same; those that count as lost weigh 1. `telling`: what had been told of capacity when a day began, from the first order on."""
        self.orders, self.days_off, self.weight = orders, tuple(sorted(days_off)), delivered_weight
        self.spells = stages_of(orders)
        self.first = int(orders.placed.min())
        self.last = int(orders.placed.max()) + HORIZON
        self.kinds = kinds_of_day(self.first, self.last + HORIZON - self.first, self.days_off)
        self.waiting = open_on_days(orders.placed, np.minimum(orders.delivered, orders.cancelled), self.first, self.last)
        self.usual = usual_before(self.waiting)
        self.slow: list[tuple[Floats, Where, Floats]] = []
        self.telling = telling
        self.quoted: list[Quotes] = []
        self.quoting: Model | None = None

    def learn_slowly(self, today: int) -> None:
        """Paces, and where each stage lies."""
        self.slow = []
        for spells, kind, slowed in zip(self.spells, STAGES, self.slowed(today), strict=True):
            pace = paces(self.kinds, spells.began, spells.ended, spells.gone, self.first, today)
            where = learn_where(spells, self.orders.features, kind, self.clock(pace, slowed), today)
            self.slow.append((pace, where, expected(where, self.orders.features)))

    def learn(self, today: int) -> Model:
        """The model as of the beginning of a day. `learn_slowly` comes first, for that day or one before; `remember` for the days before, or `recall`."""
        return replace(self.uncorrected(today), region_pace=paces_by_quotes(self.orders, self.quoted, today))

    def uncorrected(self, today: int) -> Model:
        """The same, before it is held against its own last quotes."""
        learnt = []
        for spells, kind, slowed, (pace, where, centres) in zip(self.spells, STAGES, self.slowed(today), self.slow, strict=True):
            risk = learn_risk(spells, self.orders.features, kind, where, centres, self.clock(pace, slowed), today)
            learnt.append(Learnt(pace, where, risk))
        known = int((self.orders.placed < today).sum())
        off = tuple(day for day in self.days_off if today <= day < today + HORIZON)
        labels = {name: feature.labels for name, feature in self.orders.features.items()}
        waiting, usual = self.under_way(today)
        recent = slice(*np.searchsorted(self.orders.placed, (today - USUAL_DAYS - LONGEST_OPEN - 1, today)))
        region, left = self.orders.features["region"], np.minimum(self.orders.delivered, self.orders.cancelled)
        by_region = load_by_group(region.of[recent], len(region.labels), self.orders.placed[recent], left[recent], today)
        alike = alike_of(of_orders(self.orders, np.arange(recent.start, recent.stop)), learnt[1].where)
        return Model(today, known, self.lost(today), waiting, usual, by_region, off, learnt[0], learnt[1], labels, alike)

    def recall(self, today: int) -> None:
        """Quote again on the days before, each with what was known then."""
        slow = today - REACHES - SLOWLY_EVERY
        for day in range(max(self.first + 1, today - REACHES), today):
            if day % EVERY == 0 and day - slow >= SLOWLY_EVERY:
                self.learn_slowly(day)
                slow = day
            self.remember(day)

    def remember(self, day: int) -> None:
        """What is quoted on a day for orders whose region is known. To save time: for some of them, by a model of that day or of one of the few before."""
        if day % EVERY == 0:
            self.quoting = self.uncorrected(day)
        if self.quoting is None:
            return
        region = self.orders.features["region"]
        begins, ends = np.searchsorted(self.orders.placed, (day, day + 1))
        rows = np.arange(begins, ends, (ends - begins) // MOST_A_DAY + 1)
        rows = rows[is_known(Feature(region.labels, region.of[rows]))]
        if len(rows):
            found = distribution(self.quoting, day, of_orders(self.orders, rows), (rows - begins).astype(float), self.telling(day))
            self.quoted.append(Quotes(day, rows, found[:, :FOLLOWED] / (1.0 - self.quoting.lost)))
        self.quoted = [quotes for quotes in self.quoted if quotes.day >= day - REACHES]

    def clock(self, pace: Floats, slowed: Slowed | None) -> Clock:
        return clock_of(self.first, pace[self.kinds], slowed)

    def slowed(self, today: int) -> tuple[Slowed | None, Slowed | None]:
        """Of both stages, as it was known when today began."""
        told = self.telling(today)
        return (part(told.handling, told, self.first, len(self.kinds)), part(told.transit, told, self.first, len(self.kinds))) if told else (None, None)

    def under_way(self, today: int) -> tuple[float, float]:
        """How many orders are, and were on the days before. Those that wait for what slow days left undone slow nobody on the way: that is told already."""
        here = today - self.first
        told = self.telling(today)
        if told is None:
            return float(self.waiting[here]), float(self.usual[here])
        recent = slice(max(here - USUAL_DAYS, 0), here + 1)
        a_day = float((self.orders.placed >= today - USUAL_DAYS).sum() - (self.orders.placed >= today).sum()) * 7 / 5 / USUAL_DAYS
        waits = sum((slowed.work_left for slowed in (told.handling, told.transit) if slowed), np.zeros(len(self.kinds)))[recent]
        waiting = np.maximum(self.waiting[recent] - a_day * waits, 0.0)
        return float(waiting[-1]), float(waiting[:-1].mean() if len(waiting) > 1 else waiting[-1])

    def lost(self, today: int) -> float:
        """Of orders old enough to be lost, the share that has not come."""
        orders = self.orders
        old = (orders.placed < today - LOST_AFTER) & (orders.placed >= today - LOST_AFTER - LOST_REACHES) & (orders.cancelled >= today)
        lost, come = float((old & (orders.delivered >= today)).sum()), float((old & (orders.delivered < today)).sum())
        return (lost + LOST_SUPPOSED * LOST_FROM) / (lost + self.weight * come + LOST_FROM)


def is_known(feature: Feature) -> Bools:
    """Of which orders it is known."""
    return np.asarray((feature.of != UNKNOWN) & ~np.isin(feature.of, [at for at, label in enumerate(feature.labels) if not label]))


def alike_of(features: Mapping[str, Feature], where: Where) -> tuple[tuple[int, int], ...]:
    """The region and freight of some of those orders whose region is known: one from each equal part of them, from the fastest to the slowest."""
    region, freight = features["region"].of, features["freight"].of
    known = np.flatnonzero(is_known(features["region"]))
    if not len(known):
        return ()
    takes = where.effects["region"][region[known]] + where.effects["freight"][freight[known]]
    chosen = known[np.argsort(takes, kind="stable")[((np.arange(ALIKE) + 0.5) / ALIKE * len(known)).astype(int)]]
    return tuple((int(region[at]), int(freight[at])) for at in chosen)


def learn_delivery(orders: Orders, days_off: Collection[int], today: int, delivered_weight: float = 1.0, telling: Telling = nothing_told) -> Model:
    """The model of a shop as of the beginning of a day."""
    learner = Learner(orders, days_off, delivered_weight, telling)
    learner.recall(today)
    learner.learn_slowly(today)
    return learner.learn(today)


def distribution(model: Model, placed: int, features: Mapping[str, Feature], placed_since: Floats | float = 0.0, told: Told | None = None) -> Floats:
    """P(delivered by the end of the d-th day after `placed`), d from 0 to DAYS - 1: a row for each order. The last entry is the share that ever comes.

    `features`: of orders placed on that day. `placed_since`: how many have been placed between the model's day and each of them. `told`: of capacity.
    An order whose region is not known is as likely to be like each of those in `alike`.
    """
    region, freight = features["region"], features["freight"]
    count = len(region.of)
    since = np.broadcast_to(np.asarray(placed_since, float), (count,))
    unknown = np.flatnonzero(~is_known(region))
    found = distribution_in(model, placed, features, since, told)
    if len(unknown) and model.alike:
        regions, freights = (np.tile(column, len(unknown)) for column in zip(*model.alike, strict=True))
        rows = np.repeat(unknown, len(model.alike))
        spread = {name: Feature(feature.labels, feature.of[rows]) for name, feature in features.items()}
        spread["region"] = Feature(region.labels, regions)
        spread["freight"] = Feature(freight.labels, np.where(is_known(freight)[rows], freight.of[rows], freights))
        each = distribution_in(model, placed, spread, since[rows], told)
        found[unknown] = each.reshape(len(unknown), len(model.alike), DAYS).mean(axis=1)
    return found


def corrected(model: Model, features: Mapping[str, Feature], distributions: Floats) -> Floats:
    """The same distributions, with each region as fast against the whole as by its own last quotes; as they are where it is not known. For windows by
    level: there it keeps a region's rate near the level. By cost it makes windows longer where days are dear, and buys nothing."""
    if model.region_pace is None:
        return distributions
    come = 1.0 - model.lost
    pace = np.where(is_known(features["region"]), looked_up(model.region_pace, features["region"].of, 1.0), 1.0)
    return np.asarray(come * (1.0 - (1.0 - np.minimum(distributions / come, 1.0)) ** pace[:, None]))


def distribution_in(model: Model, placed: int, features: Mapping[str, Feature], placed_since: Floats, told: Told | None = None) -> Floats:
    """The same, by the regions as they are. At the ordinary pace all that come are handled and there in time; at another as many as that pace lets."""
    load = load_of(model.waiting + placed_since, model.usual) * looked_up(model.region_load, features["region"].of, 1.0)
    through, arrived = stages_by_day(model, placed, features, load, None)
    handled = np.maximum(through[:, -1:], 1e-9)
    total = put_together(through / handled, arrived)
    come = np.maximum(total[:, LONGEST : LONGEST + 1], 1e-9)
    if told is not None:
        through, arrived = stages_by_day(model, placed, features, load, told)
        total = put_together(np.minimum(through / handled, 1.0), arrived)
    return np.asarray((1.0 - model.lost) * np.minimum(total / come, 1.0))


def stages_by_day(model: Model, placed: int, features: Mapping[str, Feature], load: Floats, told: Told | None) -> tuple[Floats, Floats]:
    """P(handled by the end of a day), and P(there by the end of a day) for each on which it may have been."""
    kinds = kinds_of_day(placed, DAYS + HORIZON, model.days_off)
    slow_handling, slow_transit = (part(one, told, placed, len(kinds)) for one in (told.handling, told.transit)) if told else (None, None)
    handed, came = np.arange(LONGEST_HANDLING), np.arange(DAYS)
    clock = clock_of(placed, model.handling.paces[kinds], slow_handling)
    through = chance(model.handling, clock.passed(np.full(len(handed), placed), placed + handed)[None, :], features, 1.0)
    clock = clock_of(placed, model.transit.paces[kinds], slow_transit)
    days = np.maximum(came[None, :], handed[:, None])
    time = clock.passed(np.repeat((placed + handed)[:, None], DAYS, axis=1), placed + days)
    arrived = chance(model.transit, time[None], features, 1.0 / longer_by(load)[:, None, None])
    return through, arrived * (came[None, :] >= handed[:, None])[None]


def put_together(through: Floats, arrived: Floats) -> Floats:
    """P(there by the end of a day)."""
    return np.asarray(np.einsum("nh,nhd->nd", np.diff(through, axis=1, prepend=0.0), arrived))


def part(slowed: Slowed | None, told: Told, first: int, count: int) -> Slowed | None:
    """Those days of what was told."""
    here = slice(first - told.first, first - told.first + count)
    return Slowed(slowed.pace[here], slowed.waits[here], slowed.work_left[here]) if slowed else None


def chance(learnt: Learnt, time: Floats, features: Mapping[str, Feature], slowed: Floats | float) -> Floats:
    """P(the stage has ended after that time) for each order, over the shape of `time`; none has that is not yet in hand."""
    wide = (slice(None), *(None,) * (time.ndim - 1))
    z = (log_time(time * slowed) - expected(learnt.where, features)[wide]) / learnt.where.spread
    return np.asarray(-np.expm1(-hazard_at(learnt.risk, z) * speed(learnt.risk, features)[wide]) * (time > 0))


def features_of(model: Model, known: Mapping[str, str]) -> dict[str, Feature]:
    """One order as features of the model; a value that it has not seen is UNKNOWN."""
    found = {}
    for name, labels in model.labels.items():
        place = np.searchsorted(labels, known.get(name, "")) if labels else 0
        seen = place < len(labels) and labels[place] == known.get(name, "")
        found[name] = Feature(labels, np.array([place if seen else UNKNOWN], np.int64))
    return found


def of_orders(orders: Orders, rows: Ints) -> dict[str, Feature]:
    """The features of some of the orders."""
    return {name: Feature(feature.labels, feature.of[rows]) for name, feature in orders.features.items()}
