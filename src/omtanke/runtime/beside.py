"""Links and partings of long histories: folded beside the work, and written into the log when that is done.

Until then both persons go on as they are. A crash begins the folding again and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from omtanke.engine.state import State
from omtanke.runtime.book import Book
from omtanke.runtime.devices import Joining
from omtanke.runtime.folding import Folding
from omtanke.runtime.linking import Cause, Linking
from omtanke.storage.ports import Link, Regrouping


class Beside:
    """The one regrouping that is being folded, the oldest."""

    def __init__(self, book: Book, linking: Linking) -> None:
        self._book = book
        self._linking = linking
        self._foldings: dict[tuple[int, ...], Folding] | None = None

    @property
    def is_at_work(self) -> bool:
        return bool(self._linking.aside)

    def go_on(self, may_go_on: Callable[[], bool]) -> bool:
        """Fold as long as it may; whether it is ready to be written down."""
        if self._foldings is None:
            groups = self._groups(self._linking.aside[0])
            self._foldings = {customers: Folding(self._book.log, customers) for customers in groups}
        return all(folding.go_on(may_go_on) for folding in self._foldings.values())

    def write_down(self) -> None:
        """Make or end the link in the batch that has begun. When somebody else has joined or left meanwhile, it is folded again."""
        one = self._linking.aside[0]
        foldings, self._foldings = self._foldings or {}, None
        if {*self._groups(one)} != foldings.keys():
            return
        cause = Cause(one.cause, one.occurred_at, 0, one.mode, one.source, one.staff)
        self._linking.aside.pop(0)
        self._book.batch.regrouped.append(one.regrouping)
        link = self._made(one) if one.is_parting else self._linking.making(Joining(one.one, one.two, one.by), cause)

        def union(customers: Collection[int]) -> State:
            return foldings[tuple(sorted(customers))].finished(self._book.new_facts_of({*customers}))

        if link is not None:
            self._linking.regroup(link, cause, one.is_parting, union)

    def _groups(self, one: Regrouping) -> list[tuple[int, ...]]:
        """The customers of each person that there will be; none when there is nothing left to do."""
        people = self._book.people
        if one.is_parting:
            link = self._made(one)
            return [tuple(side) for side in self._linking.sides(link)] if link else []
        persons = {people.person_of(customer) for customer in (one.one, one.two)}
        return [tuple(sorted(customer for person in persons for customer in people.customers_of(person)))] if len(persons) == 2 else []

    def _made(self, one: Regrouping) -> Link | None:
        return self._linking.made_between(one.one, one.two, one.by)
