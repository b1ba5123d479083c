"""Inviting, changing, closing; who answers for what; what is on record."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import pytest

from unit.web.accounts.people import PASSWORD, client, said, sign_in, signed_in, somebody

if TYPE_CHECKING:
    from django.test import Client

    from omtanke.web.accounts.models import Staff

UNITS = ["club", "finance", "logistics", "privacy", "purchasing", "service", "store"]


def of(email: str) -> Staff:
    from omtanke.web.accounts.models import Staff

    return Staff.objects.get(email=email)


def link_on(response: object) -> str:
    """The path of the link that a page shows for handing over."""
    (address,) = re.findall(r'value="(http://[^"]+/start/[^"]+)"', said(response))
    return str(address).removeprefix("http://127.0.0.1")


def invited(lead: Client, email: str = "bo@example.com", role: str = "store", units: tuple[str, ...] = ("store",)) -> str:
    return link_on(lead.post("/staff/invite/", {"email": email, "role": role, "units": units}))


def written() -> dict[str, list[int]]:
    """What the engine reads."""
    from omtanke.web.accounts.units import units_file

    units: dict[str, list[int]] = tomllib.loads(units_file().read_text(encoding="utf-8"))["units"]
    return units


def deeds() -> list[str]:
    from omtanke.web.accounts.models import Act

    return [str(one) for one in Act.objects.order_by("pk").values_list("deed", flat=True)]


def test_somebody_who_is_invited_chooses_name_and_password_and_is_in() -> None:
    link = invited(signed_in())
    browser = client()
    assert "bo@example.com" in said(browser.get(link))
    came = browser.post(link, {"name": "Bo Ek", "password": PASSWORD})
    assert (came.headers["Location"], browser.get("/customers/").status_code) == ("/", 200)
    assert (of("bo@example.com").name, of("bo@example.com").role, of("bo@example.com").units) == ("Bo Ek", "store", ["store"])
    assert sign_in(client(), "bo@example.com") == 302


def test_an_invitation_works_once_and_a_newer_one_ends_it() -> None:
    lead = signed_in()
    first = invited(lead)
    second = link_on(lead.post(f"/staff/{of('bo@example.com').pk}/", {"do": "link"}))
    assert (client().get(first).status_code, client().get(second).status_code) == (410, 200)
    client().post(second, {"name": "Bo", "password": PASSWORD})
    assert client().post(second, {"name": "Eva", "password": PASSWORD}).status_code == 410
    assert of("bo@example.com").name == "Bo"


def test_nobody_signs_in_before_the_invitation_is_accepted() -> None:
    invited(signed_in())
    assert [sign_in(client(), "bo@example.com", password) for password in ("", "!", PASSWORD)] == [200, 403, 403]


def test_an_invitation_to_a_closed_account_does_not_work() -> None:
    lead = signed_in()
    link = invited(lead)
    lead.post(f"/staff/{of('bo@example.com').pk}/", {"do": "close"})
    assert client().get(link).status_code == 410
    lead.post(f"/staff/{of('bo@example.com').pk}/", {"do": "open"})
    assert client().get(link).status_code == 410


def test_nobody_is_invited_twice() -> None:
    lead = signed_in()
    refused = lead.post("/staff/invite/", {"email": "ASTRID@example.com", "role": "store"})
    assert (refused.status_code, "astrid@example.com has an account already" in said(refused)) == (200, True)


def test_a_role_counts_from_the_next_page_on() -> None:
    other = somebody("bo@example.com", "service", "Bo")
    browser, lead = client(), signed_in()
    sign_in(browser, "bo@example.com")
    assert browser.get("/customers/").status_code == 200
    lead.post(f"/staff/{other.pk}/", {"do": "save", "role": "analyst"})
    assert browser.get("/customers/").status_code == 403


@pytest.mark.parametrize("form", [{"do": "save", "role": "service"}, {"do": "close"}])
def test_the_last_lead_goes_on_leading(form: dict[str, str]) -> None:
    lead = signed_in()
    invited(lead, "eva@example.com", "lead", ())
    refused = lead.post(f"/staff/{of('astrid@example.com').pk}/", form)
    assert (refused.status_code, "is the only one who leads" in said(refused)) == (409, True)
    assert (of("astrid@example.com").role, of("astrid@example.com").is_active) == ("lead", True)


def test_one_of_two_leads_may_stop() -> None:
    lead = signed_in()
    somebody("eva@example.com", "lead", "Eva")
    assert lead.post(f"/staff/{of('astrid@example.com').pk}/", {"do": "save", "role": "service"}).headers["Location"] == "/"
    assert lead.get("/staff/").status_code == 403


def test_a_role_that_there_is_not_is_refused() -> None:
    lead, other = signed_in(), somebody("bo@example.com", "service", "Bo")
    assert lead.post(f"/staff/{other.pk}/", {"do": "save", "role": "admin"}).status_code == 200
    assert of("bo@example.com").role == "service"


def test_the_record_says_who_did_what_to_whom() -> None:
    lead = signed_in()
    client().post(invited(lead), {"name": "Bo", "password": PASSWORD})
    lead.post(f"/staff/{of('bo@example.com').pk}/", {"do": "save", "role": "service", "units": ["service"]})
    lead.post(f"/staff/{of('bo@example.com').pk}/", {"do": "close"})
    assert deeds() == ["signed_in", "invited", "link_made", "accepted", "signed_in", "role_changed", "units_changed", "closed"]
    html = said(lead.get("/staff/"))
    for line in ("signed in with a password", "invited Bo as Store", "changed the role of Bo from Store to Customer service", "closed the account of Bo"):
        assert f"<strong>Astrid</strong> {line}" in html
    assert "<strong>Bo</strong> accepted the invitation" in html


def test_the_record_is_read_on_without_losing_or_repeating() -> None:
    lead, other = signed_in(), somebody("bo@example.com", "service", "Bo")
    for _ in range(20):
        lead.post(f"/staff/{other.pk}/", {"do": "close"})
        lead.post(f"/staff/{other.pk}/", {"do": "open"})
    html = said(lead.get("/staff/"))
    (earlier,) = re.findall(r'href="(\?before=\d+)#acts"', html)
    assert [len(re.findall("<li><time", text)) for text in (html, said(lead.get("/staff/" + earlier)))] == [30, 11]


def test_sign_ins_are_forgotten_after_a_year() -> None:
    from datetime import timedelta

    from django.utils import timezone

    from omtanke.web.accounts.models import Act, Deed

    staff = somebody()
    year_ago = timezone.now() - timedelta(days=367)
    Act.objects.create(at=year_ago, who=staff, whom=staff, deed=Deed.SIGNED_IN)
    Act.objects.create(at=year_ago, who=staff, whom=staff, deed=Deed.INVITED, detail="lead")
    sign_in(client())
    assert deeds() == ["invited", "signed_in"]


def test_the_first_person_answers_for_everything(data: object) -> None:
    from django.conf import settings

    from omtanke.web import app

    client().post(app.first_link(settings.OMTANKE_DATA), {"name": "Astrid", "email": "astrid@example.com", "password": PASSWORD})
    number = of("astrid@example.com").pk
    assert written() == {unit: [number] for unit in UNITS}


def test_whoever_answers_for_least_stands_first_and_only_those_who_are_here_count() -> None:
    first = somebody("a@example.com", "lead", "Astrid", ("service", "store"))
    second = somebody("b@example.com", "service", "Bo", ("service",))
    lead = client()
    sign_in(lead, "a@example.com")
    invited(lead, "c@example.com", "service", ("service",))
    lead.post(f"/staff/{second.pk}/", {"do": "save", "role": "service", "units": ["service"]})
    assert written() == {"service": [second.pk, first.pk], "store": [first.pk]}
    lead.post(f"/staff/{second.pk}/", {"do": "close"})
    assert written() == {"service": [first.pk], "store": [first.pk]}


def test_the_policy_reads_what_was_written(data: object) -> None:
    from django.conf import settings

    from omtanke.web.accounts.units import write_units

    number = somebody(units=("service",)).pk
    write_units()
    text = (settings.OMTANKE_DATA / "policy" / "units.toml").read_text(encoding="utf-8")
    assert text == f"[units]\nservice = [{number}]\n"


def test_a_unit_that_nobody_answers_for_is_said() -> None:
    lead = signed_in()
    assert "Nobody answers for" in said(lead.get("/staff/"))
    lead.post(f"/staff/{of('astrid@example.com').pk}/", {"do": "save", "role": "lead", "units": UNITS})
    assert "Nobody answers for" not in said(lead.get("/staff/"))


def test_a_folder_from_before_units_gets_them_from_its_first_lead(data: object) -> None:
    from django.conf import settings

    from omtanke.web import app

    number = somebody().pk
    app.migrate(settings.OMTANKE_DATA)
    assert written() == {unit: [number] for unit in UNITS}


def test_the_demo_has_a_lead_and_four_colleagues_without_passwords(data: object) -> None:
    from django.conf import settings

    from omtanke.web import app
    from omtanke.web.accounts.models import Staff

    browser = client()
    browser.get(app.demo_link(settings.OMTANKE_DATA))
    everybody = {one.name: one for one in Staff.objects.all()}
    assert {name: one.role for name, one in everybody.items()} == {
        "Demo": "lead",
        "Sara": "service",
        "Johan": "service",
        "Amira": "store",
        "Lennart": "service",
    }
    assert not any(one.has_usable_password() for one in everybody.values())
    assert written()["service"] == [everybody["Sara"].pk, everybody["Demo"].pk]
    assert "Lennart" in said(browser.get("/staff/"))


def test_a_colleague_of_the_demo_who_was_closed_stays_closed(data: object) -> None:
    from django.conf import settings

    from omtanke.web import app

    app.demo_link(settings.OMTANKE_DATA)
    sara = of("sara@demo.example")
    sara.is_active = False
    sara.save()
    app.demo_link(settings.OMTANKE_DATA)
    assert not of("sara@demo.example").is_active


def test_the_page_asks_the_database_as_much_for_many_as_for_few(django_queries: object) -> None:
    lead = signed_in()
    few = django_queries(lambda: lead.get("/staff/"))  # type: ignore[operator]
    for number in range(12):
        somebody(f"{number}@example.com", "store", f"Bo {number}", ("store",))
        sign_in(client(), f"{number}@example.com")
    assert django_queries(lambda: lead.get("/staff/")) == few  # type: ignore[operator]
