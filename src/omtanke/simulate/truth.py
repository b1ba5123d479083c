"""What truly happened and what would have, beside the events: for each thing that could be asked about, and each touch.

Moments are seconds since 1970. A score is 1 to 5; of one record all scores come of the same uniform number, so their
differences are caused by what differs and by nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from statistics import fmean
from typing import TypeVar

from msgspec import Struct, to_builtins

from omtanke.simulate.feelings import delivery_mean
from omtanke.simulate.planted import STORE_MEANS, Effects

REPEAT_DAYS = 28
DAY = 86_400

Unit = TypeVar("Unit")
NEW_DATE_HOLDS = 0.91


class Delivery(Struct, gc=False):
    """An order that was to be delivered. `is_late` counts against the window first shown; `was_told` before it was over."""

    user_id: str
    order_id: str
    stratum: str
    region: str
    zone: str
    carrier: str
    placed_at: int
    until_at: int
    arrived_at: int = 0
    outcome: str = ""
    is_late: bool = False
    was_told: bool = False
    would_hold: bool = False
    score_kept: int = 0
    score_broken: int = 0
    score_told: int = 0
    score: int = 0
    is_answered: bool = False
    buys_again_kept: bool = False
    buys_again_broken: bool = False


class StoreVisit(Struct, gc=False):
    """A visit to a store."""

    user_id: str
    store_id: str
    receipt_id: str
    at: int
    in_last_quarter: bool
    score_else: int
    score_last_quarter: int
    is_answered: bool = False

    @property
    def score(self) -> int:
        return self.score_last_quarter if self.in_last_quarter else self.score_else


class Help(Struct, gc=False):
    """A case, or a refund (`kind` return), with its promise."""

    kind: str
    user_id: str
    case_id: str
    order_id: str
    topic: str
    opened_at: int
    until_at: int
    done_at: int = 0
    is_late: bool = False
    score_in_time: int = 0
    score_late: int = 0
    score: int = 0
    is_answered: bool = False


class Touch(Struct, gc=False):
    """Something the shop was told, and the next answer and question of its customer with it and without it."""

    user_id: str
    what: str
    about: str
    at: int
    score_with: int
    score_without: int
    asks_with: bool = False
    asks_without: bool = False


class Size(Struct, frozen=True):
    """An effect: the average over this run's units (None without any), and the value for ever more of them."""

    average: float | None
    large_sample: float
    units: int


class TrueEffects(Struct, frozen=True):
    """Everything planted that a question can recover. `stores` are means after a visit, the last quarter included."""

    broken: Size
    broken_of_broken: Size
    told_first: Size
    last_quarter: Size
    stores: dict[str, Size]
    buys_again: Size
    case_late: Size
    refund_late: Size


class Truth:
    """The records, in the order in which they began."""

    def __init__(self, effects: Effects, last_quarter_share: float) -> None:
        self.planted = effects
        self.last_quarter_share = last_quarter_share
        self.deliveries: list[Delivery] = []
        self.visits: list[StoreVisit] = []
        self.help: list[Help] = []
        self.touches: list[Touch] = []
        self.purchases: dict[str, list[tuple[int, float]]] = {}

    def effects(self) -> TrueEffects:
        """Average effects of this run, each beside its value for ever more persons."""
        self.settle_purchases()
        done = [one for one in self.deliveries if one.outcome]
        late = [one for one in done if one.is_late]
        planted = self.planted
        holds = fmean(one.would_hold for one in late) if late else 1.0
        told = holds * planted.told_first + (1 - holds) * planted.new_date_broken_too
        return TrueEffects(
            broken=size(done, lambda one: one.score_broken - one.score_kept, planted.broken),
            broken_of_broken=size(late, lambda one: one.score_broken - one.score_kept, planted.broken),
            told_first=size(late, lambda one: one.score_told - one.score_broken, told),
            last_quarter=size(self.visits, lambda one: one.score_last_quarter - one.score_else, planted.last_quarter),
            stores={
                store: size(
                    [one for one in self.visits if one.store_id == store],
                    lambda one: one.score,
                    of_store + planted.last_quarter * self.last_quarter_share,
                )
                for store, of_store in STORE_MEANS.items()
            },
            buys_again=size(done, lambda one: one.buys_again_broken - one.buys_again_kept, -fmean(self.lost_chances(done)) if done else 0.0),
            case_late=size([one for one in self.help if one.kind == "case" and one.done_at], lambda one: one.score_late - one.score_in_time, planted.case_late),
            refund_late=size(
                [one for one in self.help if one.kind == "return" and one.done_at], lambda one: one.score_late - one.score_in_time, planted.refund_late
            ),
        )

    def settle_purchases(self) -> None:
        """Whether each customer would buy again within 28 days, had the promise been kept, and had it not."""
        for one in self.deliveries:
            later = self.later_purchases(one)
            one.buys_again_kept = bool(later)
            one.buys_again_broken = any(dice >= self.planted.stays_away for dice in later)

    def later_purchases(self, one: Delivery) -> list[float]:
        """The dice of the visits to buy in the 28 days after it was due, whether made or stayed away from."""
        return [dice for at, dice in self.purchases.get(one.user_id, ()) if one.until_at < at <= one.until_at + REPEAT_DAYS * DAY]

    def lost_chances(self, done: list[Delivery]) -> list[float]:
        """The chance that every later visit to buy is stayed away from, where there is any."""
        counts = [len(self.later_purchases(one)) for one in done]
        return [self.planted.stays_away**count if count else 0.0 for count in counts]

    def to_data(self) -> dict[str, object]:
        """All of it as JSON can carry it."""
        effects = to_builtins(self.effects())
        return {
            "effects": effects,
            "means": {outcome: delivery_mean(self.planted, outcome) for outcome in ("kept", "exceeded", "late", "told", "told_broken")},
            "deliveries": to_builtins(self.deliveries),
            "visits": to_builtins(self.visits),
            "help": to_builtins(self.help),
            "touches": to_builtins(self.touches),
        }


def size(units: Iterable[Unit], of: Callable[[Unit], float], large_sample: float) -> Size:
    """The average over the units."""
    values = [of(one) for one in units]
    return Size(fmean(values) if values else None, large_sample, len(values))
