"""What plays give somebody to do: shown on Today and with the customer, with the play's name, and taken, told and closed like an answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fakes.living import ERIK, MAJA, Living
from omtanke.web.shop import Shop, shop
from unit.web.living_pages import over
from unit.web.test_acting import do

if TYPE_CHECKING:
    from django.test import Client

LATE = """class = "service"
key = "order"

[entry]
fact = "shipment_delayed"

[[step]]
wait = "1 h"

[[step]]
task = "service"
"""


@pytest.fixture
def late(here: Shop, tmp_path: Path) -> Iterator[Living]:
    """Maja's parcel is late, and the shop's own play lets somebody call her."""
    plays = tmp_path / "playbook" / "plays"
    plays.mkdir(parents=True)
    (plays / "late_and_dear.toml").write_text(LATE, encoding="utf-8")
    living = Living(tmp_path, "2026-11-23 10:00")
    for user in (MAJA, ERIK):
        living.meet(user)
    living.hear(MAJA, "Order Completed", order_id="10482")
    living.hear(MAJA, "Shipment Delayed", order_id="10482")
    living.work()
    living.until("2026-11-23 11:05")
    with over(living, here):
        yield living


def number_of(living: Living) -> int:
    (assigned,) = living.facts("task_assigned")
    return assigned.body.task  # type: ignore[attr-defined, no-any-return]


def test_today_says_which_play_has_given_what_to_do(lead: Client, late: Living) -> None:
    html = lead.get("/").content.decode()
    assert "<h1 data-announce>One thing is to be done for a customer.</h1>" in html
    assert ("Maja Lindqvist" in html, "Given by the play “late and dear” · order 10482 · today 11:00" in html) == (True, True)
    swedish = lead.get("/", headers={"accept-language": "sv"}).content.decode()
    assert ("En sak ska göras för en kund." in swedish, "Från rutinen ”late and dear” · order 10482" in swedish) == (True, True)


def test_the_customers_page_shows_it_among_what_we_owe(lead: Client, late: Living) -> None:
    maja, erik = (shop().pages.by_name(name, 1)[0].person for name in ("Maja", "Erik"))
    pages = [lead.get(f"/customers/{person}/").content.decode() for person in (maja, erik)]
    assert ["Given by the play “late and dear” · order 10482" in page for page in pages] == [True, False]
    assert ["Nothing. Everything we promised is done." in page for page in pages] == [False, True]


def test_it_is_taken_told_and_closed(lead: Client, late: Living) -> None:
    number = number_of(late)
    assert f'action="/act/take/{number}/"' in lead.get("/").content.decode()
    assert [do(lead, "take", number).status_code, do(lead, "told", number, words="I called").status_code] == [302, 302]
    form = lead.get(f"/act/close/{number}/").content.decode()
    assert ("Given by the play “late and dear” · order 10482" in form, 'value="done"' in form, 'value="put_right"' in form) == (True, True, False)
    assert do(lead, "close", number).status_code == 302
    (done,) = late.facts("task_done")
    assert (done.body.outcome, f"row-{number}" in lead.get("/").content.decode()) == ("done", False)  # type: ignore[attr-defined]


def test_nothing_of_who_it_is_for_those_who_may_not_see_it(visitor: Client, late: Living) -> None:
    from omtanke.web.accounts.models import Role, Staff

    analyst = Staff.objects.filter(email="ana@demo.example").first() or Staff.objects.create_staff("ana@demo.example", "Ana", Role.ANALYST)
    visitor.force_login(analyst)
    html = visitor.get("/").content.decode()
    assert ("late and dear" in html, "Maja" in html, "10482" in html) == (True, False, False)
