"""By what a person is known, who linked what and why, and one link taken apart: first as it would be, then in earnest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fakes.living import Living, promised
from omtanke.storage.pages import Pages
from omtanke.web.console.sides import parted
from omtanke.web.shop import Shop, shop
from unit.web.accounts.people import signed_in
from unit.web.living_pages import over

if TYPE_CHECKING:
    from django.test import Client


@pytest.fixture
def living(here: Shop, tmp_path: Path) -> Iterator[Living]:
    """Maja bought by her account, and under another one in the store; a day later one message named both."""
    of_maja = Living(tmp_path)
    of_maja.tell_of("maja", {"name": "Maja Lindqvist", "email": "maja@example.com", "phone": "070-174 06 05"})
    of_maja.hear("maja", "Order Completed", order_id="10482", promises=[promised("2026-11-20", "Hos dig fredag")])
    of_maja.tell_of("m-store", {"loyalty_number": "ML700123"})
    of_maja.hear("m-store", "Order Completed", order_id="20977", total=349, promises=[promised("2026-11-25", "Klar onsdag")])
    of_maja.work()
    of_maja.until("2026-11-17 10:00")
    of_maja.tell_of("maja", {"loyalty_number": "ML700123"})
    of_maja.work()
    with over(of_maja, here):
        yield of_maja


def customers(living: Living) -> tuple[int, int]:
    keys = living.folder.keys
    maja, store = (living.log.identifier(keys.identifier_key("user_id", user)) for user in ("maja", "m-store"))
    return maja, store


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html[html.find("<main") : html.find("</main")]).split())


def page_of(client: Client, address: str) -> str:
    return text_of(client.get(address).content.decode())


def take_apart(client: Client, address: str, **instead: Any) -> Any:
    html = client.get(address).content.decode()
    (form,) = re.findall(r'<form method="post" class="buttons".*?</form>', html, re.S)
    return client.post(address, {**dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)), **instead})


def test_every_identifier_stands_with_its_value_since_when_and_where(lead: Client, living: Living) -> None:
    maja, store = customers(living)
    html = lead.get(f"/customers/{maja}/identities/").content.decode()
    rows = [
        tuple(" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row))
        for row in re.findall(r"<tr>(.*?)</tr>", html)
    ]
    known = {(kind, value, since, number) for kind, value, since, _last, number in rows[1:]}
    day, next_day = "16 November 2026", "17 November 2026"
    assert known == {
        ("Account", "maja", day, str(maja)),
        ("Account", "m-store", day, str(store)),
        ("Club number", "ML700123", day, str(store)),
        ("Club number", "ML700123", next_day, str(maja)),
        ("E-mail", "maja@example.com", day, str(maja)),
        ("Telephone", "070-174 06 05", day, str(maja)),
    }


def test_a_link_says_what_showed_it_and_what_that_rests_on(lead: Client, living: Living) -> None:
    maja, store = customers(living)
    said = page_of(lead, f"/customers/{maja}/identities/")
    assert f"one person No. {maja} and no. {store} One message named the club number" in said
    assert "It rests on: We learnt who it is" in said


def test_a_customer_who_joined_leads_to_the_person(lead: Client, living: Living) -> None:
    maja, store = customers(living)
    assert lead.get(f"/customers/{store}/identities/").headers["Location"] == f"/customers/{maja}/identities/"
    assert f"/customers/{maja}/identities/" in lead.get(f"/customers/{maja}/").content.decode()


def test_preview_shows_who_each_would_be(lead: Client, living: Living) -> None:
    maja, store = customers(living)
    html = lead.get(f"/customers/{maja}/split/{maja}/{store}/").content.decode()
    first, second = (text_of(f"<main{part}</main") for part in html.split('<div class="figure side">')[1:])
    assert ("Keeps the number" in first, "Becomes somebody of their own" in second) == (True, True)
    assert ("Account: maja" in first, "Account: m-store" in first, "Account: m-store" in second, "Account: maja" in second) == (True, False, True, False)
    assert ("order 10482" in first, "10482" in second, "20977" in second) == (True, False, True)
    assert ("2 promises" in first, "1 promise" in first, "1 promise" in second) == (False, True, True)
    assert len(living.facts("split_requested")) == 0


def test_taken_apart_they_are_two_and_it_stands_there(lead: Client, living: Living) -> None:
    maja, store = customers(living)
    response = take_apart(lead, f"/customers/{maja}/split/{maja}/{store}/")
    assert response.headers["Location"] == f"/customers/{maja}/identities/?saved=now"
    (act,) = living.facts("split_requested")
    assert (act.body.one, act.body.two) == (maja, store)  # type: ignore[attr-defined]
    living.work()
    assert [living.log.customer(one)[0] for one in (maja, store)] == [maja, store]
    said = page_of(lead, f"/customers/{maja}/identities/")
    assert ("not the same" in said, "Parted: somebody who works here has seen it" in said, "Take apart" in said, "m-store" in said) == (
        True,
        True,
        False,
        False,
    )


def test_sent_twice_it_is_one_request(lead: Client, living: Living) -> None:
    maja, store = customers(living)
    address = f"/customers/{maja}/split/{maja}/{store}/"
    take_apart(lead, address, key="twice-twice")
    lead.post(address, {"key": "twice-twice"})
    assert len(living.facts("split_requested")) == 1


def test_without_a_key_nothing_happens(lead: Client, living: Living) -> None:
    maja, store = customers(living)
    assert take_apart(lead, f"/customers/{maja}/split/{maja}/{store}/", key="").status_code == 422
    assert living.facts("split_requested") == []


def test_what_is_not_linked_cannot_be_taken_apart(lead: Client, living: Living) -> None:
    maja, store = customers(living)
    assert lead.get(f"/customers/{maja}/split/{maja}/{store + 1}/").status_code == 404
    assert lead.post(f"/customers/{maja}/split/{store}/{maja}/", {"key": "12345678"}).status_code == 404


@pytest.mark.parametrize(("role", "sees", "splits"), [("service", 200, 200), ("store", 200, 403), ("analyst", 403, 403), ("developer", 403, 403)])
def test_each_role_meets_what_it_may(lead: Client, living: Living, role: str, sees: int, splits: int) -> None:
    from omtanke.web.accounts.models import Act, Look, Staff

    maja, store = customers(living)
    colleague = signed_in(role, f"{role}-of-links@example.com", role)
    answers = [colleague.get(address) for address in (f"/customers/{maja}/identities/", f"/customers/{maja}/split/{maja}/{store}/", "/suggestions/")]
    assert [answer.status_code for answer in answers] == [sees, splits, splits]
    assert all(("maja@example.com" in answer.content.decode()) == (answer.status_code == 200 and n < 2) for n, answer in enumerate(answers))
    assert ("Take apart" in answers[0].content.decode()) == (splits == 200)
    Act.objects.filter(who__email=f"{role}-of-links@example.com").delete()
    Look.objects.filter(who__email=f"{role}-of-links@example.com").delete()
    Staff.objects.filter(email=f"{role}-of-links@example.com").delete()


def test_those_without_names_are_given_no_value(lead: Client, living: Living) -> None:
    from omtanke.web.nameless import nameless

    maja, _store = customers(living)
    pages: Pages = nameless(shop().pages)
    assert {one.value for one in pages.identifiers_of(maja, 99)} == {""}
    assert [dict(one.traits) for one in pages.tellings([maja])] == [{}, {}, {}]


@pytest.mark.parametrize(
    ("made", "without", "sides"),
    [
        ([(1, 2)], (1, 2), ((1,), (2,))),
        ([(1, 2), (2, 3)], (1, 2), ((1,), (2, 3))),
        ([(1, 3), (2, 3)], (1, 3), ((1,), (2, 3))),
        ([(1, 3), (2, 3)], (2, 3), ((1, 3), (2,))),
        ([(1, 2), (2, 3), (1, 3)], (1, 2), ((1, 2, 3), ())),
    ],
    ids=["two", "the end of a chain", "the lowest leaves", "the middle leaves", "a ring holds"],
)
def test_sides_are_what_the_other_links_hold_together(
    made: list[tuple[int, int]], without: tuple[int, int], sides: tuple[tuple[int, ...], tuple[int, ...]]
) -> None:
    assert parted(sorted({end for pair in made for end in pair}), made, without) == sides
