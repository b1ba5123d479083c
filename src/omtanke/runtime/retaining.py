"""What is older than the shop's rule leaves, and what it had come to stays: once a day, a slice at a time, beside the work.

A history is condensed only when everything that follows in the log is then still decided as it is on record, and nothing that is open
differs. Otherwise (late evidence straddles the edge, two long histories have just been linked) it is kept back, and tried again the next day.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from hashlib import blake2b
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from omtanke.engine import ENGINE_VERSION
from omtanke.engine.condensed import is_owed_anything, is_spared, matters_alike, part_of, settled, written
from omtanke.engine.policy import Policy
from omtanke.engine.retention_policy import RetentionPolicy
from omtanke.engine.state import State
from omtanke.engine.step import fold, stands_for
from omtanke.runtime.book import Book
from omtanke.runtime.clock import is_live, store_clock
from omtanke.runtime.faults import described
from omtanke.runtime.logs import note
from omtanke.runtime.replay import Policies, Replay, policies_of
from omtanke.storage.codec import encode
from omtanke.storage.condensing import Condensing, Oldest, Retained
from omtanke.storage.erasing import LAST, Asked
from omtanke.storage.play_rows import PlayRows, rows_of
from omtanke.storage.ports import TROUBLE, Log, Logged, Source
from omtanke.vocabulary.catalogue import BODIES
from omtanke.vocabulary.erasure import ErasureRequested
from omtanke.vocabulary.fact import Fact, Kind, Mode
from omtanke.vocabulary.retention import STAYS, HistoryCondensed
from omtanke.vocabulary.time import DAY, months_before

CUSTOMERS_AT_ONCE = 200
FACTS_AT_ONCE = 1_000
PAGE = 512
TIDY_SECONDS = 1.0
# So long after it ended something may still be told of, when nothing less will do.
IN_FLIGHT = 120 * DAY
CONDENSED = HistoryCondensed.type
ALL = frozenset(BODIES)


class Elsewhere(Protocol):
    """What has to be so beside the log before something leaves it, and after."""

    def lake_position(self) -> int: ...
    def rewrite(self, database: str) -> bool: ...
    def fold_in(self, database: str) -> bool: ...


class Condensed(Struct, frozen=True):
    """A cluster whose history can be condensed. `versions`: of its persons' snapshots when it was looked at; `states`: those from then on."""

    customers: frozenset[int]
    versions: Mapping[int, int]
    states: Mapping[int, State]
    condensing: Condensing


