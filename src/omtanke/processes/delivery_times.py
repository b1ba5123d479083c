"""`omtanke learn delivery` and `omtanke backtest quotes`: from the log to a model, and to what its windows would have held. The log is only read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from omtanke.engine.quote_policy import NO_QUOTES
from omtanke.folder import Folder
from omtanke.insight.deliveries import deliveries
from omtanke.insight.statistics import wilson
from omtanke.learning.delivery.backtest import is_quoted, quote_again
from omtanke.learning.delivery.curves import Curves, Point, at_kept
from omtanke.learning.delivery.curves import keep as keep_curves
from omtanke.learning.delivery.keeping import keep
from omtanke.learning.delivery.model import LOST_AFTER, Model, distribution, features_of, learn_delivery
from omtanke.learning.delivery.orders import Orders, orders_of
from omtanke.learning.delivery.pace import HORIZON, load_of
from omtanke.learning.delivery.quoting import last_by_level
from omtanke.learning.delivery.scoring import Scored, Trial, by_cost, by_level, cost_curve, level_curve, own_dates, own_dates_shown, trial_of
from omtanke.learning.delivery.told import Telling, nothing_told, telling_of
from omtanke.runtime.to_customers.quoting import quotes_of
from omtanke.runtime.working_days import days_off, is_working_day
from omtanke.storage.pages import Pages
from omtanke.vocabulary.refusal import CannotDo
from omtanke.vocabulary.time import datetime_of, day_number, numbered_day, zone_named

LEVELS = (0.8, 0.9, 0.95)
# Without a period: so many days, which end so long ago that what has not come since counts as lost.
TRIED_DAYS = 90
KINDS_OF_DAY = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "holiday")

Progress = Callable[[str, int, int], None]


class Known(Struct, frozen=True, eq=False):
    """The orders of a shop, its days off, and the day it is there: no later than the one after the last order, so that a history that has ended
    is learnt as it stood then. `telling`: what had been told of capacity by each day. `floor`: of the policy that counts."""

    orders: Orders
    days_off: frozenset[int]
    today: int
    telling: Telling = nothing_told
    floor: float = 0.0


class OfRegion(Struct, frozen=True):
    """What an order to a region from an unknown seller may expect: days until half, and nine of ten of those that come, have come.
    `speed`: of late; 1 is as usual."""

    region: str
    orders: int
    half: int
    nine_of_ten: int
    speed: float


class Learnt(Struct, frozen=True):
    """What `learn` says. `version`: the number of the model. `load`: what is under way against the usual. `paces`: how much a day counts in transit."""

    version: int
    day: str
    orders: int
    under_way: int
    lost: float
    lost_after_days: int
    load: float
    paces: dict[str, float]
    regions: tuple[OfRegion, ...]


class Tried(Struct, frozen=True, omit_defaults=True):
    """What `backtest` says. `own`: the shop's own dates. `at_own_kept`: the cost policy where it keeps as much as they did.
    `version`: the number under which the curves are kept; 0 for a policy alone, which is not."""

    first: str
    end: str
    orders: int
    delivered_weight: float
    own: Point
    policies: tuple[Scored, ...]
    at_own_kept: Scored | None = None
    level_at_own_kept: Point | None = None
    cost_curve: tuple[Point, ...] = ()
    level_curve: tuple[Point, ...] = ()
    version: int = 0


def known_of(data: Path) -> Known:
    """Raises NoStore, and CannotDo for a shop without orders."""
    folder = Folder(data)
    found = deliveries(data, folder.settings.zone)
    columns = {name: found.orders[name].to_pylist() for name in found.orders.column_names}
    if not columns["placed"]:
        raise CannotDo(f"{data} holds no orders: there is nothing to learn when they come from.")
    orders = orders_of(columns)
    countries = Counter(country for country in columns["country"] if country)
    country = countries.most_common(1)[0][0] if countries else folder.settings.country
    today = min(day_number(datetime_of(found.as_of, zone_named(folder.settings.zone)).date()), int(orders.placed.max()) + 1)
    years = range(numbered_day(int(orders.placed.min())).year, numbered_day(max(today, int(orders.placed.max())) + 2 * HORIZON).year + 1)
    off = frozenset(day_number(day) for year in years for day in days_off(country, year))
    with closing(Pages(data)) as pages:
        calendar, policy = pages.capacity(), pages.policy_text()
    quotes = quotes_of(policy[1]) if policy else NO_QUOTES
    first, last = int(orders.placed.min()), int(orders.placed.max())
    telling = telling_of(calendar, quotes, folder.settings.zone, first, last, lambda day: is_working_day(day, quotes.country or country))
    return Known(orders, off, today, telling, quotes.floor)


def learn(data: Path, delivered_weight: float = 1.0) -> Learnt:
    """Learn from everything that is known, and keep the model."""
    known = known_of(data)
    if known.today <= int(known.orders.placed.min()):
        raise CannotDo("All orders are of today. Learn tomorrow: a day counts when it is over.")
    model = learn_delivery(known.orders, known.days_off, known.today, delivered_weight, known.telling)
    return said_of(model, known.orders, keep(data, model).version)


def said_of(model: Model, orders: Orders, version: int) -> Learnt:
    before = orders.placed < model.day
    here = before & (orders.placed >= model.day - LOST_AFTER)
    open_ = int((here & (orders.delivered >= model.day) & (orders.cancelled >= model.day)).sum())
    paces = dict(zip(KINDS_OF_DAY, (round(float(pace), 3) for pace in model.transit.paces), strict=True))
    region = orders.features["region"]
    counted = np.bincount(region.of[before], minlength=len(region.labels))
    regions = tuple(of_region(model, name, int(counted[at])) for at, name in enumerate(region.labels) if counted[at])
    load = round(float(load_of(np.asarray(model.waiting), model.usual)), 3)
    return Learnt(version, written(model.day), model.orders, open_, round(model.lost, 4), LOST_AFTER, load, paces, regions)


def of_region(model: Model, name: str, orders: int) -> OfRegion:
    chances = distribution(model, model.day, features_of(model, {"region": name})) / (1.0 - model.lost)
    half, nine = (int(last_by_level(chances, chance)[0]) for chance in (0.5, 0.9))
    at = model.labels["region"].index(name)
    return OfRegion(name, orders, half, nine, round(float(model.transit.risk.speeds["region"][at]), 3))


def backtest(
    data: Path,
    first: date | None,
    end: date | None,
    progress: Progress,
    level: float | None = None,
    ratio: float | None = None,
    floor: float | None = None,
    delivered_weight: float = 1.0,
) -> Tried:
    """Quote again for the orders placed from `first` to `end` (not included); without them, for ninety days whose orders have come or are lost.

    Without a policy: the usual levels, and the curves, which are kept for the console. Without a `floor`: that of the policy that counts. Raises CannotDo.
    """
    known = known_of(data)
    floor = known.floor if floor is None else floor
    begins, ends = period_of(known, first, end)
    if begins <= int(known.orders.placed.min()):
        said = f"--from {written(begins)} is not after the first order ({written(int(known.orders.placed.min()))})"
        raise CannotDo(f"{said}: nothing would be known on that day.")
    if not len(is_quoted(known.orders, begins, ends)):
        raise CannotDo(f"No orders were placed from {written(begins)} until {written(ends)}.")
    quoted = quote_again(known.orders, known.days_off, begins, ends, delivered_weight, lambda done, total: progress("days", done, total), known.telling)
    trial = trial_of(known.orders, quoted, delivered_weight, interval)
    tried = Tried(written(begins), written(ends), len(quoted.rows), delivered_weight, own_dates(trial), ())
    if level is not None:
        return replace(tried, policies=(by_level(trial, level),))
    if ratio is not None:
        return replace(tried, policies=(by_cost(trial, ratio, floor),))
    whole = everything(trial, tried, floor)
    return replace(whole, version=keep_curves(data, curves_of(trial, whole, floor), written(known.today)).version)


def period_of(known: Known, first: date | None, end: date | None) -> tuple[int, int]:
    """The days that are meant, as numbers."""
    ends = day_number(end) if end else known.today - LOST_AFTER
    return day_number(first) if first else ends - TRIED_DAYS, ends


def everything(trial: Trial, tried: Tried, floor: float) -> Tried:
    """The levels, both curves, and where they keep what the shop kept."""
    costs, levels = cost_curve(trial, floor), level_curve(trial)
    at = at_kept(costs, tried.own.kept)
    return replace(
        tried,
        policies=tuple(by_level(trial, chance) for chance in LEVELS),
        at_own_kept=by_cost(trial, at.asked, floor) if at else None,
        level_at_own_kept=at_kept(levels, tried.own.kept),
        cost_curve=costs,
        level_curve=levels,
    )


def curves_of(trial: Trial, tried: Tried, floor: float) -> Curves:
    own, own_orders = own_dates_shown(trial)
    return Curves(tried.first, tried.end, tried.orders, tried.delivered_weight, floor, tried.level_curve, tried.cost_curve, own, own_orders)


def interval(kept: float, size: float) -> tuple[float, float]:
    found = wilson(kept, size)
    return (found.low, found.high) if found else (0.0, 1.0)


def written(number: int) -> str:
    return numbered_day(number).isoformat()
