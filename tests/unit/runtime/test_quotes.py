"""What was offered stands in the id of a quote, and nobody else can write one."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from omtanke.messages.languages import LANGUAGES
from omtanke.runtime.quotes import FIXED, POSITION, SURE, Offer, asked_at, id_of, opened, packed
from omtanke.storage.keys import Keys
from omtanke.vocabulary.fields import LONGEST_NUMBER
from omtanke.vocabulary.time import SECOND, day_ends_at, day_starts_at, moment_of

STOCKHOLM = ZoneInfo("Europe/Stockholm")
KEYS = Keys(b"k" * 32)


def at(text: str) -> int:
    return moment_of(datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM))


def offer(asked: str = "2026-11-25 11:46", language: str = "sv", first: str = "2026-11-26", last: str = "2026-11-26", by: str = "2026-11-25 14:00") -> Offer:
    return Offer(
        from_at=day_starts_at(date.fromisoformat(first), STOCKHOLM),
        until_at=day_ends_at(date.fromisoformat(last), STOCKHOLM),
        valid_until=at(by),
        asked_at=asked_at(at(asked)),
        language=language,
        zone="Europe/Stockholm",
        shop_zone="Europe/Stockholm",
        version=7,
    )


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (offer(), "Hos dig torsdag 26 november om du beställer inom 2 tim 14 min"),
        (offer(language="en"), "With you on Thursday 26 November if you order within 2 h 14 min"),
        (offer(last="2026-11-27"), "Hos dig mellan torsdag 26 och fredag 27 november om du beställer inom 2 tim 14 min"),
        (offer("2026-11-25 13:01:30"), "Hos dig torsdag 26 november om du beställer inom 58 min"),
        (offer("2026-11-25 12:00"), "Hos dig torsdag 26 november om du beställer inom 2 tim"),
        (offer("2026-11-25 13:59:20"), "Hos dig torsdag 26 november om du beställer nu"),
        (offer("2026-11-21 09:00"), "Hos dig torsdag 26 november om du beställer senast kl. 14 onsdag 25 november"),
        (offer("2026-11-21 09:00", "en"), "With you on Thursday 26 November if you order by 14:00 on Wednesday 25 November"),
        (
            offer("2026-12-30 09:00", first="2027-01-04", last="2027-01-05", by="2026-12-30 14:00"),
            "Hos dig mellan måndag 4 och tisdag 5 januari 2027 om du beställer inom 5 tim",
        ),
    ],
)
def test_words_say_the_day_and_the_time_that_is_left(said: Offer, words: str) -> None:
    assert said.words == words


def test_last_moment_is_said_as_the_clock_of_the_shop_shows_it() -> None:
    helsinki = replace(offer("2026-11-21 09:00"), zone="Europe/Helsinki")
    assert helsinki.words.endswith("senast kl. 14 onsdag 25 november")


MOMENTS = st.integers(0, 2**40 - 1).map(lambda seconds: seconds * SECOND)
ZONES = st.sampled_from(["Europe/Stockholm", "America/Argentina/ComodRivadavia", "Asia/Kathmandu"])
OFFERS = st.builds(
    Offer,
    from_at=MOMENTS,
    until_at=MOMENTS,
    valid_until=MOMENTS,
    asked_at=MOMENTS,
    language=st.sampled_from(LANGUAGES),
    zone=ZONES,
    shop_zone=ZONES,
    version=st.integers(0, 2**32 - 1),
    is_wide=st.booleans(),
    is_learnt=st.booleans(),
    capacity=st.just(0) | st.integers(1, 2**48 - 1),
    sure_permille=st.integers(0, 1000),
    nonce=st.binary(min_size=6, max_size=6),
)


@given(OFFERS)
def test_offer_comes_back_from_its_id(one: Offer) -> None:
    quote_id = id_of(KEYS, one)
    assert (opened(KEYS, quote_id), len(quote_id) <= LONGEST_NUMBER) == (one, True)
    assert opened(Keys(b"another" * 4), quote_id) is None


@given(OFFERS)
def test_id_from_before_it_said_how_sure_and_what_was_told_of_capacity_is_still_taken(one: Offer) -> None:
    payload = packed(one)
    former = bytes((1,)) + payload[1:FIXED] + payload[FIXED + SURE + POSITION :]
    quote_id = "omq_" + urlsafe_b64encode(former + KEYS.sign("quote", former)).decode().rstrip("=")
    assert opened(KEYS, quote_id) == replace(one, sure_permille=0, capacity=0)


@given(OFFERS, st.data())
def test_id_that_is_changed_opens_nothing_else(one: Offer, data: st.DataObject) -> None:
    quote_id = id_of(KEYS, one)
    place = data.draw(st.integers(0, len(quote_id) - 1))
    changed = quote_id[:place] + data.draw(st.sampled_from("AZaz09-_ å=")) + quote_id[place + 1 :]
    assert opened(KEYS, changed) in (None, one)


@given(st.text(max_size=220))
def test_text_that_is_no_id_opens_nothing(text: str) -> None:
    assert opened(KEYS, text) is None
    assert opened(KEYS, f"omq_{text}") is None


def test_link_of_a_customer_is_no_quote_although_the_key_is_the_same() -> None:
    from omtanke.runtime.customer_links import MY_PAGE, token_of

    assert opened(KEYS, "omq_" + token_of(KEYS, MY_PAGE, 7, at("2026-11-25 11:46"))) is None