class Retaining:
    """One pass at a time over everyone. It reads the log as it stands, and writes when somebody holds the store for it."""

    def __init__(self, log: Log, elsewhere: Elsewhere) -> None:
        self._log = log
        self._elsewhere = elsewhere
        self._pass: Iterator[None] | None = None
        self._ready: list[Condensed] = []
        self._texts: list[tuple[int, int]] = []
        self._quiet: list[int] = []
        self._gathered = 0
        self._is_over = False
        self._left = Retained()
        self._clock = self._policy = self._texts_before = self._quiet_before = 0
        self._may_be_untidy, self._is_rewritten, self._tried_at = True, False, 0.0

    @property
    def is_at_work(self) -> bool:
        """Whether a pass is under way."""
        return self._pass is not None

    def begin(self, policy: Policy, sources: Sequence[Source], wall_clock: int) -> bool:
        """Begin a pass, when there is a rule and the last one was a day ago, or by another; whether one has begun.

        While the past is being told nothing leaves; in a store without anything live nothing does before the lake has it.
        """
        rule = policy.retention
        if not rule.says_anything and not self._may_be_untidy:
            return False
        clock, last = store_clock(sources, self._log.clock(), wall_clock), self._log.retained()
        self._may_be_untidy = bool(last.untidy)
        if last.untidy:
            self._tidy()
        is_due = rule.says_anything and (last.policy != policy.version or clock - last.at >= DAY)
        if not is_due or any(source.is_telling for source in sources):
            return False
        if not is_live(sources) and self._elsewhere.lake_position() < self._log.last_position():
            return False
        self._policy, self._clock, self._left, self._is_over, self._is_rewritten = policy.version, clock, replace(last, kept_back=0), False, False
        self._pass = self._passing(rule)
        return True

    def _tidy(self) -> None:
        """What has left still stands in gaps of pages, and in the write-ahead log until that has been empty once, which a reader may delay."""
        if time.monotonic() - self._tried_at >= TIDY_SECONDS:
            self._is_rewritten = self._is_rewritten or self._elsewhere.rewrite("log")
            if self._is_rewritten and self._elsewhere.fold_in("log"):
                self._log.tidied()
            self._tried_at = time.monotonic()

    def go_on(self, may_go_on: Callable[[], bool]) -> bool:
        """Go on as long as it may; whether something is ready to be written down."""
        assert self._pass is not None
        for _ in self._pass:
            if self._gathered >= FACTS_AT_ONCE:
                return True
            if not may_go_on():
                return False
        self._is_over = True
        return True

    def write_down(self, book: Book, busy: Set[int]) -> None:
        """Put what is ready into the book's batch, which has begun; not what has been told of meanwhile, nor of those customers, who are being regrouped."""
        batch = book.batch
        facts, texts, customers, kept_back = 0, len(self._texts), 0, 0
        for one in self._ready:
            if has_moved_on(book, one) or not one.customers.isdisjoint(busy):
                kept_back += 1
                continue
            for person, state in one.states.items():
                book.working(person).state = state
                book.changed.add(person)
            batch.condensed.append(one.condensing)
            facts += len(one.condensing.going)
        batch.texts += self._texts
        customers = sum(self._ask_to_erase(book, person) for person in self._quiet)
        self._ready, self._texts, self._quiet, self._gathered = [], [], [], 0
        self._count(kept_back, facts, texts, customers)
        if self._is_over:
            batch.quarantine_from = max(self._texts_before, 0)
            self._left, self._pass = replace(self._left, at=self._clock, policy=self._policy), None
        batch.retained = self._left

    def _count(self, kept_back: int = 0, facts: int = 0, texts: int = 0, customers: int = 0) -> None:
        left, untidy = self._left, int(bool(facts or texts)) or self._left.untidy
        self._left = Retained(left.at, left.policy, left.kept_back + kept_back, left.facts + facts, left.texts + texts, left.customers + customers, untidy)

    def _ask_to_erase(self, book: Book, person: int) -> bool:
        """As if somebody who works here had: in its turn, with a receipt. Not whoever has been heard of meanwhile."""
        state = book.working(person).state
        if book.people.person_of(person) != person or state.now >= self._quiet_before or person in book.aside:
            return False
        fact_id = blake2b(f"quiet:{person}:{state.facts}".encode(), digest_size=16).digest()
        now = max(state.now, self._clock)
        mode = Mode.LIVE if is_live(book.sources.values()) else Mode.HISTORY
        if not book.advance(Fact(fact_id, person, ErasureRequested(), now, book.received_at, now, mode=mode), {}):
            return False
        book.batch.asked.append(Asked(book.position, person, book.received_at))
        return True

    # The pass

    def _passing(self, rule: RetentionPolicy) -> Iterator[None]:
        log, after, tried = self._log, 0, set[int]()
        self._texts_before, facts_before, self._quiet_before = (
            self._edge(months) for months in (rule.texts_months, rule.history_months, rule.customers_months)
        )
        policies, others_until = policies_of(log), log.facts_by_others(ENGINE_VERSION)

        def cutting(cluster: frozenset[int]) -> Cutting:
            return Cutting(log, policies, others_until, cluster, facts_before, self._clock)

        while customers := log.oldest(after, CUSTOMERS_AT_ONCE):
            reach = min(self._elsewhere.lake_position(), log.last_position() - 1)
            for one in customers:
                try:
                    yield from self._look_at(one, facts_before, tried, cutting, reach)
                except TROUBLE:
                    raise
                except Exception as error:  # a fault of ours in one history is no reason to keep the others
                    note("history_kept_back", "error", customer=one.customer, fault=described(error))
                    self._count(kept_back=1)
                yield
            after = customers[-1].customer

    def _look_at(self, one: Oldest, facts_before: int, tried: set[int], cutting: Callable[[frozenset[int]], Cutting], reach: int) -> Iterator[None]:
        """What may leave of one customer."""
        log = self._log
        has_texts, has_facts = _is_before(one.text_at, self._texts_before), _is_before(one.fact_at, facts_before) and one.customer not in tried
        is_quiet = _is_before(one.heard_at, self._quiet_before) and not is_owed_anything(state_of(log, one.customer))
        if not (has_texts or has_facts or is_quiet):
            return
        cluster = cluster_of(log, one.customer)
        if any(is_spared(state_of(log, person)) for person in persons_of(log, cluster)):
            self._count(kept_back=1)
            return
        if has_texts:
            texts = log.old_texts(one.customer, self._texts_before)
            self._texts += texts
            self._gathered += len(texts)
        if is_quiet:
            self._quiet.append(one.customer)
            self._gathered += 1
        if has_facts:
            tried |= cluster
            yield from self._condense(cutting(cluster), reach)

    def _edge(self, months: int) -> int:
        return months_before(self._clock, months) if months else -LAST

    def _condense(self, cutting: Cutting, reach: int) -> Iterator[None]:
        yield from cutting.read(reach)
        if not cutting.is_worth_it:
            return
        for edge in (cutting.before, cutting.before - IN_FLIGHT):
            yield from cutting.cut(edge)
            if cutting.found is not None:
                self._ready.append(cutting.found)
                self._gathered += len(cutting.found.condensing.going)
                return
        self._count(kept_back=1)


