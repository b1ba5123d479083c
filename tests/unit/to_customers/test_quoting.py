"""The date that may be offered with a cart."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from omtanke.engine.capacity import Change
from omtanke.engine.policy import PolicyFaults, read_policy
from omtanke.engine.quote_policy import NO_QUOTES, QuotePolicy
from omtanke.folder import Folder
from omtanke.runtime.to_customers.quoting import quote_for, quotes_of
from omtanke.storage.statements import files
from omtanke.vocabulary.time import moment_of

STOCKHOLM = "Europe/Stockholm"
ORDINARY = (files("omtanke.engine") / "policy.toml").read_text(encoding="utf-8")
LANES = '[quotes]\ncut_off = "14.00"\ncountry = "SE"\nlanes.SE = [1, 2]\nlanes.FI = [2, 4]\n'
POLICY = QuotePolicy(14 * 60, "SE", {"SE": (1, 2), "FI": (2, 4)})


def at(text: str) -> int:
    return moment_of(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(STOCKHOLM)))


@pytest.mark.parametrize(
    ("now", "country", "order_by", "window"),
    [
        ("2026-11-25 08:00", "SE", "senast kl. 14 onsdag 25 november", "mellan torsdag 26 och fredag 27 november"),
        ("2026-11-25 14:00", "SE", "senast kl. 14 torsdag 26 november", "mellan fredag 27 och måndag 30 november"),
        ("2026-11-27 15:00", "", "senast kl. 14 måndag 30 november", "mellan tisdag 1 och onsdag 2 december"),
        ("2026-11-25 08:00", "FI", "senast kl. 14 onsdag 25 november", "mellan fredag 27 november och tisdag 1 december"),
        ("2026-12-23 15:00", "DE", "senast kl. 14 måndag 28 december", "mellan tisdag 29 och onsdag 30 december"),
    ],
)
def test_days_count_from_the_next_cut_off_that_can_be_met(now: str, country: str, order_by: str, window: str) -> None:
    quote = quote_for(POLICY, country, 7, at(now), STOCKHOLM)
    assert quote is not None
    said = quote.sayings("sv", at(now))
    assert (said["order_by"], said["window"], quote.why_not(at(now)), quote.why_not(quote.valid_until + 1) != "") == (order_by, window, "", True)


def test_nothing_is_offered_without_a_lane() -> None:
    assert quotes_of(ORDINARY) == NO_QUOTES and quotes_of(ORDINARY + LANES) == POLICY == read_policy(ORDINARY + LANES, 1).quotes
    assert quote_for(NO_QUOTES, "SE", 7, at("2026-11-25 08:00"), STOCKHOLM) is None
    assert quote_for(QuotePolicy(lanes={"SE": (1, 1)}), "NO", 7, at("2026-11-25 08:00"), STOCKHOLM) is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('cut_off = "25.00"', "quotes.cut_off: '25.00' is not a time of day"),
        ("lanes.SE = [2, 1]", "quotes.lanes.SE: [2, 1] is not two numbers of working days"),
        ("lanes.SE = [true, 1]", "quotes.lanes.SE: [True, 1] is not two numbers"),
        ("lanes.Sverige = [1, 2]", "quotes.lanes.Sverige: is not a country"),
        ('country = "NO"', "quotes.country: 'NO' has no lane"),
        ("lanes = 3", "quotes.lanes: is not a table"),
        ("days = 3", "quotes.days: is not known"),
        ("origin = 3", 'quotes.origin: 3 is not a name, or a list of names, as "lager-boras"'),
        ('carrier = ["DHL", ""]', "quotes.carrier: ['DHL', ''] is not a name, or a list of names"),
        ("spare = -1", "quotes.spare: -1 is not a number of per cent from 0 to 1000"),
        ("level = 95", "quotes.level: 95 is not a share from 0.5 to 0.99"),
        ("level = true", "quotes.level: True is not a share"),
        ("level = 0.9\ncost_day = 1\ncost_broken = 80", "quotes.level: stands beside costs"),
        ("cost_day = 1", "quotes.cost_broken: None is not a cost"),
        ("cost_day = 0\ncost_broken = 80", "quotes.cost_day: 0 is not a cost"),
        ("floor = 1\ncost_day = 1\ncost_broken = 80", "quotes.floor: 1 is not a share from 0.5 to 0.99"),
        ("floor = 0.8", "quotes.floor: stands without costs"),
        ("level = 0.9\nfloor = 0.8", "quotes.floor: stands without costs"),
        ("longest_days = 91", "quotes.longest_days: 91 is not a number of days from 1 to 90"),
    ],
)
def test_lane_that_is_none_is_named_with_the_way_out(line: str, said: str) -> None:
    with pytest.raises(PolicyFaults) as faults:
        read_policy(f"{ORDINARY}[quotes]\n{line}\n", 1)
    assert any(one.startswith(said) for one in faults.value.faults)


def test_costs_are_weighed_as_days() -> None:
    found = quotes_of(f"{ORDINARY}{LANES}cost_day = 0.5\ncost_broken = 40\nfloor = 0.85\nlongest_days = 20\n")
    assert (found.level, found.broken, found.floor, found.longest) == (0.0, 80.0, 0.85, 20)
    assert quotes_of(f"{ORDINARY}{LANES}level = 0.95\n").level == 0.95


def test_first_policy_offers_none(tmp_path: object) -> None:
    assert read_policy(Folder(tmp_path).policy_text(), 1).quotes == NO_QUOTES  # type: ignore[arg-type]


def test_a_message_says_the_day_at_the_pace_that_was_told() -> None:
    now = at("2026-11-25 08:00")
    slow = Change(1, "lager", "warehouse", 60, at("2026-11-25 00:00"), 0, "", now, 9)
    plain, later = (quote_for(POLICY, "SE", 7, now, STOCKHOLM, calendar) for calendar in ((), (slow,)))
    assert plain is not None and later is not None
    assert (plain.sayings("sv", now)["window"], later.sayings("sv", now)["window"]) == (
        "mellan torsdag 26 och fredag 27 november", "mellan fredag 27 och måndag 30 november"
    )  # fmt: skip


def test_whose_capacity_counts_stands_in_the_policy() -> None:
    written = quotes_of(ORDINARY + LANES + 'origin = "lager"\ncarrier = ["DHL", "Bring"]\nspare = 10\n')
    assert (written.origins, written.carriers, written.spare) == (("lager",), ("DHL", "Bring"), 10)
    assert (POLICY.origins, POLICY.carriers, POLICY.spare) == (None, None, 25)
