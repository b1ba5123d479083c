"""Windows and moments as a message says them: by weekday and date, never by “tomorrow”, for it is read another day than it was written."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date

from omtanke.messages.languages import LOCALES
from omtanke.vocabulary.time import datetime_of, local_date

BY = {"sv": "senast {}", "en": "by {}"}
ON = {"sv": "{}", "en": "on {}"}
BETWEEN = {"sv": "mellan {} och {}", "en": "between {} and {}"}
CLOCK = {"sv": "kl. {}", "en": "{}"}
JOINED = {"sv": "{} {}", "en": "{} on {}"}


@lru_cache(maxsize=4096)
def said(day: date, pattern: str, language: str) -> str:
    """A day by a pattern of CLDR."""
    return str(format_date(day, pattern, locale=LOCALES[language]))


class Days:
    """How days are said in one language and zone. `until` counts as inside a window; 24.00 belongs to the day that it ends."""

    def __init__(self, language: str, zone: ZoneInfo, now: int) -> None:
        self._language = language
        self._zone = zone
        self._today = local_date(now, zone)

    def to_come(self, from_at: int) -> int:
        """The beginning of a window, 0 when its day is over: nobody is told to wait for a day that has been."""
        return from_at if from_at and self._first_day(from_at) >= self._today else 0

    def window(self, from_at: int, until_at: int) -> str:
        """To stand after a verb: (it comes) by Friday 28 November; between 17:00 and 19:00 on Friday 28 November. `from_at` 0: only an end."""
        last = self._last_day(until_at)
        if self._is_midnight(until_at):
            return self._of_days(self._first_day(from_at) if from_at else None, last)
        if not from_at:
            return BY[self._language].format(self._joined(self._clock(until_at), last))
        if self._first_day(from_at) == last:
            hours = BETWEEN[self._language].format(self._clock(from_at), self._hour(until_at))
            return self._joined(hours, last)
        return BETWEEN[self._language].format(self.moment(from_at), self.moment(until_at))

    def dates(self, from_at: int, until_at: int) -> str:
        """To stand alone, in a heading: Friday 28 November; 27–28 November; Friday 28 November, 17:00–19:00."""
        last = self._last_day(until_at)
        first = self._first_day(from_at)
        if not from_at or not self._is_midnight(until_at) and first != last:
            return self.window(from_at, until_at)
        if not self._is_midnight(until_at):
            return f"{self.day(last)}, {self._hour(from_at)}–{self._hour(until_at)}"
        if first == last:
            return self.day(last)
        is_month = (first.year, first.month) == (last.year, last.month)
        return f"{first.day}–{self._dated(last)}" if is_month else f"{self._dated(first)} – {self._dated(last)}"

    def moment(self, at: int) -> str:
        """kl. 14 fredag 28 november; 14:00 on Friday 28 November. Midnight ends its day."""
        return self.day(self._last_day(at)) if self._is_midnight(at) else self._joined(self._clock(at), self._last_day(at))

    def day(self, day: date) -> str:
        """Friday 28 November, with the year when it is another."""
        return f"{self._weekday(day)} {self._dated(day)}"

    def _of_days(self, first: date | None, last: date) -> str:
        if first is None:
            return BY[self._language].format(self.day(last))
        if first == last:
            return ON[self._language].format(self.day(last))
        is_month = (first.year, first.month) == (last.year, last.month)
        begin = f"{self._weekday(first)} {first.day}" if is_month else self.day(first)
        return BETWEEN[self._language].format(begin, self.day(last))

    def _weekday(self, day: date) -> str:
        return said(day, "EEEE", self._language)

    def _dated(self, day: date) -> str:
        return said(day, "d MMMM" if day.year == self._today.year else "d MMMM y", self._language)

    def _joined(self, hours: str, day: date) -> str:
        return JOINED[self._language].format(hours, self.day(day))

    def _clock(self, at: int) -> str:
        return CLOCK[self._language].format(self._hour(at))

    def _hour(self, at: int) -> str:
        """17 in Swedish, 17.30 when it is not a full hour; always 17:00 in English."""
        local = datetime_of(at, self._zone)
        if self._language == "sv":
            return f"{local:%H.%M}" if local.minute else str(local.hour)
        return f"{local:%H:%M}"

    def _is_midnight(self, at: int) -> bool:
        local = datetime_of(at, self._zone)
        return (local.hour, local.minute, local.second) == (0, 0, 0)

    def _first_day(self, from_at: int) -> date:
        return local_date(from_at, self._zone)

    def _last_day(self, until_at: int) -> date:
        return local_date(until_at - 1, self._zone)
