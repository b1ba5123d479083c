"""Who has looked at whom: every page that names a customer, or shows what is a customer's, is on record."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fakes.evening import LIV, MAJA, Evening, an_evening
from fakes.said import messages_go_out
from omtanke.folder_clock import wall_clock
from omtanke.processes.suggest import suggest_links
from omtanke.runtime.door_keys import open_write_keys
from omtanke.storage.door_record import DoorRecord, Event
from omtanke.storage.outbox_choices import Choice
from omtanke.storage.outbox_deliveries import NewDelivery
from omtanke.web.outgoing import close_outbox, outbox
from omtanke.web.shop import Shop, shop
from unit.web.accounts.people import nobody, said, signed_in
from unit.web.accounts.test_access import GUARDED, said_in, visible
from unit.web.living_pages import over

if TYPE_CHECKING:
    from django.test import Client

ADAS = {"ada": "ada.sandgren@example.com", "ada-work": "a.sandgren@work.example"}
MOST_OF_A_KIND = 3
# By the name of the address: as what it is on record that somebody has been met there.
ON_RECORD = {
    "today": "listed",
    "promises": "listed",
    "promise": "promise",
    "customers": "listed",
    "customer": "customer",
    "act": "act",
    "own_link": "act",
    "answers": "listed",
    "messages": "listed",
    "message": "customer",
    "play": "listed",
    "erase": "act",
    "month": "customer",
    "identities": "identities",
    "split": "identities",
    "suggestions": "pair",
    "rights": "listed",
    "rights_of": "data",
    "rights_act": "data",
    "debugger": "wire",
    "experience": "listed",
}
# What shows nobody; `capacity`, `delivery` and `export_file` have tests of their own, and `export` is no page.
NOBODYS = {"figure", "measure", "plays", "health", "tour", "receivers", "new_receiver", "receiver", "deliveries", "letters", "senders", "event"}
NOBODYS |= {"account", "turn_codes_on", "secret_picture", "staff", "invite", "colleague", "delivery", "export", "export_file"}
NOBODYS |= {"windows", "windows_picture", "capacity"}


def silent(what: str, done: int, of: int) -> None:
    """Progress that nobody reads."""


def told(shop: Evening) -> None:
    """Maja has a second account that is linked, Ada one that perhaps is hers; Liv is not content; Maja asks what we know."""
    shop.tell_of("m-store", {"loyalty_number": "ML700123"})
    shop.hear("m-store", "Order Completed", order_id="20977", total=349)
    shop.hear(
        LIV, "Survey Answered", survey_id="s1", question="delivery_satisfaction", scale="1-5", score=1, about="delivery", comment="Ingen sa hej till Liv Grey"
    )
    shop.hear(MAJA, "Rights Requested", right="access", text="Vad vet ni om Maja Lindqvist?")
    for user, email in ADAS.items():
        shop.tell_of(user, {"name": "Ada Sandgren", "email": email, "phone": "0701234567"})
    shop.work()
    shop.tell_of(MAJA, {"loyalty_number": "ML700123"})
    shop.until("2026-11-25 09:40")
    suggest_links(shop.folder.path, 100, silent)


def at_the_door(shop: Evening) -> None:
    """What Maja's browser has sent last is in the debugger, word for word."""
    (key, *_) = open_write_keys(shop.folder.path / "keys")
    door = DoorRecord(shop.folder.path, shop.folder.keys, 24, wall_clock)
    door.keep(Event(key.id, "door", wall_clock(), "identify", f"m{shop._told}", b'{"traits": {"name": "Maja Lindqvist"}}'))
    door.write()


@pytest.fixture
def evening(here: Shop, tmp_path: Path) -> Iterator[Evening]:
    """A shop in which every page has something to show."""
    shop = an_evening(tmp_path)
    messages_go_out(shop)
    told(shop)
    at_the_door(shop)
    with over(shop, here):
        yield shop


@pytest.fixture
def colleague(here: Shop) -> Client:
    """Somebody who leads, and has looked at nobody yet."""
    nobody()
    return signed_in("lead", "siv@example.com", "Siv")


def fresh() -> None:
    from omtanke.web.accounts.looking import forget_remembered
    from omtanke.web.accounts.models import Look

    Look.objects.all().delete()
    forget_remembered()


def looks() -> set[tuple[int, str]]:
    from omtanke.web.accounts.models import Look

    return {(one.customer, one.what) for one in Look.objects.all()}


def people(data: Path) -> dict[str, set[int]]:
    """Whom each name, address and telephone number may mean."""
    found: dict[str, set[int]] = {}
    with closing(sqlite3.connect(data / "log.db")) as log:
        for customer, *texts in log.execute("SELECT customer, name, email, phone FROM card"):
            leads = shop().pages.person_of(customer)
            for text in filter(None, texts):
                found.setdefault(text, set()).add(leads[0] if leads else customer)
    return found


def kind_of(address: str) -> str:
    from django.urls import resolve

    return resolve(address.partition("?")[0]).url_name or ""


def walked(browser: Client, begin: list[str]) -> Iterator[tuple[str, str, str, set[tuple[int, str]]]]:
    """Pages that one comes to by following links, a few of each kind: kind, address, what it says, and who has been met there."""
    waiting, seen, counts = [*begin], {*begin}, dict[str, int]()
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        if counts.get(kind, 0) >= MOST_OF_A_KIND:
            continue
        counts[kind] = counts.get(kind, 0) + 1
        fresh()
        response = browser.get(address)
        assert response.status_code == 200, address
        html = visible(said(response)) if response.headers["Content-Type"].startswith("text/html") else ""
        yield kind, address, html, looks()
        links = (link.replace("&amp;", "&").partition("#")[0] for link in re.findall(r'href="([^"]*)"', html))
        full = [address.partition("?")[0] + link if link.startswith("?") else link for link in links if link.startswith(("?", "/"))]
        new = [link for link in dict.fromkeys(full) if link not in seen]
        seen.update(new)
        waiting += new


