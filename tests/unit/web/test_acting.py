"""What staff do: each deed is a fact with their number, sent twice it acts once, and what was not saved is said."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from fakes.living import Living, a_saturday
from fakes.story import at
from omtanke.insight.board import Board
from omtanke.insight.board_making import made
from omtanke.runtime.own_sources import ANSWERS, CONSOLE, OwnSource
from omtanke.storage.pages import Pages
from omtanke.web.app import impatient
from omtanke.web.clock import Clock
from omtanke.web.shop import Shop, open_shop, shop

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client


@pytest.fixture
def saturday(here: Shop, tmp_path: Path) -> Iterator[Living]:
    """A live shop that the pages are about, with its worker at work."""
    from django.core.cache import cache

    cache.clear()
    living = a_saturday(tmp_path)
    pages, folder = Pages(tmp_path), living.folder
    inboxes = [impatient(folder.inbox()) for _ in range(2)]
    acts, answers = (OwnSource(inbox, name, "Europe/Stockholm", "SEK", living.clock) for inbox, name in zip(inboxes, (CONSOLE, ANSWERS), strict=True))
    board = Board(tmp_path, refresh_seconds=0, making=made)
    open_shop(
        Shop(
            data=tmp_path,
            pages=pages,
            clock=Clock(pages, None, living.clock),
            keys=folder.keys,
            zone=ZoneInfo("Europe/Stockholm"),
            currency="SEK",
            board=board,
            acts=acts,
            answers=answers,
        )
    )
    with living.at_work():
        yield living
    open_shop(here)
    pages.close()
    for inbox in inboxes:
        inbox.close()
    living.close()


@pytest.fixture
def lead_number(lead: Client) -> int:
    from omtanke.web.accounts.demo_staff import demo_lead

    return int(demo_lead().pk)


def promise_of(kind: str, status: str) -> int:
    """The promise of that kind that stands so."""
    pages = shop().pages
    numbers = [one.number for one in (*pages.urgent_tasks(9), *pages.urgent_open("due", 9), *pages.urgent_open("at_risk", 9))]
    (number,) = [one.promise for one in pages.promises(numbers) if (one.kind, one.status) == (kind, status)]
    return number


def low_answer() -> int:
    (one,) = shop().pages.urgent_answers(9)
    return one.number


def filled(lead: Client, address: str, **said: str) -> dict[str, str]:
    """The form as the page gives it, with what one fills in."""
    html = lead.get(address).content.decode()
    (form,) = re.findall(r'<form method="post" action="[^"]+" class="act.*?</form>', html, re.S)
    inputs = re.findall(r"<input ([^>]+)>", form)
    values = {
        re.findall(r'name="([^"]+)"', one)[0]: (re.findall(r'value="([^"]*)"', one) or [""])[0] for one in inputs if "radio" not in one or "checked" in one
    }
    areas = dict(re.findall(r'<textarea name="([^"]+)"[^>]*>\s*(.*?)</textarea>', form, re.S))
    chosen = {
        name: re.findall(r'<option value="([^"]+)" selected', inside)[0]
        for name, inside in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.S)
    }
    return values | areas | chosen | said


def do(lead: Client, deed: str, number: int, **said: str) -> HttpResponse:
    address = f"/act/{deed}/{number}/"
    return lead.post(address, filled(lead, address, **said))  # type: ignore[return-value]


def test_a_new_date_is_a_new_promise_with_the_words_for_the_customer(lead: Client, saturday: Living, lead_number: int) -> None:
    broken = promise_of("delivery", "broken")
    response = do(lead, "new-date", broken)
    assert (response.status_code, response.headers["Location"]) == (302, "/?saved=now")
    (asked,) = saturday.facts("promise_renegotiation_requested")
    made = saturday.facts("promise_made")[-1]
    assert (asked.body.staff, asked.body.promise, asked.channel, asked.touchpoint) == (lead_number, broken, "mail", "console")  # type: ignore[attr-defined]
    assert (made.body.follows, made.body.from_at, made.body.until_at) == (broken, at("2026-11-23 17:00"), at("2026-11-23 21:00"))  # type: ignore[attr-defined]
    html = lead.get(f"/promises/{made.body.promise}/").content.decode()  # type: ignore[attr-defined]
    assert "Hej Maja, vi höll inte vad vi lovade" in html
    assert [one.number for one in shop().pages.urgent_tasks(9)] == []


def test_one_at_risk_is_given_a_new_window(lead: Client, saturday: Living) -> None:
    number = promise_of("delivery", "at_risk")
    do(lead, "new-date", number, day="2026-11-24", start="08:00", end="12:00", when="other", words="Hej Aisha, på tisdag förmiddag.")
    (renewed,) = saturday.facts("promise_renegotiated")
    assert (renewed.body.promise, renewed.body.from_at, renewed.body.until_at) == (number, at("2026-11-24 08:00"), at("2026-11-24 12:00"))  # type: ignore[attr-defined]
    assert "Hej Aisha, på tisdag förmiddag." in lead.get(f"/promises/{number}/").content.decode()


def test_one_that_is_due_leaves_when_something_new_is_promised_in_its_place(lead: Client, saturday: Living) -> None:
    number = promise_of("call_back", "due")
    do(lead, "new-date", number)
    made = saturday.facts("promise_made")[-1]
    assert (made.body.follows, made.body.until_at) == (number, at("2026-11-21 17:45"))  # type: ignore[attr-defined]
    assert f'id="row-{number}"' not in lead.get("/").content.decode()


WRONG: tuple[tuple[dict[str, str], str], ...] = (
    ({"day": "2026-11-20", "start": "", "end": ""}, "That time has passed already."),
    ({"day": "2026-11-24", "start": "12:00", "end": "08:00"}, "The time ends before it begins."),
    ({"day": "", "when": "other"}, "Choose a day."),
    ({"day": "2028-11-24"}, "more than a year away"),
    ({"when": "5-1"}, "The time ends before it begins."),
    ({"words": " "}, "This field is required."),
)


@pytest.mark.parametrize(("said", "fault"), WRONG)
def test_a_window_that_makes_no_sense_is_refused(lead: Client, saturday: Living, said: dict[str, str], fault: str) -> None:
    response = do(lead, "new-date", promise_of("delivery", "broken"), **said)
    assert (response.status_code, fault in response.content.decode()) == (422, True)
    assert saturday.facts("promise_renegotiation_requested") == []


def test_words_that_nobody_has_changed_follow_the_window(lead: Client, saturday: Living) -> None:
    broken = promise_of("delivery", "broken")
    do(lead, "new-date", broken, day="2026-11-26", start="", end="")
    words = lead.get(f"/promises/{saturday.facts('promise_made')[-1].body.promise}/").content.decode()  # type: ignore[attr-defined]
    assert "torsdag 26 november" in words


def test_a_preview_shows_what_the_customer_will_read_and_saves_nothing(lead: Client, saturday: Living) -> None:
    response = do(lead, "new-date", promise_of("delivery", "broken"), preview="1", day="2026-11-26", start="09:00", end="12:00")
    html = response.content.decode()
    assert re.search(r'<div class="preview">.*Thursday 9|<div class="preview">.*Thursday 09:00–12:00', html)
    assert html.count("på torsdag 26 november mellan 9 och 12") == 2 or "torsdag 26 november" in html
    assert saturday.facts("promise_renegotiation_requested") == []


def test_what_is_taken_told_and_closed_is_on_record_and_leaves(lead: Client, saturday: Living, lead_number: int) -> None:
    broken = promise_of("delivery", "broken")
    do(lead, "take", broken)
    assert "Yours, logistics · taken 16:30" in lead.get("/").content.decode()
    do(lead, "told", broken, channel="sms", words="Vi letar efter paketet.")
    assert "Yours, logistics · told 16:30" in lead.get("/").content.decode()
    do(lead, "close", broken, outcome="agreed", note="Hon hämtar själv.")
    facts = [saturday.facts(type_)[-1] for type_ in ("task_taken", "customer_told", "task_closed", "task_done")]
    assert [getattr(fact.body, "staff", None) for fact in facts] == [lead_number, lead_number, lead_number, None]
    assert [fact.body.task for fact in facts] == [broken] * 4  # type: ignore[attr-defined]
    assert facts[1].channel == "sms"
    html = lead.get("/").content.decode()
    assert "Maja Lindqvist" not in html
    assert "Maja Lindqvist" in lead.get("/promises/?state=broken").content.decode()


def test_having_called_keeps_the_promise_to_call(lead: Client, saturday: Living, lead_number: int) -> None:
    number = promise_of("call_back", "due")
    do(lead, "met", number)
    (told,), (made,) = saturday.facts("customer_told"), saturday.facts("callback_made")
    assert (told.body.staff, told.channel, made.channel) == (lead_number, "phone", "phone")  # type: ignore[attr-defined]
    (one,) = shop().pages.promises([number])
    assert one.met_at == at("2026-11-21 16:30")


def test_a_low_answer_is_a_row_with_its_words_until_it_is_closed(lead: Client, saturday: Living) -> None:
    html = lead.get("/").content.decode()
    assert "Liv Grey" in html
    assert "“Left in the rain”" in html
    do(lead, "told", low_answer())
    do(lead, "close", low_answer(), outcome="put_right")
    assert "Liv Grey" not in lead.get("/").content.decode().partition("Ended well")[0]


def test_a_note_is_kept_with_its_customer(lead: Client, saturday: Living, lead_number: int) -> None:
    maja = shop().pages.by_name("maja", 1)[0].person
    response = do(lead, "note", maja, note="Ringer helst efter fem.")
    assert response.headers["Location"] == f"/customers/{maja}/?saved=now"
    (note,) = saturday.facts("note_added")
    assert (note.body.staff, note.customer) == (lead_number, maja)  # type: ignore[attr-defined]
    assert "Ringer helst efter fem." in lead.get(f"/customers/{maja}/").content.decode()


@pytest.mark.parametrize(
    ("deed", "of"), [("take", "task_taken"), ("told", "customer_told"), ("close", "task_closed"), ("new-date", "promise_renegotiation_requested")]
)
def test_sent_twice_it_acts_once(lead: Client, saturday: Living, deed: str, of: str) -> None:
    address = f"/act/{deed}/{promise_of('delivery', 'broken')}/"
    form = filled(lead, address)
    assert [lead.post(address, form).status_code for _ in range(2)] == [302, 302]
    assert len(saturday.facts(of)) == 1


def test_a_form_without_its_key_is_not_saved_but_asked_for_again(lead: Client, saturday: Living) -> None:
    response = do(lead, "told", promise_of("delivery", "broken"), key="")
    assert (response.status_code, "This form has expired." in response.content.decode()) == (422, True)
    assert re.search(r'name="key" value="[A-Za-z0-9_-]{8,}"', response.content.decode())
    assert saturday.facts("customer_told") == []


def test_an_inbox_that_is_held_by_another_says_that_nothing_was_saved(lead: Client, saturday: Living, monkeypatch: pytest.MonkeyPatch) -> None:
    shop().acts._inbox.connection.execute("PRAGMA busy_timeout = 50")  # type: ignore[attr-defined]
    address = f"/act/told/{promise_of('delivery', 'broken')}/"
    form = filled(lead, address, words="Vi letar.")
    with closing(sqlite3.connect(saturday.folder.inbox_path)) as other:
        other.execute("BEGIN IMMEDIATE")
        response = lead.post(address, form)
        other.rollback()
    html = response.content.decode()
    assert (response.status_code, "It was not saved: somebody else has been writing for too long." in html) == (503, True)
    assert ("Vi letar." in html, f'value="{form["key"]}"' in html) == (True, True)
    assert lead.post(address, form).status_code == 302
    assert len(saturday.facts("customer_told")) == 1


def test_an_inbox_that_cannot_be_written_says_that_nothing_was_saved(lead: Client, saturday: Living) -> None:
    shop().acts._inbox.connection.execute("PRAGMA query_only = 1")  # type: ignore[attr-defined]
    response = do(lead, "close", promise_of("delivery", "broken"))
    assert (response.status_code, "It was not saved: the disk cannot be written to." in response.content.decode()) == (503, True)
    assert saturday.facts("task_closed") == []


def test_what_the_worker_has_not_seen_yet_is_said_to_come(lead: Client, saturday: Living, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("omtanke.web.console.acting.saving.WAIT_SECONDS", 0.05)
    address = f"/act/take/{promise_of('delivery', 'broken')}/"
    form = filled(lead, address)
    with saturday._working:
        assert lead.post(address, form).headers["Location"] == "/?saved=soon"
    assert "Saved. It will show in a moment." in lead.get("/?saved=soon").content.decode()


def test_after_a_merge_the_deed_belongs_to_whom_the_promise_was_given(lead: Client, saturday: Living) -> None:
    broken = promise_of("delivery", "broken")
    (one,) = shop().pages.promises([broken])
    saturday.hear("maja", "Product Viewed", product_id="p")
    do(lead, "told", broken)
    assert saturday.facts("customer_told")[0].customer == one.customer


@pytest.mark.parametrize("address", ["/act/take/1/", "/act/dance/1/", f"/act/take/{2**63}/", "/act/note/99999/", f"/act/told/{2**62}/"])
def test_what_cannot_be_acted_on_is_not_found(lead: Client, saturday: Living, address: str) -> None:
    assert lead.get(address).status_code == 404


def test_data_that_have_ended_offer_nothing_to_do(lead: Client, here: Shop) -> None:
    number = here.pages.urgent_broken(1)[0]
    assert "data-act" not in lead.get("/").content.decode()
    response = lead.post(f"/act/take/{number}/", {"key": "k" * 12})
    assert (response.status_code, "These data have ended" in response.content.decode()) == (409, True)


def test_the_first_row_names_the_person_the_promise_and_the_one_action(lead: Client, saturday: Living) -> None:
    html = lead.get("/").content.decode()
    (row,) = re.findall(r'<li class="row acting" id="row-\d+">.*?</li>', html, re.S)[:1]
    assert all(said in row for said in ("Maja Lindqvist", "Löparskor Trail 3, order 10482", "“Hos dig torsdag”"))
    (action,) = re.findall(r'<a class="button first" data-act href="([^"]+)" id="first-act">Give a new date', row)
    assert lead.get(action).status_code == 200


def test_a_page_seen_before_answers_nothing_until_something_changes(lead: Client, saturday: Living) -> None:
    maja = shop().pages.by_name("maja", 1)[0].person
    for address in ("/", f"/customers/{maja}/", f"/promises/{promise_of('delivery', 'broken')}/"):
        # Once in a while the minute turns between the two; not twice in a row.
        answered, seen = {}, ""
        for _ in range(2):
            (seen,) = re.findall(r'data-seen="(\w+)"', lead.get(address).content.decode())
            answered[seen] = lead.get(address, headers={"x-seen": seen}).status_code
        assert 204 in answered.values()
        do(lead, "take", promise_of("delivery", "broken"))
        assert lead.get(address, headers={"x-seen": seen}).status_code == 200


def test_who_may_not_act_is_offered_nothing_and_refused(lead: Client, visitor: Client, saturday: Living) -> None:
    from omtanke.web.accounts.models import Role, Staff

    broken = promise_of("delivery", "broken")
    analyst = Staff.objects.filter(email="ana@demo.example").first() or Staff.objects.create_staff("ana@demo.example", "Ana", Role.ANALYST)
    visitor.force_login(analyst)
    html = visitor.get("/").content.decode()
    assert ("data-act" in html, "at-once" in html, "Maja" in html, "Left in the rain" in html) == (False, False, False, False)
    assert [visitor.get(f"/act/take/{broken}/").status_code, visitor.post(f"/act/take/{broken}/", {"key": "k" * 12}).status_code] == [403, 403]
    assert saturday.facts("task_taken") == []


@pytest.mark.usefixtures("english")
def test_what_needs_a_person_costs_the_same_with_one_row_and_with_three(saturday: Living) -> None:
    from omtanke.web.console.acting.offers import Desk
    from omtanke.web.console.urgent import Found, find, urgent_rows
    from omtanke.web.shop import voice

    pages, say = shop().pages, voice()
    found = find(pages)
    three = Found(found.broken, (), (), found.due, found.at_risk)

    def cost(of: Found) -> tuple[int, int]:
        before = pages.asked
        rows = urgent_rows(pages, of, say, Desk(1))
        return pages.asked - before, len(rows)

    assert (cost(Found(found.broken, (), (), (), ())), cost(three)) == ((3, 1), (3, 3))


def test_rows_can_be_mine_or_my_units_and_that_is_remembered(lead: Client, saturday: Living) -> None:
    from omtanke.web.accounts.demo_staff import demo_lead

    lead_now = demo_lead()
    lead_now.units = ["service"]
    lead_now.save()
    shown = {rows: re.findall(r'<li class="row acting" id="row-(\d+)"', lead.get(f"/?rows={rows}").content.decode()) for rows in ("all", "mine", "units")}
    assert (len(shown["all"]), shown["mine"], shown["units"]) == (4, [], [str(promise_of("call_back", "due"))])
    assert re.findall(r'<li class="row acting" id="row-(\d+)"', lead.get("/").content.decode()) == shown["units"]
    lead.get("/?rows=all")


def test_what_a_colleague_has_stands_after_what_is_nobodys(lead: Client, saturday: Living) -> None:
    from omtanke.web.accounts.models import Role, Staff

    other = Staff.objects.filter(email="other@demo.example").first() or Staff.objects.create_staff("other@demo.example", "Berit", Role.SERVICE)
    (one,) = shop().pages.promises([promise_of("delivery", "broken")])
    shop().acts.put(*taken_by(int(other.pk), one.promise, one.customer))
    saturday.work()
    rows = re.findall(r'<li class="row acting" id="row-(\d+)"', lead.get("/").content.decode())
    assert rows[-1] == str(one.promise)
    assert "Berit, logistics" in lead.get("/").content.decode()


def taken_by(staff: int, task: int, customer: int) -> tuple[Any, ...]:
    from omtanke.vocabulary.task import TaskTaken

    return TaskTaken, f"taken:{task}", customer, {"staff": staff, "task": task}
