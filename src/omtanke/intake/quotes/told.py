"""What was told of capacity, as the door knows it: read with the policy, and asked for each quote."""

from __future__ import annotations

from omtanke.engine.capacity import Calendar, Going, Units
from omtanke.engine.quote_policy import QuotePolicy, going_for, units_for
from omtanke.intake.representation import moment

# No unit that was told of has this name, for none is blank: whoever asks names one of which nothing was told.
ELSEWHERE = " "


class Told:
    """The calendar as of a place in the log, at which something was told last; 0 for never. `zone`: the shop's, IANA. For one thread."""

    def __init__(self, position: int, calendar: Calendar, zone: str) -> None:
        self.position = position
        self._calendar, self._zone = calendar, zone
        self._names = {change.name for change in calendar}
        self._known: dict[Units, Going] = {}
        self._units: dict[tuple[tuple[str, ...] | None, tuple[str, ...] | None, str, str], Units] = {}

    def units(self, policy: QuotePolicy, origin: str, service: str) -> Units:
        """Whose pace bears on what is asked."""
        if not self._calendar:
            return Units()
        origin, service = origin if not origin or origin in self._names else ELSEWHERE, service if service in (*self._names, *(policy.carriers or ())) else ""
        key = (policy.origins, policy.carriers, origin, service)
        if key not in self._units:
            self._units[key] = units_for(policy, self._calendar, origin, service)
        return self._units[key]

    def going(self, units: Units) -> Going:
        """How fast they go. What has been reckoned of their days is remembered."""
        if units not in self._known:
            self._known[units] = going_for(self._calendar, units, self._zone)
        return self._known[units]


def changes_said(because: Calendar) -> list[dict[str, object]]:
    """What was told and bears on a quote, as it is answered."""
    return [
        {
            "unit": change.name or None,
            "pace_percent": change.pace,
            "from": moment(change.from_at),
            "until": moment(change.until_at) if change.until_at else None,
            "reason": change.why or None,
        }
        for change in because
    ]
