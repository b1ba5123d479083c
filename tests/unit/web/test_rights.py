"""Requests about data: taken down, answered, corrected, left alone; who may see it, and who has looked at whom."""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from fakes.living import MAJA, NAMES, Living
from fakes.story import at
from omtanke.runtime.exports import Exports
from omtanke.storage.rights import RightsPages
from omtanke.web.shop import Shop, shop
from unit.web.accounts.people import client, sign_in, somebody
from unit.web.test_acting import filled, saturday  # noqa: F401 (a fixture)

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

ROLES = ("service", "store", "analyst", "developer")


@pytest.fixture(autouse=True)
def fresh_looks(here: Shop) -> None:
    from omtanke.web.accounts.looking import forget_remembered
    from omtanke.web.accounts.models import Look

    Look.objects.all().delete()
    forget_remembered()


@pytest.fixture
def living(saturday: Living) -> Living:  # noqa: F811
    return saturday


def person(name: str = NAMES[MAJA]) -> int:
    return shop().pages.by_name(name, 1)[0].person


def colleague(role: str = "service", name: str = "Sara") -> Client:
    """A colleague's browser, whatever was here before."""
    from omtanke.web.accounts.models import Act, Look, Staff

    email = f"{name.lower()}@example.com"
    for old in Staff.objects.filter(email=email):
        Look.objects.filter(who=old).delete()
        Act.objects.filter(who=old).delete()
        Act.objects.filter(whom=old).delete()
        old.delete()
    somebody(email, role, name)
    browser = client()
    assert sign_in(browser, email) == 302
    return browser


def do(browser: Client, deed: str, number: int, **said: str) -> HttpResponse:
    address = f"/rights/{deed}/{number}/"
    return browser.post(address, filled(browser, address, **said))  # type: ignore[return-value]