def begin(evening: Evening) -> list[str]:
    """Where the walk begins: Today, and what no link leads to."""
    maja, (key, *_) = evening.customer(MAJA), open_write_keys(evening.folder.path / "keys")
    of_maja = [f"/customers/{maja}/", f"/customers/{maja}/identities/", f"/act/note/{maja}/"]
    return ["/", "/answers/", "/customers/?q=lind", *of_maja, f"/debugger/{key.id}/", "/suggestions/"]


def test_every_page_that_names_a_customer_is_on_record(colleague: Client, evening: Evening) -> None:
    names = people(evening.folder.path)
    met: dict[str, set[str]] = {}
    missed: dict[str, list[str]] = {}
    for kind, address, html, seen in walked(colleague, begin(evening)):
        met.setdefault(kind, set()).update(what for _customer, what in seen)
        persons = {customer for customer, _what in seen}
        if unseen := [text for text in said_in(html, {*names}) if not names[text] & persons]:
            missed[address] = unseen
    assert missed == {}
    assert {kind: what for kind, what in ON_RECORD.items() if what not in met.get(kind, set())} == {}
    assert [kind for kind in NOBODYS if met.get(kind)] == []
    assert {*ON_RECORD, *NOBODYS} == {*GUARDED}


def test_a_list_is_on_record_once_a_day_and_a_page_once_a_quarter(colleague: Client, evening: Evening, monkeypatch: pytest.MonkeyPatch) -> None:
    from omtanke.web.accounts import looking
    from omtanke.web.accounts.models import Look

    maja = evening.customer(MAJA)
    fresh()
    for moment in ("2026-11-25T09:50:00+01:00", "2026-11-25T10:10:00+01:00", "2026-11-26T00:10:00+01:00"):
        monkeypatch.setattr(looking.timezone, "now", lambda moment=moment: datetime.fromisoformat(moment))
        said(colleague.get("/customers/?q=lind"))
        said(colleague.get(f"/customers/{maja}/"))
    found = [(one.what, one.at.astimezone(shop().zone).isoformat()[:16]) for one in Look.objects.filter(customer=maja).order_by("what", "at")]
    assert [at for what, at in found if what == "customer"] == ["2026-11-25T09:45", "2026-11-25T10:00", "2026-11-26T00:00"]
    assert [at for what, at in found if what == "listed"] == ["2026-11-25T00:00", "2026-11-26T00:00"]
    html = said(colleague.get(f"/rights/customers/{maja}/"))
    assert re.search(r">25 November 2026</time><span><strong>Siv</strong> saw them in a list", html)


def test_whoever_parts_or_joins_two_is_on_record_with_both(colleague: Client, evening: Evening) -> None:
    (link,) = [one for one in shop().pages.links_of(evening.customer(MAJA)) if one.status == "made"]
    address = f"/customers/{evening.customer(MAJA)}/split/{link.one}/{link.two}/"
    fresh()
    assert colleague.post(address, {"key": "once-and-again"}).status_code == 302
    assert {(link.one, "act"), (link.two, "act")} <= looks()
    form = dict(re.findall(r'<input type="hidden" name="(one|two|key)" value="([^"]*)"', said(colleague.get("/suggestions/"))))
    fresh()
    assert colleague.post("/suggestions/", {**form, "verdict": "two"}).status_code == 302
    assert looks() == {(int(form["one"]), "act"), (int(form["two"]), "act")}


def test_a_payload_as_it_went_out_is_on_record(colleague: Client, evening: Evening) -> None:
    (promise,) = [one for one in evening.facts("promise_made") if one.customer == evening.customer(LIV)]
    with closing(sqlite3.connect(evening.folder.path / "log.db")) as log:
        ((position,),) = log.execute("SELECT position FROM fact WHERE fact_id = ?", (promise.fact_id,))
    delivery = outbox().deliveries.add(NewDelivery("msg_1", "receiver/1", 1, "promise_made", position), wall_clock())
    fresh()
    assert "promise.made" in said(colleague.get(f"/deliveries/{delivery}/"))
    assert looks() == {(evening.customer(LIV), "wire")}
    for table in ("delivery", "destination"):
        outbox().connection.execute(f"DELETE FROM {table}")
    close_outbox()


def test_a_store_s_own_ledger_is_nobody_s(colleague: Client, here: Shop) -> None:
    html = said(colleague.get("/promises/?kind=opening_hours"))
    (promise, *_) = re.findall(r'href="(/promises/\d+/)"', html)
    (one,) = here.pages.promises([int(promise.split("/")[2])])
    fresh()
    for address in ("/promises/?kind=opening_hours", promise, f"/customers/{one.person}/"):
        assert colleague.get(address).status_code == 200
    assert looks() == set()


def test_whom_a_morning_letter_names_is_on_record(colleague: Client, evening: Evening) -> None:
    from omtanke.web.accounts.models import Staff
    from omtanke.web.letters.writing import Writer

    siv = Staff.objects.get(name="Siv")
    fresh()
    Writer(outbox(), "https://omtanke.example", "Butiken").letter_of(Choice(siv.pk, language="en"), siv, evening.now)
    assert (evening.customer(LIV), "listed") in looks()
    close_outbox()
