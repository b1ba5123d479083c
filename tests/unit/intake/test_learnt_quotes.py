"""Days that a learnt model says at the door: how sure they are, that they stay, and when the table says them after all."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from fakes.delivery_shops import FIRST, NO_DAYS_OFF, shop
from fakes.quoting import KEYS, VERSION, Policy, answered, quoting
from omtanke.engine.capacity import Change
from omtanke.intake.openapi import document
from omtanke.intake.quotes.answering import OLDEST, Quoting
from omtanke.learning.delivery.keeping import keep
from omtanke.learning.delivery.model import learn_delivery
from omtanke.runtime.quotes import opened
from omtanke.settings import Settings
from omtanke.vocabulary.time import DAY, HOUR

LANES = '[quotes]\ncountry = "SE"\nlanes.SE = [1, 2]\nlanes.FI = [2, 4]\n'
LEVEL = f"{LANES}level = 0.9\n"
TODAY = FIRST + 90
MORNING = TODAY * DAY + 9 * HOUR
SLOW = {"destination": {"country": "SE", "region": "S"}}
QUICK = {"destination": {"country": "SE", "region": "N"}}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop whose parcels take six days to the north and twelve to the south."""
    folder = tmp_path_factory.mktemp("learnt")
    count = 90 * 40
    transit = np.where(np.arange(count) % 2 == 0, 6.0, 12.0)
    keep(folder, learn_delivery(shop(90, 40, transit, until=TODAY), NO_DAYS_OFF, TODAY))
    return folder


def asked(data: Path, policy: str, body: dict[str, Any], now: int = MORNING) -> dict[str, Any]:
    return answered(quoting(policy, now, data), body)


def days(quote: dict[str, Any]) -> int:
    """From the day of the order to the last of the window."""
    return (date.fromisoformat(quote["last_day"]) - date(1970, 1, 1)).days - TODAY


def test_model_says_the_days_and_how_sure_they_are(data: Path) -> None:
    quote = asked(data, LEVEL, SLOW)
    assert quote["probability"] >= 0.9 and quote["remarks"] == []
    said = {"kind": "model", "model": 1, "policy": VERSION, "region": "S", "working_days": None, "is_wide": False, "unused": []}
    assert quote["rests_on"] | said == quote["rests_on"] and quote["rests_on"]["learnt_until"] == (date(1970, 1, 1) + timedelta(days=TODAY)).isoformat()
    offer = opened(KEYS, quote["id"])
    assert offer is not None and (offer.rests_on, offer.words) == ("model/1", quote["words"])
    assert quote["words"].endswith("om du beställer inom 13 tim")  # until the day is over


def test_slower_regions_get_later_days_and_an_unknown_one_lies_between(data: Path) -> None:
    quick, slow, anywhere = (days(asked(data, LEVEL, body)) for body in (QUICK, SLOW, {"destination": {"country": "SE", "region": "elsewhere"}}))
    assert quick + 3 < slow and quick < anywhere <= slow
    assert asked(data, LEVEL, {"destination": {"country": "SE", "region": "elsewhere"}})["rests_on"]["unused"] == ["destination.region"]


def test_surer_is_later(data: Path) -> None:
    lasts = [days(asked(data, f"{LANES}level = {level}\n", SLOW)) for level in (0.5, 0.8, 0.95)]
    assert lasts == sorted(lasts) and lasts[0] < lasts[2]
    cheap, dear = (days(asked(data, f"{LANES}cost_day = 1\ncost_broken = {cost}\n", SLOW)) for cost in (10, 200))
    assert cheap < dear


def test_cheapest_window_is_not_said_under_the_floor(data: Path) -> None:
    cheap = [asked(data, f"{LANES}cost_day = 1\ncost_broken = 10\n{floor}", SLOW) for floor in ("", "floor = 0.5\n", "floor = 0.9\n")]
    assert cheap[0]["probability"] < 0.5 <= cheap[1]["probability"] < 0.9 <= cheap[2]["probability"]
    assert days(cheap[0]) < days(cheap[1]) < days(cheap[2])
    dear = [days(asked(data, f"{LANES}cost_day = 1\ncost_broken = 200\n{floor}", SLOW)) for floor in ("", "floor = 0.9\n")]
    assert days(cheap[2]) < dear[0] == dear[1]


def test_day_stays_while_somebody_looks_about(data: Path) -> None:
    quotes = [asked(data, LEVEL, SLOW, MORNING + hours * HOUR) for hours in range(12)]
    assert len({(quote["from"], quote["until"], quote["valid_until"]) for quote in quotes}) == 1


@pytest.mark.parametrize(
    ("policy", "body", "later", "path", "said"),
    [
        (f"{LEVEL}longest_days = 5\n", SLOW, 0, "destination.region", "no window of at most 5 days is kept so often"),
        (LEVEL, SLOW, 15 * DAY, "quotes.level", "which is too long ago"),
        (LEVEL, SLOW, -DAY, "quotes.level", "which is too long ago"),
    ],
)
def test_table_says_the_days_where_the_model_cannot(data: Path, policy: str, body: dict[str, Any], later: int, path: str, said: str) -> None:
    quote = asked(data, policy, body, MORNING + later)
    assert (quote["rests_on"]["kind"], quote["probability"]) == ("table", None)
    assert [(one["path"], said in one["rule"]) for one in quote["remarks"]] == [(path, True)]


