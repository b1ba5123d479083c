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
    """The one regrouping that is being folded, the oldest of those whose persons are not set aside."""

    def __init__(self, book: Book, linking: Linking) -> None:
        self._book = book
        self._linking = linking
        self._one: Regrouping | None = None
        self._foldings: dict[tuple[int, ...], Folding] = {}

    @property
    def is_at_work(self) -> bool:
        return self._linking.next_aside() is not None

    @property
    def persons(self) -> set[int]:
        """Of whom the next one is."""
        one = self._linking.next_aside()
        return set() if one is None else {self._book.people.person_of(customer) for customer in (one.one, one.two)}

    def go_on(self, may_go_on: Callable[[], bool]) -> bool:
        """Fold as long as it may; whether it is ready to be written down."""
        one = self._linking.next_aside()
        assert one is not None
        if self._one is not one:
            self._one, self._foldings = one, {customers: Folding(self._book.log, customers) for customers in self._groups(one)}
        return all(folding.go_on(may_go_on) for folding in self._foldings.values())

    def write_down(self) -> None:
        """Make or end the link in the batch that has begun. When somebody else has joined or left meanwhile, it is folded again."""
        one, foldings, self._one = self._one, self._foldings, None
        if one is None or one is not self._linking.next_aside() or {*self._groups(one)} != foldings.keys():
            return
        cause = Cause(one.cause, one.occurred_at, 0, one.mode, one.source, one.staff)
        link = self._made(one) if one.is_parting else self._linking.making(Joining(one.one, one.two, one.by), cause)

        def union(customers: Collection[int]) -> State:
            return foldings[tuple(sorted(customers))].finished(self._book.new_facts_of({*customers}))

        if link is None or self._linking.regroup(link, cause, one.is_parting, union):
            self._linking.aside.remove(one)
            self._book.batch.regrouped.append(one.regrouping)

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