class Cutting:
    """One cluster's history, cut at the edge of what is kept, and looked at as it would be from then on."""

    def __init__(self, log: Log, policies: Policies, others_until: int, cluster: frozenset[int], before: int, clock: int) -> None:
        self._log = log
        self._policies = policies
        self._others_until = others_until
        self._cluster = cluster
        self.before = before
        self._clock = clock
        self.found: Condensed | None = None

    def read(self, reach: int) -> Iterator[None]:
        """Their facts, and which of them are old; nothing beyond `reach` is."""
        self._versions = {person: version_of(self._log, person) for person in persons_of(self._log, self._cluster)}
        self._told: list[Logged] = []
        for customer in self._cluster:
            after = 0
            while page := self._log.facts_after(customer, after, LAST, PAGE, ALL):
                self._told += page
                after = page[-1].position
                yield
        self._told.sort(key=lambda one: one.position)
        reach = before_what_is_split(self._told, reach)
        self._early = [one for one in self._told if one.fact.now < self.before and one.position <= reach]
        self._going = [one for one in self._early if one.fact.type not in STAYS]

    @property
    def is_worth_it(self) -> bool:
        """Whether anything would leave that has not been condensed before."""
        return any(one.fact.type != CONDENSED for one in self._going)

    def cut(self, edge: int) -> Iterator[None]:
        """Look whether everything is as it was when what ended before the edge is gone; then `found` says how."""
        early = Replay(self._policies, LAST)
        yield from early.steps(self._early)
        instead = [fact for person, state in early.states.items() for fact in self._instead(early, person, settled(state, edge))]
        going = {one.position for one in self._going}
        left = sorted([*(one for one in self._told if one.position not in going), *instead], key=lambda one: one.position)
        later = Replay(self._policies, self._others_until)
        yield from later.steps(left)
        if not later.differences and self._is_alike(later, edge):
            self.found = self._condensed(later, instead, rows_of(left))

    def _instead(self, early: Replay, person: int, state: State) -> Iterator[Logged]:
        """A fact for each of a person's customers, in place of its old ones; what is nobody's goes with the first."""
        mine = [one for one in self._early if early.person_of(one.fact.customer) == person]
        customers = sorted({one.fact.customer for one in mine if one.fact.type not in STAYS})
        for customer in customers:
            going = [one for one in self._going if one.fact.customer == customer]
            part = part_of(state, customer, customer == customers[0])
            body = HistoryCondensed(
                until=mine[-1].position,
                facts=sum(stands_for(one.fact) for one in going),
                condensed_at=self._clock,
                digest=digest_of(going),
                state=written(part),
            )
            first = going[0].fact
            fact = Fact(
                fact_id=first.fact_id,
                customer=customer,
                body=body,
                occurred_at=max(one.fact.occurred_at for one in going),
                received_at=first.received_at,
                now=max(one.fact.now for one in going),
                mode=first.mode,
                position=going[0].position,
            )
            yield Logged(going[0].position, fact)

    def _is_alike(self, later: Replay, edge: int) -> bool:
        """Whether what still matters of everybody is what it was, and so is what they are to be woken for."""
        return all(self._is_same(later, person, edge) for person in self._persons(later))

    def _is_same(self, later: Replay, person: int, edge: int) -> bool:
        stored = self._log.snapshot(person)
        if stored is None or (later.is_known(person) and later.wakes.get(person) != stored.next_wake):
            return False
        state = stored.state or fold(one.fact for one in self._told if later.person_of(one.fact.customer) == person)
        return matters_alike(state, later.states[person], edge)

    def _persons(self, later: Replay) -> Set[int]:
        return {later.person_of(customer) for customer in self._cluster}

    def _condensed(self, later: Replay, instead: Sequence[Logged], shown: PlayRows) -> Condensed:
        """Pages go on showing what the log still tells of."""
        customers = sorted(self._cluster)
        plays = self._log.play_rows_of(customers)
        condensing = Condensing(
            going=tuple((one.fact.customer, one.position) for one in self._going),
            facts=tuple(instead),
            promises=tuple(self._log.promises_of(customers).keys() - later.promises.keys()),
            tasks=tuple(self._log.tasks_of(customers).keys() - later.tasks.keys()),
            requests=tuple(self._log.requests_of(customers).keys() - later.requests.keys()),
            runs=tuple((one.customer, one.run) for one in plays.runs.values() if one.run not in shown.runs),
            messages=tuple((one.customer, one.message) for one in plays.messages.values() if one.message not in shown.messages),
        )
        states = {person: later.states[person] for person in self._persons(later)}
        return Condensed(self._cluster, self._versions, states, condensing)


