"""All roles as they are watched: their health, their metrics, and their logs, in which nothing of anybody stands."""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from fakes.marked import MARK, Marked
from integration.test_serve import Running, free_port, order
from omtanke.folder import Folder
from omtanke.folder_clock import wall_clock
from omtanke.processes.doctor import examine
from omtanke.storage.ports import Incoming
from omtanke.vocabulary.fact import Mode

PATIENCE_SECONDS = 20.0
OUTCOMES = ("accepted", "repeated", "refused")
FORWARDED = {"x-forwarded-for": "203.0.113.7"}


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, dict[str, int]]]:
    """`omtanke serve` with a port for each role, that writes everything it can say as JSON; and the ports."""
    data = tmp_path_factory.mktemp("watched") / "data"
    data.mkdir(mode=0o700)
    ports = {"worker": free_port(), "lake": free_port(), "dispatch": free_port()}
    nobody = free_port()
    settings = [*(f"{role}_port = {port}" for role, port in ports.items()), f'webhook_allow = ["127.0.0.1:{nobody}"]']
    (data / "omtanke.toml").write_text("\n".join(settings) + "\n", encoding="utf-8")
    with closing(Folder(data).outbox()) as outbox:
        address, types = f"http://127.0.0.1:{nobody}/{MARK}", ("order_completed", "case_opened")
        outbox.receivers.add(address, types, f"{MARK} receiver", 0, "whsec_c2VjcmV0", wall_clock())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMTANKE_LOG_FORMAT", "json")
        patch.setenv("OMTANKE_LOG_LEVEL", "debug")
        served = Running(data)
    yield served, ports | {"door": served.door, "web": served.pages}
    if served.process.poll() is None:
        served.stop()


def get(port: int, path: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers or {}), timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def metrics(port: int) -> dict[str, float]:
    """Every number by name, labels in braces."""
    families = text_string_to_metric_families(get(port, "/metrics")[1])
    samples = [sample for family in families for sample in family.samples]
    return {one.name + ("{" + ",".join(one.labels.values()) + "}" if one.labels else ""): one.value for one in samples}


def put_past_the_door(data: Path, message: dict[str, Any]) -> None:
    """As an older version of the door might have taken it."""
    inbox = Folder(data).inbox()
    source = inbox.source("old", Mode.LIVE, "Europe/Stockholm", "SEK").source
    inbox.append(source, [Incoming("old", 0, json.dumps(message).encode())], wall_clock())
    inbox.close()


def wait_for(what: Any, wanted: Any) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while what() != wanted and time.monotonic() < deadline:
        time.sleep(0.1)
    assert what() == wanted


def test_each_role_answers_for_itself(watched: tuple[Running, dict[str, int]]) -> None:
    _, ports = watched
    for role, port in ports.items():
        wait_for(lambda port=port: get(port, "/healthz")[0], 200)
        assert json.loads(get(port, "/healthz")[1])["role"] == role
        assert get(port, "/healthz/live")[0] == 200
        assert json.loads(get(port, "/healthz", FORWARDED)[1]) == {"status": "ok", "role": role}


def test_metrics_of_each_role_are_for_this_machine_or_the_token(watched: tuple[Running, dict[str, int]]) -> None:
    running, ports = watched
    token = (running.data / "keys" / "metrics.key").read_text(encoding="ascii").strip()
    assert (running.data / "keys" / "metrics.key").stat().st_mode & 0o077 == 0
    for port in ports.values():
        assert [get(port, "/metrics", headers)[0] for headers in ({}, FORWARDED, {**FORWARDED, "authorization": f"Bearer {token}"})] == [200, 403, 200]


def test_metrics_count_what_was_done(watched: tuple[Running, dict[str, int]]) -> None:
    running, ports = watched
    before = {role: metrics(ports[role]) for role in ("door", "worker")}
    assert [running.post("track", order("1"))[0], running.post("track", order("1"))[0]] == [200, 200]
    assert running.post("batch", {"batch": [order("2"), {"type": "track"}]})[0] == 400
    wait_for(lambda: metrics(ports["worker"])["omtanke_messages_consumed_total"] - before["worker"]["omtanke_messages_consumed_total"], 2.0)
    door, worker = metrics(ports["door"]), metrics(ports["worker"])
    counted = {name: door[f"omtanke_events_total{{{name}}}"] - before["door"][f"omtanke_events_total{{{name}}}"] for name in OUTCOMES}
    assert counted == {"accepted": 2, "repeated": 1, "refused": 1}
    assert worker["omtanke_facts_total"] - before["worker"]["omtanke_facts_total"] == 4
    assert (worker["omtanke_inbox_waiting"], worker["omtanke_store_readable"], door["omtanke_inbox_commit_seconds_count"] >= 2) == (0, 1, True)


def test_doctor_finds_a_running_shop_well_and_a_dispatch_that_hangs(watched: tuple[Running, dict[str, int]]) -> None:
    running, ports = watched
    settings = running.data / "omtanke.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + f"pages_port = {running.pages}\ndoor_port = {running.door}\n", encoding="utf-8")
    wait_for(lambda: get(ports["dispatch"], "/healthz")[0], 200)
    assert [(one.check, one.value) for one in examine(running.data).findings] == [("back-up", "this folder has never been backed up")]
    hanging = int((running.data / "dispatch.lock").read_text(encoding="ascii"))
    os.kill(hanging, signal.SIGSTOP)
    try:
        said = f"port {ports['dispatch']} belongs to a process that does not answer"
        wait_for(lambda: [one.value for one in examine(running.data).findings if one.check == "ports"], [said])
    finally:
        os.kill(hanging, signal.SIGCONT)


def test_nothing_of_anybody_stands_in_any_log_or_metric(watched: tuple[Running, dict[str, int]]) -> None:
    running, ports = watched
    told = list(Marked(MARK).every())
    for message in told:
        running.post("batch", {"batch": [message]})
    running.post("track", {"type": "track", "event": f"Order {MARK}", "properties": {"order_id": [MARK]}, "userId": MARK})
    running.post("track", f'{{"{MARK}":'.encode())
    running.post("track", {"userId": f"u-{MARK}", "event": "Order Completed", "properties": {"order_id": "9", "total": f"{MARK} kronor"}})
    running.post(MARK, {})
    put_past_the_door(running.data, {"userId": MARK, "event": "Order Completed", "properties": {"order_id": MARK, "total": f"{MARK} kronor"}})
    for role in ("door", "web"):
        for path in (f"/{MARK}/", f"/customers/?q={MARK}", f"/s/{MARK}", f"/api/events/{MARK}?source={MARK}"):
            get(ports[role], path, {"cookie": f"a={MARK}"})
    wait_for(lambda: metrics(ports["worker"])["omtanke_inbox_waiting"], 0.0)
    wait_for(lambda: metrics(ports["dispatch"]).get("omtanke_delivery_tries_total{failed,webhook}", 0) > 0, True)
    pages = "".join(get(port, "/metrics")[1] + get(port, "/healthz")[1] for port in ports.values())
    running.stop()
    lines = [json.loads(line) for line in running.said if line.startswith("{")]
    assert {line["role"] for line in lines} >= {"worker", "web", "door", "dispatch"}
    assert {"fact", "batch", "message_quarantined", "delivery_tried", "started", "stopped"} <= {line["event"] for line in lines}
    assert len([line for line in lines if line["event"] == "fact"]) > len(told) / 2
    assert [line for line in running.said if MARK.lower() in line.lower()] == []
    assert MARK.lower() not in pages.lower()
    assert os.environ.get("OMTANKE_LOG_LEVEL") is None
