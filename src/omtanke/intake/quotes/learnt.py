"""Days that a learnt model says: whole days after the order, by the policy's level or costs. What is asked again is remembered."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from omtanke.engine.capacity import Calendar, Going, Units
from omtanke.engine.quote_policy import QuotePolicy, grounds, is_fresh, is_of_use
from omtanke.intake.http import Fault, fault
from omtanke.intake.quotes.told import Told
from omtanke.runtime.working_days import is_working_day
from omtanke.vocabulary.time import day_number, numbered_day

if TYPE_CHECKING:
    from omtanke.learning.delivery.keeping import Kept

LEARN = "omtanke learn delivery"
MOST_KEPT = 5_000
# Where a remark says that it is so slow that no day is said.
TOO_SLOW = "quotes.origin"


class Days(Struct, frozen=True):
    """The first and last day of a window, and the chance that it is kept. `model`: its version; `learnt_until`: the day whose beginning it knows up to;
    `because`: what was told of capacity and bears on it."""

    first: date
    last: date
    sure: float
    model: int
    learnt_until: date
    region: str
    because: Calendar = ()


class Learnt:
    """The newest model of a data folder, and what has been asked of it."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._kept: Kept | None = None
        self._known: dict[tuple[Any, ...], Days | None] = {}

    def look(self, policy: QuotePolicy) -> None:
        """Read the newest model if there is a newer one. It is loaded for a shop that quotes by it, and for no other. Raises CannotDo."""
        if not policy.asks_model:
            return
        from omtanke.learning.delivery import keeping  # arrays are thirty megabytes

        version = max(keeping.versions(self._data), default=0)
        if version != (self._kept.version if self._kept else 0):
            self._kept, self._known = keeping.newest(self._data), {}

    def days(self, policy: QuotePolicy, placed: date, region: str, units: Units, told: Told) -> tuple[Days | None, list[Fault]]:
        """The days for an order placed on a day, by those who handle and carry it; None, and why, where the table has to say them."""
        if not policy.asks_model:
            return None, []
        if self._kept is None:
            return None, [fault("quotes.level", "", f"nothing has been learnt yet, so the table says the days; {LEARN}")]
        learnt_until = numbered_day(self._kept.model.day)
        if not is_fresh(learnt_until, placed):
            rule = f"the model knows the days up to {learnt_until}, which is too long ago for {placed}; the table says the days. {LEARN}, each night"
            return None, [fault("quotes.level", f"model {self._kept.version}", rule)]
        region = region if region in self._kept.model.labels["region"] else ""
        key = (policy.level, policy.broken, policy.floor, policy.spare, policy.country, placed, region, told.position, units)
        if key not in self._known:
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            self._known[key] = reckoned(self._kept, policy, placed, region, told.going(units))
        found = self._known[key]
        if found is not None and is_of_use(policy, placed, found.last):
            return found, []
        if units != Units() and self._ordinary(policy, placed, region, told):
            return None, [fault(TOO_SLOW, "", f"no window of at most {policy.longest} days is kept so often at the pace that was told, so no day is said")]
        return None, [fault("destination.region", region, f"no window of at most {policy.longest} days is kept so often; the table says the days")]

    def _ordinary(self, policy: QuotePolicy, placed: date, region: str, told: Told) -> bool:
        """Whether a day would be said if nothing were told; a table that knows less must not say an earlier one."""
        return self.days(policy, placed, region, Units(), told)[0] is not None


def reckoned(kept: Kept, policy: QuotePolicy, placed: date, region: str, going: Going) -> Days | None:
    """The window by the policy; None where the chance that is asked for is never reached."""
    from omtanke.learning.delivery.model import corrected, distribution, features_of
    from omtanke.learning.delivery.quoting import cost, level
    from omtanke.learning.delivery.told import told_ahead

    def works(day: date) -> bool:
        return is_working_day(day, policy.country)

    told = told_ahead(going, day_number(placed), works, policy.spare)
    features = features_of(kept.model, {"region": region})
    chances = distribution(kept.model, day_number(placed), features, told=told)
    if policy.level:
        window = level(corrected(kept.model, features, chances)[0], policy.level)
    else:
        window = cost(chances[0], 1.0, policy.broken, policy.floor)
    if not window.reached:
        return None
    first, last = (placed + timedelta(days=days) for days in (window.first, window.last))
    because = grounds(placed, last, last, works, works, policy.spare, going)
    return Days(first, last, window.sure, kept.version, numbered_day(kept.model.day), region, because)