def test_nothing_has_been_learnt(tmp_path: Path) -> None:
    quote = asked(tmp_path, LEVEL, SLOW)
    assert (quote["rests_on"]["kind"], [one["path"] for one in quote["remarks"]]) == ("table", ["quotes.level"])


def test_model_that_cannot_be_read_leaves_the_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "models" / "delivery").mkdir(parents=True)
    (tmp_path / "models" / "delivery" / "0001.json").write_text("{", encoding="utf-8")
    assert asked(tmp_path, LEVEL, SLOW)["rests_on"]["kind"] == "table"
    assert "model_not_read" in capsys.readouterr().err


def test_without_level_or_costs_the_table_says_the_days(data: Path) -> None:
    quote = asked(data, LANES, SLOW)
    assert (quote["rests_on"]["kind"], quote["remarks"], quote["rests_on"]["unused"]) == ("table", [], ["destination.region"])


def test_what_cannot_be_understood_gets_the_wide_window_of_the_table(data: Path) -> None:
    quote = asked(data, LEVEL, {"destination": {"country": "SE", "region": ["S"]}})
    assert (quote["rests_on"]["kind"], quote["rests_on"]["is_wide"], quote["remarks"][0]["path"]) == ("table", True, "destination.region")


def test_newer_model_counts_soon(tmp_path: Path) -> None:
    keep(tmp_path, learn_delivery(shop(90, 40, 6.0, until=TODAY), NO_DAYS_OFF, TODAY))
    wall = [MORNING]
    quotes = Quoting(Policy(LEVEL), Settings(), lambda: MORNING, lambda: wall[-1], tmp_path)
    first = answered(quotes, SLOW)
    keep(tmp_path, learn_delivery(shop(90, 40, 12.0, until=TODAY), NO_DAYS_OFF, TODAY))
    at_once = answered(quotes, SLOW)
    wall.append(MORNING + OLDEST)
    then = answered(quotes, SLOW)
    assert [quote["rests_on"]["model"] for quote in (first, at_once, then)] == [1, 1, 2]
    assert days(first) == days(at_once) < days(then)


def test_answers_have_the_documented_shape(data: Path) -> None:
    shape = Draft202012Validator({"$ref": "#/components/schemas/Quote", "components": document()["components"]})
    for body in (SLOW, QUICK, {}, {"destination": {"country": "XX"}}):
        shape.validate(asked(data, LEVEL, body))


def test_window_that_is_remembered_does_not_outlive_what_is_told_of_capacity(data: Path) -> None:
    wall, policy = [MORNING], Policy(LEVEL)
    quotes = Quoting(policy, Settings(), lambda: MORNING, lambda: wall[-1], data)
    plain = answered(quotes, SLOW)
    policy.known.calendar = (Change(4, "DHL", "carrier", 80, MORNING, 0, "strike", MORNING, 77),)
    wall.append(MORNING + OLDEST)
    slow = answered(quotes, SLOW)
    policy.known.calendar += (Change(4, "DHL", "carrier", 100, MORNING, 0, "", MORNING, 78),)
    wall.append(MORNING + 2 * OLDEST)
    again = answered(quotes, SLOW)
    assert days(slow) > days(plain) + 3 and days(again) == days(plain)
    assert [[(one["unit"], one["pace_percent"]) for one in quote["rests_on"]["capacity"]] for quote in (plain, slow, again)] == [[], [("DHL", 80)], []]
    offer = opened(KEYS, slow["id"])
    assert offer is not None and offer.rests_on == "model/1/capacity/77"
    Draft202012Validator({"$ref": "#/components/schemas/Quote", "components": document()["components"]}).validate(slow)


def test_other_carriers_and_origins_are_left_alone(data: Path) -> None:
    policy = Policy(f'{LEVEL}carrier = ["PostNord"]\norigin = "lager"\n')
    quotes = Quoting(policy, Settings(), lambda: MORNING, lambda: MORNING, data)
    policy.known.calendar = (
        Change(4, "DHL", "carrier", 0, MORNING, 0, "", MORNING, 77),
        Change(5, "other", "warehouse", 0, MORNING, 0, "", MORNING, 78),
        Change(6, "nordstan", "store", 0, MORNING, MORNING + 6 * DAY, "", MORNING, 79),
    )
    plain, of_store = answered(quotes, SLOW), answered(quotes, SLOW | {"origin": "nordstan"})
    assert plain["rests_on"]["capacity"] == [] and days(of_store) > days(plain) + 2
    assert answered(quotes, SLOW | {"service": "DHL"})["id"] is None


def test_slower_is_never_earlier_also_where_the_model_has_no_day_any_more(data: Path) -> None:
    policy, found = Policy(LEVEL), []
    for pace in range(100, 0, -10):
        policy.known.calendar = (Change(4, "DHL", "carrier", pace, MORNING, 0, "", MORNING, 100 + pace),)
        quote = answered(Quoting(policy, Settings(), lambda: MORNING, lambda: MORNING, data), SLOW)
        found.append(days(quote) if quote["id"] else 999)
    assert found == sorted(found) and found[0] < found[2] < 999 == found[-1]


def test_while_nothing_goes_no_day_is_said(data: Path) -> None:
    policy = Policy(LEVEL)
    policy.known.calendar = (Change(5, "lager", "", 0, MORNING, 0, "", MORNING, 78),)
    quote = answered(Quoting(policy, Settings(), lambda: MORNING, lambda: MORNING, data), SLOW)
    assert (quote["id"], quote["words"], [one["path"] for one in quote["remarks"]]) == (None, None, ["quotes.origin"])
