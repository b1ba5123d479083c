"""Rows of plays and messages in a folder: found for what was told before there were any, checked, kept through links, condensing and erasure."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakes.living import ERIK, MAJA, Living
from omtanke.bootstrap import check_folder
from omtanke.playbook import shipped
from omtanke.runtime.own_sources import CONSOLE, OwnSource
from omtanke.storage.play_rows import PlayRows
from omtanke.vocabulary.erasure import ErasureRequested

SHOES = {"cart_id": "k1", "product_id": "shoes", "price": 1499}


@pytest.fixture
def shop(tmp_path: Path) -> Living:
    """Two carts have been left; nobody has said yes to marketing."""
    plays = tmp_path / "shop" / "playbook" / "plays"
    plays.mkdir(parents=True)
    (plays / "remembered_cart.toml").write_text(shipped()["remembered_cart"].replace("holdout_percent = 10\n", ""), encoding="utf-8")
    living = Living(tmp_path / "shop", "2026-11-23 20:00")
    for user in (MAJA, ERIK):
        living.meet(user)
        living.hear(user, "Product Added", **SHOES | {"cart_id": f"k-{user}"})
    living.until("2026-11-23 22:00")
    return living


def rows(shop: Living) -> PlayRows:
    return shop.log.play_rows_of([customer for _, customers in shop.log.clusters() for customer in customers])


def test_what_was_told_before_there_were_rows_is_found(shop: Living) -> None:
    shop.until("2026-11-24 09:00")
    known = rows(shop)
    for statement in ("DELETE FROM play_run", "DELETE FROM play_message", "DELETE FROM meta WHERE name = 'plays_found'"):
        shop.log.connection.execute(statement)
    assert (rows(shop), len(known.runs), len(known.messages)) == (PlayRows({}, {}), 2, 2)
    shop.log.catch_up()
    assert rows(shop) == known


def test_check_says_when_a_row_differs(shop: Living) -> None:
    shop.log.connection.execute("UPDATE play_run SET step = step + 1")
    (*_, checked) = check_folder(shop.folder.path)
    assert {one.what for one in checked.differences} == {"the plays and messages shown on pages differ from the facts"}


def test_rows_go_with_their_customer_when_two_are_one_person_and_when_they_are_parted(shop: Living) -> None:
    before = {row.run: row.customer for row in rows(shop).runs.values()}
    shop.tell_of(MAJA, {"email": f"{ERIK}@example.com"})
    shop.until("2026-11-24 09:00")
    assert {row.run: row.customer for row in rows(shop).runs.values()} == before
    assert check_folder_is_clean(shop)


def test_erased_customer_leaves_rows_with_nothing_of_them(shop: Living) -> None:
    maja = min(row.customer for row in rows(shop).runs.values())
    source = OwnSource(shop.inbox, CONSOLE, "Europe/Stockholm", "SEK", shop.clock)
    source.put(ErasureRequested, "forget", maja, {"staff": 1})
    shop.work()
    (gone,) = (row for row in rows(shop).runs.values() if row.reason == "erased")
    assert shop.log.is_erased(gone.customer) and check_folder_is_clean(shop)


def check_folder_is_clean(shop: Living) -> bool:
    (*_, checked) = check_folder(shop.folder.path)
    return not checked.differences
