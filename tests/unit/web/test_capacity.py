"""Capacity: what is said becomes a fact with who said it, what is wrong is said in words, and customers at risk are told once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fakes.living import AISHA, LIV, MAJA, Living, promised
from fakes.story import at
from omtanke.playbook import shipped
from omtanke.web.shop import Shop, shop
from unit.web.living_pages import over

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

LANES = '\n[quotes]\ncut_off = "14.00"\ncountry = "SE"\nlanes.SE = [1, 2]\n'
HALF = {"unit": "lager", "kind": "warehouse", "pace": "50", "first": "2026-11-23", "last": "2026-12-04", "why": "temporary staff"}


@pytest.fixture
def monday(here: Shop, tmp_path: Path) -> Iterator[Living]:
    """Maja and Aisha wait for what they ordered in the morning, Liv's has left; the play that tells of delays is in force."""
    plays = tmp_path / "playbook" / "plays"
    plays.mkdir(parents=True)
    (plays / "delayed.toml").write_text(shipped()["delayed"], encoding="utf-8")
    living = a_monday(tmp_path)
    with over(living, here):
        yield living


def a_monday(path: Path) -> Living:
    living = Living(path, "2026-11-23 09:00")
    living.folder.policy_text()
    policy = path / "policy" / "policy.toml"
    policy.write_text(policy.read_text(encoding="utf-8") + LANES, encoding="utf-8")
    living.restart()
    for user, until in ((MAJA, "2026-11-25"), (AISHA, "2026-11-24"), (LIV, "2026-11-25")):
        living.meet(user)
        living.hear(user, "Order Completed", order_id=f"o-{user}", products=[{"sku": "T3", "name": "Löparskor"}], promises=[promised(until, "Hos dig snart")])
    living.hear(LIV, "Order Shipped", order_id="o-liv", carrier="DHL")
    living.until("2026-11-23 13:00")
    return living


def say(client: Client, **said: str) -> HttpResponse:
    """What the form becomes when it is filled in so."""
    key = re.findall(r'name="key" value="([^"]+)"', client.get("/capacity/").content.decode())
    return client.post("/capacity/", {"do": "say", "key": key[0], **HALF, **said})


def told(client: Client, **said: str) -> HttpResponse:
    last = re.findall(r'name="told" value="(\d+)"', client.get("/capacity/").content.decode())
    return client.post("/capacity/", {"do": "tell", "told": last[0], **said})


def bodies(living: Living, type_: str) -> list[Any]:
    return [fact.body for fact in living.facts(type_)]


def test_what_is_said_is_a_fact_with_who_said_it_and_the_page_shows_it(lead: Client, monday: Living) -> None:
    assert "All goes as always." in lead.get("/capacity/").content.decode()
    assert say(lead).headers["location"] == "/capacity/?saved=now"
    (change,) = shop().pages.capacity()
    said = (change.name, change.kind, change.pace, change.from_at, change.until_at, change.why)
    assert said == ("lager", "warehouse", 50, at("2026-11-23 00:00"), at("2026-12-05 00:00"), "temporary staff")
    assert change.staff > 0
    html = lead.get("/capacity/").content.decode()
    assert ("Not everything goes as always today." in html, "Temporary staff" in html, html.count('class="slow"')) == (True, True, 12)


def test_a_form_that_is_sent_twice_says_it_once(lead: Client, monday: Living) -> None:
    for _ in range(2):
        lead.post("/capacity/", {"do": "say", "key": "the-same-key", **HALF})
    assert len(shop().pages.capacity()) == 1


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"last": "2026-11-22"}, "It ends before it begins."),
        ({"first": "2026-11-22"}, "That day has passed."),
        ({"first": "2029-01-01", "last": ""}, "That is too far off"),
        ({"pace": "1001"}, "The pace is more than 1000 per cent."),
        ({"pace": "-1"}, "The pace is less than 0."),
        ({"unit": " "}, "This field is required."),
        ({"unit": 'Kurir "söder"', "kind": "carrier"}, "A carrier is named as in the orders"),
    ],
)
def test_what_makes_no_sense_is_said_in_words_and_is_no_fact(lead: Client, monday: Living, said: dict[str, str], fault: str) -> None:
    answer = say(lead, **said)
    assert (answer.status_code, fault in answer.content.decode(), shop().pages.capacity()) == (422, True, ())


def test_what_is_ended_is_as_always_from_today_for_the_rest_of_its_days(lead: Client, monday: Living) -> None:
    say(lead, first="2026-11-30")
    (change,) = shop().pages.capacity()
    for _ in range(2):
        assert lead.post("/capacity/", {"do": "end", "position": str(change.position)}).status_code == 302
    _first, over_ = shop().pages.capacity()
    assert (over_.pace, over_.from_at, over_.until_at) == (100, at("2026-11-30 00:00"), at("2026-12-05 00:00"))
    html = lead.get("/capacity/").content.decode()
    assert ("All goes as always." in html, "as always again" in html) == (True, True)


