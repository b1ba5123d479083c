"""The clients that shops run on their servers: what each sends becomes the facts that its documentation promises."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator

import pytest

from integration.running_door import RunningDoor, running_door
from omtanke.intake.senders.tracking import BATCH, PATHS
from omtanke.runtime.door_keys import make_write_key, open_write_keys
from omtanke.vocabulary.cart import CartViewed
from omtanke.vocabulary.identity import CustomerIdentified
from omtanke.vocabulary.product import ProductViewed
from omtanke.vocabulary.time import SECOND, read_moment, zone_named
from senders.arrived import Arrived, arrived
from senders.conftest import ON_SERVERS, Run, made_key, run_against

ANN, DEVICE = {"user_id": "kund-1"}, {"anonymous_id": "device-1"}
GIVEN_AT = read_moment("2026-11-17T09:14:00+01:00", "", zone_named("Europe/Stockholm"))
SAID = [
    ("customer_identified", "none", ANN | {"email": "ann@example.se"}),
    ("page_viewed", "none", ANN),
    ("screen_viewed", "none", ANN),
    ("product_viewed", "none", ANN),
    ("cart_viewed", "none", ANN),
    ("cart_viewed", "none", DEVICE),
    ("customer_grouped", "none", ANN),
    ("customer_aliased", "none", ANN | {"previous_id": "device-1"}),
]


@pytest.mark.parametrize("program", ON_SERVERS)
@pytest.mark.usefixtures("packages")
def test_what_a_client_tells_is_what_has_happened(door: RunningDoor, run: Run, program: str) -> None:
    began = time.time_ns() // 1000
    assert run(program, program) == ""
    facts = arrived(door, program, len(SAID))
    assert [one.said for one in facts] == SAID
    identified, page, screen, product, given, device, grouped, _ = facts
    assert isinstance(identified.fact.body, CustomerIdentified)
    assert (identified.fact.body.region, identified.fact.body.country, identified.fact.body.has_email) == ("Skåne", "SE", True)
    assert identified.personal["traits"]["firstName"] == "Ann"
    assert page.personal["properties"] == {"url": "https://shop.example/docs", "name": "Skor", "category": "Docs"}
    assert screen.personal["properties"] == {"from": "Settings Screen", "name": "Brightness"}
    assert isinstance(product.fact.body, ProductViewed)
    assert (product.fact.body.price, product.fact.body.currency, numbers(product)) == (129_900, "SEK", ["LOP-101"])
    assert isinstance(given.fact.body, CartViewed)
    assert (given.fact.occurred_at, numbers(given), numbers(device)) == (GIVEN_AT, ["c-1"], ["c-2"])
    assert (grouped.personal["traits"], numbers(grouped)) == ({"name": "Familjen Ek"}, ["household-7"])
    assert all(began - SECOND < one.fact.occurred_at <= one.fact.received_at for one in facts if one is not given)


def numbers(one: Arrived) -> list[str]:
    """The numbers that it names, as written."""
    return [number for _, _, number in one.personal["numbers"]]


SLIP = "1 of {of} calls cannot be understood: batch[{n}].event: 'Order Completd' is not known. Did you mean 'Order Completed'?"
STRANGER = "The key is not known; the console's page Senders has those that are"
# Segment's client for Node tells a program the status alone; the console has the rest.
TOLD = {
    "segment_python.py": (SLIP.format(of=9, n=8), STRANGER),
    "rudderstack_python.py": (SLIP.format(of=9, n=8), STRANGER),
    "segment_node.mjs": ("[400] Bad Request", "[401] Unauthorized"),
    "rudderstack_node.cjs": (SLIP.format(of=8, n=7), STRANGER),
}


@pytest.mark.parametrize("program", TOLD)
@pytest.mark.usefixtures("packages")
def test_client_is_told_once_what_is_wrong_and_the_good_events_are_kept(door: RunningDoor, run: Run, program: str) -> None:
    began = time.monotonic()
    said = run(program, f"{program} slips", "--slip", "--gzip")
    assert TOLD[program][0] in said
    assert [one.said for one in arrived(door, f"{program} slips", len(SAID))] == SAID
    assert TOLD[program][1] in run(program, "", key="a-stranger")
    assert time.monotonic() - began < SOON_SECONDS


SOON_SECONDS = 10
MANY = 150


@pytest.fixture(scope="module")
def strict_door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDoor]:
    """A door that lets in less than the clients have."""
    data = tmp_path_factory.mktemp("strict") / "data"
    for program in TOLD:
        make_write_key(data / "keys", program)
    with running_door(data, "door_events_per_second = 200\ndoor_burst = 50\n") as opened:
        yield opened


@pytest.mark.parametrize("program", TOLD)
@pytest.mark.usefixtures("packages")
def test_client_that_sends_too_much_waits_and_every_event_is_one_fact(strict_door: RunningDoor, program: str) -> None:
    key = next(one.key for one in open_write_keys(strict_door.data / "keys") if one.sender == program)
    run_against(strict_door, program, key, "--many", str(MANY))
    facts = arrived(strict_door, program, len(SAID) + MANY)
    assert len(facts) == len(SAID) + MANY
    carts = [number for one in facts if one.fact.type == "cart_viewed" for number in numbers(one) if number.startswith("many-")]
    assert sorted(carts) == sorted(f"many-{n}" for n in range(MANY))


def test_every_documented_path_takes_its_call_however_it_is_packed(door: RunningDoor) -> None:
    key, calls = made_key(door, "paths"), []
    for n, (path, call) in enumerate(PATHS.items()):
        message = {"type": call, "messageId": f"m{n}", "anonymousId": None, "userId": "u", "event": "Cart Viewed", "groupId": "g", "previousId": "p"}
        body = {"batch": [message | {"type": "page"}]} if call == BATCH else message
        packed = gzip.compress(json.dumps(body).encode()) if n % 2 else json.dumps(body).encode()
        headers = {"content-type": ("text/plain", "application/x-www-form-urlencoded", "image/png")[n % 3]}
        asked = f"{path}?writeKey={key}" if n % 3 == 0 else path
        calls.append(door.call("POST", asked, packed, "" if n % 3 == 0 else key, headers).status)
    assert calls == [200] * len(PATHS)
    assert len(arrived(door, "paths", len(PATHS))) == len(PATHS)
