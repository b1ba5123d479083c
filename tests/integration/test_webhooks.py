"""Webhooks end to end: a real log, a real outbox, real HTTP servers, and the library that receivers use to check who it was."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from fakes.dispatching import PAGES, Post, delivered, order, post
from fakes.receiver import Heard, hook_server
from fakes.shop import FIRST_POLICY, KEYS, sqlite_shop
from omtanke.channels.webhook.signature import new_secret
from omtanke.folder import Folder
from omtanke.runtime.survey_links import survey_path
from omtanke.storage.database import PostgresError
from omtanke.vocabulary.time import DAY, HOUR, MINUTE, SECOND

KILLS = 60 if os.environ.get("OMTANKE_SOAK") else 8


def test_kept_promise_reaches_its_receiver_signed_with_the_shops_own_numbers(tmp_path: Path) -> None:
    with hook_server() as server, post(tmp_path, server.place) as here:
        receiver = here.receiver(server.url, "promise_exceeded")
        here.hear(
            {"type": "identify", "messageId": "i1", "userId": "u1", "traits": {"email": "ebba@example.org", "name": "Ebba", "locale": "sv"}},
            order("10482"),
            delivered("10482"),
        )
        here.run(lambda: here.states() == ["delivered"])
        (heard,) = server.heard
        said = Webhook(receiver.secret).verify(heard.body, heard.headers)
    assert said["type"] == "promise.exceeded"
    data = said["data"]
    assert data["customer"] | {"number": 0} == {"number": 0, "user_id": "u1", "email": "ebba@example.org", "name": "Ebba", "locale": "sv"}
    assert (data["order_id"], data["promise_id"], data["kind"], data["words"]) == ("10482", "p-10482", "delivery", "Hemma hos dig senast fredag")
    assert (data["until_at"], data["met_at"], data["first_window_met"]) == ("2026-12-04T23:00:00Z", "2026-11-30T10:00:00Z", True)


def test_observed_fact_is_told_as_senders_write_it(tmp_path: Path) -> None:
    with hook_server() as server, post(tmp_path, server.place) as here:
        here.receiver(server.url, "order_completed")
        here.hear(order("10482", currency="SEK", products=[{"product_id": "shoes", "price": 1499.5, "quantity": 1}]))
        here.run(lambda: here.states() == ["delivered"])
        data = server.heard[0].payload["data"]
    assert (data["order_id"], data["total"], data["currency"]) == ("10482", 1499.5, "SEK")
    assert data["promises"][0]["until_at"] == "2026-12-04T23:00:00Z"


def test_receiver_hears_of_an_objection_at_once(tmp_path: Path) -> None:
    objection = {"purpose": "marketing", "objection": True, "words": "Skicka ingen reklam"}
    with hook_server() as server, post(tmp_path, server.place) as here:
        here.receiver(server.url, "consent_withdrawn")
        here.hear({"type": "track", "event": "Consent Withdrawn", "messageId": "o1", "userId": "u1", "properties": objection})
        here.run(lambda: here.states() == ["delivered"])
        said = server.heard[0].payload
    assert (said["type"], said["data"]["customer"]["user_id"]) == ("consent.withdrawn", "u1")
    assert {name: said["data"][name] for name in objection} == objection


def test_survey_leaves_with_its_link(tmp_path: Path) -> None:
    policy = FIRST_POLICY.replace("after_seconds = 7200", "after_seconds = 0").replace("recommendation_percent = 20", "recommendation_percent = 0")
    with hook_server() as server, post(tmp_path, server.place, policy=policy) as here:
        here.receiver(server.url, "survey_asked")
        here.hear(order("10482"), delivered("10482"))
        here.shop.wait(HOUR)
        here.shop.work()
        here.run(lambda: here.states() == ["delivered"])
        (position,) = [one.position for one in here.shop.facts() if one.fact.type == "survey_asked"]
        said = server.heard[0].payload
    assert (said["type"], said["data"]["order_id"], said["data"]["customer"]["user_id"]) == ("survey.asked", "10482", "u1")
    assert said["data"]["link"] == PAGES + survey_path(KEYS, position)


def test_nothing_of_a_customer_is_stored_in_the_outbox(tmp_path: Path) -> None:
    with hook_server() as server, post(tmp_path, server.place) as here:
        here.receiver(server.url, "promise_made", "order_completed")
        here.hear({"type": "identify", "messageId": "i1", "userId": "u-4711", "traits": {"email": "ebba@example.org"}}, order("10482", "u-4711"))
        here.run(lambda: here.states() == ["delivered", "delivered"])
        stored = b"".join(file.read_bytes() for file in tmp_path.glob("outbox.db*"))
        sent = b"".join(one.body for one in server.heard)
    told = [b"ebba@example.org", b"u-4711", b"10482", b"Hemma hos dig"]
    assert ([one in sent for one in told], [one in stored for one in told]) == ([True] * 4, [False] * 4)


def test_wrong_secret_does_not_verify(tmp_path: Path) -> None:
    with hook_server() as server, post(tmp_path, server.place) as here:
        here.receiver(server.url, "order_completed")
        here.hear(order("1"))
        here.run(lambda: here.states() == ["delivered"])
        (heard,) = server.heard
        with pytest.raises(WebhookVerificationError):
            Webhook(new_secret()).verify(heard.body, heard.headers)


def test_both_secrets_verify_while_one_is_being_changed(tmp_path: Path) -> None:
    with hook_server() as server, post(tmp_path, server.place) as here:
        before = here.receiver(server.url, "order_completed")
        here.outbox.receivers.rotate(before.receiver, new_secret(), here.clock())
        after = here.outbox.receivers.get(before.receiver)
        here.hear(order("1"))
        here.run(lambda: here.states() == ["delivered"])
        (heard,) = server.heard
        assert after is not None
        assert Webhook(before.secret).verify(heard.body, heard.headers) == Webhook(after.secret).verify(heard.body, heard.headers)


def test_history_is_told_to_nobody(tmp_path: Path) -> None:
    with hook_server() as server, post(tmp_path, server.place) as here:
        here.receiver(server.url, "order_completed")
        here.shop.tell([order("old")])
        here.shop.work()
        here.hear(order("new"))
        here.run(lambda: here.states() == ["delivered"])
        assert [one.payload["data"]["order_id"] for one in server.heard] == ["new"]


def test_failed_delivery_climbs_the_ladder_under_the_same_id(tmp_path: Path) -> None:
    answers = iter([(500, {}, b"ebba@example.org is unknown"), (302, {"Location": "/elsewhere"}, b""), (204, {}, b"")])
    with hook_server(lambda heard: next(answers)) as server, post(tmp_path, server.place) as here:
        here.receiver(server.url, "order_completed")
        here.hear(order("1"))
        here.run(lambda: len(attempts(here)) == 1)
        assert due_in(here) // SECOND in (4, 5)
        here.clock.ahead += 6 * SECOND
        here.run(lambda: len(attempts(here)) == 2)
        assert due_in(here) // MINUTE in (4, 5)
        here.clock.ahead += 6 * MINUTE
        here.run(lambda: here.states() == ["delivered"])
        assert len(set(server.ids())) == 1
        assert [(one.status, one.answer) for one in attempts(here)] == [(500, "… is unknown"), (302, "a redirect, which is not followed"), (204, "")]
        assert {one.path for one in server.heard} == {"/hooks"}


def test_a_store_that_fails_is_no_fault_of_the_receivers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with hook_server() as server, post(tmp_path, server.place) as here:
        here.receiver(server.url, "promise_made")
        left = [3]
        at = here.facts.at

        def unreachable(position: int) -> object:
            if left[0]:
                left[0] -= 1
                raise PostgresError("PostgreSQL: terminating connection")
            return at(position)

        monkeypatch.setattr(here.facts, "at", unreachable)
        here.hear(order("1"))
        here.run(lambda: here.states() == ["delivered"])
        (delivery,) = here.outbox.deliveries.listed(2**62, 10)
    assert (left, delivery.attempts, delivery.rung, len(server.heard)) == ([0], 1, 0, 1)


def test_retry_after_is_honoured_for_the_whole_destination(tmp_path: Path) -> None:
    with hook_server(lambda heard: (429, {"Retry-After": "7200"}, b"")) as server, post(tmp_path, server.place) as here:
        here.receiver(server.url, "order_completed")
        here.hear(order("1"))
        here.run(lambda: len(attempts(here)) == 1)
        assert due_in(here) > 2 * HOUR - MINUTE
        (stands,) = here.outbox.deliveries.destinations()
        assert stands.rests_until > here.clock() + 2 * HOUR - MINUTE


def test_gone_receiver_is_switched_off_and_developers_hear_of_it(tmp_path: Path) -> None:
    with hook_server(lambda heard: (410, {}, b"")) as server, post(tmp_path, server.place) as here:
        receiver = here.receiver(server.url, "order_completed")
        here.hear(order("1"))
        here.run(lambda: here.states() == ["dropped"])
        here.hear(order("2"))
        here.dispatch.follow()
        found = here.outbox.receivers.get(receiver.receiver)
        assert found is not None
        assert (found.state, found.why, here.states()) == ("off", "410", ["dropped"])
        here.watch.tell(here.clock())
        assert [(one.kind, one.detail) for one in here.outbox.choices.unworded()] == [("receiver_off", "the shop's own")]


def test_slow_destination_delays_nobody_else(tmp_path: Path) -> None:
    def slow(heard: Heard) -> tuple[int, dict[str, str], bytes]:
        time.sleep(3)
        return 204, {}, b""

    with hook_server(slow) as tar, hook_server() as quick, post(tmp_path, tar.place, quick.place) as here:
        here.receiver(tar.url, "order_completed")
        here.receiver(quick.url, "order_completed")
        here.hear(*(order(str(n)) for n in range(40)))
        began = time.monotonic()
        here.run(lambda: len(quick.heard) == 40)
        assert time.monotonic() - began < 3
        assert len(tar.heard) == 4  # so many at once, and no more


def test_dead_destination_rests_and_one_try_shows_when_it_is_back(tmp_path: Path) -> None:
    is_dead = [True]
    with hook_server(lambda heard: (503 if is_dead[0] else 204, {}, b"")) as server, post(tmp_path, server.place) as here:
        here.receiver(server.url, "order_completed")
        here.hear(*(order(str(n)) for n in range(30)))
        here.run(lambda: any(one.rests_until for one in here.outbox.deliveries.destinations()) and not here.dispatch.under_way)
        tried = len(server.heard)
        here.run(quiet_for(1.0))
        assert (tried, len(server.heard)) == (tried, tried)
        assert tried <= 8
        is_dead[0] = False
        here.clock.ahead += 10 * MINUTE
        here.run(lambda: here.states() == ["delivered"] * 30)


def test_paused_receiver_has_everything_when_it_goes_on(tmp_path: Path) -> None:
    with hook_server() as server, post(tmp_path, server.place) as here:
        receiver = here.receiver(server.url, "order_completed")
        here.outbox.receivers.set_state(receiver.receiver, "paused")
        here.hear(order("1"))
        here.run(quiet_for(0.6))
        assert (here.states(), server.heard) == (["waiting"], [])
        here.outbox.receivers.set_state(receiver.receiver, "on")
        here.run(lambda: here.states() == ["delivered"])


def test_private_address_is_refused_at_the_moment_of_sending(tmp_path: Path) -> None:
    """The name led elsewhere when it was saved."""
    with hook_server() as server, post(tmp_path, resolve=lambda name, port: ["127.0.0.1"]) as here:
        here.receiver(f"https://hooks.example:{server.port}/x", "order_completed")
        here.hear(order("1"))
        here.run(lambda: len(attempts(here)) == 1)
        assert (server.heard, attempts(here)[0].status) == ([], 0)
        assert "127.0.0.1, which is not on the open internet" in attempts(here)[0].answer


def test_failed_ones_are_sent_again_from_a_moment_on(tmp_path: Path) -> None:
    is_dead = [True]
    with hook_server(lambda heard: (500 if is_dead[0] else 204, {}, b"")) as server, post(tmp_path, server.place) as here:
        receiver = here.receiver(server.url, "order_completed")
        here.hear(order("1"))
        for rung in range(1, 11):
            here.run(lambda rung=rung: len(attempts(here)) == rung)  # type: ignore[misc]
            here.clock.ahead += max(0, due_in(here)) + HOUR
        assert (here.states(), len(server.heard)) == (["failed"], 10)
        assert here.clock.ahead < 4 * DAY
        is_dead[0] = False
        assert here.outbox.deliveries.resend_failed(receiver.receiver, 0, here.clock()) == 1
        here.run(lambda: here.states() == ["delivered"])
        assert len(set(server.ids())) == 1


def test_killed_dispatch_delivers_each_fact_under_one_id(tmp_path: Path) -> None:
    """The process is killed at random moments while facts come in; each reaches the receiver, always under the same id."""
    dice = random.Random(11)
    with hook_server(lambda heard: (time.sleep(0.01), (204, {}, b""))[1]) as server:
        (tmp_path / "omtanke.toml").write_text(f'webhook_allow = ["{server.place}"]\n', encoding="utf-8")
        folder, shop = Folder(tmp_path), sqlite_shop(tmp_path)
        outbox = folder.outbox()
        outbox.receivers.add(server.url, ["order_completed"], "the shop's own", 0, new_secret(), 1)
        told = 0
        for _ in range(KILLS):
            process = start(tmp_path)
            time.sleep(0.5 + dice.uniform(0, 0.6))
            shop.hear([order(f"{told + n}") for n in range(25)])
            shop.work()
            told += 25
            time.sleep(dice.uniform(0, 0.3))
            process.send_signal(signal.SIGKILL)
            process.wait()
        process = start(tmp_path)
        wait_until(lambda: len(set(server.ids())) == told and all(count.state == "delivered" for count in outbox.deliveries.counts()))
        began = time.monotonic()
        process.terminate()
        assert process.wait(10) == 0
        assert time.monotonic() - began < 5
        by_fact: dict[str, set[str]] = {}
        for heard in server.heard:
            by_fact.setdefault(heard.payload["data"]["order_id"], set()).add(heard.headers["webhook-id"])
        assert sorted(map(len, by_fact.values())) == [1] * told
        print(f"{told} facts, {KILLS} kills, {len(server.heard)} tries")
        outbox.close()
        shop.inbox.close()  # type: ignore[attr-defined]
        shop.log.close()  # type: ignore[attr-defined]


def start(data: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "omtanke.cli", "run", "dispatch", "--data", str(data)])


def wait_until(so: object, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not so():  # type: ignore[operator]
        assert time.monotonic() < deadline, "it did not become so"
        time.sleep(0.1)


def quiet_for(seconds: float) -> object:
    until = time.monotonic() + seconds
    return lambda: time.monotonic() > until


def attempts(here: Post) -> list[object]:
    return here.outbox.deliveries.attempts([1]).get(1, [])  # type: ignore[return-value]


def due_in(here: Post) -> int:
    found = here.outbox.deliveries.get(1)
    assert found is not None
    return found.due_at - here.clock()
