"""Whether windows are kept as often as we said: on Promises, on Today, and the people behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fakes.living import MAJA, Living
from omtanke.web.shop import Shop, shop
from unit.web.living_pages import over

if TYPE_CHECKING:
    from django.test import Client

NUMBERS = re.compile(r'<tr><th scope="row" class="in0">(.*?)</th>(.*?)</tr>')


@pytest.fixture
def broken(here: Shop, tmp_path: Path) -> Iterator[Living]:
    """Twelve windows that were 96 % sure: two came, ten did not."""
    living = Living(tmp_path, "2026-11-10 09:00")
    living.meet(MAJA)
    for number in range(12):
        quote = {"quote_id": f"q{number}", "until": "2026-11-13", "valid_until": "2026-11-11T00:00:00+01:00", "sure_permille": 960}
        living.hear(MAJA, "Quote Given", **quote)
        living.hear(MAJA, "Order Completed", order_id=f"n{number}", quote_id=f"q{number}", region="Skåne")
        living.hear(MAJA, "Order Shipped", order_id=f"n{number}", carrier="PostNord")
    living.until("2026-11-12 09:00")
    for number in range(2):
        living.hear(MAJA, "Shipment Delivered", order_id=f"n{number}")
    living.until("2026-11-16 09:00")
    with over(living, here):
        yield living


def figure(html: str) -> str:
    return html[html.index('<section id="sure">') :].partition("</section>")[0]


def test_promised_stands_beside_kept_with_the_people_behind(lead: Client, broken: Living) -> None:
    shown = figure(lead.get("/promises/?by=region").content.decode())
    assert "Promised 96.0%, kept 16.7% (4.7–44.8) of 12." in shown
    ((label, cells),) = NUMBERS.findall(shown)
    said = re.findall(r'<td class="n">(?:<a href="([^"]+)">)?([^<]+)', cells)
    assert (label, [one for _address, one in said]) == ("Skåne", ["96.0%", "16.7%", "4.7–44.8", "\N{MINUS SIGN}79.3", "12", "2"])
    people = lead.get("/promises/" + said[5][0].replace("&amp;", "&")).content.decode()
    assert "2 promises: quoted with how sure it was, and held" in people


@pytest.mark.parametrize("by", ["kind", "carrier", "warehouse", "touchpoint", "owner", "month"])
def test_it_is_divided_as_the_kept_rate_is(lead: Client, broken: Living, by: str) -> None:
    shown = figure(lead.get(f"/promises/?by={by}").content.decode())
    assert len(NUMBERS.findall(shown)) == 1
    assert lead.get(f"/promises/figures/sure.csv?by={by}").content.startswith(b"part,promises,withdrawn,came_due,held,promised,kept_rate")


def test_picture_is_drawn(lead: Client, broken: Living) -> None:
    found = lead.get("/promises/figures/sure.svg?by=region").content
    assert found.startswith(b"<svg") and b"16.7% of 12" in found


def test_that_we_keep_fewer_is_said_on_today_and_beside_the_figure(lead: Client, broken: Living) -> None:
    drift = shop().board.drift()
    assert drift is not None and 10 <= drift.promises <= 12
    kept = f"{drift.held / drift.promises:.1%}"
    said = f"We keep fewer promises than we said. Of {drift.promises} (13 November), of which we were 96.0% sure, we kept {kept}."
    assert said in lead.get("/").content.decode()
    assert said in figure(lead.get("/promises/").content.decode())


def test_shop_whose_quotes_do_not_say_it_has_no_such_figure(lead: Client) -> None:
    html = lead.get("/promises/?by=region").content.decode()
    assert '<section id="parts">' in html and '<section id="sure">' not in html
