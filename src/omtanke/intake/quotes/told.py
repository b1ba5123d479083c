"""What was told of capacity, as the door knows it: read with the policy, and asked for each quote."""

from __future__ import annotations

from omtanke.engine.capacity import Calendar, Going, Units
from omtanke.engine.quote_policy import QuotePolicy, going_for, units_for
from omtanke.intake.representation import moment


class Told:
    """The calendar as of a place in the log, at which something was told last; 0 for never. `zone`: the shop's, IANA. For one thread."""

    def __init__(self, position: int, calendar: Calendar, zone: str) -> None:
        self.position = position
        self._calendar, self._zone = calendar, zone
        self._known: dict[Units, Going] = {}

    def units(self, policy: QuotePolicy, origin: str, service: str) -> Units:
        """Whose pace bears on what is asked."""
        return units_for(policy, self._calendar, origin, service) if self._calendar else Units()

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
