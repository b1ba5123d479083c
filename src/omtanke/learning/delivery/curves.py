"""What shorter and longer windows would have held, kept beside the models: `models/delivery/curves/0001.json` and so on.

None is written over; the newest counts. Nothing of a person is in them, and no arrays are needed to read them.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from math import log
from pathlib import Path

import msgspec
from msgspec import Struct

from omtanke.learning.delivery import numbered
from omtanke.learning.delivery.numbered import write_next
from omtanke.vocabulary.refusal import CannotDo

FORMAT = 1
FOLDER = Path("models") / "delivery" / "curves"
AGAIN = "omtanke backtest quotes"


class Point(Struct, frozen=True):
    """A place on a curve: what was asked, the share that was kept with its 95 % interval, and the days from the order to the last day, on average.

    `worst`: the region of enough orders where fewest were kept, empty where it is not known, and `worst_kept` its share.
    """

    asked: float
    kept: float
    days: float
    kept_low: float = 0.0
    kept_high: float = 1.0
    worst: str = ""
    worst_kept: float = 0.0


class Curves(Struct, frozen=True):
    """Orders placed from `first` to `end` (not included), quoted for once more, each with what was known on its day.

    `level`: by the chance asked for; `cost`: by how many days a broken promise weighs up, none quoted under the chance `floor`; both ascending.
    `own`: the dates that the shop itself showed with `own_orders` of them. A delivered order stands for `delivered_weight`.
    """

    first: str
    end: str
    orders: int
    delivered_weight: float
    floor: float
    level: tuple[Point, ...]
    cost: tuple[Point, ...]
    own: Point | None = None
    own_orders: int = 0


class KeptCurves(Struct, frozen=True):
    """A file. `version`: its number. `made_on`: the day on which the shop stood when it was made."""

    format: int
    version: int
    made_on: str
    curves: Curves


def keep(data: Path, curves: Curves, made_on: str) -> KeptCurves:
    """Write the curves under the next number."""
    version = write_next(data / FOLDER, lambda number: msgspec.json.encode(KeptCurves(FORMAT, number, made_on, curves)))
    return KeptCurves(FORMAT, version, made_on, curves)


def newest(data: Path) -> KeptCurves | None:
    """The curves that count; None when there are none. Raises CannotDo for a file that cannot be read."""
    path = numbered.newest(data / FOLDER)
    return read(path) if path else None


def read(path: Path) -> KeptCurves:
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=KeptCurves)
    except msgspec.DecodeError as fault:
        raise CannotDo(f"{path} holds no curves ({fault}). Delete it, or try out anew: {AGAIN}") from fault
    if kept.format != FORMAT:
        raise CannotDo(f"{path} has format {kept.format}, and this version reads {FORMAT}. Try out anew: {AGAIN}")
    return kept


def at_asked(curve: tuple[Point, ...], asked: float, *, is_ratio: bool = False) -> Point | None:
    """What a curve keeps where so much is asked, between its points (of ratios by their logarithms); None beyond its ends."""
    place = bisect_left([point.asked for point in curve], asked - 1e-9)
    if place == len(curve) or (place == 0 and curve[0].asked > asked + 1e-9):
        return None
    high = curve[place]
    if abs(high.asked - asked) < 1e-9:
        return high
    low = curve[place - 1]
    scaled = [log(one) if is_ratio else one for one in (low.asked, asked, high.asked)]
    return between(low, high, (scaled[1] - scaled[0]) / (scaled[2] - scaled[0]))


def at_kept(curve: tuple[Point, ...], kept: float) -> Point | None:
    """Where a curve keeps as much, between its points; None when it never does."""
    for low, high in pairwise(curve):
        if low.kept <= kept <= high.kept:
            return between(low, high, (kept - low.kept) / (high.kept - low.kept) if high.kept > low.kept else 0.0)
    return None


def between(low: Point, high: Point, part: float) -> Point:
    """A place on the straight line between two points; whose region is worst there is that of the nearer one."""

    def mixed(name: str) -> float:
        one, other = getattr(low, name), getattr(high, name)
        return float(one + part * (other - one))

    nearer = low if part < 1 / 2 else high
    return Point(mixed("asked"), mixed("kept"), mixed("days"), mixed("kept_low"), mixed("kept_high"), nearer.worst, nearer.worst_kept)
