"""How good is it, and what they say: the pages over the demo shop."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from omtanke.insight.board import Board
from omtanke.insight.board_making import made
from omtanke.storage.seen import Verbatim
from omtanke.web.nameless import nameless
from omtanke.web.shop import Shop
from omtanke.web.words.masked import masked

if TYPE_CHECKING:
    from django.test import Client

SO_FAR = "/experience/?period="


def test_it_begins_with_a_true_sentence_and_shows_how_sure_it_is(lead: Client, here: Shop) -> None:
    html = lead.get(SO_FAR).content.decode()
    (total,) = here.board.measure("satisfaction").records
    assert f"Customers gave us {total['mean_score']:.2f} out of 5" in html
    assert f"{total['answers']:,} answers from {total['persons']:,} customers" in html
    assert f"{total['mean_score_low']:.2f}–{total['mean_score_high']:.2f}" in html


def test_the_worst_place_stands_first_and_opens_as_many_answers_as_it_counts(lead: Client, here: Shop) -> None:
    html = lead.get(SO_FAR).content.decode()
    rows = re.findall(r'<th scope="row">[^<]+(?:<span[^>]*>few answers</span>)?</th><td class="n">([\d.]+)</td>.*?<a href="([^"]+)#people">([\d,]+)</a>', html)
    means = [float(mean) for mean, _address, _count in rows]
    assert len(means) > 3 and means == sorted(means)
    for _mean, address, count in rows[:4]:
        assert re.search(rf"<h2>{count} answers?", lead.get(address.replace("&amp;", "&")).content.decode()), address


@pytest.mark.parametrize("query", ["measure=effort", "measure=recommendation&by=channel", "measure=feeling", "by=store", "by=about", "by=question", "period=7"])
def test_every_measure_and_division_is_answered(lead: Client, query: str) -> None:
    assert lead.get(f"/experience/?{query}").status_code == 200


@pytest.mark.parametrize("query", ["measure=luck", "by=moon", "period=no", "period=2026-W99", "measure='", "by=%00"])
def test_what_makes_no_sense_is_answered_as_usual(lead: Client, query: str) -> None:
    assert lead.get(f"/experience/?{query}").status_code == 200


@pytest.mark.parametrize(("form", "begins"), [("svg", b"<svg"), ("png", b"\x89PNG"), ("csv", b"part,scale,answers")])
def test_the_parts_are_a_picture_and_numbers(lead: Client, form: str, begins: bytes) -> None:
    assert lead.get(f"/experience/measure.{form}?period=").content.startswith(begins)


def test_a_figure_says_how_many_it_rests_on(lead: Client, here: Shop) -> None:
    html = lead.get(SO_FAR).content.decode()
    assert "Satisfaction, out of 5" in html
    assert '<span class="whole">' in html


def test_a_story_says_of_how_many_it_is_one(lead: Client) -> None:
    html = lead.get(SO_FAR).content.decode()
    assert re.search(r'class="quote".*?One of [\d,]+ answers there; their mean is [\d.]+', html, re.DOTALL)


def test_words_are_found_by_their_beginnings_without_accents(lead: Client, here: Shop) -> None:
    word = next(word for one in here.pages.verbatims(positions(here)) for word in one.text.split() if word.isalpha() and len(word) > 5)
    found = lead.get("/answers/", {"q": word[:5].upper()}).content.decode()
    assert re.search(r"<h2>[1-9][\d,]* answers?: “", found)
    quotes = re.findall(r'class="quote"[^>]*>(.*?)</p>', found)
    assert quotes and all(word[:5].casefold() in quote.casefold() for quote in quotes)


def test_a_word_that_nobody_wrote_finds_nobody(lead: Client) -> None:
    assert "<h2>0 answers" in lead.get("/answers/?q=zzzzzz").content.decode()


def test_answers_are_chosen_by_what_had_happened_and_how_content_they_were(lead: Client, here: Shop) -> None:
    broken = sum(one["answers"] for one in here.board.became("broken-cost").records if one["part"] == "broken")
    html = lead.get("/answers/?fate=broken&about=delivery").content.decode()
    assert re.search(rf"<h2>{broken} answers: ", html)
    low = lead.get("/answers/?level=low").content.decode()
    assert set(re.findall(r'<span class="tag [a-z]+">(\d) of 5</span>', low)) <= {"1", "2"}


def positions(here: Shop) -> list[int]:
    from omtanke.insight.board import Chosen

    return [one.position for one in here.board.given(Chosen(), 0, 0, most=200).answers]


def test_those_who_may_not_know_who_it_was_read_words_without_names(here: Shop) -> None:
    whole, covered = here.pages.verbatims(positions(here)), nameless(here.pages).verbatims(positions(here))
    assert len(whole) == len(covered) > 0
    assert all(one.names == frozenset() for one in covered)
    changed = [(one.text, other.text) for one, other in zip(whole, covered, strict=True) if one.text != other.text]
    assert all("•••" in text for _, text in changed)


def test_a_name_finds_nobody_for_those_who_may_not_see_names(here: Shop) -> None:
    assert here.pages.are_names(["lindqvist"]) == {"lindqvist"}
    assert nameless(here.pages).by_words("Lindqvist", 10) == []


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("Ring mig på 070-174 06 05!", "Ring mig på •••!"),
        ("Mejla anna.berg@example.se tack", "Mejla ••• tack"),
        ("Order 104821 kom inte, 2 dagar sent", "Order ••• kom inte, 2 dagar sent"),
        ("Tack Sara! Saras hjälp var bra, sara ja", "Tack •••! ••• hjälp var bra, sara ja"),
        ("Skrev till @butiken och www.butik.se", "Skrev till ••• och •••"),
        ("Kom 21/11 kl 9.14", "Kom ••• kl 9.14"),
        ("Inget här", "Inget här"),
    ],
)
def test_what_names_or_reaches_somebody_is_covered(text: str, covered: str) -> None:
    assert masked(text, frozenset({"sara"})) == covered


def test_every_word_of_a_double_name_is_a_name() -> None:
    assert masked("Anna-Lena kom", frozenset({"lena"})) == "••• kom"


def test_hiding_a_verbatim_hides_its_names(here: Shop) -> None:
    from omtanke.web.nameless import without_names

    assert without_names(Verbatim(1, 2, "Tack Sara", frozenset({"sara"}))) == Verbatim(1, 2, "Tack •••")


def test_an_empty_shop_says_what_will_stand_there(here: Shop, lead: Client, tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from pathlib import Path

    from omtanke.web import shop as module
    from unit.insight.stored import Stored

    stored = Stored(Path(str(tmp_path)))
    stored.set_clock("2026-11-05 12:00")
    monkeypatch.setattr(module, "_open", [module.replace(one, board=Board(stored.folder, making=made)) for one in module._open])
    html = lead.get("/experience/").content.decode()
    assert "Nobody has answered here yet." in html and "As soon as somebody has answered" in html
