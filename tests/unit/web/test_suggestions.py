"""Customers who are perhaps one person: the evidence side by side, and what somebody says of it is a fact."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fakes.living import Living
from omtanke.processes.suggest import suggest_links
from omtanke.runtime.own_sources import CONSOLE, OwnSource
from omtanke.storage.suggestions import Suggestion, Suggestions
from omtanke.vocabulary.erasure import ErasureRequested
from omtanke.vocabulary.fact import Observed
from omtanke.vocabulary.identity import LinkConfirmed
from omtanke.vocabulary.rights import ProcessingRestricted
from omtanke.web.shop import Shop, shop
from unit.web.living_pages import over

if TYPE_CHECKING:
    from django.test import Client

HOME = {"street": "Storgatan 12", "postalCode": "903 26", "city": "Umeå"}
MAJA = {"name": "Maja Lindqvist", "email": "maja@example.com", "phone": "070-174 06 05", "address": HOME}
AT_WORK = {"name": "Maja Lindkvist", "email": "maja.l@work.example", "phone": "+46701740605", "address": HOME}
PARTNER = {"name": "Erik Lindqvist", "email": "erik@example.com", "phone": "070-174 06 05", "address": HOME}


def silent(what: str, done: int, of: int) -> None:
    """Progress that nobody reads."""


@pytest.fixture
def living(here: Shop, tmp_path: Path) -> Iterator[Living]:
    """Maja has two accounts; Erik lives with her."""
    shop_of_three = Living(tmp_path)
    for user, traits in (("maja", MAJA), ("maja-work", AT_WORK), ("erik", PARTNER)):
        shop_of_three.tell_of(user, traits)
    shop_of_three.hear("maja", "Order Completed", order_id="10482", total=899)
    shop_of_three.work()
    suggest_links(tmp_path, 100, silent)
    with over(shop_of_three, here):
        yield shop_of_three


def numbers(living: Living) -> tuple[int, int, int]:
    keys = living.folder.keys
    maja, work, erik = (living.log.identifier(keys.identifier_key("user_id", user)) for user in ("maja", "maja-work", "erik"))
    return maja, work, erik


def page_of(client: Client) -> str:
    return client.get("/suggestions/").content.decode()


def sent(client: Client, said: str, **instead: Any) -> Any:
    (form,) = re.findall(r'<form method="post" action="/suggestions/".*?</form>', page_of(client), re.S)
    values = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    return client.post("/suggestions/", {**values, "verdict": said, **instead})


def kept(living: Living) -> list[tuple[int, int, str]]:
    with closing(Suggestions(living.folder.path)) as suggestions:
        return [
            (one, two, getattr(suggestions.of(one, two), "status", "")) for one, two in [*((s.one, s.two) for s in suggestions.open(9)), *suggestions.decided()]
        ]


def test_one_person_with_two_accounts_is_suggested_and_who_lives_there_is_not(lead: Client, living: Living) -> None:
    maja, work, _erik = numbers(living)
    assert kept(living) == [(maja, work, "open")]
    html = page_of(lead)
    assert "One pair of customers is perhaps one person." in html
    assert "Erik" not in html


def test_evidence_stands_side_by_side_with_a_sign_and_a_word(lead: Client, living: Living) -> None:
    rows = re.findall(r'<th scope="row"[^>]*>([^<]+)</th><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td>', page_of(lead))
    told = {label: (one, two, " ".join(re.sub(r"<[^>]+>", "", alike).split())) for label, one, two, alike in rows}
    assert told["Name"] == ("Maja Lindqvist", "Maja Lindkvist", "≈ nearly the same")
    assert told["Address"] == ("Storgatan 12", "Storgatan 12", "= the same")
    assert told["E-mail"] == ("maja@example.com", "maja.l@work.example", "≠ differs")
    assert told["Telephone"][2] == "= the same"
    assert "Born" not in told
    assert "10482" in told["Last purchases"][0]


def test_the_same_person_is_a_fact_and_leads_to_that_person(lead: Client, living: Living) -> None:
    maja, work, _erik = numbers(living)
    response = sent(lead, "same")
    assert (response.status_code, response.headers["Location"]) == (302, f"/customers/{maja}/?saved=now")
    (act,) = living.facts("link_confirmed")
    assert (act.customer, act.body.other) == (maja, work)  # type: ignore[attr-defined]
    assert kept(living) == [(maja, work, "confirmed")]
    assert "maja.l@work.example" in lead.get(f"/customers/{maja}/identities/").content.decode()
    assert "Nobody here looks like somebody else." in page_of(lead)


def test_what_is_refused_is_remembered(lead: Client, living: Living) -> None:
    maja, work, _erik = numbers(living)
    assert sent(lead, "two").headers["Location"] == "/suggestions/?saved=now"
    (act,) = living.facts("link_refused")
    assert (act.customer, act.body.other) == (maja, work)  # type: ignore[attr-defined]
    suggest_links(living.folder.path, 100, silent)
    assert kept(living) == [(maja, work, "refused")]


def test_the_log_remembers_what_was_refused_when_the_list_is_lost(lead: Client, living: Living) -> None:
    maja, work, _erik = numbers(living)
    sent(lead, "two")
    living.work()
    (living.folder.path / "suggestions.db").unlink()
    suggest_links(living.folder.path, 100, silent)
    assert kept(living) == []
    assert [(one.one, one.two, one.status) for one in shop().pages.links_of(maja)] == [(maja, work, "refused")]


def test_more_pairs_ask_the_log_no_more_often(lead: Client, living: Living) -> None:
    def asked() -> int:
        before = shop().pages.asked
        page_of(lead)
        return shop().pages.asked - before

    with_one = asked()
    for number in range(3):
        for user in (f"u{number}", f"u{number}-work"):
            living.tell_of(user, {"name": f"{'Ada Bea Cia'.split()[number]} Sandgren", "email": f"{number}@example.com"})
    living.work()
    suggest_links(living.folder.path, 100, silent)
    assert (asked(), page_of(lead).count('<section class="pair"')) == (with_one, 4)


def test_so_many_wait_as_were_asked_for_the_likeliest(living: Living) -> None:
    for user in ("ada", "ada-work"):
        living.tell_of(user, {"name": "Ada Sandgren", "email": "ada@example.com"})
    living.work()
    suggest_links(living.folder.path, 100, silent)
    both = [one[:2] for one in kept(living)]
    suggest_links(living.folder.path, 1, silent)
    assert (len(both), [one[:2] for one in kept(living)]) == (2, both[:1])


def test_a_form_sent_twice_acts_once(lead: Client, living: Living) -> None:
    sent(lead, "two", key="twice-twice")
    maja, work, _erik = numbers(living)
    lead.post("/suggestions/", {"key": "twice-twice", "one": maja, "two": work, "verdict": "two"})
    assert len(living.facts("link_refused")) == 1


def test_who_was_never_suggested_cannot_be_joined_here(lead: Client, living: Living) -> None:
    _maja, work, erik = numbers(living)
    assert sent(lead, "same", one=work, two=erik).status_code == 404
    assert living.facts("link_confirmed") == []


@pytest.mark.parametrize(("wrong", "status"), [({"key": ""}, 422), ({"verdict": "perhaps"}, 422), ({"one": "x"}, 422)])
def test_a_wrong_form_says_so_and_changes_nothing(lead: Client, living: Living, wrong: dict[str, str], status: int) -> None:
    assert sent(lead, "same", **wrong).status_code == status
    assert living.facts("link_confirmed") == []


def test_a_number_of_a_register_is_not_shown_whole(lead: Client, living: Living) -> None:
    for user in ("maja", "maja-work"):
        living.tell_of(user, {"personal_number": "19900102-2384"})
    living.work()
    html = page_of(lead)
    assert ("2384" in html, "900102" in html, "102-2384" in html) == (True, False, False)


def test_in_data_that_have_ended_nothing_can_be_said(lead: Client, here: Shop) -> None:
    one, two = sorted(found.person for found in here.pages.by_name("an", 2))
    with closing(Suggestions(here.data)) as suggestions:
        suggestions.put([Suggestion(one, two, 0.999, {"first_name": "same"}, 1)])
    try:
        html = page_of(lead)
        refused = lead.post("/suggestions/", {"key": "12345678", "one": one, "two": two, "verdict": "same"})
    finally:
        (here.data / "suggestions.db").unlink()
    assert (f'id="pair-{one}-{two}"' in html, 'name="verdict"' in html, refused.status_code) == (True, False, 409)


def test_who_does_not_want_to_be_recognised_is_in_no_pair(here: Shop, tmp_path: Path) -> None:
    living = Living(tmp_path)
    for user, traits in (("maja", MAJA), ("maja-work", AT_WORK)):
        living.tell_of(user, traits)
    living.work()
    assert suggest_links(tmp_path, 100, silent).open == 1
    living.hear("maja", "Consent Withdrawn", purpose="recognition")
    living.work()
    assert suggest_links(tmp_path, 100, silent).open == 0
    living.close()


def says(living: Living, event: type[Observed], customer: int, **said: Any) -> None:
    """A colleague does something, and the worker takes it."""
    OwnSource(living.inbox, CONSOLE, "Europe/Stockholm", "SEK", living.clock).put(event, f"{event.__name__} {customer}", customer, {"staff": 1, **said})
    living.work()


def withdraws(living: Living, customer: int) -> None:
    living.hear("maja", "Consent Withdrawn", purpose="recognition")
    living.work()


NOT_MATCHED = {
    "left alone": lambda living, customer: says(living, ProcessingRestricted, customer, why="claim"),
    "does not want to be recognised": withdraws,
    "asks to be forgotten": lambda living, customer: says(living, ErasureRequested, customer),
}


@pytest.mark.parametrize("how", NOT_MATCHED)
def test_a_pair_leaves_at_once_when_one_of_them_may_not_be_matched_any_more(lead: Client, living: Living, how: str) -> None:
    maja, work, _erik = numbers(living)
    (form,) = re.findall(r'<form method="post" action="/suggestions/".*?</form>', page_of(lead), re.S)
    values = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    NOT_MATCHED[how](living, maja)
    assert kept(living) == [(maja, work, "open")] or how == "asks to be forgotten"
    html = page_of(lead)
    assert ("Nobody here looks like somebody else." in html, "maja.l@work.example" in html) == (True, False)
    refused = lead.post("/suggestions/", {**values, "verdict": "same"})
    assert refused.status_code in ({409, 404} if how == "asks to be forgotten" else {409})
    assert living.facts("link_confirmed") == []


@pytest.mark.parametrize(("how", "rule"), [("left alone", "is to be left alone"), ("does not want to be recognised", "does not want to be recognised")])
@pytest.mark.parametrize("is_other", [False, True])
def test_the_worker_refuses_in_words_to_join_somebody_who_may_not_be_matched(living: Living, how: str, rule: str, is_other: bool) -> None:
    maja, work, _erik = numbers(living)
    NOT_MATCHED[how](living, maja)
    one, two = (work, maja) if is_other else (maja, work)
    says(living, LinkConfirmed, one, other=two)
    refused = living.log.connection.execute("SELECT path, rule FROM quarantine").fetchall()
    assert refused == [("properties.other" if is_other else "customer", f"{rule}, and is linked with nobody")]
    assert living.facts("customers_linked") == []


def test_who_is_left_alone_is_in_no_new_pair(living: Living) -> None:
    maja, _work, _erik = numbers(living)
    NOT_MATCHED["left alone"](living, maja)
    (living.folder.path / "suggestions.db").unlink()
    assert suggest_links(living.folder.path, 100, silent).open == 0
