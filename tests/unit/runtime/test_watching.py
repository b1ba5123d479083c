"""What a process answers to those who watch over it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from fakes.poison import of, poison
from fakes.shop import KEYS, Shop, sqlite_shop
from omtanke.flow import LakeFlow
from omtanke.folder import Folder
from omtanke.runtime.disk import MEGABYTE, AlmostFull, Disk
from omtanke.runtime.metrics import WorkerMeter
from omtanke.runtime.pulse import Pulse
from omtanke.runtime.watching import Watch
from omtanke.vocabulary.time import MINUTE

HERE = "127.0.0.1"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    yield sqlite_shop(tmp_path)


class Time:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def watch_of(shop: Shop, tmp_path: Path, pulse: Pulse | None = None, reserve_mb: int = 0, takes: bool = False) -> Watch:
    disk, meter = Disk(tmp_path, reserve_mb), WorkerMeter(tmp_path, lambda: shop.clock)
    return Watch("worker", tmp_path, lambda: shop.clock, disk, meter, "sesam", pulse, takes)


def view(user: str, message: str) -> dict[str, object]:
    return {"messageId": message, "userId": user, "event": "Product Viewed", "properties": {"product_id": "p"}}


def said(watch: Watch, path: str = "/healthz") -> tuple[int, dict[str, object]]:
    answer = watch.answer(path, HERE, {})
    return answer.status, json.loads(answer.body)


def test_store_at_rest_is_well(shop: Shop, tmp_path: Path) -> None:
    assert said(watch_of(shop, tmp_path)) == (200, {"status": "ok", "role": "worker", "wrong": [], "behind": {"messages": 0, "seconds": 0.0, "wakes": 0}})


def test_worker_that_is_behind_is_not_and_lives(shop: Shop, tmp_path: Path) -> None:
    shop.hear([view("u", "1")])
    shop.wait(3 * MINUTE)
    status, body = said(watch_of(shop, tmp_path))
    assert (status, body["wrong"]) == (503, ["it is behind: 1 messages wait, the oldest for 180 seconds"])
    assert said(watch_of(shop, tmp_path), "/healthz/live")[0] == 200


def test_loop_that_stands_still_does_not_live(shop: Shop, tmp_path: Path) -> None:
    time = Time()
    pulse = Pulse(time)
    watch = watch_of(shop, tmp_path, pulse)
    pulse.beat()
    assert said(watch, "/healthz/live")[0] == 200
    time.now += 61
    assert (said(watch, "/healthz/live")[0], said(watch)[1]["wrong"]) == (503, ["its loop has not turned for 60 seconds"])


def test_lake_says_how_many_facts_have_not_flowed(shop: Shop, tmp_path: Path) -> None:
    shop.hear([view("u", "1"), view("u", "2")])
    shop.work()
    watch = Watch("lake", tmp_path, lambda: shop.clock, Disk(tmp_path, 0), WorkerMeter(tmp_path, lambda: shop.clock), "sesam", Pulse())
    position = Folder(tmp_path).log().last_position()
    assert (said(watch)[1]["behind"], position > 1) == ({"facts": position}, True)
    LakeFlow(Folder(tmp_path)).flush()
    assert said(watch)[1]["behind"] == {"facts": 0}


def test_who_waits_for_another_says_so(shop: Shop, tmp_path: Path) -> None:
    pulse = Pulse()
    pulse.beat("another worker has the folder")
    assert said(watch_of(shop, tmp_path, pulse))[1]["wrong"] == ["another worker has the folder"]


def test_store_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    shop = sqlite_shop(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    status, body = said(watch_of(shop, tmp_path / "elsewhere"))
    assert (status, str(body["wrong"]).startswith("['the store cannot be read")) == (503, True)


@pytest.mark.parametrize(
    ("client", "headers", "sees"),
    [
        (HERE, {}, True),
        ("::1", {}, True),
        ("192.0.2.7", {}, False),
        (HERE, {"x-forwarded-for": "192.0.2.7"}, False),
        (HERE, {"forwarded": "for=192.0.2.7"}, False),
        ("192.0.2.7", {"authorization": "Bearer sesam"}, True),
        (HERE, {"x-forwarded-for": "192.0.2.7", "authorization": "Bearer sesam"}, True),
        ("192.0.2.7", {"authorization": "Bearer "}, False),
        ("192.0.2.7", {"authorization": "Basic sesam"}, False),
    ],
)
def test_metrics_are_for_the_machine_and_for_the_token(shop: Shop, tmp_path: Path, client: str, headers: dict[str, str], sees: bool) -> None:
    watch = watch_of(shop, tmp_path)
    assert watch.answer("/metrics", client, headers).status == (200 if sees else 403)
    assert ("wrong" in json.loads(watch.answer("/healthz", client, headers).body)) == sees


def test_metrics_count_what_there_is_and_name_nobody(shop: Shop, tmp_path: Path) -> None:
    shop.hear([view("anna", "1"), view("bo", "2"), {"messageId": "3", "userId": "anna", "event": "Order Completed", "properties": {}}])
    shop.work()
    anna = shop.log.identifier(KEYS.identifier_key("user_id", "anna"))
    with poison(of(anna)):
        shop.hear([view("anna", "4")])
        shop.work()
    shop.hear([view("bo", "5")])
    shop.wait(MINUTE)
    text = watch_of(shop, tmp_path).answer("/metrics", HERE, {}).body.decode()
    values = {sample.name: sample.value for family in text_string_to_metric_families(text) for sample in family.samples if not sample.labels}
    wanted = {"inbox_waiting": 1, "inbox_waiting_seconds": 60, "quarantined": 1, "customers_set_aside": 1, "facts_held": 1, "erasures_waiting": 0}
    assert {name: values[f"omtanke_{name}"] for name in wanted} == wanted
    assert values["omtanke_disk_free_bytes"] > 0
    assert "anna" not in text


def test_disk_that_is_almost_full_takes_nothing_and_works_on_what_it_has(tmp_path: Path) -> None:
    time = Time()
    free = Disk(tmp_path, 0, time).free // MEGABYTE
    nearly, full = Disk(tmp_path, free * 3 // 2, time), Disk(tmp_path, free * 3, time)
    assert (nearly.may_take, nearly.may_work, full.may_take, full.may_work) == (False, True, False, False)
    with pytest.raises(AlmostFull, match="the disk is almost full"):
        nearly.require_room()
    assert Disk(tmp_path, 1, time).may_take
