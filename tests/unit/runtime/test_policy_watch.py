"""A policy that is changed while the worker works is followed; one with faults is not."""

from __future__ import annotations

import pytest

from fakes.shop import FIRST_POLICY, memory_shop
from omtanke.runtime import working
from omtanke.runtime.working import PolicyWatch

LATER = FIRST_POLICY.replace("grace_seconds = 43200", "grace_seconds = 7200", 1)
WRONG = FIRST_POLICY.replace("grace_seconds = 43200", "grace_seconds = -1", 1)


@pytest.fixture(autouse=True)
def looks_always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "POLICY_SECONDS", 0.0)


def test_changed_policy_is_the_next_version_and_counts_from_then_on() -> None:
    shop, texts = memory_shop(), [FIRST_POLICY]
    watch = PolicyWatch(lambda: texts[-1])
    watch.look(shop.worker, shop.clock)
    assert shop.worker.policy.version == 1
    texts.append(LATER)
    watch.look(shop.worker, shop.clock)
    assert (shop.worker.policy.version, shop.worker.policy.promises["delivery"].grace) == (2, 7_200_000_000)
    order = {"order_id": "1", "promises": [{"kind": "delivery", "until": "2026-12-02"}]}
    shop.hear([{"type": "track", "event": "Order Completed", "messageId": "1", "userId": "u", "properties": order}])
    shop.work()
    assert shop.facts()[-1].fact.policy_version == 2
    shop.assert_sound()


def test_policy_with_faults_is_said_once_and_the_old_one_stays(capsys: pytest.CaptureFixture[str]) -> None:
    shop, texts = memory_shop(), [FIRST_POLICY]
    watch = PolicyWatch(lambda: texts[-1])
    texts.append(WRONG)
    watch.look(shop.worker, shop.clock)
    said = capsys.readouterr().err
    watch.look(shop.worker, shop.clock)
    assert ("event=policy_not_followed" in said, "promises.delivery.grace_seconds: -1" in said) == (True, True)
    assert (capsys.readouterr().err, shop.worker.policy.version, len(shop.log.policies())) == ("", 1, 1)
    texts.append(LATER)
    watch.look(shop.worker, shop.clock)
    assert shop.worker.policy.version == 2


def test_it_looks_now_and_then_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "POLICY_SECONDS", 60.0)
    shop, texts = memory_shop(), [FIRST_POLICY]
    watch = PolicyWatch(lambda: texts[-1])
    texts.append(LATER)
    watch.look(shop.worker, shop.clock)
    assert shop.worker.policy.version == 1
