"""Two persons become one, or one becomes two: the links between customers, and the states that follow from them.

A link never rewrites a fact. The state of a person is the fold of the union of their customers' facts, decided ones included;
parted again, each is the fold of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from hashlib import blake2b

from msgspec import Struct
from msgspec.structs import replace

from omtanke.engine.consent import may_recognise
from omtanke.engine.state import State
from omtanke.engine.step import Decision, fold, step
from omtanke.runtime.book import Book
from omtanke.runtime.devices import Change, Joining, Parting
from omtanke.storage.ports import Link, Regrouping
from omtanke.vocabulary.fact import Fact, Input, Mode
from omtanke.vocabulary.identity import BY_DEVICE, CustomersLinked, CustomersUnlinked, LinkWithheld

STAFF, OWN_DEVICE = "staff", "device"
# Beyond this no link is made by itself: no person has so many accounts and devices, and somebody has to look. Visits to a device of
# one's own are customers too, and do not count, up to a bound of their own.
MOST_CUSTOMERS = 200
MOST_VISITS = 5_000
MOST_FACTS = 1_000_000
# Longer histories are folded beside the work.
MOST_AT_ONCE = 3_000

Union = Callable[[Collection[int]], State]


class Cause(Struct, frozen=True):
    """The fact that shows who is who, and when; `staff`: who said it, 0 for nobody."""

    fact_id: bytes
    occurred_at: int
    now: int
    mode: Mode
    source: int
    staff: int = 0


class Linking:
    """What a fact shows of who is who becomes links, facts and states in the book."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._people = book.people
        self._people.allows = lambda person: may_recognise(book.working(person).state.consent, book.policy)
        self.aside = book.log.regroupings()

    def apply(self, change: Change, cause: Cause) -> None:
        """Make or end a link, now or, when the histories are long, beside the work."""
        if isinstance(change, Parting):
            for link in self._ending(change):
                self._sooner_or_later(link, cause, is_parting=True)
        elif self._has_to_wait(change):
            self._put_aside(self._wanted(change, cause), cause, is_parting=False)
        elif wanted := self.making(change, cause):
            self._sooner_or_later(wanted, cause, is_parting=False)

    def refuse(self, one: int, two: int, cause: Cause) -> None:
        """Somebody who works here has seen that they are two. What is one person already is parted by its links."""
        if self._people.person_of(one) != self._people.person_of(two):
            low, high = sorted((one, two))
            self._people.put_link(Link(low, high, "refused", STAFF, ended_at=cause.occurred_at, ended_by=STAFF, staff=cause.staff))

    def forget_devices(self, person: int, cause: Cause) -> None:
        """The person does not want to be recognised: what is known by a device alone is theirs no longer."""
        for link in self._made(self._people.customers_of(person)):
            if link.by in BY_DEVICE:
                self._sooner_or_later(replace(link, ended_by="consent_withdrawn"), cause, is_parting=True)

    # Whether

    def _wanted(self, change: Joining, cause: Cause) -> Link:
        low, high = sorted((change.one, change.two))
        return Link(low, high, "made", change.by, linked_at=cause.occurred_at, staff=cause.staff)

    def making(self, change: Joining, cause: Cause) -> Link | None:
        """The link to be made; None when there is none, or it may not be."""
        persons = [self._people.person_of(customer) for customer in (change.one, change.two)]
        if persons[0] == persons[1]:
            return None
        link = self._wanted(change, cause)
        if change.by == STAFF:
            return link
        if self._are_known_apart(*persons) or (change.by in BY_DEVICE and not self._may_recognise(persons)):
            return None
        if self._is_too_much(persons):
            self._withhold(link, cause)
            return None
        return link

    def _are_known_apart(self, one: int, other: int) -> bool:
        """Whether somebody has said that they are two, or they have been withheld."""
        mine, theirs = ({*self._people.customers_of(person)} for person in (one, other))
        known = (link for link in self._people.links_of(sorted(mine)) if link.status in ("refused", "withheld"))
        return any({link.one, link.two} & theirs for link in known)

    def _may_recognise(self, persons: Iterable[int]) -> bool:
        """Whether what is known by a device may be linked with both."""
        return all(map(self._people.allows, persons))

    def _is_too_much(self, persons: Sequence[int]) -> bool:
        customers = [customer for person in persons for customer in self._people.customers_of(person)]
        if sum(self._book.working(person).state.facts for person in persons) > MOST_FACTS:
            return True
        visits = sum(link.by == OWN_DEVICE for link in self._made(customers)) if len(customers) > MOST_CUSTOMERS else 0
        return visits > MOST_VISITS or len(customers) - visits > MOST_CUSTOMERS

    def _withhold(self, link: Link, cause: Cause) -> None:
        self._people.put_link(replace(link, status="withheld"))
        body = LinkWithheld(other=link.two, by=link.by, one=link.one, two=link.two)
        self._book.advance(self._fact(link.one, body, f"withheld:{link.one}:{link.two}", cause), {})

    def _ending(self, change: Parting) -> list[Link]:
        """The links to be ended, those on their way included: the very one, or, when a device turns out to be shared, those by it."""
        customers = self._people.customers_of(self._people.person_of(change.two))
        pair = tuple(sorted((change.one, change.two)))
        on_their_way = (Link(one.one, one.two, "made", one.by) for one in self.aside if not one.is_parting)
        return [
            replace(link, ended_by=change.by)
            for link in (*self._made(customers), *on_their_way)
            if ((link.one, link.two) == pair if change.by == STAFF else link.by in BY_DEVICE and change.two in (link.one, link.two))
        ]

    def made_between(self, one: int, two: int, ended_by: str) -> Link | None:
        """The link between two customers, to be ended; None when there is none any more."""
        found = (link for link in self._made([one]) if (link.one, link.two) == (one, two))
        return next((replace(link, ended_by=ended_by) for link in found), None)

    def _made(self, customers: list[int]) -> list[Link]:
        return [link for link in self._people.links_of(customers) if link.status == "made"]

    # When

    def _sooner_or_later(self, link: Link, cause: Cause, is_parting: bool) -> None:
        sizes = [self._book.working(person).state.facts for person in self._persons(link.one, link.two)]
        is_long = sum(sizes) > MOST_AT_ONCE and all(sizes)
        if is_long or self._has_to_wait(link) or not self.regroup(link, cause, is_parting, self._union):
            self._put_aside(link, cause, is_parting)

    def _persons(self, *customers: int) -> set[int]:
        return {self._people.person_of(customer) for customer in customers}

    def _has_to_wait(self, link: Link | Joining) -> bool:
        """Whether one of the persons is set aside, or something is being folded of the same persons, whose order has to be kept."""
        if not (self.aside or self._book.aside):
            return False
        persons = self._persons(link.one, link.two)
        return not persons.isdisjoint(self._book.aside) or any(persons & self._persons(one.one, one.two) for one in self.aside)

    def next_aside(self) -> Regrouping | None:
        """The oldest that can be folded: nobody of it is set aside, and no older one of the same persons waits."""
        waiting = {*self._book.aside}
        for one in self.aside:
            persons = self._persons(one.one, one.two)
            if waiting.isdisjoint(persons):
                return one
            waiting |= persons
        return None

    def _put_aside(self, link: Link, cause: Cause, is_parting: bool) -> None:
        """To be folded beside the work, in its turn; once is enough."""
        wanted = (is_parting, link.one, link.two)
        of_pair = [one.is_parting for one in self.aside if (one.one, one.two) == (link.one, link.two)]
        if of_pair[-1:] != [is_parting]:
            by = link.ended_by if is_parting else link.by
            number = self.aside[-1].regrouping + 1 if self.aside else self._book.position + 1
            regrouping = Regrouping(number, *wanted, by, cause.staff, cause.fact_id, cause.occurred_at, cause.mode, cause.source)
            self.aside.append(regrouping)
            self._book.batch.regroupings.append(regrouping)

    def _union(self, customers: Collection[int]) -> State:
        return fold(logged.fact for logged in self._book.facts_of({*customers}))

    # How

    def regroup(self, link: Link, cause: Cause, is_parting: bool, union: Union) -> bool:
        """Make or end the link. `union` gives the fold of the facts of some customers. False when it fails, which sets the persons aside."""
        return self._part(link, cause, union) if is_parting else self._join(link, cause, union)

    def _join(self, link: Link, cause: Cause, union: Union) -> bool:
        people, book = self._people, self._book
        survivor, other = sorted(people.person_of(customer) for customer in (link.one, link.two))
        working, joining = book.working(survivor), book.working(other)
        now = max(cause.now, working.state.now, joining.state.now)
        book.wake(survivor, working, now)
        book.wake(other, joining, now)
        if not book.aside.keys().isdisjoint((survivor, other)):
            return False
        theirs = people.customers_of(other)
        body = CustomersLinked(other=other, by=link.by, one=link.one, two=link.two, staff=cause.staff)
        fact = self._fact(survivor, body, f"link:{survivor}:{other}", replace(cause, now=now))

        def decided() -> Decision:
            mine, hers = working.state, joining.state
            state = hers if not mine.facts else mine if not hers.facts else union([*people.customers_of(survivor), *theirs])
            return step(state, fact, book.policy)

        decision = book.attempt((survivor, other), fact.type, decided)
        if decision is None:
            return False
        people.lead(theirs, survivor)
        book.let_go(other)
        people.put_link(replace(link, linked_position=book.position + 1))
        book.record(working, fact, decision, {})
        return True

    def _part(self, link: Link, cause: Cause, union: Union) -> bool:
        people, book = self._people, self._book
        person = people.person_of(link.one)
        working = book.working(person)
        now = max(cause.now, working.state.now)
        book.wake(person, working, now)
        if person in book.aside:
            return False
        staying, leaving = self.sides(link)
        facts = []
        for mine, other, left in ((person, leaving[0], tuple(leaving)), (leaving[0], person, ())):
            body = CustomersUnlinked(other=other, by=link.ended_by, one=link.one, two=link.two, left=left, staff=cause.staff)
            facts.append(self._fact(mine, body, f"unlink:{link.one}:{link.two}:{mine}", replace(cause, now=now)))

        def decided() -> tuple[State, Decision, Decision]:
            states = union(staying), union(leaving)
            return states[1], step(states[0], facts[0], book.policy), step(states[1], facts[1], book.policy)

        parted = book.attempt((person,), facts[0].type, decided)
        if parted is None:
            return False
        people.lead(leaving, leaving[0])
        if link.ended_by == STAFF:
            people.part_devices({*staying}, {*leaving})
        status = "refused" if link.ended_by == STAFF else "ended"
        people.put_link(replace(link, status=status, ended_at=cause.occurred_at, ended_position=book.position + 1, staff=cause.staff or link.staff))
        book.record(working, facts[0], parted[1], {})
        book.record(book.set_up(leaving[0], parted[0]), facts[1], parted[2], {})
        return True

    def sides(self, link: Link) -> tuple[list[int], list[int]]:
        """The customers on both sides of a link, in order; the side that keeps the person's number first."""
        customers = self._people.customers_of(self._people.person_of(link.one))
        others = [(one.one, one.two) for one in self._made(customers) if (one.one, one.two) != (link.one, link.two)]
        side, reached = {link.one}, {link.one}
        while reached:
            reached = {end for pair in others if not side.isdisjoint(pair) for end in pair} - side
            side |= reached
        rest = [customer for customer in customers if customer not in side]
        return (sorted(side), rest) if customers[0] in side else (rest, sorted(side))

    def _fact(self, customer: int, body: Input, told: str, cause: Cause) -> Fact:
        return Fact(
            fact_id=blake2b(told.encode(), digest_size=16, key=cause.fact_id).digest(),
            customer=customer,
            body=body,
            occurred_at=cause.occurred_at,
            received_at=self._book.received_at,
            now=cause.now,
            mode=cause.mode,
            source=cause.source,
            cause=cause.fact_id,
        )
