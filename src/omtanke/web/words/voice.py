"""Numbers, moments and windows as they are said: by language, in the shop's zone, seen from now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import phonenumbers
from babel.dates import format_date, get_timezone_location
from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from omtanke.messages.amounts import amount
from omtanke.vocabulary.time import DAY, HOUR, MINUTE, SECOND, datetime_of, local_date, zone_named

NEAR_DAYS = 6
HARD = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
BYTES_IN_UNIT = 1000
YEAR_DAYS = 365


def nameless(staff: int) -> str:
    """The name of somebody who works here, where nobody knows it."""
    return ""


class Voice:
    """How things are said to one reader. `now` in UTC microseconds; `staff_name`: those who work here by their numbers, empty when unknown."""

    def __init__(
        self, language: str, zone: ZoneInfo, now: int, currency: str = "SEK", country: str = "SE", staff_name: Callable[[int], str] = nameless
    ) -> None:
        self.language = language
        self.locale = "sv_SE" if language == "sv" else "en_GB"
        self.zone = zone
        self.now = now
        self.currency = currency
        self.country = country
        self.staff_name = staff_name

    def of(self, zone: str) -> Voice:
        """The same voice in another zone: a window is said in the days of the one it was promised to."""
        return Voice(self.language, zone_named(zone), self.now, self.currency, self.country, self.staff_name) if zone and zone != self.zone.key else self

    # Numbers

    def number(self, value: float, decimals: int = 0) -> str:
        """2 340; 4,26."""
        return str(format_decimal(value, "#,##0" + ("." + "0" * decimals if decimals else ""), locale=self.locale))

    def percent(self, share: float, decimals: int = 1) -> str:
        """96,2 %."""
        sign = f"{HARD}%" if self.language == "sv" else "%"
        return self.number(share * 100, decimals) + sign

    def interval(self, low: float, high: float, decimals: int = 1, scale: float = 100) -> str:
        """95,6–96,7."""
        return f"{self.number(low * scale, decimals)}–{self.number(high * scale, decimals)}"

    def change(self, difference: float, decimals: int = 1) -> str:
        """+0,8; −2; ±0."""
        text = self.number(abs(difference), decimals)
        if not float(round(abs(difference), decimals)):
            return "±" + self.number(0)
        return ("+" if difference > 0 else MINUS) + text

    def money(self, minor: int, currency: str = "") -> str:
        """2 340 kr; 149,50 kr; SEK 2,340 in English. Small coins only where there are any."""
        return amount(minor, currency or self.currency, self.language)

    def phone(self, number: str) -> str:
        """070-174 06 05 in the shop's own country, +47 22 12 34 56 from another; what is no number as written."""
        try:
            known = phonenumbers.parse(number, self.country)
        except phonenumbers.NumberParseException:
            return number
        is_ours = phonenumbers.country_code_for_region(self.country) == known.country_code
        form = phonenumbers.PhoneNumberFormat.NATIONAL if is_ours else phonenumbers.PhoneNumberFormat.INTERNATIONAL
        return str(phonenumbers.format_number(known, form)).replace(" ", HARD)

    def size(self, count: int) -> str:
        """12 MB."""
        value, unit = float(count), "B"
        for unit in ("B", "kB", "MB", "GB", "TB"):
            if value < BYTES_IN_UNIT or unit == "TB":
                break
            value /= BYTES_IN_UNIT
        return f"{self.number(value, 1 if value < 10 and unit != 'B' else 0)}{HARD}{unit}"

    # Moments

    def at(self, moment: int) -> datetime:
        return datetime_of(moment, self.zone)

    @property
    def today(self) -> date:
        return local_date(self.now, self.zone)

    def clock(self, moment: int) -> str:
        """09.14 in Swedish, 09:14 in English."""
        return f"{self.at(moment):%H.%M}" if self.language == "sv" else f"{self.at(moment):%H:%M}"

    def hour(self, moment: int) -> str:
        """17 in Swedish, or 17.30 when it is not a full hour; always 17:00 in English, where a bare 17 is no time."""
        return str(self.at(moment).hour) if self.language == "sv" and self.at(moment).minute == 0 else self.clock(moment)

    def at_hour(self, moment: int) -> str:
        """kl. 17: an hour that stands alone, so that it is not taken for a day or a date."""
        return pgettext("an hour", "%(hour)s") % {"hour": self.hour(moment)}

    def dated(self, day: date, with_year: bool | None = None) -> str:
        """21 november, with the year when it is not this one."""
        is_far = abs((day - self.today).days) > YEAR_DAYS / 2 and day.year != self.today.year
        return str(format_date(day, "d MMMM y" if (is_far if with_year is None else with_year) else "d MMMM", locale=self.locale))

    def month(self, day: date) -> str:
        """november 2026."""
        return str(format_date(day, "LLLL y", locale=self.locale))

    def week_label(self, part: str) -> str:
        """16 november: the Monday of a week, written 2026-11-16 or 2026-W47."""
        return self.dated(self._monday(part))

    def week_code(self, part: str) -> str:
        """2026-W47, as it stands in addresses."""
        year, week, _weekday = self._monday(part).isocalendar()
        return f"{year}-W{week:02d}"

    def _monday(self, part: str) -> date:
        if "W" not in part:
            return date.fromisoformat(part)
        year, _dash, week = part.partition("-W")
        return date.fromisocalendar(int(year), int(week), 1)

    def weekday(self, day: date) -> str:
        return str(format_date(day, "EEEE", locale=self.locale))

    def weekday_short(self, day: date) -> str:
        return str(format_date(day, "EEE", locale=self.locale)).rstrip(".")[:3]

    def date_short(self, day: date) -> str:
        return str(format_date(day, "d MMM", locale=self.locale)).rstrip(".")

    def full_day(self, day: date, with_year: bool | None = None) -> str:
        """Lördag 21 november."""
        text = f"{self.weekday(day)} {self.dated(day, with_year)}"
        return text[0].upper() + text[1:]

    def day(self, day: date) -> str:
        """i dag, i går, i morgon, torsdag, 21 november."""
        away = (day - self.today).days
        match away:
            case 0:
                return _("today")
            case -1:
                return _("yesterday")
            case 1:
                return _("tomorrow")
        return self.weekday(day) if abs(away) <= NEAR_DAYS else self.dated(day)

    def moment(self, moment: int) -> str:
        """i dag 12.00, i går 16.20, onsdag 15.10, 21 november 09.14."""
        return f"{self.day(local_date(moment, self.zone))} {self.clock(moment)}"

    def exact(self, moment: int) -> str:
        """21 november 2026 09.14.05, for titles and tables of facts."""
        seconds = f"{self.at(moment):%S}"
        return f"{self.dated(local_date(moment, self.zone), with_year=True)} {self.clock(moment)}{'.' if self.language == 'sv' else ':'}{seconds}"

    def zone_name(self, zone: str) -> str:
        """Stockholm; São Paulo."""
        try:
            return str(get_timezone_location(zone, locale=self.locale, return_city=True))
        except LookupError:
            return zone

    def machine(self, moment: int) -> str:
        """For the datetime attribute."""
        return self.at(moment).isoformat(timespec="seconds")

    def span(self, length: int) -> str:
        """2 sekunder, 40 minuter, 3 timmar, 5 dagar: the largest unit of which there are two, rounded down."""
        length = max(0, length)
        if length < 2 * MINUTE:
            count = length // SECOND
            return ngettext("%(n)s second", "%(n)s seconds", count) % {"n": count}
        if length < 2 * HOUR:
            count = length // MINUTE
            return ngettext("%(n)s minute", "%(n)s minutes", count) % {"n": count}
        if length < 2 * DAY:
            count = length // HOUR
            return ngettext("%(n)s hour", "%(n)s hours", count) % {"n": count}
        count = length // DAY
        return ngettext("%(n)s day", "%(n)s days", count) % {"n": self.number(count)}

    # Windows

    def is_midnight(self, moment: int) -> bool:
        local = self.at(moment)
        return (local.hour, local.minute, local.second) == (0, 0, 0)

    def last_day(self, until: int) -> date:
        """The day on which a window ends; 24.00 belongs to the day it ends."""
        return local_date(until - 1, self.zone)

    def window(self, from_at: int, until_at: int) -> str:
        """torsdag till fredag · 28–29 juli · senast fredag · i dag 17–19 · senast i dag kl. 13."""
        last = self.last_day(until_at)
        if self.is_midnight(until_at):
            if not from_at:
                return _("by %(day)s") % {"day": self.day(last)}
            first = local_date(from_at, self.zone)
            return self.day(first) if first == last else self.days(first, last)
        if not from_at:
            return _("by %(clock)s %(day)s") % {"day": self.day(last), "clock": self.hour(until_at)}
        first = local_date(from_at, self.zone)
        if first == last:
            return f"{self.day(first)} {self.hour(from_at)}–{self.hour(until_at)}"
        return _("%(first)s to %(last)s") % {"first": self.moment(from_at), "last": self.moment(until_at)}

    def days(self, first: date, last: date) -> str:
        """torsdag till fredag; 28–29 juli; 30 juli till 2 augusti."""
        if max(abs((first - self.today).days), abs((last - self.today).days)) <= NEAR_DAYS:
            return _("%(first)s to %(last)s") % {"first": self.weekday(first), "last": self.weekday(last)}
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}–{self.dated(last)}"
        return _("%(first)s to %(last)s") % {"first": self.dated(first), "last": self.dated(last)}
