"""What pages read: windows on `log.db` and `inbox.db` that nobody can write through. What they see: `seen`.

One method, one statement (storage/sql/pages). Moments are UTC microseconds, 0 for none.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from omtanke.engine.capacity import Calendar
from omtanke.storage.capacity import calendar_of
from omtanke.storage.codec import decode_personal
from omtanke.storage.corrections import correction_in
from omtanke.storage.database import Database
from omtanke.storage.databases import read_database
from omtanke.storage.erasing import Erasure, erasure_of_row
from omtanke.storage.identities import IdentifierSeen, LinkSeen, MetSeen, SideSeen, TellingSeen, identifiers_in, tellings_in
from omtanke.storage.seen import (
    EVERYBODY,
    QUOTE_TAKEN,
    FactSeen,
    Known,
    Owed,
    Place,
    PromiseSeen,
    Quarantined,
    Sender,
    TaskSeen,
    Urgent,
    Verbatim,
    Waiting,
    Whose,
    fact_of_row,
    of_consent,
)
from omtanke.storage.sql_log import name_words
from omtanke.storage.statements import listed, statements
from omtanke.storage.verbatims import words_of, written
from omtanke.vocabulary.rights import DetailsCorrected

LOG = statements("pages/log.sql")
INBOX = statements("pages/inbox.sql")
CONSENTS = statements("consents/log.sql")
BEYOND_EVERY_LETTER = "\U0010ffff"
MOST_NAMESAKES = 2_000
KEYS_AT_ONCE = 4
WORDS_AT_ONCE = 3


class Pages:
    """Read-only windows on one data folder; a connection for each thread."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._local = threading.local()

    def _rows(self, database: str, statement: str, values: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        connection: Database | None = getattr(self._local, database, None)
        if connection is None:
            connection = read_database(self._data, database)
            setattr(self._local, database, connection)
        self._local.asked = self.asked + 1
        return connection.execute(statement, values or {}).fetchall()

    @property
    def asked(self) -> int:
        """How many statements this thread has run."""
        return getattr(self._local, "asked", 0)

    def close(self) -> None:
        """Close this thread's connections."""
        for database in ("log", "inbox"):
            connection = getattr(self._local, database, None)
            if connection is not None:
                connection.close()
                delattr(self._local, database)

    def _log(self, name: str, **values: Any) -> list[tuple[Any, ...]]:
        return self._rows("log", LOG[name], values)

    def ask(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """What a statement of another module answers, which reads nothing personal."""
        return self._rows("log", statement, values)

    # The store

    def meta(self) -> dict[str, int]:
        """`clock`, `consumed` and what else the store says of itself in numbers."""
        return {name: int(value) for name, value in self._log("meta") if str(value).lstrip("-").isdigit()}

    def last_fact(self) -> tuple[int, int, int]:
        """Position, occurred_at and received_at of the last fact; zeros for an empty log."""
        rows = self._log("last_fact")
        return rows[0] if rows else (0, 0, 0)

    def consumed(self) -> int:
        """The last message that has become facts."""
        rows = self._log("consumed")
        return int(rows[0][0]) if rows else 0

    def refused(self, entry: int) -> str:
        """Why the message did not become a fact: where, and the rule; empty when it did."""
        rows = self._log("refused", entry=entry)
        return " ".join(rows[0]) if rows else ""

    def last_of_person(self, person: int) -> int:
        """How far the log has come with a person."""
        return int(self._log("last_of_person", person=person)[0][0])

    def last_of_promise(self, promise: int) -> int:
        """How far the log has come with the person a promise was given to."""
        return int(self._log("last_of_promise", promise=promise)[0][0])

    def sources(self) -> tuple[Sender, ...]:
        return tuple(Sender(r[0], r[1], r[2], r[3], r[4], bool(r[5]), bool(r[6]), r[7]) for r in self._rows("inbox", INBOX["sources"]))

    def last_entry(self) -> tuple[int, int]:
        """Number and moment of the last message."""
        (row,) = self._rows("inbox", INBOX["last_entry"])
        return row[0], row[1]

    def oldest_unread(self, consumed: int) -> int:
        """When the oldest message that is not yet a fact was received; 0 when there is none."""
        (row,) = self._rows("inbox", INBOX["oldest_unread"], {"consumed": consumed})
        return int(row[0])

    def wakes(self, now: int) -> tuple[int, int]:
        """How many wakes are due, and when the soonest is (0: none)."""
        (row,) = self._log("next_wakes", now=now)
        return row[0], row[1] or 0

    def quarantine(self, before: int, limit: int) -> tuple[Quarantined, ...]:
        return tuple(Quarantined(*row) for row in self._log("quarantine", before=before, limit=limit))

    def quarantine_count(self) -> int:
        return int(self._log("quarantine_count")[0][0])

    def policy(self) -> tuple[int, str, int]:
        """Version, digest and moment of the policy that counts; zeros when none does."""
        rows = self._log("policy")
        return rows[0] if rows else (0, "", 0)

    # Promises

    def waiting(self) -> Waiting:
        (row,) = self._log("waiting")
        return Waiting(*row)

    def open_counts(self, before: int) -> dict[str, tuple[int, int]]:
        """By state: how many are open, and how many of them end by `before`."""
        return {status: (count, soon) for status, count, soon in self._log("open_counts", before=before)}

    def urgent_broken(self, limit: int) -> list[int]:
        return [row[0] for row in self._log("urgent_broken", limit=limit)]

    def urgent_open(self, status: str, limit: int, whose: Whose = EVERYBODY) -> list[Urgent]:
        """Due or at risk, the soonest first."""
        values = whose.values
        return [Urgent(*row) for row in self._log("urgent_open", status=status, limit=limit, me=values["me"], units=values["units"])]

    def urgent_tasks(self, limit: int, whose: Whose = EVERYBODY) -> list[Urgent]:
        """Broken, and somebody is to act: nobody else's first, those already told last, then who has waited longest."""
        return [Urgent(*row) for row in self._log("urgent_tasks", limit=limit, **whose.values)]

    def urgent_untasked(self, limit: int, whose: Whose = EVERYBODY) -> list[Urgent]:
        """Broken and still waited for, without a task: who has waited shortest first."""
        return [] if whose.me else [Urgent(*row) for row in self._log("urgent_untasked", limit=limit, units=whose.values["units"])]

    def urgent_answers(self, limit: int, whose: Whose = EVERYBODY) -> list[Urgent]:
        """Low answers that nobody has closed."""
        return [Urgent(*row) for row in self._log("urgent_given", about='["answer"]', limit=limit, **whose.values)]

    def urgent_from_plays(self, limit: int, whose: Whose = EVERYBODY) -> list[Urgent]:
        """What plays have given somebody to do, or could not say to the customer, and nobody has closed."""
        return [Urgent(*row) for row in self._log("urgent_given", about='["play", "message"]', limit=limit, **whose.values)]

    def open_tasks(self) -> dict[str, int]:
        """How many tasks nobody has closed, by what they are about: `answer`, `play` or `message`."""
        return dict(self._log("open_tasks"))

    def tasks(self, numbers: Iterable[int]) -> dict[int, TaskSeen]:
        """By number; that of a promise has the promise's."""
        return {row[0]: TaskSeen(*row) for row in self._log("tasks", tasks=listed(numbers))}

    def tasks_of_person(self, person: int, limit: int) -> list[TaskSeen]:
        return [TaskSeen(*row) for row in self._log("tasks_of_person", person=person, limit=limit)]

    def answers_of_tasks(self, numbers: Iterable[int]) -> dict[int, list[FactSeen]]:
        """By task: what its customer has answered and written, the latest first."""
        found: dict[int, list[FactSeen]] = {}
        for row in self._log("answers_of_tasks", tasks=listed(numbers)):
            found.setdefault(row[0], []).append(fact_of_row(row[1:]))
        return found

    def waiting_at(self, at: int) -> int:
        """How many customers waited for a broken promise then."""
        return int(self._log("waiting_at", at=at)[0][0])

    def ended_well(self, since: int, until: int, place: Place, limit: int) -> list[tuple[int, int]]:
        """(promise, moment of its place) of promises kept or exceeded from `since` to `until`, the latest first."""
        return self._log("ended_well", since=since, until=until, met_at=place.moment, promise=place.number, limit=limit)

    def ended_well_all(self, since: int, until: int, most: int) -> tuple[list[int], tuple[tuple[str, int, int], ...]]:
        """The latest of them, and (kind, kept, exceeded) of all, the most frequent first; by one statement."""
        rows = self._log("ended_well_all", since=since, until=until)
        counts = Counter((kind, status) for _promise, kind, status in rows)
        kinds = Counter(kind for _promise, kind, _status in rows).most_common()
        return [row[0] for row in rows[:most]], tuple((kind, counts[kind, "kept"], counts[kind, "exceeded"]) for kind, _count in kinds)

    def ended_well_counts(self, since: int, until: int) -> tuple[tuple[str, int, int], ...]:
        """(kind, kept, exceeded), the most frequent first."""
        return tuple((kind, kept, exceeded) for kind, kept, exceeded in self._log("ended_well_counts", since=since, until=until))

    def promises(self, numbers: Iterable[int]) -> list[PromiseSeen]:
        """The promises in the order asked for; unknown numbers are left out."""
        return [PromiseSeen(*row) for row in self._log("promises", promises=listed(numbers))]

    def stating(self, numbers: Iterable[int]) -> dict[int, list[FactSeen]]:
        """By promise: the facts of the moment it was stated, the input with its personal part and what was decided on it; the quote that it took first."""
        found: dict[int, list[FactSeen]] = {}
        for row in self._log("stating", promises=listed(numbers)):
            found.setdefault(row[0], []).append(fact_of_row(row[1:]))
        taken = {number: ids for number, facts in found.items() if (ids := [one.worded_by for one in facts if one.reason == QUOTE_TAKEN])}
        if taken:
            wanted = listed(one.hex().upper() for ids in taken.values() for one in ids)
            for row in self._log("quotes_taken", promises=listed(taken), ids=wanted):
                quote = fact_of_row(row[1:])
                if quote.fact_id in taken[row[0]] and quote.fact_id not in {one.fact_id for one in found[row[0]]}:
                    found[row[0]].insert(0, quote)
        return found

    def promises_of_person(self, person: int, limit: int) -> list[int]:
        """What we owe first, then the latest."""
        return [row[0] for row in self._log("promises_of_person", person=person, limit=limit)]

    def promise_counts(self, persons: Iterable[int]) -> dict[int, Owed]:
        return {row[0]: Owed(*row) for row in self._log("promise_counts", persons=listed(persons))}

    def waiting_list(self, place: Place, limit: int, among: Sequence[int] | None = None) -> list[tuple[int, int]]:
        """(promise, moment of its place) of broken promises whose customer waits, the latest window first; among some, or all."""
        chosen = "" if among is None else listed(among)
        return self._log("waiting_list", until_at=place.moment, promise=place.number, limit=limit, among=chosen)

    def waiting_count(self, among: Sequence[int] | None = None) -> Waiting:
        """How many customers and promises are in that list."""
        (row,) = self._log("waiting_count", among="" if among is None else listed(among))
        return Waiting(*row)

    # People

    def person_of(self, customer: int) -> tuple[int, str] | None:
        """The person a customer leads to, and the customer's kind; None when there is no such customer."""
        rows = self._log("person", customer=customer)
        return (rows[0][0], rows[0][1]) if rows else None

    def known(self, persons: Sequence[int]) -> list[Known]:
        """What is known of each person, in the order asked for."""
        rows: dict[int, list[tuple[Any, ...]]] = {}
        for row in self._log("cards", persons=listed(persons)):
            rows.setdefault(row[0], []).append(row)
        return [_known(person, rows[person]) for person in persons if person in rows]

    def erasure(self, customer: int) -> Erasure | None:
        """The erasure of a customer; None for somebody who has not been erased."""
        rows = self._log("erasure_of_customer", customer=customer)
        return erasure_of_row(rows[0]) if rows else None

    def by_identifier(self, keys: Sequence[bytes]) -> list[int]:
        return [row[0] for some in _in_fours(keys) for row in self._log("by_identifier", **some)]

    def by_subject(self, keys: Sequence[bytes]) -> list[int]:
        return [row[0] for some in _in_fours(keys) for row in self._log("by_subject", **some)]

    def external_types(self) -> list[str]:
        """The types of identifiers from elsewhere that senders use, as far as a few of their customers tell."""
        found: dict[str, None] = {}
        for (part,) in self._log("external_parts"):
            for kind, value in decode_personal(part).get("identifiers") or ():
                if kind == "external":
                    found.setdefault(str(value).partition(":")[0])
        return list(found)

    def by_name(self, name: str, limit: int) -> list[Known]:
        """Persons whose name has, for each word of `name`, one that begins so: whom we owe something first, then whole words, then the last seen."""
        words = sorted(name_words(name), key=len, reverse=True)
        if not words:
            return []
        is_one = len(words) == 1
        rows = self._log("by_name", word=words[0], beyond=words[0] + BEYOND_EVERY_LETTER, most=MOST_NAMESAKES, limit=limit if is_one else MOST_NAMESAKES)
        known = self.known([row[0] for row in rows])
        if is_one:
            return known
        rank = {row[0]: (row[1], row[2], row[4]) for row in rows}

        def place(one: Known) -> tuple[int, int, int, int]:
            is_waiting, is_owed, last_at = rank[one.person]
            return is_waiting, is_owed, len({*words} & {*name_words(one.name)}), last_at

        alike = [one for one in known if all(any(own.startswith(word) for own in name_words(one.name)) for word in words)]
        return sorted(alike, key=place, reverse=True)[:limit]

    def timeline(self, person: int, place: Place, limit: int) -> list[FactSeen]:
        return [fact_of_row(row) for row in self._log("timeline", person=person, occurred_at=place.moment, position=place.number, limit=limit)]

    def consequences(self, person: int, since: int, until: int) -> list[FactSeen]:
        return [fact_of_row(row) for row in self._log("consequences", person=person, since=since, until=until)]

    def facts_by_id(self, person: int, ids: Iterable[bytes]) -> dict[bytes, FactSeen]:
        found = [fact_of_row(row) for row in self._log("facts_by_id", person=person, ids=listed(one.hex().upper() for one in ids))]
        return {fact.fact_id: fact for fact in found}

    def facts_at(self, positions: Sequence[int]) -> list[tuple[int, FactSeen]]:
        """(person, fact) at those positions, in the order asked for."""
        return [(row[0], fact_of_row(row[1:])) for row in self._log("facts_at", positions=listed(positions))]

    def by_words(self, text: str, limit: int, even_names: bool = True) -> list[int]:
        """Where customers have written words that begin so, the latest first: all of the three longest. Without `even_names` a name finds nothing."""
        words = sorted(words_of(text), key=lambda word: (-len(word), word))[:WORDS_AT_ONCE]
        if not words or not even_names and self.are_names(words):
            return []
        filled = [*words, *[""] * (WORDS_AT_ONCE - len(words))]
        asked = {f"word_{n}": word for n, word in enumerate(filled, start=1)}
        asked |= {f"beyond_{n}": word + BEYOND_EVERY_LETTER for n, word in enumerate(filled, start=1)}
        return [row[0] for row in self._log("by_words", limit=limit, **asked)]

    def verbatims(self, positions: Sequence[int]) -> list[Verbatim]:
        """What was written at these positions, in the order asked for; those with no words are left out."""
        rows = [(position, person, written(decode_personal(part))) for position, person, part in self._log("verbatims", positions=listed(positions))]
        named = self.are_names(sorted({word for _, _, text in rows for word in words_of(text)}))
        return [Verbatim(position, person, text, named & words_of(text)) for position, person, text in rows if text]

    def are_names(self, words: Sequence[str]) -> frozenset[str]:
        """Which of the words are part of somebody's name."""
        return frozenset(row[0] for row in self._log("are_names", words=listed(words)))

    def of_types(self, person: int, types: Iterable[str], limit: int) -> list[FactSeen]:
        return [fact_of_row(row) for row in self._log("of_types", person=person, types=listed(types), limit=limit)]

    # What the shop manages

    def capacity(self) -> Calendar:
        """What units have been told to manage, in the order in which it was told."""
        return calendar_of(self.ask)

    # What customers allow

    def consent_state(self, person: int) -> tuple[bytes, bytes] | None:
        """The person's state as it is stored, and the shape that it was written in."""
        rows = self._rows("log", CONSENTS["state"], {"person": person})
        return (rows[0][0], rows[0][1]) if rows else None

    def consent_states(self, persons: Iterable[int]) -> dict[int, tuple[bytes, bytes]]:
        """The same of some persons."""
        return {row[0]: (row[1], row[2]) for row in self._rows("log", CONSENTS["states"], {"persons": listed(persons)})}

    def consent_facts(self, person: int) -> list[FactSeen]:
        """Everything that was said of consent, in log order; that the right to object was asked for is part of it."""
        return of_consent(self._rows("log", CONSENTS["told"], {"person": person}))

    def policy_text(self) -> tuple[int, str] | None:
        """Version and text of the policy that counts."""
        rows = self._rows("log", CONSENTS["policy"])
        return (rows[0][0], rows[0][1]) if rows else None

    # Who they are

    def leading(self, customers: Iterable[int]) -> dict[int, int]:
        """The person that each customer leads to."""
        return dict(self._log("leading", customers=listed(customers)))

    def tellings(self, persons: Iterable[int]) -> list[TellingSeen]:
        """What these persons have told about themselves, with what was put right, the oldest first."""
        return tellings_in(self._log("tellings", persons=listed(persons)))

    def met(self, persons: Iterable[int]) -> dict[int, MetSeen]:
        return {row[0]: MetSeen(*row) for row in self._log("met", persons=listed(persons))}

    def last_of_types(self, persons: Iterable[int], types: Iterable[str], limit: int) -> dict[int, list[FactSeen]]:
        """By person: the last facts of these types, the latest first."""
        found: dict[int, list[FactSeen]] = {}
        for row in self._log("last_of_types", persons=listed(persons), types=listed(types), limit=limit):
            found.setdefault(row[0], []).append(fact_of_row(row[1:]))
        return found

    def links_of(self, person: int) -> list[LinkSeen]:
        """Every link of the person's customers, the latest first; also those that have ended, or were refused."""
        return [LinkSeen(*row) for row in self._log("links_of", person=person)]

    def identifiers_of(self, person: int, limit: int) -> list[IdentifierSeen]:
        """Each identifier that somebody has told or put right, as far as the first `limit` facts that name any tell."""
        put_right = self.of_types(person, (DetailsCorrected.type,), limit)
        corrections = (correction_in(one.customer, one.occurred_at, one.body, one.personal) for one in put_right if isinstance(one.body, DetailsCorrected))
        return identifiers_in(self._log("identifiers_of", person=person, limit=limit), corrections)

    def shared_devices(self, keys: Iterable[bytes]) -> frozenset[bytes]:
        """Those of these devices on which more than one account has signed in."""
        return frozenset(row[0] for row in self._log("shared_devices", keys=listed(key.hex().upper() for key in keys)))

    def sides(self, person: int) -> list[SideSeen]:
        """What is recorded under each of the person's customers."""
        return [SideSeen(*row) for row in self._log("sides", person=person)]


def _in_fours(keys: Sequence[bytes]) -> Iterator[dict[str, bytes]]:
    for start in range(0, len(keys), KEYS_AT_ONCE):
        some = keys[start : start + KEYS_AT_ONCE]
        yield {f"key_{n + 1}": some[n] if n < len(some) else b"" for n in range(KEYS_AT_ONCE)}


def _known(person: int, rows: Sequence[tuple[Any, ...]]) -> Known:
    def told(column: int) -> str:
        return next((row[column] for row in rows if row[column]), "")

    seen = [row[9] for row in rows if row[9]]
    kinds = {row[2] for row in rows}
    kind = "person" if "person" in kinds else "unnamed" if "unnamed" in kinds else "subject"
    return Known(person, kind, tuple(row[1] for row in rows), told(3), told(4), told(5), told(6), told(7), told(8), min(seen, default=0))
