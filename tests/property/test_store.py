"""Whatever comes in, in whatever order and batches: the invariants of docs/architecture hold."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace

from fakes.happenings import messages
from fakes.shop import FIRST_POLICY, Shop, first_difference, memory_shop, plainly, sqlite_shop, unplaced
from omtanke.storage.memory import MemoryLog
from omtanke.storage.sql_log import SqlLog
from omtanke.vocabulary.time import HOUR

POLICIES = (
    FIRST_POLICY,
    FIRST_POLICY.replace("grace_seconds = 43200", "grace_seconds = 3600"),
    FIRST_POLICY.replace("idle_seconds = 3600", "idle_seconds = 90000").replace("at_risk_seconds = 86400", "at_risk_seconds = 0"),
)


class Stores(RuleBasedStateMachine):
    """The same shop on SQLite, in memory, and in memory with batches of another size."""

    # Without a door of its own, the shop stands still where its past ends.
    hears: ClassVar[bool] = True
    tells: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.sqlite = sqlite_shop(Path(self.folder.name), limit=3)
        self.memory = memory_shop(limit=3)
        self.whole = memory_shop()
        self.shops: tuple[Shop, ...] = (self.sqlite, self.memory, self.whole)
        self.heard: dict[tuple[str, str], dict[str, Any]] = {}

    def teardown(self) -> None:
        try:
            self.work(0)
            self.sound()
        finally:
            self.folder.cleanup()

    @precondition(lambda self: self.hears)
    @rule(told=st.lists(messages, max_size=6))
    def hear(self, told: list[dict[str, Any]]) -> None:
        for shop in self.shops:
            shop.hear(told)

    @precondition(lambda self: self.tells)
    @rule(told=st.lists(messages, max_size=6), rests=st.booleans(), source=st.sampled_from(["past", "older"]))
    def tell(self, told: list[dict[str, Any]], rests: bool, source: str) -> None:
        self.work(0)
        for shop in self.shops:
            shop.tell(told, source, rests)

    @precondition(lambda self: self.tells)
    @rule(source=st.sampled_from(["past", "older"]))
    def rest(self, source: str) -> None:
        self.work(0)
        for shop in self.shops:
            shop.rest(source)

    @rule(hours=st.integers(0, 90))
    def work(self, hours: int) -> None:
        for shop in self.shops:
            shop.wait(hours * HOUR)
            shop.work()

    @rule(policy=st.sampled_from(POLICIES))
    def change_policy(self, policy: str) -> None:
        self.work(0)
        for shop in self.shops:
            shop.change_policy(policy)

    @rule()
    def change_schema(self) -> None:
        """The states were written by a version that saw them otherwise: they are folded anew."""
        self.work(0)
        assert isinstance(self.sqlite.log, SqlLog)
        self.sqlite.log.connection.execute("UPDATE snapshot SET schema_hash = x'00'")
        for shop in (self.memory, self.whole):
            assert isinstance(shop.log, MemoryLog)
            snapshots = shop.log._snapshots
            snapshots.update({person: replace(one, state=None) for person, one in snapshots.items()})
        for shop in self.shops:
            shop.restart()

    @invariant()
    def sound(self) -> None:
        sqlite, memory, whole = self.shops
        assert [plainly(one.fact) for one in sqlite.facts()] == [plainly(one.fact) for one in memory.facts()]
        # The past told into a living shop: what falls due meanwhile enters as the clock has it, between two batches.
        is_mixed = len({source.mode for source in memory.inbox.sources().values()}) > 1
        if not is_mixed and memory.log.consumed() == memory.inbox.last_entry() == whole.log.consumed():
            difference = first_difference(unplaced(memory), unplaced(whole))
            assert not difference, difference
        for shop in (sqlite, whole):
            shop.assert_sound()


class Living(Stores):
    """A shop that hears what happens as it happens."""

    tells = False


class Told(Stores):
    """A shop whose past is told."""

    hears = False


TestMixed = Stores.TestCase
TestLiving = Living.TestCase
TestTold = Told.TestCase
TestMixed.settings = TestLiving.settings = TestTold.settings = settings(stateful_step_count=12)
