"""Why: what was said and what was not, each with its reason; who was let in nowhere, and what stood against it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakes.living import MAJA, Living
from omtanke import cli
from omtanke.playbook import shipped

SHOES = {"cart_id": "k1", "product_id": "shoes", "price": 1499}


@pytest.fixture
def shop(tmp_path: Path) -> Living:
    """A shop that remembers carts and compares with nobody."""
    plays = tmp_path / "shop" / "playbook" / "plays"
    plays.mkdir(parents=True)
    (plays / "remembered_cart.toml").write_text(shipped()["remembered_cart"].replace("holdout_percent = 10\n", ""), encoding="utf-8")
    living = Living(tmp_path / "shop", "2026-11-23 20:00")
    living.meet(MAJA)
    return living


def why(shop: Living, capsys: pytest.CaptureFixture[str], *more: str) -> list[str]:
    shop.close()
    assert cli.main(["why", f"{MAJA}@example.com", "--data", str(shop.folder.path), *more]) == 0
    return capsys.readouterr().out.splitlines()


def test_why_nothing_was_said_without_a_yes(shop: Living, capsys: pytest.CaptureFixture[str]) -> None:
    shop.hear(MAJA, "Product Added", **SHOES)
    shop.until("2026-11-24 09:00")
    said = why(shop, capsys, "--play", "remembered_cart")
    assert [line.split("  ", 2)[0] for line in said] == ["2026-11-23 21:00", "2026-11-23 21:00", "2026-11-24 08:00", "2026-11-24 08:00", "2026-11-24 08:00"]
    assert said[3].endswith("[not_given]; policy 1, fact 10, by message_due, cart_left") and "it needs a yes of the customer's" in said[3]


def test_why_a_play_did_not_begin(shop: Living, capsys: pytest.CaptureFixture[str]) -> None:
    shop.hear(MAJA, "Product Added", **SHOES)
    shop.until("2026-11-23 20:20")
    shop.hear(MAJA, "Receipt Issued", order_id="7", store_id="nordstan")
    shop.until("2026-11-24 09:00")
    (line,) = why(shop, capsys)
    assert "remembered_cart      not let in: something was bought after the cart had last been touched [bought_already]" in line


def test_why_of_somebody_of_whom_there_is_nothing(shop: Living, capsys: pytest.CaptureFixture[str]) -> None:
    shop.work()
    assert why(shop, capsys) == ["Nothing has happened that a play is about."]


def test_nobody_is_called_so(shop: Living, capsys: pytest.CaptureFixture[str]) -> None:
    shop.work()
    shop.close()
    assert cli.main(["why", "nobody@example.com", "--data", str(shop.folder.path)]) == 2
    assert "We know nobody called 'nobody@example.com'" in capsys.readouterr().err
