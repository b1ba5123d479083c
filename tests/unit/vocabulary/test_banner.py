"""The shapes in which banners say yes and no."""

from __future__ import annotations

from typing import Any

import pytest

from omtanke.vocabulary.banner import categories_of, is_said_in, purposes_of, tc_string

# Examples of the framework's own documentation and of its implementations' tests: what they decode to is published with them.
PUBLISHED = {
    "COtybn4PA_zT4KjACBENAPCIAEBAAECAAIAAAAAAAAAA": {2, 10},
    "COrEAV4OrXx94ACABBENAHCIAD-AAAAAAACAAxAAAAgAIAwgAgAAAAEAgQAAAAAEAYQAQAAAACAAAABAAA.IBAgAAAgAIAwgAgAAAAEAAAACA": {3, 4, 5, 6, 7, 8, 9},
}


@pytest.mark.parametrize(("text", "purposes"), PUBLISHED.items())
def test_tc_string_tells_its_purposes(text: str, purposes: set[int]) -> None:
    assert purposes_of(text) == {f"tcf.{n}": n in purposes for n in range(1, 12)}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "C",
        "COtybn4PA_zT4KjACBENAPCIAEBAAECA",
        "BOEFEAyOEFEAyAHABDENAI4AAAB9vABAASAAAAAAAAAA",
        "Cåtybn4PA_zT4KjACBENAPCIAEBAAECAAIAAAAAAAAAA",
        "COtybn4PA zT4KjACBENAPCIAEBAAECAAIAAAAAAAAAA",
        "not a string of that framework, by far, whatever it may be",
    ],
)
def test_what_is_no_tc_string_of_version_2_says_nothing(text: str) -> None:
    assert purposes_of(text) == {}


@pytest.mark.parametrize(
    ("context", "categories"),
    [
        ({"consent": {"categoryPreferences": {"Advertising": True, "Analytics": False}}}, {"Advertising": True, "Analytics": False}),
        ({"consent": {"categoryPreferences": {"Advertising": "yes", "Analytics": None, "Own": 1}}}, {}),
        ({"consentManagement": {"allowedConsentIds": ["C0001"], "deniedConsentIds": ["C0004"]}}, {"C0001": True, "C0004": False}),
        ({"consentManagement": {"allowedConsentIds": ["C0004"], "deniedConsentIds": ["C0004"]}}, {"C0004": False}),
        ({"consent": {"consentMode": {"ad_storage": "granted", "ad_user_data": "DENIED", "own": "denied"}}}, {"ad_storage": True, "ad_user_data": False}),
        ({"consent": {"consentMode": {"ad_storage": True}}}, {}),
        ({"consent": {"categoryPreferences": {"ad_storage": True}, "consentMode": {"ad_storage": "denied"}}}, {"ad_storage": False}),
        ({"consent": None}, {}),
        ({"consent": ["Advertising"], "consentManagement": {"allowedConsentIds": "C0001", "deniedConsentIds": [4]}}, {}),
    ],
)
def test_categories_are_read_in_every_shape(context: dict[str, Any], categories: dict[str, bool]) -> None:
    assert (is_said_in(context), categories_of(context)) == (True, categories)


def test_tc_string_is_found_under_both_names() -> None:
    (text, _), *_ = PUBLISHED.items()
    assert [tc_string({"consent": one}) for one in ({"tcString": text}, {"tcf": text}, {"tcString": 5}, {})] == [text, text, "", ""]
    assert categories_of({"consent": {"tcString": text}})["tcf.10"]


def test_context_without_a_banner_is_passed_over() -> None:
    assert not is_said_in({"page": {"path": "/consent"}})
