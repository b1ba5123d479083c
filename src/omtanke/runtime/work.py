"""The worker: from durable messages to facts, states and wakes, one transaction a batch."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from heapq import heapify, heappop, heappush

import msgspec
from msgspec import Struct

from omtanke.engine.policy import Policy
from omtanke.runtime.beside import Beside
from omtanke.runtime.book import Book
from omtanke.runtime.clock import BEGINNING, MARGIN, Frontier, frontier, is_live
from omtanke.runtime.erase import Elsewhere, Eraser, Nowhere, erasing_facts
from omtanke.runtime.faults import described
from omtanke.runtime.linking import Linking
from omtanke.runtime.logs import note
from omtanke.runtime.policies import activate
from omtanke.runtime.retaining import Retaining
from omtanke.runtime.returning import bring_back
from omtanke.runtime.taking import Taking
from omtanke.storage.keys import Keys
from omtanke.storage.ports import TROUBLE, Inbox, Log, Source, VersionConflict

BATCH_SIZE = 8_000
MOST_WAKES = 2_000
# So many at a time: a twentieth of a second's work.
WOKEN_AT_ONCE = 250
# So long a history is folded between two batches; the others wait no longer than that.
BESIDE_SECONDS = 0.005
# A batch that fails is narrowed down by so much, until it is one message.
NARROWED = 16
# What has failed beside the work is not tried again sooner.
RESTS_SECONDS = 600.0


class Done(Struct, frozen=True):
    """What a batch came to. `is_folding`: a long history is being folded beside the work; `erased`: how many persons were
    forgotten; `is_retaining`: what is older than the shop's rule is leaving; `returning`: how many who were set aside were set aside
    or tried again. `consumed`, `position`: the last message and the last fact of it; `late`: of each live wake, how long it had been due."""

    entries: int
    facts: int
    wakes: int
    refused: int
    is_folding: bool = False
    erased: int = 0
    is_retaining: bool = False
    returning: int = 0
    consumed: int = 0
    position: int = 0
    late: tuple[int, ...] = ()

    @property
    def was_idle(self) -> bool:
        return not (self.entries or self.wakes or self.is_folding or self.erased or self.is_retaining or self.returning)


class Worker:
    """Takes what the inbox holds, and what has fallen due, and makes facts of it.

    A crash at any point repeats a batch and nothing else. Several on one store work in turns: the one that has the store
    sees whether another has written since, and forgets what it knew.
    """

    def __init__(self, inbox: Inbox, log: Log, keys: Keys, policy: Policy, elsewhere: Elsewhere | None = None) -> None:
        self._inbox = inbox
        self._log = log
        self._keys = keys
        self._elsewhere = elsewhere or Nowhere()
        self._eraser = Eraser(log, keys, self._elsewhere)
        self.policy = policy
        self._retaining = Retaining(log, self._elsewhere)
        self._retains_at = 0.0
        self._forget_everything()

    def _forget_everything(self) -> None:
        self._book = Book(self._log, self._keys, self.policy)
        self._book.told_until = BEGINNING
        self._linking = Linking(self._book)
        self._beside = Beside(self._book, self._linking)
        self._taking = Taking(self._log, self._book, self._linking, self.policy)
        self._people = self._book.people

    def consumed(self) -> int:
        """The last inbox entry that has become facts."""
        return self._log.consumed()

    def work(self, wall_clock: int, limit: int = BATCH_SIZE) -> Done:
        """One batch: at most `limit` messages, then the wakes that are due; then a slice of what is folded beside, and one erasure that waits.

        `wall_clock` is read before the inbox is.
        """
        try:
            return self._work_and_go_on(wall_clock, limit)
        except VersionConflict:
            self._start_over()
            return self._work_and_go_on(wall_clock, limit)
        except BaseException:
            self._start_over()
            raise

    def _work_or_narrow(self, wall_clock: int, limit: int) -> Done:
        """One batch; when it fails, and not in the store, a smaller one, until it is known what fails."""
        try:
            return self._work(wall_clock, limit)
        except TROUBLE:
            raise
        except Exception as error:
            suspects = {self._book.at_work} if self._book.at_work else {*self._book.changed}
            self._start_over()
            if limit == 1:
                return self._put_aside_what_failed(suspects, error, wall_clock)
        return self._work_or_narrow(wall_clock, max(limit // NARROWED, 1))

    def _put_aside_what_failed(self, suspects: set[int], error: Exception, wall_clock: int) -> Done:
        """A batch of one message has failed otherwise than at a step: those it had touched are set aside, or the message is.

        Raises the error again when there is neither.
        """
        if suspects:
            return self._set_aside(suspects, "state", error, wall_clock)
        self._begin_batch(wall_clock)
        entries = self._inbox.read(self._log.consumed(), 1)
        if not entries:
            self._log.abandon()
            raise error
        self._book.batch.consumed = entries[0].entry
        self._taking.refuse(entries[0], "", "", f"is understood, and we have failed at it, which is a fault of ours: {described(error)}")
        self._book.commit()
        return Done(1, 0, 0, 1)

    def _set_aside(self, persons: Collection[int], type_: str, error: Exception, wall_clock: int) -> Done:
        """Set persons aside in a transaction of its own, after what was begun has been given up."""
        self._start_over()
        self._begin_batch(wall_clock)
        for person in persons:
            self._book.set_aside(person, type_, error)
        self._book.commit()
        return Done(0, 0, 0, 0, returning=len(persons))

    def _begin_batch(self, wall_clock: int) -> None:
        """A batch that takes no message."""
        self._begin()
        self._book.begin(self._log.consumed(), self._book.sources or {**self._inbox.sources()})
        self._book.received_at = max(self._book.received_at, wall_clock)

    def follow(self, text: str, wall_clock: int) -> None:
        """From the next batch on decisions follow the policy of `text`. Raises PolicyFaults, and goes on as before."""
        self.policy = activate(self._log, text, wall_clock)
        self._start_over()

    def _start_over(self) -> None:
        self._log.abandon()
        self._retaining = Retaining(self._log, self._elsewhere)
        self._forget_everything()

    def _begin(self) -> None:
        """The store is this worker's until it commits or abandons. What it knew holds no longer when another has written."""
        self._log.begin()
        known = (self._book.position, self._people.next_customer, self._people.next_surrogate)
        if (self._log.last_position(), *self._log.counters()) != known:
            self._forget_everything()

    def _work_and_go_on(self, wall_clock: int, limit: int) -> Done:
        """A batch, then a slice of what is done beside it."""
        done = self._work_or_narrow(wall_clock, limit)
        is_folding, erased = self._fold_beside(wall_clock), int(self._erase_next(wall_clock))
        return msgspec.structs.replace(done, is_folding=is_folding, erased=erased, is_retaining=self._retain(wall_clock))

    def _work(self, wall_clock: int, limit: int) -> Done:
        self._begin()
        book, sources = self._book, self._inbox.sources()
        settled_at = self._settle(sources.values(), wall_clock)
        entries = self._inbox.read(self._log.consumed(), limit)
        consumed = entries[-1].entry if entries else self._log.consumed()
        book.begin(consumed, {number: msgspec.structs.replace(source, is_telling=source.is_told_at(consumed)) for number, source in sources.items()})
        returning = bring_back(book, self._taking.advance)
        self._taking.foresee(entries)
        for entry in entries:
            self._taking.take(entry)
        consumed_at = entries[-1].received_at if len(entries) == limit else wall_clock
        book.received_at = max(consumed_at, book.received_at)
        edge = frontier(book.sources.values(), book.told_until, min(consumed_at, wall_clock), book.batch.clock, wall_clock, settled_at)
        wakes = self._wake_everyone(edge, min(limit, MOST_WAKES), len(entries))
        returning += len(book.batch.aside)
        if entries or wakes or returning:
            book.commit()
        else:
            self._log.abandon()
        facts, refused = len(book.batch.facts), len(book.batch.refusals)
        late = tuple([wall_clock - due_at for due_at in book.reached])
        return Done(len(entries), facts, wakes, refused, returning=returning, consumed=consumed, position=book.position, late=late)

    def _fold_beside(self, wall_clock: int) -> bool:
        """A slice of what is folded beside the work; whether there is any."""
        until = time.perf_counter() + BESIDE_SECONDS
        if not self._beside.is_at_work:
            return False
        try:
            is_ready = self._beside.go_on(lambda: time.perf_counter() < until)
        except TROUBLE:
            raise
        except Exception as error:
            self._set_aside(self._beside.persons, "customers_linked", error, wall_clock)
            return True
        if is_ready:
            known = self._book
            self._begin()
            if self._book is known:
                known.begin(self._log.consumed(), known.sources)
                known.received_at = max(known.received_at, wall_clock)
                self._beside.write_down()
                known.commit()
            else:
                self._log.abandon()
        return True

    # Erasures

    def _erase_next(self, wall_clock: int) -> bool:
        """Everything personal of whoever has waited longest leaves, in a transaction of its own; what the log has counted stays.

        False when nobody waits. Whoever cannot be erased, by a fault of ours, is set aside, and the next one has their turn.
        """
        try:
            return self._erase_whoever_waits()
        except TROUBLE:
            raise
        except Exception as error:
            self._log.abandon()
            asked = self._log.asked_to_erase()
            if asked is None:
                raise
            self._set_aside([self._people.person_of(asked[0].fact.customer)], "customer_erased", error, wall_clock)
            return True

    def _erase_whoever_waits(self) -> bool:
        if self._log.asked_to_erase() is None:
            return False
        self._begin()
        asked = self._log.asked_to_erase()
        if asked is None:
            self._log.abandon()
            return False
        book, people, (request, received_at) = self._book, self._book.people, asked
        book.begin(self._log.consumed(), book.sources)
        book.received_at = max(book.received_at, received_at)
        person = people.person_of(request.fact.customer)
        customers = [one for one in people.customers_of(person) if not self._log.is_erased(one)]
        going = self._eraser.going(person, customers, request.fact)
        requests = book.working(person).state.rights.requests
        facts = erasing_facts(person, request.fact, book.received_at, going, requests) if customers else ()
        if not all(book.advance(fact, {}) for fact in facts):
            book.batch.held.clear()  # it is made anew when they are tried again
            book.commit()
            return True
        book.batch.erasures.append(going.erasing(request, book.batch.facts))
        people.forget([*going.traces.identifiers, *going.traces.numbers, *going.numbers])
        book.commit()
        return True

    # Retention

    def _retain(self, wall_clock: int) -> bool:
        """A slice of what leaves by the shop's rule; whether there is any. When that fails it rests for a while, and the work goes on."""
        if time.monotonic() < self._retains_at:
            return False
        try:
            return self._retain_some(wall_clock)
        except TROUBLE:
            raise
        except Exception as error:
            note("retention_failed", "error", fault=described(error))
            self._retains_at = time.monotonic() + RESTS_SECONDS
            self._start_over()
            return False

    def _retain_some(self, wall_clock: int) -> bool:
        until, sources = time.perf_counter() + BESIDE_SECONDS, self._book.sources
        if not self._retaining.is_at_work and not self._retaining.begin(self.policy, tuple(sources.values()), wall_clock):
            return False
        if self._retaining.go_on(lambda: time.perf_counter() < until):
            self._begin()
            book = self._book
            book.begin(self._log.consumed(), sources)
            book.received_at = max(book.received_at, wall_clock)
            busy = {customer for one in self._linking.aside for customer in (one.one, one.two)}
            busy |= {customer for person in book.aside for customer in book.people.customers_of(person)}
            self._retaining.write_down(book, busy)
            book.commit()
        return True

    # Wakes

    def _settle(self, sources: Iterable[Source], wall_clock: int) -> int | None:
        """When somebody has just fallen due: the moment before which nothing more will have been received; else None, and the margin tells.

        It is called before the inbox is read.
        """
        if not is_live(sources) or not self._log.due_wakes(wall_clock - MARGIN, wall_clock, 1):
            return None
        self._inbox.settle(wall_clock)
        return wall_clock

    def _wake_everyone(self, edge: Frontier, limit: int, taken: int) -> int:
        """The wakes of all whose time has come, at most so many a batch; once as many have been woken as messages were taken, messages that
        wait come first. The rest follow in the next. Who is set aside is in nobody's way."""
        return sum(self._wake_span(since, before, limit, taken) for since, before in edge.spans)

    def _wake_span(self, since: int, before: int, limit: int, taken: int) -> int:
        """The wakes of a span, the oldest first, also when somebody has several; some at a time, so that no more states are loaded than are woken."""
        book = self._book
        due = [(at, person) for person in book.changed if (at := book.wakes_at(person)) is not None and since <= at < before]
        heapify(due)
        woken, reached, passed = 0, since, 0
        while woken < limit and (woken < max(taken, WOKEN_AT_ONCE) or not self._is_waited_for()):
            most = min(WOKEN_AT_ONCE, limit - woken)
            stored = self._log.due_wakes(reached, before, most, passed)
            for one in self._still_to_wake(stored):
                heappush(due, one)
            is_all = len(stored) < most
            reached, passed = (before, 0) if is_all else stored[-1]
            while due and due[0][0] < reached + (not is_all):
                at, person = heappop(due)
                woken += book.wake(person, book.working(person), at + 1)
                following = book.wakes_at(person)
                if following is not None and following < before and person not in book.aside:
                    heappush(due, (following, person))
            if is_all:
                break
        return woken

    def _still_to_wake(self, stored: Collection[tuple[int, int]]) -> list[tuple[int, int]]:
        """Of wakes as they are stored, those that the batch has not moved; the states of these are loaded."""
        book = self._book
        left = [one for one in stored if one[1] not in book.changed and one[1] not in book.aside]
        book.foresee(self._people.foresee_customers({person for _, person in left}))
        return [one for one in left if self._people.person_of(one[1]) == one[1]]

    def _is_waited_for(self) -> bool:
        """Whether messages have come in that the batch does not take."""
        return self._inbox.last_entry() > self._book.batch.consumed
