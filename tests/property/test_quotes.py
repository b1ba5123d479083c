"""Whatever is asked, a day is said: a window that can be, and words that name its last day."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from fakes.quoting import KEYS, answered, quoting
from omtanke.messages.days import Days
from omtanke.runtime.quotes import opened
from omtanke.vocabulary.time import DAY, moment_of, zone_named

POLICY = '[quotes]\ncut_off = "14.00"\ncountry = "SE"\nlanes.SE = [1, 2]\nlanes.FI = [2, 4]\nlanes.NO = [0, 0]\nlanes.DE = [3, 90]\n'
# The longest lane twice over is 90 working days; no country keeps more than half of its days off.
LONGEST = 200 * DAY
FIRST, LAST = (int(datetime(year, 1, 1, tzinfo=ZoneInfo("UTC")).timestamp()) * 1_000_000 for year in (2020, 2035))

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
COUNTRIES = st.sampled_from(["SE", "FI", "no", "DE", "US", "XX", "", "Sverige"]) | JSON
ASKED = st.fixed_dictionaries(
    {},
    optional={
        "items": st.lists(st.fixed_dictionaries({}, optional={"quantity": JSON, "weight": st.floats(allow_nan=False) | JSON}), max_size=3) | JSON,
        "destination": st.fixed_dictionaries({}, optional={"country": COUNTRIES, "postal_code": st.sampled_from(["111 22", "00100", "x"]) | JSON}) | JSON,
        "origin": JSON,
        "service": JSON,
        "moment": st.datetimes(datetime(2019, 1, 1), datetime(2036, 1, 1)).map(str) | JSON,
        "language": st.sampled_from(["sv", "en", "en-GB", "fi"]) | JSON,
        "timezone": st.sampled_from(["Europe/Helsinki", "Pacific/Apia", "America/Los_Angeles"]) | JSON,
        "customer": JSON,
    },
)


def quote(body: dict[str, Any], now: int) -> dict[str, Any]:
    return answered(quoting(POLICY, now), body)


def read(text: str) -> int:
    return moment_of(datetime.fromisoformat(text))


@given(ASKED | st.dictionaries(st.text(), JSON), st.integers(FIRST, LAST))
@example({"destination": {"country": "SE", "postal_code": 11122}}, FIRST)
@example({"items": [{"weight": 10**400}], "customer": 10**400}, FIRST)
@example({"moment": "0001-01-01T00:00:00Z"}, FIRST)
def test_any_object_gets_a_window_that_can_be_and_words_for_it(body: dict[str, Any], now: int) -> None:
    said = quote(body, now)
    offer = opened(KEYS, said["id"])
    assert offer is not None
    assert now < offer.valid_until <= offer.asked_at + 30 * DAY
    assert offer.from_at < offer.until_at <= now + LONGEST + 90 * DAY and offer.from_at + DAY > now
    assert (read(said["from"]), read(said["until"]), read(said["valid_until"])) == (offer.from_at, offer.until_at, offer.valid_until)
    assert said["words"] == offer.words
    last_day = datetime.fromisoformat(said["last_day"]).date()
    assert Days(offer.language, zone_named(offer.zone), offer.asked_at).day(last_day) in said["words"]
    assert said["rests_on"]["is_wide"] or said["json_ld"]["shippingDestination"]["addressCountry"] == said["rests_on"]["country"]
    assert said["remarks"] or not said["rests_on"]["is_wide"]


@given(st.integers(FIRST, LAST), st.integers(0, 12 * 60))
def test_date_changes_at_the_cut_off_alone(now: int, minutes: int) -> None:
    first, later = quote({}, now), quote({}, now + minutes * 60_000_000)
    is_same = first["valid_until"] == later["valid_until"]
    assert is_same == (now + minutes * 60_000_000 < read(first["valid_until"]))
    assert ((first["from"], first["until"]) == (later["from"], later["until"])) == is_same
