"""Plays: what is at work, who is where, who left and why; versions that people are under way on; and a shop without a playbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fakes.evening import LIV, Evening, an_evening
from fakes.living import Living
from omtanke.playbook import shipped
from omtanke.web.shop import Shop
from unit.web.customer_pages import heading, text_of
from unit.web.living_pages import over

if TYPE_CHECKING:
    from django.test import Client

Change = Callable[[Evening], None]


@pytest.fixture
def playing(here: Shop, tmp_path: Path) -> Iterator[Callable[[Change], None]]:
    """It is Tuesday evening: Liv has left a cart, and is reminded of it tomorrow at eight. What the test does comes before the pages are opened."""
    shop = an_evening(tmp_path)
    shop.until("2026-11-24 20:00")
    shop.hear(LIV, "Product Added", cart_id="korg-liv", product_id="U1", name="Umbra", price=99)
    shop.until("2026-11-24 21:30")
    opened = over(shop, here)

    def begin(change: Change) -> None:
        change(shop)
        opened.__enter__()

    yield begin
    opened.__exit__(None, None, None)


def nothing(shop: Evening) -> None:
    """As it is."""


def replay(shop: Evening, old: str, new: str) -> None:
    """The shop writes its play anew."""
    written = shop.folder.path / "playbook" / "plays" / "remembered_cart.toml"
    written.write_text(written.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    shop.restart()


def row(client: Client, name: str) -> str:
    (found,) = (part for part in client.get("/plays/").content.decode().split("<tr ") if f'href="/plays/{name}/"' in part)
    return text_of(_Page("<tr " + found.partition("</tr>")[0]))


class _Page:
    def __init__(self, html: str) -> None:
        self.content = html.encode()


def test_plays_at_work_with_their_numbers(lead: Client, playing: Callable[[Change], None]) -> None:
    playing(nothing)
    assert heading(lead.get("/plays/")) == "Two plays are at work, with 3 under way."
    said = row(lead, "remembered_cart")
    assert said.startswith("The remembered cart offer · priority 40 · version ")
    assert said.endswith("Left: 1: every step is behind them. 2 3 1 0 0 1")


def test_play_says_its_steps_and_who_is_where(lead: Client, playing: Callable[[Change], None]) -> None:
    playing(nothing)
    page = text_of(lead.get("/plays/remembered_cart/"))
    for said in (
        "Begins when a cart has been left if fact.pieces > 0 ; once for a cart, and again after 30 days.",
        "Waits until the clock is next 08:00 where the customer is 1 person is here",
        "Says “the remembered cart” by e-mail, else text message",
        "Something is bought at the till, whatever it is about",
        "Liv Grey 1. Waits until the clock is next 08:00 where the customer is goes on tomorrow 08:00",
        "It needs a yes of the customer's, and none has been given not sent 1",
    ):
        assert said in page
    assert "Liv Grey" in text_of(lead.get("/plays/remembered_cart/?step=0"))
    other = text_of(lead.get("/plays/remembered_cart/?step=1")).partition("Who left last")[0]
    assert ("Liv Grey" in other, "Maja Lindqvist 2. Says “the remembered cart”" in other, "At step 2: one person" in other) == (False, True, True)


def test_whoever_is_under_way_stays_on_their_version(lead: Client, playing: Callable[[Change], None]) -> None:
    playing(lambda shop: replay(shop, "08.00", "10.00"))
    page = text_of(lead.get("/plays/remembered_cart/"))
    assert ("Waits until the clock is next 10:00" in page, "is here" in page) == (True, False)
    assert "Liv Grey step 1 of an earlier version" in page


def test_play_that_was_taken_away_is_not_in_force(lead: Client, playing: Callable[[Change], None]) -> None:
    def away(shop: Evening) -> None:
        (shop.folder.path / "playbook" / "plays" / "remembered_cart.toml").unlink()
        shop.restart()

    playing(away)
    assert "not in force" in row(lead, "remembered_cart")
    page = text_of(lead.get("/plays/remembered_cart/"))
    assert ("not in force any more; whoever is under way finishes it" in page, "Liv Grey" in page, "What happens" in page) == (True, True, False)


def test_who_left_and_why(lead: Client, playing: Callable[[Change], None]) -> None:
    def bought(shop: Evening) -> None:
        shop.hear(LIV, "Order Completed", order_id="10490")
        shop.work()

    playing(bought)
    page = text_of(lead.get("/plays/remembered_cart/"))
    assert "One person is in it now." in page
    assert "today 21:30 Liv Grey Something has happened that ends the play" in page
    assert "Something has happened that ends the play 1" in page


def test_list_of_those_in_it_is_read_on(lead: Client, playing: Callable[[Change], None], monkeypatch: pytest.MonkeyPatch) -> None:
    def others(shop: Evening) -> None:
        for user in ("maja", "aisha"):
            shop.hear(user, "Product Added", cart_id=f"another-{user}", product_id="U1", name="Umbra", price=99)
        shop.until("2026-11-24 23:30")

    monkeypatch.setattr("omtanke.web.console.play.PAGE_SIZE", 1)
    playing(others)
    seen, address = [], "/plays/remembered_cart/"
    while address:
        html = lead.get(address).content.decode()
        listed = html.partition('id="people"')[2].partition('id="gone"')[0]
        seen += [name for name in ("Maja", "Aisha", "Liv") if name in listed]
        address = "/plays/remembered_cart/" + listed.partition('class="button" href="')[2].partition("#")[0] if ">More<" in listed else ""
    assert (sorted(seen), seen[-1]) == (["Aisha", "Liv", "Maja", "Maja"], "Maja")


@pytest.fixture
def compared(here: Shop, tmp_path: Path) -> Iterator[Living]:
    """Twelve have left a cart eight days ago; about half of them are told nothing. All who were reminded have bought, and nobody else."""
    plays = tmp_path / "playbook" / "plays"
    plays.mkdir(parents=True)
    written = shipped()["remembered_cart"].replace("holdout_percent = 10", "holdout_percent = 50")
    (plays / "remembered_cart.toml").write_text(written, encoding="utf-8")
    shop = Living(tmp_path, "2026-11-23 19:00")
    users = [f"user-{n}" for n in range(12)]
    for user in users:
        shop.tell_of(user, {"name": f"Kund {user}", "email": f"{user}@example.com", "address": {"city": "Umeå"}})
        shop.hear(user, "Consent Given", purpose="marketing")
        shop.hear(user, "Product Added", cart_id=f"cart-{user}", product_id="U1", name="Umbra", price=99)
    shop.until("2026-11-24 09:00")
    reminded = {fact.customer for fact in shop.facts("message_released")}
    for user in users:
        if shop.log.identifier(shop.folder.keys.identifier_key("user_id", user)) in reminded:
            shop.hear(user, "Order Completed", order_id=f"order-{user}")
    shop.until("2026-12-02 09:00")
    shop.hear(users[0], "Page Viewed")
    shop.work()
    with over(shop, here):
        yield shop


def test_play_in_which_some_are_told_nothing_says_what_it_does(lead: Client, compared: Living) -> None:
    held_out = sum(fact.body.is_held_out for fact in compared.facts("play_entered"))  # type: ignore[attr-defined]
    page = text_of(lead.get("/plays/remembered_cart/"))
    assert 1 < held_out < 11
    assert "Being told made a difference of +100.0 points in how many bought (" in page
    assert f"Told 100.0% of {12 - held_out} bought Told nothing 0.0% of {held_out} bought" in page
    assert f"Came in {held_out} of them are told nothing, to see what the play does 12" in page
    assert f"{held_out} of them are told nothing" in row(lead, "remembered_cart")


def test_play_in_which_everybody_is_told_says_nothing_of_what_it_does(lead: Client, playing: Callable[[Change], None]) -> None:
    playing(nothing)
    assert "What it does" not in text_of(lead.get("/plays/remembered_cart/"))


def test_shop_without_a_playbook_is_told_how_to_begin(lead: Client, here: Shop) -> None:
    page = lead.get("/plays/")
    assert heading(page) == "No play is at work."
    assert "omtanke playbook write --data FOLDER" in text_of(page)
    assert "<table" not in page.content.decode()
    assert lead.get("/plays/remembered_cart/").status_code == 404
