"""The words of an offered day, as a product page and a cart say them: with the time that is left to order."""

from __future__ import annotations

from omtanke.messages.days import Days
from omtanke.vocabulary.time import DAY, HOUR, MINUTE, zone_named

OFFER = {"sv": "Hos dig {window} om du beställer {by}", "en": "With you {window} if you order {by}"}
LEFT = {"sv": "inom {}", "en": "within {}"}
NOW = {"sv": "nu", "en": "now"}
HOURS = {"sv": "{} tim", "en": "{} h"}
MINUTES = {"sv": "{} min", "en": "{} min"}


def offer_words(language: str, zone: str, from_at: int, until_at: int, valid_until: int, order_zone: str, at: int) -> str:
    """“Hos dig torsdag 26 november om du beställer inom 2 tim 14 min”, said at a moment. Moments in UTC microseconds.

    `zone` is the customer's, in which the days are meant; `order_zone` the shop's, in which the last moment to order is said when it is more than a day away.
    """
    window = Days(language, zone_named(zone), at).window(from_at, until_at)
    return OFFER[language].format(window=window, by=time_left(language, valid_until, order_zone, at))


def time_left(language: str, valid_until: int, order_zone: str, at: int) -> str:
    """The time that is left, by whole minutes that have not begun; the moment itself when it is more than a day away."""
    left = valid_until - at
    if left >= DAY:
        return Days(language, zone_named(order_zone), at).window(0, valid_until)
    hours, minutes = divmod(left // MINUTE, HOUR // MINUTE)
    parts = [form[language].format(number) for form, number in ((HOURS, hours), (MINUTES, minutes)) if number > 0]
    return LEFT[language].format(" ".join(parts)) if parts else NOW[language]
