"""Those who work here, by the numbers that staff acts carry."""

from __future__ import annotations

from functools import cached_property

from omtanke.web.accounts.models import Staff


class StaffNames:
    """Names by number, read once, when the first is asked for. Somebody whose account is closed keeps their name."""

    def __call__(self, number: int) -> str:
        return self._known.get(number, "")

    @cached_property
    def _known(self) -> dict[int, str]:
        return {number: name or email for number, name, email in Staff.objects.values_list("id", "name", "email")}