def persons_of(log: Log, customers: Iterable[int]) -> frozenset[int]:
    """Whom the customers lead to today."""
    return frozenset(log.customer(customer)[0] for customer in customers)


def state_of(log: Log, person: int) -> State:
    """As stored, or folded anew where another engine has stored it."""
    stored = log.snapshot(person)
    if stored is not None and stored.state is not None:
        return stored.state
    return fold(one.fact for one in log.facts_of(log.customers_of(person)))


def version_of(log: Log, person: int) -> int:
    """Of the person's snapshot; 0 for none."""
    stored = log.snapshot(person)
    return stored.version if stored else 0


def has_moved_on(book: Book, one: Condensed) -> bool:
    """Whether anything has been recorded of them since, by anybody."""
    persons = {book.people.person_of(customer) for customer in one.customers}
    versions = {person: book.working(person).version for person in persons}
    return versions != one.versions or cluster_of(book.log, min(one.customers)) != one.customers


def _is_before(moment: int | None, edge: int) -> bool:
    return moment is not None and moment < edge


def before_what_is_split(facts: Iterable[Logged], reach: int) -> int:
    """The reach, or less, so that an input and what was decided on it stay together."""
    last_input = 0
    for one in facts:
        if one.fact.kind is Kind.INPUT:
            if one.position > reach:
                break
            last_input = one.position
        elif one.position > reach:
            return last_input - 1
    return reach


def cluster_of(log: Log, customer: int) -> frozenset[int]:
    """Everyone who was ever linked with a customer, themselves included."""
    found, reached = {customer}, {customer}
    while reached:
        links = (link for link in log.links_of(sorted(reached)) if link.linked_position)
        reached = {end for link in links for end in (link.one, link.two)} - found
        found |= reached
    return frozenset(found)


def digest_of(facts: Sequence[Logged]) -> bytes:
    """BLAKE2b-128 over position, id and body of each, in log order."""
    digest = blake2b(digest_size=16)
    for one in facts:
        digest.update(one.position.to_bytes(8) + one.fact.fact_id + encode(one.fact.body))
    return digest.digest()