def said(browser: Client, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return response.content.decode()


def asked(lead: Client, right: str = "access", **more: str) -> int:
    """Maja has asked; the number of her request."""
    assert do(lead, "request", person(), right=right, text="Vad vet ni om mig?", **more).status_code == 302
    return RightsPages(shop().pages).requests_of_person(person())[0].promise


def wait_for(is_there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_there():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_request_is_taken_down_and_waits_with_its_month(lead: Client, living: Living) -> None:
    number = asked(lead)
    html = said(lead, "/rights/")
    assert "One person waits for an answer about their data." in html
    assert all(
        word in html
        for word in (NAMES[MAJA], "A copy of what we know", "“Vad vet ni om mig?”", "by 21 December", "30 days left", f"/rights/answer/{number}/", "<svg")
    )
    (fact,) = living.facts("rights_requested")
    assert (fact.channel, fact.touchpoint) == ("mail", "console")


@pytest.mark.parametrize("address", ["/rights/", "/rights/customers/{person}/"])
def test_page_asks_the_store_as_often_however_many_there_are(lead: Client, living: Living, address: str) -> None:
    address, counts = address.format(person=person()), []
    for many in (1, 3):
        for _ in range(many):
            asked(lead)
        before = shop().pages.asked
        said(lead, address)
        counts.append(shop().pages.asked - before)
    assert counts[0] == counts[1] < 14


def test_request_that_reached_us_earlier_has_less_time_left(lead: Client, living: Living) -> None:
    asked(lead, reached="2026-10-24")
    assert "3 days left" in said(lead, "/rights/")


def test_answered_request_is_kept_and_moves(lead: Client, living: Living) -> None:
    number = asked(lead)
    assert do(lead, "answer", number, outcome="done", words="Här är allt.").headers["Location"].endswith("?saved=now")
    assert living.facts("promise_kept")[-1].body.promise == number  # type: ignore[attr-defined]
    html = said(lead, "/rights/")
    assert ("Nobody waits for an answer about their data." in html, 'class="tag kept">done' in html) == (True, True)


@pytest.mark.parametrize("outcome", ["refused", "partly"])
def test_what_was_not_done_has_to_be_explained(lead: Client, living: Living, outcome: str) -> None:
    number = asked(lead, "erasure")
    response = do(lead, "answer", number, outcome=outcome, words=" ")
    assert (response.status_code, "Say why" in response.content.decode()) == (422, True)
    assert living.facts("rights_answered") == []
    assert do(lead, "answer", number, outcome=outcome, words="Bokföringslagen.").status_code == 302


def test_part_of_an_answer_can_be_completed_and_the_rest_not_answered_again(lead: Client, living: Living) -> None:
    number = asked(lead)
    do(lead, "answer", number, outcome="partly", words="Resten kommer.")
    assert "Complete the answer" in said(lead, "/rights/")
    do(lead, "answer", number, outcome="done")
    assert f"/rights/answer/{number}/" not in said(lead, "/rights/")


def test_more_time_is_taken_once_with_words_for_the_customer(lead: Client, living: Living) -> None:
    number = asked(lead)
    assert do(lead, "extend", number, why="complex", words="Det tar tid att läsa femton års brev.").status_code == 302
    (renewed,) = living.facts("promise_renegotiated")
    assert renewed.body.until_at == at("2027-02-22 00:00")  # type: ignore[attr-defined]
    assert "It takes longer" not in said(lead, "/rights/")
    assert lead.get(f"/rights/extend/{number}/").status_code == 404
    assert "femton års brev" in said(lead, f"/promises/{number}/")


def test_erasure_ends_the_requests_and_an_answer_that_comes_later_is_refused_in_words(lead: Client, living: Living) -> None:
    number, who = asked(lead, "erasure"), person()
    answer = filled(lead, f"/rights/answer/{number}/", outcome="done", words="Gjort.")
    assert lead.post(f"/customers/{who}/erase/", {"sure": "on"}).status_code == 302
    wait_for(lambda: bool(living.facts("customer_erased")))
    assert "Nobody waits for an answer about their data." in said(lead, "/rights/")
    refused = lead.post(f"/rights/answer/{number}/", answer)
    assert refused.status_code == 422
    assert "It was not taken: the customer has been erased, and nothing more is noted about them." in refused.content.decode()
    assert [one.body.outcome for one in living.facts("rights_answered")] == ["done"]  # type: ignore[attr-defined]


def test_form_that_is_sent_twice_acts_once(lead: Client, living: Living) -> None:
    address = f"/rights/request/{person()}/"
    form = filled(lead, address, right="access")
    assert [lead.post(address, form).status_code for _ in range(2)] == [302, 302]
    assert len(living.facts("rights_requested")) == 1


def test_request_stands_on_today_when_it_may_break_and_is_answered_from_there(lead: Client, living: Living) -> None:
    number = asked(lead, reached="2026-10-24")
    html = said(lead, "/?whose=all")
    (row,) = re.findall(rf'<li class="row[^>]*id="row-{number}".*?</li>', html, re.S)
    assert ("a question about their data" in row, f"/rights/answer/{number}/" in row, "data protection" in row) == (True, True, True)
    assert "/act/new-date/" not in row


@pytest.mark.parametrize("deed", ["new-date", "met", "close", "told"])
def test_request_is_not_answered_in_passing(lead: Client, living: Living, deed: str) -> None:
    assert lead.get(f"/act/{deed}/{asked(lead)}/").status_code == 404


def test_colleague_without_the_right_is_offered_nothing_on_a_request(lead: Client, living: Living) -> None:
    number = asked(lead, reached="2026-10-24")
    assert f"/rights/answer/{number}/" not in said(colleague(), "/?whose=all")


def test_corrected_details_are_shown_and_the_wrong_ones_are_not(lead: Client, living: Living) -> None:
    number = person()
    assert do(lead, "correct", number, email="maja.lind@example.com", name="Maja Lind", phone="070-174 06 05").status_code == 302
    html = said(lead, f"/customers/{number}/")
    assert all(word in html for word in ("Maja Lind<", "maja.lind@example.com", "070-174"))
    assert ("maja@example.com" in html, "put right: name, e-mail and telephone" in html) == (False, True)
    known = said(lead, f"/customers/{number}/identities/")
    assert '<code>maja@example.com</code> <span class="quiet small">put right today; it still leads here</span>' in known
    assert "<code>maja.lind@example.com</code></td>" in known
    for address in ("maja@example.com", "maja.lind@example.com"):
        assert lead.get("/customers/", {"q": address}).headers["Location"] == f"/customers/{number}/"


def test_correction_that_changes_nothing_is_said(lead: Client, living: Living) -> None:
    response = do(lead, "correct", person())
    assert (response.status_code, "Nothing has been changed." in response.content.decode()) == (422, True)


@pytest.mark.parametrize(("field", "value"), [("email", "maja@"), ("phone", "ring mig"), ("locale", "svenska språket"), ("region", "<b>")])
def test_detail_that_cannot_be_is_refused(lead: Client, living: Living, field: str, value: str) -> None:
    assert do(lead, "correct", person(), **{field: value}).status_code == 422
    assert living.facts("details_corrected") == []


def test_restricted_customer_is_left_alone_and_everybody_sees_it(lead: Client, living: Living) -> None:
    number = person()
    assert do(lead, "restrict", number, why="accuracy").status_code == 302
    for browser in (lead, colleague()):
        assert "Left alone since" in said(browser, f"/customers/{number}/")
    assert lead.get(f"/rights/restrict/{number}/").status_code == 404
    assert do(lead, "lift", number).status_code == 302
    assert "Left alone since" not in said(lead, f"/customers/{number}/")


def test_copy_is_made_fetched_and_on_record(lead: Client, living: Living) -> None:
    number = person()
    response = lead.post(f"/rights/customers/{number}/export/")
    assert response.headers["Location"] in [f"/rights/customers/{number}/?{word}#copies" for word in ("saved=now", "making=1")]
    wait_for(lambda: bool(living.facts("data_exported")))
    (made,) = Exports(living.folder.path).of([number])
    fetched = lead.get(f"/rights/files/{made.path.stem}.zip")
    assert fetched.headers["Cache-Control"] == "private, no-store"
    with zipfile.ZipFile(io.BytesIO(b"".join(fetched.streaming_content))) as archive:  # type: ignore[attr-defined]
        data, page = json.loads(archive.read("data.json")), archive.read("readable.html").decode()
    assert [one["name"] for one in data["customers"]] == [NAMES[MAJA]]
    assert all(word in page for word in ("Allt som Butiken vet om dig", NAMES[MAJA], "maja@example.com", "Löparskor Trail 3", "Hos dig torsdag"))
    assert [name for user, name in NAMES.items() if user != MAJA and name in page + str(data)] == []
    assert f"/rights/files/{made.path.stem}.zip" in said(lead, f"/rights/customers/{number}/")


def test_copy_is_in_the_customers_own_language(lead: Client, living: Living) -> None:
    from omtanke.web.console.rights.making import make_export

    with zipfile.ZipFile(make_export(living.folder, person("Liv Grey"), None)) as archive:
        page = archive.read("readable.html").decode()
    assert ('<html lang="en">' in page, "Everything that Butiken knows about you" in page, "Left in the rain" in page) == (True, True, True)
    assert ("Maja" in page, "<script" in page) == (False, False)


# Who sees it


def addresses(lead: Client, living: Living) -> list[str]:
    """Every page about Maja's data, each of which says her name or holds it."""
    from omtanke.web.console.rights.making import make_export

    request, number, copy = asked(lead), person(), make_export(living.folder, person(), None)
    deeds = [f"/rights/{deed}/{number}/" for deed in ("request", "correct", "restrict")]
    return ["/rights/", f"/rights/customers/{number}/", f"/rights/files/{copy.stem}.zip", *deeds, *(f"/rights/{d}/{request}/" for d in ("answer", "extend"))]


def test_there_is_something_to_leak(lead: Client, living: Living) -> None:
    for address in addresses(lead, living):
        response = lead.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
        assert body.startswith(b"PK") if address.endswith(".zip") else NAMES[MAJA].encode() in body, address


@pytest.mark.parametrize("role", ROLES)
def test_whoever_has_not_the_right_sees_neither_page_nor_data(role: str, lead: Client, living: Living) -> None:
    browser, found = colleague(role), addresses(lead, living)
    for address in [*found, f"/rights/customers/{person()}/export/"]:
        for response in (browser.get(address), browser.post(address, {"outcome": "done", "key": "a-key-of-ours"})):
            html = response.content.decode()
            assert (response.status_code, NAMES[MAJA] in html, 'href="/rights/' in html) == (403, False, False), address
    assert living.facts("rights_answered") == []
    assert 'href="/rights/' not in said(browser, "/")


def test_service_does_not_see_who_has_looked(lead: Client, living: Living) -> None:
    number = person()
    browser = colleague()
    said(browser, f"/customers/{number}/")
    html = said(browser, f"/customers/{number}/")
    assert ("Who has looked" in html, "/rights/" in html) == (False, False)


def test_who_has_looked_is_on_record_once_a_quarter(lead: Client, living: Living) -> None:
    from omtanke.web.accounts.models import Look

    number, browser = person(), colleague(name="Siv")
    promise = shop().pages.promises_of_person(number, 1)[0]
    for address in (f"/customers/{number}/", f"/customers/{number}/", f"/promises/{promise}/", f"/act/note/{number}/"):
        said(browser, address)
    looks = [(one.customer, one.what) for one in Look.objects.filter(who__name="Siv").order_by("pk")]
    assert looks == [(number, "customer"), (number, "promise"), (number, "act")]
    html = said(lead, f"/rights/customers/{number}/")
    assert all(f"<strong>Siv</strong> {what}" in html for what in ("saw the customer&#x27;s page", "saw a promise", "did something for them"))
    assert "<strong>Siv</strong> did something for them" in said(lead, f"/customers/{number}/")


def test_analyst_who_sees_no_names_has_looked_at_nobody(lead: Client, living: Living) -> None:
    from omtanke.web.accounts.models import Look

    said(colleague("analyst", "Alva"), f"/promises/{shop().pages.promises_of_person(person(), 1)[0]}/")
    assert Look.objects.filter(who__name="Alva").count() == 0


def test_page_of_a_colleague_says_at_whom_they_have_looked(lead: Client, living: Living) -> None:
    from omtanke.web.accounts.models import Staff

    number = person()
    said(colleague(name="Siv"), f"/customers/{number}/")
    assert f'<a href="/customers/{number}/">customer no. {number}</a>' in said(lead, f"/staff/{Staff.objects.get(name='Siv').pk}/")


def test_looks_go_after_two_years(lead: Client, living: Living) -> None:
    from omtanke.web.accounts.models import Look

    now = timezone.now()
    for days in (800, 700):
        Look.objects.create(who=None, customer=7, what="export", at=now - timedelta(days=days))
    said(lead, f"/customers/{person()}/")
    assert [(now - one.at).days for one in Look.objects.filter(customer=7)] == [700]


def test_customer_is_told_who_looked_by_role_and_not_by_name(lead: Client, living: Living) -> None:
    from omtanke.web.console.rights.making import make_export

    said(colleague(name="Siv"), f"/customers/{person()}/")
    with zipfile.ZipFile(make_export(living.folder, person(), None)) as archive:
        page, data = archive.read("readable.html").decode(), archive.read("data.json").decode()
    assert ("kundservice" in page, [one["role"] for one in json.loads(data)["looked_at"]], "Siv" in page + data) == (True, ["service"], False)


# In both languages, and where data have ended


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/rights/", ("En person väntar på svar om sina uppgifter.", "Att få en kopia av det vi vet", "30 dagar kvar", "Besvara frågan")),
        ("/rights/customers/{person}/", ("Uppgifterna om Maja Lindqvist", "Skriv upp en fråga", "Vilka som har tittat", "Gör en kopia")),
        ("/rights/answer/{request}/", ("Vi har svarat Maja Lindqvist", "Delvis gjort", "Vad vi svarade")),
        ("/rights/correct/{person}/", ("Vad är rätt om Maja Lindqvist?", "Postnummer")),
        ("/rights/restrict/{person}/", ("Ska uppgifterna om Maja Lindqvist lämnas i fred?", "De behöver det för ett rättsligt anspråk")),
    ],
)
def test_pages_speak_swedish(lead: Client, living: Living, address: str, words: tuple[str, ...]) -> None:
    address = address.format(request=asked(lead), person=person())
    lead.defaults["HTTP_ACCEPT_LANGUAGE"] = "sv"
    html = lead.get(address, headers={"accept-language": "sv"}).content.decode()
    assert [word for word in words if word not in html] == []


def test_data_that_have_ended_are_looked_at_and_not_acted_in(here: Shop, lead: Client) -> None:
    number = here.pages.by_name("Maja Lindqvist", 1)[0].person
    response = lead.get(f"/rights/correct/{number}/")
    ended = response.status_code == 409
    assert ended is not (b'class="act"' in response.content)
