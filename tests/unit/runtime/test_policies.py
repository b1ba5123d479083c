"""A policy is activated once, and each version is kept."""

from __future__ import annotations

from omtanke.runtime.policies import activate
from omtanke.storage.memory import MemoryLog
from omtanke.storage.statements import files

TEXT = (files("omtanke.engine") / "policy.toml").read_text(encoding="utf-8")
LATER = TEXT.replace("grace_seconds = 43200", "grace_seconds = 7200", 1)


def test_first_policy_is_version_one_and_a_fact() -> None:
    log = MemoryLog()
    assert activate(log, TEXT, 5).version == 1
    assert [(one.fact.type, one.fact.customer) for one in log.facts] == [("policy_activated", 0)]


def test_same_policy_again_changes_nothing() -> None:
    log = MemoryLog()
    activate(log, TEXT, 5)
    assert (activate(log, TEXT, 9).version, len(log.facts)) == (1, 1)


def test_another_policy_is_the_next_version_and_the_first_is_kept() -> None:
    log = MemoryLog()
    first, second = activate(log, TEXT, 5), activate(log, LATER, 9)
    assert (second.version, second.promises["delivery"].grace, [version for version, *_ in log.policies()]) == (2, 7_200_000_000, [1, 2])
    assert first.digest != second.digest


def test_going_back_is_a_version_of_its_own() -> None:
    log = MemoryLog()
    for text in (TEXT, LATER, TEXT):
        policy = activate(log, text, 5)
    assert policy.version == 3
