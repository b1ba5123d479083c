"""A lead forgets a customer from the page; nobody else can, and what is left says nothing of who it was."""

from __future__ import annotations

import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fakes.evening import MAJA, an_evening
from fakes.living import Living
from fakes.marked import MARK, holding
from omtanke.processes.erasing import erase_in
from omtanke.runtime.customer_links import MY_PAGE
from omtanke.runtime.survey_links import survey_path
from omtanke.web.shop import Shop, shop
from unit.web.living_pages import over
from unit.web.test_acting import lead_number, promise_of, saturday

if TYPE_CHECKING:
    from django.test import Client

__all__ = ["lead_number", "saturday"]


def somebody() -> int:
    """The person to whom the broken promise was given."""
    (one,) = shop().pages.promises([promise_of("delivery", "broken")])
    return one.person


def erase(lead: Client, person: int, **said: str) -> tuple[int, str]:
    response = lead.post(f"/customers/{person}/erase/", said)
    deadline = time.monotonic() + 10
    while response.status_code == 302 and not is_erased(person) and time.monotonic() < deadline:
        time.sleep(0.01)
    return response.status_code, response.content.decode()


def is_erased(person: int) -> bool:
    """It happens a moment after it was asked for."""
    erasure = shop().pages.erasure(person)
    return erasure is not None and erasure.status != "received"


def test_lead_is_asked_to_make_sure_before_anything_goes(lead: Client, saturday: Living) -> None:
    person = somebody()
    html = lead.get(f"/customers/{person}/").content.decode()
    assert f'href="/customers/{person}/erase/"' in html
    asked = lead.get(f"/customers/{person}/erase/").content.decode()
    assert "Forget Maja" in asked
    assert erase(lead, person)[0] == 422
    assert saturday.facts("erasure_requested") == []


def test_erased_customer_has_a_receipt_and_no_name(lead: Client, saturday: Living, lead_number: int) -> None:
    person = somebody()
    (known,) = shop().pages.known([person])
    assert erase(lead, person, sure="on")[0] == 302
    (requested,) = saturday.facts("erasure_requested")
    assert requested.body.staff == lead_number  # type: ignore[attr-defined]
    receipt = lead.get(f"/customers/{person}/erase/").content.decode()
    page = lead.get(f"/customers/{person}/").content.decode()
    assert "is erased." in receipt
    assert re.search(r"<strong>\d+</strong> identifiers that lead to nobody any more", receipt)
    assert "This customer has been erased." in page
    for said in (known.name, known.email, known.name.split()[0]):
        assert said
        assert said not in receipt + page


def test_nothing_more_is_noted_about_an_erased_customer(lead: Client, saturday: Living) -> None:
    person, promise = somebody(), promise_of("delivery", "broken")
    assert erase(lead, person, sure="on")[0] == 302
    assert promise not in [one.number for one in shop().pages.urgent_tasks(9)]
    response = lead.post(f"/act/note/{person}/", {"key": "abcdefgh12", "note": "Secret words"})
    assert (response.status_code, "nothing more is noted about them" in response.content.decode()) == (503, True)
    assert b"Secret words" not in b"".join(wire for _, _, wire, _ in saturday.log.quarantined())


@pytest.mark.parametrize("role", ["service", "store", "analyst", "developer"])
def test_only_leads_may_erase(visitor: Client, saturday: Living, role: str) -> None:
    from omtanke.web.accounts.models import Role, Staff

    visitor.force_login(
        Staff.objects.filter(email=f"{role}@erasing.example").first() or Staff.objects.create_staff(f"{role}@erasing.example", "Eva", Role(role))
    )
    person = somebody()
    assert erase(visitor, person, sure="on")[0] == 403
    assert visitor.get(f"/customers/{person}/erase/").status_code == 403
    assert "/erase/" not in visitor.get(f"/customers/{person}/").content.decode()
    assert saturday.facts("erasure_requested") == []


def test_what_they_have_said_by_links_of_ours_leaves_no_byte(here: Shop, guest: Client, tmp_path: Path) -> None:
    evening = an_evening(tmp_path)
    with over(evening, here):
        maja, (asked,) = evening.customer(MAJA), evening.facts("survey_asked")
        with closing(sqlite3.connect(tmp_path / "log.db")) as log:
            ((position,),) = log.execute("SELECT position FROM fact WHERE fact_id = ?", (asked.fact_id,))
        link, page = survey_path(evening.folder.keys, position), evening.link(MY_PAGE)
        for address, said in ((link, {"score": "1"}), (link, {"comment": f"{MARK} stod utanför"}), (page, {"wish": "marketing:no"})):
            key = re.search(r'name="key" value="([^"]+)"', guest.get(address).content.decode())
            token = guest.cookies["csrftoken"].value if "csrftoken" in guest.cookies else ""
            assert guest.post(address, {**said, "key": key.group(1) if key else "", "csrfmiddlewaretoken": token}).status_code in (200, 302)
        deadline = time.monotonic() + 10
        while not (evening.facts("survey_commented") and evening.facts("consent_withdrawn")):
            assert time.monotonic() < deadline
            time.sleep(0.02)
    assert holding(tmp_path, MARK) != []
    erased = erase_in(tmp_path, maja)
    assert (erased.status, holding(tmp_path, MARK), holding(tmp_path, "maja@example.com")) == ("done", [], [])
