"""`omtanke learn delivery` and `omtanke backtest quotes` as somebody runs them, on a small shop of Olist's form."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from omtanke.bootstrap import import_olist_folder
from omtanke.cli import main
from omtanke.insight.deliveries import deliveries
from omtanke.intake.importers.olist import CUSTOMERS, ITEMS, ORDERS, PAYMENTS, PRODUCTS, SELLERS
from omtanke.intake.importers.ports import silent
from omtanke.learning.delivery.curves import FOLDER, newest
from omtanke.learning.delivery.numbered import numbers

FIRST = datetime(2017, 3, 1, 12)


def write(folder: Path, file: str, columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    (folder / file).write_text("\n".join(",".join(map(str, row)) for row in [columns, *rows]) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight orders a day for ninety days; each comes five to eight days later, one in forty never; the shop promises twenty days."""
    folder, data = tmp_path_factory.mktemp("olist"), tmp_path_factory.mktemp("data")
    orders: list[tuple[object, ...]] = []
    for at in range(720):
        bought = FIRST + timedelta(days=at // 8, minutes=at % 8)
        shipped, delivered = bought + timedelta(days=1 + at % 2), bought + timedelta(days=5 + at % 4)
        end = bought.date() + timedelta(days=20)
        came = at % 40 != 7
        orders.append((f"o{at}", f"c{at}", "delivered" if came else "shipped", bought, bought, shipped, delivered if came else "", f"{end} 00:00:00"))
    write(folder, ORDERS.file, ORDERS.columns, orders)
    write(folder, CUSTOMERS.file, CUSTOMERS.columns, [(f"c{at}", f"p{at}", "01000", "town", "SP" if at % 2 else "RJ") for at in range(720)])
    write(folder, ITEMS.file, ITEMS.columns, [(f"o{at}", 1, "p", f"s{at % 3}", "2017-03-09 00:00:00", "50.00", "12.50") for at in range(720)])
    write(folder, PAYMENTS.file, PAYMENTS.columns, [(f"o{at}", 1, "boleto", 1, "62.50") for at in range(720)])
    write(folder, PRODUCTS.file, PRODUCTS.columns, [("p", "beleza_saude")])
    write(folder, SELLERS.file, SELLERS.columns, [(f"s{at}", "01000", "town", "SP") for at in range(3)])
    import_olist_folder(data, folder, silent, dry_run=False, ended=True)
    return data


def said(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main([*words, "--format", "json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def quotes(data: Path, *more: str) -> list[str]:
    return ["backtest", "quotes", "--data", str(data), "--from", "2017-04-20", "--to", "2017-05-10", *more]


def test_what_is_read_from_the_log(data: Path) -> None:
    (first, *_) = deliveries(data, "America/Sao_Paulo").orders.to_pylist()
    placed = (date(2017, 3, 1) - date(1970, 1, 1)).days
    days = {"placed": placed, "shipped": placed + 1, "delivered": placed + 5, "cancelled": None, "promised": placed + 20}
    assert {name: first[name] for name in days} == days
    assert {name: first[name] for name in ("region", "country", "freight", "method")} == {"region": "RJ", "country": "BR", "freight": 1250, "method": "boleto"}


def test_learning_keeps_a_version_each_time(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = (said(capsys, "learn", "delivery", "--data", str(data)) for _ in range(2))
    assert (one["version"], other["version"], one["day"], one["orders"]) == (1, 2, "2017-05-30", 720)
    assert [region["region"] for region in one["regions"]] == ["RJ", "SP"]
    assert all(5 <= region["half"] <= 8 and region["half"] <= region["nine_of_ten"] <= 12 for region in one["regions"])
    assert sorted(path.name for path in (data / "models" / "delivery").iterdir()) == ["0001.json", "0002.json"]


def test_backtest_stands_beside_the_own_dates(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = said(capsys, *quotes(data))
    assert (found["orders"], round(found["own"]["kept"], 3), found["own"]["days"]) == (160, 0.975, 20.0)
    assert [policy["asked"] for policy in found["policies"]] == [0.8, 0.9, 0.95]
    assert all(policy["kept"] >= policy["asked"] - 0.02 and policy["days"] < 13 for policy in found["policies"])
    assert [month["orders"] for month in found["policies"][0]["months"]] == [88, 72]
    assert (len(found["cost_curve"]), [point["asked"] for point in found["level_curve"]]) == (60, [percent / 100 for percent in range(50, 100)])


def test_curves_are_kept_for_the_console_and_a_policy_alone_is_not(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = len(numbers(data / FOLDER))
    assert "version" not in said(capsys, *quotes(data, "--level", "0.9"))
    assert len(numbers(data / FOLDER)) == before
    whole = said(capsys, *quotes(data))
    kept = newest(data)
    assert kept is not None
    assert (kept.version, kept.made_on, kept.curves.first, kept.curves.end) == (whole["version"], "2017-05-30", "2017-04-20", "2017-05-10")
    assert kept.curves.own is not None
    assert (kept.curves.own_orders, round(kept.curves.own.kept, 3), len(kept.curves.level)) == (160, 0.975, 50)
    assert kept.curves.own.kept_low < 0.975 < kept.curves.own.kept_high


def test_without_days_it_is_the_ninety_whose_orders_have_come_or_are_lost(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backtest", "quotes", "--data", str(data)]) == 2
    assert "--from 2016-12-31 is not after the first order (2017-03-01)" in capsys.readouterr().err
    assert main(["backtest", "quotes", "--data", str(data), "--from", "2017-03-20", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["first"], found["end"], found["orders"]) == ("2017-03-20", "2017-03-31", 88)


def test_lost_orders_are_broken_and_weigh_less_in_a_sample(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = said(capsys, *quotes(data, "--cost-day", "1", "--cost-broken", "5000", "--delivered-weight", "4"))
    assert found["policies"][0]["kept"] == pytest.approx(156 * 4 / (156 * 4 + 4), abs=1e-6)
    assert "cost_curve" not in found


def test_text_names_months_and_regions(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(quotes(data, "--level", "0.9")) == 0
    text = capsys.readouterr().out
    assert "160 orders placed from 2017-04-20 until 2017-05-10" in text
    assert "The shop's own dates: 97.5% kept, 20.00 days." in text
    assert "  2017-04" in text
    assert "and 2 regions with fewer than 300 orders" in text


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (("--cost-day", "1"), "belong together"),
        (("--level", "0.9", "--cost-day", "1", "--cost-broken", "9"), "two policies"),
        (("--from", "2017-03-01"), "not after the first order"),
        (("--from", "2019-03-01", "--to", "2019-04-01"), "No orders were placed"),
    ],
)
def test_calls_that_cannot_be_answered_say_why(data: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], why: str) -> None:
    assert main(quotes(data, *more)) == 2
    assert why in capsys.readouterr().err


def test_folder_without_a_log_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["learn", "delivery", "--data", str(tmp_path)]) == 2
    assert "it has no log.db" in capsys.readouterr().err
