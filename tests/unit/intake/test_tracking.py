"""What tracking clients say in a place of their own stands, when it is kept, where the tracking form has it."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from omtanke.intake.http import Problem
from omtanke.intake.origins import Origins
from omtanke.intake.senders.browsers import door_of, rudderstack_source, segment_settings
from omtanke.intake.senders.tracking import PATHS, settings_key, settle, told
from omtanke.vocabulary.time import read_moment, zone_named

STOCKHOLM = zone_named("Europe/Stockholm")
WINTER, SUMMER = (read_moment(f"2026-{month}-15T12:00:00Z", "", STOCKHOLM) for month in ("01", "07"))


def settled(now: int = WINTER, **message: Any) -> dict[str, Any]:
    return settle(message, STOCKHOLM, now)


def test_every_path_that_a_client_knows_is_a_call() -> None:
    short = {path: call for path, call in PATHS.items() if len(path) == len("/v1/t")}
    assert short == {"/v1/t": "track", "/v1/i": "identify", "/v1/p": "page", "/v1/s": "screen", "/v1/g": "group", "/v1/a": "alias", "/v1/b": "batch"}
    assert [PATHS[path] for path in ("/v1/track", "/v1/import", "/beacon/v1/batch")] == ["track", "batch", "batch"]
    assert [settings_key(path) for path in ("/v1/projects/abc/settings", "/v1/projects/a/b/settings", "/v1/projects//settings")] == ["abc", "", ""]


def test_traits_are_taken_from_the_context_only_where_none_are_told() -> None:
    context = {"traits": {"email": "a@example.se"}}
    assert settled(type="identify", context=context)["traits"] == context["traits"]
    assert settled(type="identify", context=context, traits={"phone": "1"})["traits"] == {"phone": "1"}
    assert "traits" not in settled(type="track", context=context)


def test_name_and_category_of_a_page_stand_among_its_properties() -> None:
    assert settled(type="page", name="Skor", category="Docs", properties={"name": "Kängor"})["properties"] == {"name": "Kängor", "category": "Docs"}
    assert settled(type="screen", name="Start", properties=None)["properties"] == {"name": "Start"}
    assert "properties" not in settled(type="page", name=None)
    assert settled(type="page", name="Skor", properties=["no object"])["properties"] == ["no object"]


@pytest.mark.parametrize(
    ("message", "channel"),
    [
        ({"channel": "web"}, "web"),
        ({"channel": "browser"}, "web"),
        ({"channel": "mobile"}, "app"),
        ({"channel": "server"}, None),
        ({"channel": "server", "context": {"library": {"name": "analytics.js"}}}, None),
        ({"channel": "web", "context": {"channel": "store"}}, "store"),
        ({"context": {"library": {"name": "analytics.js"}}}, "web"),
        ({"context": {"library": {"name": "analytics-python"}}}, None),
        ({"context": {"device": {"type": "ios"}, "library": {"name": "analytics-swift"}}}, "app"),
        ({"context": {"device": "tablet", "library": "analytics.js"}}, None),
        ({"context": None}, None),
    ],
)
def test_channel_is_told_by_the_client_where_the_message_tells_none(message: dict[str, Any], channel: str | None) -> None:
    assert (settled(type="track", **message).get("context") or {}).get("channel") == channel


@pytest.mark.parametrize(
    ("now", "offset", "zone"),
    [
        (WINTER, "GMT+0100", None),
        (SUMMER, "GMT+0100", "Etc/GMT-1"),
        (SUMMER, "GMT+02:00", None),
        (WINTER, "GMT+0000", "Etc/GMT+0"),
        (WINTER, "GMT-0500", "Etc/GMT+5"),
        (WINTER, "GMT+0530", None),
        (WINTER, "GMT+9900", None),
    ],
)
def test_offset_is_the_senders_own_zone_or_one_that_keeps_it(now: int, offset: str, zone: str | None) -> None:
    context = settled(now, type="track", context={"timezone": offset, "locale": "sv"})["context"]
    assert context == {"timezone": zone, "utc_offset": offset, "locale": "sv"}
    assert zone is None or zone_named(zone)


def test_zone_that_is_one_stays() -> None:
    assert settled(type="track", context={"timezone": "Europe/Helsinki"})["context"] == {"timezone": "Europe/Helsinki"}


def test_problem_is_told_by_the_names_that_clients_look_for() -> None:
    faults = [{"path": f"batch[{n}].event", "value": "'X'", "rule": "is not known"} for n in range(5)]
    body = told(Problem(400, "5 of 5 calls cannot be understood", faults)).body
    assert body["code"] == "invalid_request"
    assert body["message"].startswith("5 of 5 calls cannot be understood: batch[0].event: 'X' is not known; batch[1].event")
    assert len(body["faults"]) == 5


NAMES = some.sampled_from(["traits", "device", "library", "name", "timezone"])
ANYTHING = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(max_size=12) | some.sampled_from(["GMT+0100", "web", "page", "identify"]),
    lambda inside: some.lists(inside, max_size=2) | some.dictionaries(NAMES, inside, max_size=3),
    max_leaves=6,
)
FILLED_IN = ("context", "properties", "traits")


@given(some.dictionaries(some.sampled_from(["type", *FILLED_IN, "name", "category", "channel"]), ANYTHING))
def test_whatever_a_client_says_nothing_that_stands_is_changed(message: dict[str, Any]) -> None:
    before = copy.deepcopy(message)
    after = settle(message, STOCKHOLM, WINTER)
    assert [name for name in before if name not in FILLED_IN and after[name] != before[name]] == []
    for part in ("context", "properties"):
        if isinstance(before.get(part), dict):
            assert [name for name, one in before[part].items() if name != "timezone" and after[part][name] != one] == []


# Browsers


def asked(*headers: tuple[bytes, bytes]) -> dict[str, Any]:
    return {"headers": list(headers), "scheme": "http", "method": "POST"}


def test_browser_is_sent_to_the_door_as_it_was_asked_or_as_the_settings_say() -> None:
    scope = asked((b"host", b"127.0.0.1:8401"))
    assert door_of(scope, "") == ("http", "127.0.0.1:8401")
    assert door_of(scope, "https://in.shop.example/") == ("https", "in.shop.example")
    client = segment_settings("key", *door_of(scope, "https://in.shop.example"))["integrations"]["Segment.io"]
    assert (client["apiKey"], client["protocol"], client["apiHost"]) == ("key", "https", "in.shop.example/v1")
    assert rudderstack_source("key", "webb")["source"]["destinations"] == []


def test_page_that_is_not_on_the_list_is_refused_and_a_server_is_not() -> None:
    origins = Origins(["https://shop.example"])
    shop, other = (asked((b"origin", origin)) for origin in (b"https://shop.example", b"https://shop.example.evil"))
    assert origins.headers(asked()) == ()
    assert (b"access-control-allow-origin", b"https://shop.example") in origins.headers(shop)
    for ask in (origins.headers, lambda scope: origins.before(scope, "POST")):
        with pytest.raises(Problem, match="door_origins names those that may") as refused:
            ask(other)
        assert refused.value.status == 403


def test_every_page_may_send_where_there_is_no_list() -> None:
    scope = asked((b"origin", b"https://any.example"), (b"access-control-request-headers", b"authorization,anonymousid"))
    answer = Origins([]).before(scope, "POST, OPTIONS")
    said = dict(answer.headers)
    assert (answer.status, said[b"access-control-allow-origin"], said[b"access-control-allow-headers"]) == (204, b"*", b"authorization,anonymousid")
