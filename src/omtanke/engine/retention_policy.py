"""How long history is kept. A part of the policy; what it says nothing of is kept for ever."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

MOST_MONTHS = 1_200
KEYS = ("texts_months", "history_months", "customers_months")


class RetentionPolicy(Struct, frozen=True):
    """Calendar months, 0 for ever. texts_months: words, addresses and numbers as written. history_months: the facts themselves.
    customers_months: those who have not been heard of, and to whom nothing is owed."""

    texts_months: int = 0
    history_months: int = 0
    customers_months: int = 0

    @property
    def says_anything(self) -> bool:
        """Whether anything leaves by it."""
        return bool(self.texts_months or self.history_months or self.customers_months)


ORDINARY_RETENTION = RetentionPolicy()


def read_retention(table: object, faults: list[str]) -> RetentionPolicy:
    """The table `retention`. Adds to `faults`."""
    if not isinstance(table, dict):
        faults.append("retention: is not a table")
        return ORDINARY_RETENTION
    faults += [f"retention.{name}: is not known; the table has {', '.join(KEYS)}" for name in table if name not in KEYS]
    return RetentionPolicy(*(_months(table, name, faults) for name in KEYS))


def _months(table: dict[str, Any], name: str, faults: list[str]) -> int:
    value = table.get(name, 0)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_MONTHS:
        return value
    faults.append(f"retention.{name}: {value!r} is not a whole number of months from 0 (for ever) to {MOST_MONTHS}")
    return 0
