"""The fold of a long history, a slice at a time, beside the work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from heapq import merge

from omtanke.engine.state import State
from omtanke.engine.step import CHANGING, Fold
from omtanke.storage.ports import Log, Logged
from omtanke.vocabulary.fact import Fact

PAGE = 512
# The work is looked at again after so many facts.
SLICE = 64
# What has come in meanwhile is folded in one go, once it is no more than this.
FEW = 200
# Facts that change nothing are counted in so long stretches of the log.
STRETCH = 20_000


class Folding:
    """The state of the union of some customers' facts. It reads the log as it stands and catches up with what comes in meanwhile."""

    def __init__(self, log: Log, customers: Sequence[int]) -> None:
        self.customers = tuple(customers)
        self._fold = Fold()
        self._log = log
        self._until = 0
        self._slices = self._folded()

    def go_on(self, may_go_on: Callable[[], bool]) -> bool:
        """Fold as long as it may; whether only a few facts, or none, are left for `finished`."""
        for _ in self._slices:
            if not may_go_on():
                return False
        return True

    def finished(self, new: Sequence[Logged]) -> State:
        """The state after everything in the log, and after what is about to be written there."""
        rest = [*self._log.facts_between(self.customers, self._until, self._log.last_position()), *new]
        for logged in rest:
            self._take(logged.fact, logged.position, rest)
        return self._fold.state

    def _folded(self) -> Iterator[None]:
        while (end := self._log.last_position()) - self._until > FEW or not self._until:
            for n, logged in enumerate(self._changing(self._until, end)):
                if self._fold.must_look_back(logged.fact):
                    yield from self._look_back(logged.position)
                self._fold.take(logged.fact)
                if n % SLICE == 0:
                    yield
            yield from self._pass_over(self._until, end)
            self._until = end

    def _changing(self, after: int, until: int) -> Iterator[Logged]:
        """The facts that change more than their number, in log order."""
        return merge(*(self._pages(customer, after, until) for customer in self.customers), key=lambda one: one.position)

    def _pages(self, customer: int, after: int, until: int) -> Iterator[Logged]:
        while page := self._log.facts_after(customer, after, until, PAGE, CHANGING):
            yield from page
            after = page[-1].position

    def _pass_over(self, after: int, until: int) -> Iterator[None]:
        """The facts that are counted only, a stretch of the log at a time."""
        for begin in range(after, until, STRETCH):
            for customer in self.customers:
                self._fold.pass_over(*self._log.tally(customer, begin, min(begin + STRETCH, until), CHANGING))
                yield

    def _look_back(self, before: int) -> Iterator[None]:
        """A fact is about something that has left: everything before it is folded anew, and nothing leaves."""
        self._fold.begin()
        for n, logged in enumerate(self._changing(0, before - 1)):
            self._fold.take_whole(logged.fact)
            if n % SLICE == 0:
                yield
        yield from self._pass_over(0, min(before - 1, self._until))

    def _take(self, fact: Fact, position: int, rest: Sequence[Logged]) -> None:
        if self._fold.must_look_back(fact):
            for _ in self._look_back(self._until + 1):
                pass
            for logged in rest:
                if logged.position < position:
                    self._fold.take_whole(logged.fact)
        self._fold.take(fact)
