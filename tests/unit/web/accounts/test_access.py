"""What each role may see, found out by trying: every address for every role, every link on every page, every name in the shop."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from omtanke.storage.codec import decode_personal
from omtanke.web.shop import Shop
from unit.web.accounts.people import client, said, signed_in, somebody

if TYPE_CHECKING:
    from django.test import Client

ALL = ("lead", "service", "store", "analyst", "developer")
MEET = ("lead", "service", "store")
FIGURES = (*MEET, "analyst")
HEALTH = ("lead", "developer")
# By the name of the address: one to try, and who may open it.
GUARDED: dict[str, tuple[str, tuple[str, ...]]] = {
    "today": ("/", ALL),
    "promises": ("/promises/", ALL),
    "capacity": ("/capacity/", ALL),
    "promise": ("/promises/1/", ALL),
    "figure": ("/promises/figures/weeks.csv", FIGURES),
    "messages": ("/messages/", ALL),
    "message": ("/messages/1/1/", ALL),
    "plays": ("/plays/", ALL),
    "play": ("/plays/none/", ALL),
    "customers": ("/customers/", MEET),
    "customer": ("/customers/1/", MEET),
    "answers": ("/answers/", FIGURES),
    "health": ("/health/", HEALTH),
    "tour": ("/tour/", MEET),
    "act": ("/act/take/1/", MEET),
    "erase": ("/customers/1/erase/", ("lead",)),
    "receivers": ("/receivers/", HEALTH),
    "new_receiver": ("/receivers/new/", HEALTH),
    "receiver": ("/receivers/1/", HEALTH),
    "deliveries": ("/deliveries/", HEALTH),
    "delivery": ("/deliveries/1/", HEALTH),
    "letters": ("/letters/", ALL),
    "senders": ("/senders/", HEALTH),
    "event": ("/debugger/event/", HEALTH),
    "debugger": ("/debugger/none/", HEALTH),
    "windows": ("/promises/windows/", FIGURES),
    "windows_picture": ("/promises/windows/curves.csv", FIGURES),
    "experience": ("/experience/", FIGURES),
    "measure": ("/experience/measure.csv", FIGURES),
    "account": ("/account/", ALL),
    "turn_codes_on": ("/account/code/", ALL),
    "secret_picture": ("/account/code.svg", ALL),
    "staff": ("/staff/", ("lead",)),
    "invite": ("/staff/invite/", ("lead",)),
    "colleague": ("/staff/1/", ("lead",)),
    "month": ("/customers/1/month/", MEET),
    "identities": ("/customers/1/identities/", MEET),
    "own_link": ("/customers/1/own-page/", MEET),
    "split": ("/customers/1/split/1/2/", ("lead", "service")),
    "suggestions": ("/suggestions/", ("lead", "service")),
    "rights": ("/rights/", ("lead",)),
    "rights_of": ("/rights/customers/1/", ("lead",)),
    "export": ("/rights/customers/1/export/", ("lead",)),
    "export_file": ("/rights/files/none.zip", ("lead",)),
    "rights_act": ("/rights/answer/1/", ("lead",)),
}
# Open to everybody: they show nothing of a customer, or only to whoever holds the link.
OPEN = {"healthz", "live", "metrics", "sign_in", "sign_in_code", "sign_in_elsewhere", "back_from_elsewhere", "forgot", "sign_out", "start", "language"}
OPEN |= {"survey", "my_page", "stop", "resume"}
NAMELESS = ("analyst", "developer")
# What came in and went out word for word is personal, and theirs to see who may see the wire.
WIRE = ("/debugger/", "/deliveries/", "/health/")
SHORTEST = 5
MOST_PAGES = 120


def allows(browser: Client, address: str) -> bool:
    """Whether the page opens (an unknown number is not found, which is an answer too)."""
    status = browser.get(address).status_code
    assert status in (200, 302, 403, 404, 405), (address, status)
    return status != 403


def test_every_address_has_its_line() -> None:
    from omtanke.web.urls import urlpatterns

    assert {pattern.name for pattern in urlpatterns} == {*GUARDED, *OPEN}


@pytest.mark.parametrize("role", ALL)
def test_each_role_opens_what_is_for_it_and_nothing_else(role: str) -> None:
    browser = signed_in(role)
    opened = {name for name, (address, _roles) in GUARDED.items() if allows(browser, address)}
    assert opened == {name for name, (_address, roles) in GUARDED.items() if role in roles}


@pytest.mark.parametrize("name", GUARDED)
def test_nobody_opens_anything_without_signing_in(name: str) -> None:
    response = client().get(GUARDED[name][0])
    assert (response.status_code, response.headers["Location"].startswith("/sign-in/")) == (302, True)


@pytest.mark.parametrize("role", ALL)
def test_whoever_is_turned_away_also_cannot_write(role: str) -> None:
    browser = signed_in(role)
    closed = [address for address, roles in GUARDED.values() if role not in roles]
    assert [address for address in closed if browser.post(address, {"do": "close"}).status_code != 403] == []


def test_a_closed_account_is_out_at_once() -> None:
    from omtanke.web.accounts.models import Staff

    browser = signed_in("service")
    assert browser.get("/customers/").status_code == 200
    Staff.objects.update(is_active=False)
    assert browser.get("/customers/").status_code == 302


def test_the_table_in_the_how_to_is_the_one_in_the_code() -> None:
    from docs.documents import rows, text_of
    from omtanke.web.accounts.access import ABILITIES, May
    from omtanke.web.accounts.models import Role

    marks = {row[0]: [bool(cell.strip()) for cell in row[1:]] for row in rows(text_of("docs/how-to/staff.md")) if row[0] in {one.value for one in May}}
    assert marks == {one.value: [one in ABILITIES[role] for role in Role] for one in May}


# What could leak


def personal_texts(data: Path) -> set[str]:
    """What says who somebody is: names, addresses, telephone numbers, identifiers, order and parcel numbers."""
    with closing(sqlite3.connect(data / "log.db")) as log:
        parts = [decode_personal(row[0]) for row in log.execute("SELECT part FROM personal")]
        found = {text for row in log.execute("SELECT name, email, phone FROM card") for text in row}
    for part in parts:
        found |= {value for _kind, value in part.get("identifiers", ())}
        found |= {number for kind, _surrogate, number in part.get("numbers", ()) if kind in ("order", "parcel", "case")}
        found.add(part.get("traits", {}).get("street", ""))
    return {text for text in found if len(text) >= SHORTEST}


def said_in(html: str, personal: set[str]) -> list[str]:
    """Which of them the page says, as words of their own."""
    return [text for text in personal if text in html and re.search(rf"(?<!\w){re.escape(text)}(?!\w)", html)]


def visible(html: str) -> str:
    """What a page says: without the addresses of styles and scripts, and the places of facts in the log."""
    return re.sub(r'(?:href|src)="/static/[^"]*"|\bfact[ -]\d+|\bseen=\d+', "", html)


def walk(browser: Client) -> dict[str, str]:
    """Every page that one comes to by following links, from Today on, with what it says."""
    pages: dict[str, str] = {}
    waiting = ["/"]
    while waiting and len(pages) < MOST_PAGES:
        address = waiting.pop(0)
        response = browser.get(address)
        assert response.status_code == 200, address
        if not response.headers["Content-Type"].startswith("text/html"):
            pages[address] = ""
            continue
        pages[address] = visible(said(response))
        links = (link.replace("&amp;", "&").partition("#")[0] for link in re.findall(r'href="([^"]*)"', pages[address]))
        full = [address.partition("?")[0] + link if link.startswith("?") else link for link in links if link.startswith(("?", "/"))]
        waiting += [link for link in dict.fromkeys(full) if link not in pages and link not in waiting]
    return pages


@pytest.mark.parametrize("role", NAMELESS)
def test_no_link_leads_to_a_closed_door_and_no_page_names_a_customer(role: str, data: Path) -> None:
    pages = walk(signed_in(role, name="Ture"))
    personal = personal_texts(data)
    assert len(pages) > 40
    assert {address: leaked for address, html in pages.items() if not address.startswith(WIRE) and (leaked := said_in(html, personal))} == {}


@pytest.mark.parametrize("address", ["/", "/promises/", "/promises/?state=broken", "/answers/", "a promise"])
def test_there_is_something_to_leak(data: Path, address: str) -> None:
    lead = signed_in("lead")
    if address == "a promise":
        (address, *_) = re.findall(r'class="button[^"]*" href="(/promises/\d+/)"', said(lead.get("/promises/?state=broken")))
    assert said_in(visible(said(lead.get(address))), personal_texts(data))


@pytest.mark.parametrize("role", NAMELESS)
def test_somebody_without_a_name_is_somebody_in_their_town(role: str) -> None:
    assert re.search(r"<strong>A customer in \w+</strong>", said(signed_in(role).get("/promises/?state=broken")))


@pytest.mark.parametrize("role", NAMELESS)
def test_there_is_no_search_for_those_who_may_not_see_who_it_is(role: str) -> None:
    html = said(signed_in(role).get("/"))
    assert ('id="find"' in html, "/customers/" in html) == (False, False)


def test_who_may_not_see_names_cannot_find_by_them_either(here: Shop) -> None:
    from omtanke.web.nameless import nameless

    (known,) = here.pages.known([here.pages.by_name("Maja Lindqvist", 1)[0].person])
    hidden = nameless(here.pages)
    assert hidden.by_name("Maja", 5) == []
    assert hidden.by_identifier([here.keys.identifier_key("email", known.email)]) == []
    assert [(one.name, one.email, one.phone, one.city) for one in hidden.known([known.person])] == [("", "", "", known.city)]


def test_a_row_that_nobody_has_looked_through_is_refused() -> None:
    from msgspec import Struct

    from omtanke.web.nameless import without_names

    class New(Struct):
        name: str = "Maja"

    with pytest.raises(TypeError, match="say in omtanke"):
        without_names([New()])


def test_every_row_of_the_read_side_has_been_looked_through() -> None:
    from msgspec import Struct

    from omtanke.storage import seen
    from omtanke.web.nameless import PERSONAL

    rows = {one for one in vars(seen).values() if isinstance(one, type) and issubclass(one, Struct) and one.__module__ == seen.__name__}
    assert rows <= PERSONAL.keys()


def test_after_a_request_without_names_the_next_one_has_them(here: Shop) -> None:
    from omtanke.web.shop import sees_customers

    analyst, lead = signed_in("analyst", "a@example.com"), signed_in("lead", "l@example.com")
    assert "Maja Lindqvist" not in said(analyst.get("/"))
    assert "Maja Lindqvist" in said(lead.get("/"))
    assert sees_customers()


def test_figures_are_not_for_the_developer() -> None:
    developer, analyst = signed_in("developer", "d@example.com"), signed_in("analyst", "a@example.com")
    assert 'class="figure"' not in said(developer.get("/"))
    assert 'class="figure"' in said(analyst.get("/"))


def menu(browser: Client) -> list[str]:
    """Where the main menu leads."""
    return re.findall(r'<a href="([^"]+)"', said(browser.get("/account/")).partition("<nav")[2].partition("</nav>")[0])


def test_the_menu_shows_what_opens() -> None:
    doors = {role: menu(signed_in(role, f"{role}@example.com")) for role in ALL}
    assert {role: ("/customers/" in seen, "/health/" in seen) for role, seen in doors.items()} == {
        "lead": (True, True),
        "service": (True, False),
        "store": (True, False),
        "analyst": (False, False),
        "developer": (False, True),
    }


def test_closing_staff_is_for_leads(here: Shop) -> None:
    from omtanke.web.accounts.models import Staff

    other = somebody("bo@example.com", "store")
    signed_in("service").post(f"/staff/{other.pk}/", {"do": "close"})
    assert Staff.objects.get(pk=other.pk).is_active
