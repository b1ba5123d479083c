"""The pages answer, say what is true, and ask the store the same few things however much there is to show."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import fields, is_dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING

import pytest

from omtanke.storage.databases import read_database
from omtanke.storage.sql_log import SqlLog
from omtanke.web.shop import Shop

if TYPE_CHECKING:
    from django.test import Client

LARGEST_PAGE = 100_000
LISTS = ("/promises/", "/promises/?state=waiting", "/promises/?state=well", "/promises/?period=28&by=carrier")
ADDRESSES = ("/", *LISTS, "/answers/", "/answers/?period=28", "/customers/", "/customers/?q=lind", "/health/")


def person_named(here: Shop, name: str) -> int:
    return here.pages.by_name(name, 5)[0].person


def links_of(html: str, begins: str) -> list[str]:
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]+)"', html)]
    return [link for link in links if link.startswith(begins)]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_answers_and_is_small(lead: Client, address: str) -> None:
    response = lead.get(address)
    assert response.status_code == 200
    assert len(response.content) < LARGEST_PAGE


@pytest.mark.parametrize("address", [*ADDRESSES, "/customers/1/", "/promises/1/", "/promises/figures/weeks.csv"])
def test_nobody_sees_a_page_without_signing_in(visitor: Client, address: str) -> None:
    response = visitor.get(address)
    assert (response.status_code, response.headers["Location"].startswith("/sign-in/")) == (302, True)


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_inline_script_or_style(lead: Client, address: str) -> None:
    html = lead.get(address).content.decode()
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", html) == []


def test_policy_allows_only_what_is_ours(lead: Client) -> None:
    policy = lead.get("/").headers["Content-Security-Policy"]
    assert ("default-src 'none'" in policy, "script-src 'self'" in policy, "unsafe" in policy) == (True, True, False)


def test_pages_are_not_kept_in_caches(lead: Client) -> None:
    assert lead.get("/").headers["Cache-Control"] == "private, no-store"


def test_today_begins_with_those_who_wait(lead: Client, here: Shop) -> None:
    html = lead.get("/").content.decode()
    waiting = here.pages.waiting()
    assert waiting.persons > 0
    assert re.search(r"<h1[^>]*>(\w+) customers? (is|are) waiting for us\.</h1>", html)
    assert "Maja Lindqvist" in html


def test_counts_of_seven_days_are_those_of_the_lists_they_open(lead: Client) -> None:
    html = lead.get("/").content.decode()
    counts = re.findall(r'<a href="(/promises/[^"]+#people)">[^<]+<strong>(\d+)</strong>', html)
    assert len(counts) == 4
    for address, count in counts:
        listed = lead.get(address.replace("&amp;", "&")).content.decode()
        assert re.search(rf'<section id="people">\s*<h2>{count} promises?', listed), address


def test_waiting_customers_are_those_of_the_list(lead: Client, here: Shop) -> None:
    waiting = here.pages.waiting()
    html = lead.get("/promises/?state=waiting").content.decode()
    assert re.search(rf"<h2>{waiting.persons} customers? waits? · {waiting.promises} broken promises?</h2>", html)
    assert html.count('class="button first"') == waiting.promises
    assert f"<b>{waiting.persons}</b>" in lead.get("/").content.decode()


def test_a_missed_door_is_nothing_that_a_customer_waits_for(here: Shop) -> None:
    owed = here.pages.promise_counts(range(1, 4_000))
    assert sum(one.waiting for one in owed.values()) == here.pages.waiting().promises
    assert here.pages.waiting_count() == here.pages.waiting()


def test_every_figure_of_today_opens_as_many_as_it_counts(lead: Client) -> None:
    html = lead.get("/").content.decode()
    found = re.findall(r'<a class="figure" href="([^"]+)">.*?<span class="small">(.*?)</a>', html, re.S)
    assert len(found) == 3
    for address, base in found:
        (count,) = re.findall(r"([\d,]+) (?:promises?|answers?|broken promises?)", re.sub("<[^>]+>", "", base))
        listed = lead.get(address.replace("&amp;", "&").partition("#")[0]).content.decode()
        assert re.search(rf'<section id="people">\s*<h2>(?:\d+ customers? waits? · )?{count} ', listed), address


def test_numbers_under_a_figure_open_the_people_behind_them(lead: Client) -> None:
    html = lead.get("/promises/?by=carrier").content.decode()
    found = [one for one in re.findall(r'<td class="n"><a href="(\?[^"]+)">(\d+)</a>', html) if "answered" not in one[0]]
    assert len(found) > 10
    for address, count in found[::7]:
        listed = lead.get("/promises/" + address.replace("&amp;", "&")).content.decode()
        assert re.search(rf'<section id="people">\s*<h2>{count} promises?', listed), address


def test_what_broken_promises_cost_opens_as_many_answers_as_it_counts(lead: Client) -> None:
    html = lead.get("/promises/").content.decode()
    found = re.findall(r'<td class="n"><a href="(\?figure=answered_[^"]+)">([\d,]+)</a>', html)
    assert found
    for address, count in found:
        assert f"<h2>{count} answer" in lead.get("/promises/" + address.replace("&amp;", "&")).content.decode(), address


def test_a_list_is_read_on_without_losing_or_repeating(lead: Client) -> None:
    seen: list[str] = []
    address = "/promises/?state=kept&kind=opening_hours"
    while address:
        html = lead.get(address).content.decode()
        seen += re.findall(r'class="button[^"]*" href="(/promises/\d+/)"', html)
        following = links_of(html, "?kind=opening_hours&state=kept&after=")
        address = "/promises/" + following[0].removesuffix("#people") if following else ""
    assert len(seen) == len(set(seen)) > 50


@pytest.mark.parametrize("form", ["svg", "png", "csv"])
@pytest.mark.parametrize("name", ["weeks", "parts", "cost"])
def test_each_figure_is_a_picture_and_numbers(lead: Client, name: str, form: str) -> None:
    begins = {"svg": b"<svg", "png": b"\x89PNG", "csv": b"part,"}[form]
    assert lead.get(f"/promises/figures/{name}.{form}").content.startswith(begins)


def test_a_figure_there_is_not_is_not_found(lead: Client) -> None:
    assert [lead.get(f"/promises/figures/{name}").status_code for name in ("weeks.exe", "moons.svg")] == [404, 404]


def test_a_promise_shows_words_facts_and_reasons(lead: Client, here: Shop) -> None:
    number = next(iter([one.number for one in here.pages.urgent_open("due", 1)] or here.pages.urgent_broken(1)))
    html = lead.get(f"/promises/{number}/").content.decode()
    assert all(said in html for said in ("Why?", "It rests on:", "policy", "engine", 'role="img"'))


def test_a_promise_that_was_a_quote_shows_the_words_of_the_quote(lead: Client, here: Shop) -> None:
    log = SqlLog(read_database(here.data, "log"))
    made = next(one.fact for one in log.facts_from(0, 1_000_000) if one.fact.reason == "quote_taken")
    log.close()
    number = made.body.promise  # type: ignore[attr-defined]
    (promise,) = here.pages.promises([number])
    words = here.pages.facts_by_id(promise.person, made.because)[made.because[-1]].personal["properties"]["words"]
    html = lead.get(f"/promises/{number}/").content.decode()
    assert html.count(words) >= 2


@pytest.mark.parametrize("address", ["/promises/99999/", f"/promises/{2**63}/", "/customers/99999/", "/nothing/"])
def test_what_is_not_there_is_said_so(lead: Client, address: str) -> None:
    response = lead.get(address)
    assert (response.status_code, "We cannot find this page." in response.content.decode()) == (404, True)


@pytest.mark.parametrize("asked", ["maja.lindqvist@example.com", "MAJA.Lindqvist@example.com", "070-174 06 05", "+46701740605", "10482", "#10482"])
def test_who_is_known_by_something_of_their_own_is_opened_at_once(lead: Client, here: Shop, asked: str) -> None:
    response = lead.get("/customers/", {"q": asked})
    assert (response.status_code, response.headers.get("Location")) == (302, f"/customers/{person_named(here, 'Maja Lindqvist')}/")


def test_names_are_found_by_their_beginnings_without_accents(lead: Client) -> None:
    html = lead.get("/customers/", {"q": "oberg kar"}).content.decode()
    assert "Karin Öberg" in html


def test_a_name_finds_those_we_owe_something_first_then_whole_names(lead: Client, here: Shop) -> None:
    found = here.pages.by_name("maja", 50)
    owed = here.pages.promise_counts([one.person for one in found])
    standing = [(min(owed[one.person].waiting, 1), min(owed[one.person].open, 1)) if one.person in owed else (0, 0) for one in found]
    assert (found[0].name, standing) == ("Maja Lindqvist", sorted(standing, reverse=True))
    assert here.pages.by_name("lindqvist maja", 5)[0].name == "Maja Lindqvist"


def test_a_number_is_found_as_written_and_as_shown(lead: Client, here: Shop) -> None:
    erik = f"/customers/{person_named(here, 'Aisha Warsame')}/"
    assert [lead.get("/customers/", {"q": asked}).headers.get("Location") for asked in ("arende-aisha", "10466")] == [erik, erik]


def test_an_identifier_from_elsewhere_is_found_as_typed(here: Shop, tmp_path: Path) -> None:
    import msgspec

    from omtanke.web.console.customers import search

    copy = with_quarantine(here, tmp_path)
    person = person_named(here, "Maja Lindqvist")
    with closing(sqlite3.connect(tmp_path / "log.db")) as log:
        key = here.keys.identifier_key("external", "old_shop_id:4711a")
        log.execute("INSERT INTO identifier (key, kind, customer) VALUES (?, 'external', ?)", (key, person))
        part = msgspec.msgpack.encode({"identifiers": [["external", "old_shop_id:4711a"]]})
        last = "SELECT max(position) FROM fact WHERE customer = ?1"
        log.execute(f"INSERT OR REPLACE INTO personal (customer, position, part) VALUES (?1, ({last}), ?2)", (person, part))
        log.commit()
    found = [([one.person for one in hits], exact) for hits, exact in (search(copy, asked) for asked in ("4711a", "old_shop_id:4711a"))]
    copy.pages.close()
    assert found == [([person], True)] * 2


def test_without_a_question_those_who_wait_are_shown(lead: Client) -> None:
    html = lead.get("/customers/").content.decode()
    assert "Waiting for us now" in html
    assert "Maja Lindqvist" in html


def test_answers_are_listed_by_question_with_as_many_as_counted(lead: Client) -> None:
    html = lead.get("/answers/").content.decode()
    found = re.findall(r'<td class="n"><a href="([^"]+)#people">([\d,]+)</a>', html)
    assert len(found) > 3
    for address, count in found:
        assert f"<h2>{count} answer" in lead.get(address.replace("&amp;", "&")).content.decode()


def test_answers_are_read_on_without_losing_or_repeating(lead: Client) -> None:
    html = lead.get("/answers/").content.decode()
    (count,) = re.findall(r"<h2>([\d,]+) answers</h2>", html)
    seen, address = 0, "/answers/"
    while address:
        html = lead.get(address).content.decode()
        seen += html.count('class="row answer"')
        following = re.findall(r'href="(/answers/\?[^"]*skip=\d+)#people">More', html)
        address = following[0].replace("&amp;", "&") if following else ""
    assert seen == int(count.replace(",", ""))


@pytest.mark.parametrize("query", ["skip=x", "skip=99999999", "period=no", "question=x", "question=%27&touchpoint=%27", "skip=-1"])
def test_answers_to_nonsense_are_answered(lead: Client, query: str) -> None:
    assert lead.get(f"/answers/?{query}").status_code == 200


def test_what_a_customer_said_is_marked_with_their_language(lead: Client) -> None:
    assert re.search(r'class="quote" lang="(sv|en)"', lead.get("/answers/").content.decode())


def test_a_telephone_number_is_written_as_at_home(lead: Client, here: Shop) -> None:
    html = lead.get(f"/customers/{person_named(here, 'Maja Lindqvist')}/").content.decode()
    assert "070-174\N{NO-BREAK SPACE}06\N{NO-BREAK SPACE}05" in html


@pytest.mark.parametrize("asked", ["%", "' OR 1=1 --", "\x00", "🦊", "a" * 5000, "+46", "@"])
def test_a_search_for_anything_is_answered(lead: Client, asked: str) -> None:
    assert lead.get("/customers/", {"q": asked}).status_code == 200


NONSENSE = ("after=zz", "after=9.9.9", "after=9999999999999999.1", "after=1.9999999999999999999", "period=2026-W99", "period=2026-13", "state=x", "region='")


@pytest.mark.parametrize("query", NONSENSE)
def test_an_address_that_makes_no_sense_is_answered(lead: Client, query: str) -> None:
    assert lead.get(f"/promises/?{query}").status_code == 200


def test_a_customer_is_one_timeline_with_what_we_owe_on_top(lead: Client, here: Shop) -> None:
    html = lead.get(f"/customers/{person_named(here, 'Maja Lindqvist')}/").content.decode()
    assert html.index("What we owe") < html.index("What has happened")
    assert "“Hos dig torsdag eller fredag”" in html
    assert "order 10482" in html


def test_a_timeline_read_on_shows_every_input_once(lead: Client, here: Shop) -> None:
    person = max(here.pages.promise_counts(range(1, 200)).values(), key=lambda owed: owed.promises).person
    (kind,) = {here.pages.person_of(person)[1]}  # type: ignore[index]
    shown, address = 0, f"/customers/{person}/"
    while address:
        html = lead.get(address).content.decode()
        shown += len(re.findall(r"<time", html.partition('id="timeline"')[2].partition("<aside")[0]))
        following = links_of(html, "?before=")
        address = f"/customers/{person}/{following[0]}".removesuffix("#timeline") if following else ""
    inputs = [fact for fact in here.pages.of_types(person, all_types(), 10_000) if not fact.is_decided and fact.type != "wake_reached"]
    causes = {fact.fact_id for fact in inputs}
    alone = {fact.cause for fact in here.pages.of_types(person, all_types(), 10_000) if fact.is_decided} - causes
    assert kind
    assert len(inputs) <= shown <= len(inputs) + len(alone)


def all_types() -> list[str]:
    from omtanke.vocabulary.catalogue import BODIES

    return list(BODIES)


def test_a_list_costs_the_same_with_one_row_and_with_three(here: Shop) -> None:
    from omtanke.web.console.rows import promise_rows
    from omtanke.web.shop import voice

    numbers = [number for number, _at in here.pages.ended_well(0, 2**62, *_start(), 3)]
    assert len(numbers) == 3
    assert statements(here, lambda: promise_rows(here.pages, voice(), numbers[:1])) == statements(here, lambda: promise_rows(here.pages, voice(), numbers))


def _start() -> tuple[object]:
    from omtanke.storage.seen import START

    return (START,)


def test_a_search_costs_the_same_with_one_hit_and_with_many(here: Shop) -> None:
    from omtanke.web.console.customers import customers_page, search
    from omtanke.web.shop import voice

    def asked(text: str) -> tuple[int, int]:
        found: list[int] = []

        def look() -> None:
            hits, _is_exact = search(here, text)
            customers_page(here, voice(), text, hits)
            found.append(len(hits))

        return statements(here, look), found[0]

    (one_cost, one), (many_cost, many) = asked("maja lindqvist"), asked("a")
    assert one == 1 < many
    assert one_cost == many_cost


@pytest.mark.parametrize(("address", "most"), [("/", 20), ("/promises/", 6), ("/customers/1/", 17), ("/answers/", 4), ("/health/", 16)])
def test_a_page_asks_the_store_a_few_things(lead: Client, here: Shop, address: str, most: int) -> None:
    assert statements(here, lambda: lead.get(address)) <= most


def statements(here: Shop, run: object) -> int:
    before = here.pages.asked
    run()  # type: ignore[operator]
    return here.pages.asked - before


def with_quarantine(here: Shop, folder: Path) -> Shop:
    """The same shop with two messages that could not be understood."""
    from msgspec.structs import replace

    from omtanke.storage.pages import Pages

    for name in ("log.db", "inbox.db"):
        with closing(sqlite3.connect(here.data / name)) as source, closing(sqlite3.connect(folder / name)) as copy:
            source.backup(copy)
    with closing(sqlite3.connect(folder / "log.db")) as log:
        rows = [(n, 1, bytes([n] * 16), 1_795_000_000_000_000, "properties.total", "070-174 06 05", "is not an amount", b"{}") for n in (1, 2)]
        log.executemany("INSERT INTO quarantine VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        log.commit()
    return replace(here, data=folder, pages=Pages(folder))


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("sees", [True, False])
def test_quarantined_values_are_shown_to_those_who_may_see_them(here: Shop, tmp_path: Path, sees: bool) -> None:
    from omtanke.web.console.health import LARGEST_NUMBER, health_page
    from omtanke.web.shop import voice

    copy = with_quarantine(here, tmp_path)
    page = health_page(copy, voice(), sees, LARGEST_NUMBER)
    copy.pages.close()
    assert page.sentence == "All is well, but 2 messages could not be understood."
    assert [(one.path, one.value, one.rule) for one in page.quarantine] == [("properties.total", "070-174 06 05" if sees else "", "is not an amount")] * 2


def test_health_says_first_that_nothing_more_is_taken_in(lead: Client, here: Shop) -> None:
    settings = here.data / "omtanke.toml"
    before = settings.read_text(encoding="utf-8") if settings.exists() else ""
    settings.write_text(before + "keep_free_mb = 1_000_000_000\n", encoding="utf-8")
    try:
        assert "<h1>The disk is full: what is sent to us is turned away until there is room.</h1>" in lead.get("/health/").content.decode()
    finally:
        settings.write_text(before, encoding="utf-8")
    assert "The disk is full" not in lead.get("/health/").content.decode()


def test_healthz_answers_without_signing_in(visitor: Client) -> None:
    response = visitor.get("/healthz")
    assert (response.status_code, response.json()["status"], response.json()["role"]) == (200, "ok", "web")


def test_who_comes_through_a_proxy_hears_whether_and_not_why(visitor: Client) -> None:
    elsewhere = {"x-forwarded-for": "203.0.113.7"}
    assert visitor.get("/healthz", headers=elsewhere).json() == {"status": "ok", "role": "web"}
    assert (visitor.get("/metrics").status_code, visitor.get("/metrics", headers=elsewhere).status_code) == (200, 403)


def test_every_context_says_what_each_of_its_fields_is() -> None:
    from omtanke.web import console, mypage

    undocumented = []
    for module in (import_module(f"{room.__name__}.{found.name}") for room in (console, mypage) for found in iter_modules(room.__path__)):
        for thing in vars(module).values():
            if isinstance(thing, type) and is_dataclass(thing) and thing.__module__ == module.__name__:
                said = thing.__doc__ or ""
                undocumented += [f"{thing.__qualname__}.{one.name}" for one in fields(thing) if not re.search(rf"\b{one.name}\b[^.]*[:,]", said)]
    assert undocumented == []
