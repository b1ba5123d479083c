"""The check of any text: what a colleague has just written."""

from __future__ import annotations

from typing import Any

import pytest

from omtanke.messages.checking import Draft, check_message
from omtanke.messages.readability import other_language, readability

GOOD = "Hej Maja!\n\nFörlåt, det blev fel hos oss. Rätt skor är hos dig senast fredag 27 november.\n\nSara på Fjäll & Fot"


def rules(text: str, language: str = "sv", **known: Any) -> list[tuple[int, str]]:
    return [(one.line, one.rule) for one in check_message(Draft(text=text, language=language, **known))]


def test_reply_that_states_its_promise_has_no_findings() -> None:
    assert rules(GOOD, may_say=["senast fredag 27 november"], name="Maja", writer="Sara") == []


def test_reply_that_states_a_day_of_its_own_is_told() -> None:
    (found,) = check_message(Draft(text=GOOD, language="sv"))
    assert (found.line, found.rule, found.words) == (3, "untracked-date", "“fredag 27 november” is neither promise nor quote.")
    assert found.instead == "State it as a promise first, and use its words; or leave it out."


def test_other_day_than_the_promised_one_is_told() -> None:
    text = GOOD.replace("27", "28")
    assert rules(text, may_say=["senast fredag 27 november"]) == [(3, "untracked-date")]


def test_reply_names_greets_and_signs() -> None:
    assert rules("Skorna är på väg.", name="Maja", writer="Sara") == [(0, "signs"), (1, "greets"), (1, "names")]


def test_temporary_colleague_says_so() -> None:
    assert rules("Hej! Skorna är på väg. Ali", writer="Ali", is_temporary=True) == [(0, "signs")]
    assert rules("Hej! Skorna är på väg. Ali, vikarie", writer="Ali", is_temporary=True) == []


def test_reply_may_hold_what_looks_like_a_template() -> None:
    assert rules("Hej! Skorna {{ är på väg }}. {% Sara") == []


def test_empty_text_is_told() -> None:
    assert rules(" \n") == [(0, "files")]


def test_findings_are_in_the_order_of_lines() -> None:
    text = "Hej!\n\nDu måste vänta.\nTyvärr kan vi inte ändra.\n\nVi stänger nu!!"
    assert rules(text) == [(3, "work"), (4, "refusal"), (6, "closing-time"), (6, "shouts")]


@pytest.mark.parametrize(
    ("paragraphs", "language", "value"),
    [
        (["Skorna är på väg. Vi ses."], "sv", 3.0),
        (["Leveransen kommer."], "sv", 2 + 100 * 1 / 2),
        (["The shoes are on their way."], "en", round(4.71 * 21 / 6 + 0.5 * 6 - 21.43, 1)),
    ],
)
def test_readability_is_that_of_its_formula(paragraphs: list[str], language: str, value: float) -> None:
    assert readability(paragraphs, language).value == value


def test_what_a_template_places_counts_as_no_word() -> None:
    assert readability(["Det är hos dig ◈."], "sv").words == 4


@pytest.mark.parametrize(
    ("text", "language", "other"),
    [
        ("Hello, it is on its way to you and will be there", "sv", "en"),
        ("Hej, det är på väg till dig och kommer snart", "en", "sv"),
        ("Hej, det är på väg till dig", "sv", ""),
        ("Hello!", "sv", ""),
        ("Hej! Jackan Run For The Hills är på väg till dig.", "sv", ""),
    ],
)
def test_language_is_told(text: str, language: str, other: str) -> None:
    assert other_language(text, language) == other