def test_a_form_to_change_something_is_filled_in_with_it(lead: Client, monday: Living) -> None:
    say(lead, first="2026-11-30", why="strike")
    (address,) = re.findall(r'class="button" href="(\?[^"]+)#say"', lead.get("/capacity/").content.decode())
    html = lead.get("/capacity/" + address.replace("&amp;", "&")).content.decode()
    assert [f'value="{one}"' in html for one in ("lager", "50", "2026-11-30", "2026-12-04")] == [True] * 4
    assert 'value="strike" selected' in html


def test_an_analyst_sees_no_names_and_can_say_nothing(lead: Client, monday: Living) -> None:
    from django.test import Client as Browser

    from omtanke.web.accounts.models import Role, Staff

    say(lead)
    other = Staff.objects.create(email="analyst@example.com", role=Role.ANALYST)
    client = Browser(SERVER_NAME="127.0.0.1", headers={"accept-language": "en"})
    client.force_login(other)
    html = client.get("/capacity/").content.decode()
    assert ("2 open promises are at risk." in html, "Maja" in html, "Say it" in html) == (True, False, False)
    assert [client.post("/capacity/", {"do": do}).status_code for do in ("say", "tell", "end")] == [403] * 3


def test_those_at_risk_are_listed_and_told_once_with_a_new_promise_and_its_words(lead: Client, monday: Living) -> None:
    say(lead)
    html = lead.get("/capacity/").content.decode()
    assert ("Maja Lindqvist" in html, "Aisha Warsame" in html, "Liv Grey" in html) == (True, True, False)
    assert told(lead).status_code == 302
    assert "None of our open promises is at risk" in lead.get("/capacity/").content.decode()
    monday.work()
    new, late = bodies(monday, "promise_renegotiated"), bodies(monday, "shipment_delayed")
    assert [one.until_at for one in new] == [one.expected_at for one in late]
    assert ([one.why for one in late], len(bodies(monday, "message_due"))) == (["temporary staff"] * 2, 2)
    (last,) = {one.position for one in shop().pages.capacity()}
    lead.post("/capacity/", {"do": "tell", "told": str(last)})
    monday.work()
    assert (len(bodies(monday, "promise_renegotiated")), len(bodies(monday, "shipment_delayed"))) == (2, 2)


def test_pressed_twice_before_anything_is_known_each_hears_it_once(lead: Client, monday: Living) -> None:
    say(lead)
    with monday.not_at_work():
        assert [told(lead).headers["location"] for _ in range(2)] == ["/capacity/?saved=soon"] * 2
    monday.work()
    assert [len(bodies(monday, one)) for one in ("promise_renegotiated", "shipment_delayed", "message_due")] == [2, 2, 2]


def test_without_a_play_that_tells_of_delays_nobody_is_promised_anything(lead: Client, monday: Living) -> None:
    plays = monday.folder.path / "playbook" / "plays"
    (plays / "delayed.toml").unlink()
    (plays / "delivered.toml").write_text(shipped()["delivered"], encoding="utf-8")
    with monday.not_at_work():
        monday.restart()
    say(lead)
    html = lead.get("/capacity/").content.decode()
    assert ("No play is in force that tells of delays" in html, 'value="tell"' in html) == (True, False)
    (change,) = shop().pages.capacity()
    assert lead.post("/capacity/", {"do": "tell", "told": str(change.position)}).status_code == 422
    monday.work()
    assert bodies(monday, "promise_renegotiated") == []


def test_who_looks_at_an_old_page_tells_nobody(lead: Client, monday: Living) -> None:
    say(lead)
    (first,) = shop().pages.capacity()
    say(lead, pace="20")
    answer = lead.post("/capacity/", {"do": "tell", "told": str(first.position)})
    assert (answer.status_code, "something else has been told meanwhile" in answer.content.decode()) == (422, True)
    assert bodies(monday, "shipment_delayed") == []


def test_while_all_is_closed_no_day_is_said_and_nobody_can_be_told(lead: Client, monday: Living) -> None:
    say(lead, pace="0", last="")
    html = lead.get("/capacity/").content.decode()
    assert (html.count("no day can be said while it is closed"), 'value="tell"' in html) == (2, False)


def test_who_sees_those_at_risk_is_on_record(lead: Client, monday: Living) -> None:
    from omtanke.web.accounts.looking import forget_remembered
    from omtanke.web.accounts.models import Look

    say(lead)
    Look.objects.all().delete()
    forget_remembered()
    lead.get("/capacity/")
    assert [one.what for one in Look.objects.all()] == ["listed"] * 2
