"""What bears on a period: the facts that a question about it rests on, so that those are read and not all years.

A question about a period is right over all facts (`omtanke.insight.period`); here it is made cheap. What lies in the period is found
by its moments, what belongs to that by numbers: the order of an answer, the promises and parcels of an order. A set may be larger than
needed, never smaller: whatever is looked at is looked at whole. Promises and our own surveys have hashes for numbers, which lie
anywhere; what happens to them stands after them in the log, and is sought from the first of them on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]
from msgspec.structs import replace

from omtanke.insight.composing import FACTS, recorded_read
from omtanke.insight.duck import firmly, open_database
from omtanke.insight.period import Period
from omtanke.insight.question import Question
from omtanke.insight.relations import Seen, create_relations, numbers_table
from omtanke.storage.database import Database
from omtanke.storage.lake import who_is_who
from omtanke.storage.lake_columns import SCHEMAS
from omtanke.storage.lake_manifest import Among, Sought
from omtanke.vocabulary.time import datetime_of

OF_PROMISES = (
    "promise_renegotiated",
    "promise_first_window_learned",
    "promise_kept",
    "promise_exceeded",
    "promise_broken",
    "promise_withdrawn",
    "promise_ending_corrected",
    "promise_met_late",
    "promise_at_risk",
    "promise_fell_due",
)
OF_PARCELS = ("order_shipped", "shipment_updated", "shipment_delayed", "shipment_delivered", "pickup_ready")
OF_RETURNS = ("return_requested", "return_received")
NAMING_STORES = ("store_visited", "receipt_issued", "store_opened")
# What tells of surveys, by the derived relation that a period restricts.
OF_SURVEYS = {"answer": ("survey_answered",), "survey": ("survey_sent", "survey_asked")}
ORDER, CASE = '"order"', '"case"'


def bearing_on(seen: Seen, log: Database, asked: Question, period: Period, as_of: int) -> Seen:
    """The store with what bears on a question about a period, and with those who occur in it."""
    gathering = firmly(lambda threads: gathered(seen, log, asked, period, as_of, threads))
    read = recorded_read(asked.text)
    return replace(seen, sought={name: gathering.sought[name] for name in read & gathering.sought.keys()}, person_of=who_is_who(log, gathering.customers))


def gathered(seen: Seen, log: Database, asked: Question, period: Period, as_of: int, threads: int) -> Gathering:
    """Everything, from the relations that the period restricts."""
    restricted = {mark.relation for mark in asked.period}
    moments, due = {"occurred_at": Among(period.moments)}, {"until_at": Among(period.anywhere)}
    with open_database(threads=threads) as connection:
        one = Gathering(connection, seen)
        about = one.surveys([name for relation in ("answer", "survey") if relation in restricted for name in OF_SURVEYS[relation]], moments)
        orders, cases = one.numbers(dict.fromkeys(about, ORDER)), one.numbers(dict.fromkeys(about, CASE))
        one.promises(due if "promise" in restricted else {}, orders, cases)
        one.parcels()
        one.beginnings(orders, cases)
        one.stores("survey_answered" in about)
        one.regions(log, as_of)
        one.moments(restricted & {*SCHEMAS, FACTS}, moments)
        one.customers = one.numbers(dict.fromkeys(("promise_made", *about, *(restricted & {FACTS})), "customer"))
    return one


def each(names: Iterable[str], sought: Sought) -> dict[str, Sought]:
    """The same of several relations."""
    return dict.fromkeys(names, sought)


class Gathering:
    """What is sought of each relation, as far as it is known; each step rests on those before it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, seen: Seen) -> None:
        self._connection, self._seen = connection, seen
        self.sought: dict[str, Sought] = {}
        self.customers: Sequence[int] = ()

    def numbers(self, columns: Mapping[str, str]) -> Sequence[int]:
        """The numbers in a column of what is sought of each relation, together and in order; 0 is none."""
        if not columns:
            return ()
        every = " UNION ALL ".join(f"SELECT {column} AS number FROM {relation}" for relation, column in columns.items())
        numbers = self._run(columns, f"SELECT DISTINCT number FROM ({every}) AS every WHERE number <> 0 ORDER BY number").combine_chunks()
        return memoryview(numbers.buffers()[1]).cast("q")[numbers.offset : numbers.offset + len(numbers)] if len(numbers) else ()

    def first(self, relations: Iterable[str]) -> int:
        """The least position of what is sought of some relations."""
        names = [*relations]
        if not names:
            return 0
        every = " UNION ALL ".join(f"SELECT position FROM {name}" for name in names)
        return int(self._run(names, f"SELECT COALESCE(MIN(position), 0) FROM ({every}) AS every")[0].as_py())

    def _run(self, relations: Iterable[str], statement: str) -> pa.ChunkedArray:
        """The one column that a statement finds."""
        create_relations(self._connection, replace(self._seen, sought=MappingProxyType(self.sought)), relations)
        return self._connection.sql(statement).to_arrow_table()[0]

    def surveys(self, about: Sequence[str], moments: Sought) -> Sequence[str]:
        """Surveys that were answered or sent then, with every answer. Those of ours have a number of their own, `asked`. Returns what tells of them."""
        self.sought |= each(about, moments)
        ours = {"survey_answered": "asked", "survey_asked": "survey"}
        asked = self.numbers({name: ours[name] for name in about if name in ours})
        first = self.first(name for name in about if name in ours)
        theirs = Among(self.numbers({name: "survey" for name in about if name != "survey_asked"}))
        answers = {"survey": theirs, "asked": Among(asked, first)}
        self.sought |= {"survey_answered": answers, "survey_commented": answers, "survey_sent": {"survey": theirs}}
        return ("survey_answered", *(name for name in about if name != "survey_answered")) if about else ()

    def promises(self, due: Sought, orders: Sequence[int], cases: Sequence[int]) -> None:
        """Promises that fall due then, and those about orders and cases; with every other promise about the same orders, and what became of them."""
        made = {**due, "order": Among(orders), "subject": Among(cases)}
        self.sought |= {"promise_made": made, "promise_first_window_learned": due}
        learned = {*self.numbers({"promise_first_window_learned": "promise"})} - {*self.numbers({"promise_made": "promise"})}
        if learned:  # nothing tells where they were made
            self.sought["promise_made"] = made = made | {"promise": Among(sorted(learned))}
        self.sought["promise_made"] = made | {"order": Among(self.numbers({"promise_made": ORDER}))}
        promises = Among(self.numbers({"promise_made": "promise"}), self.first(["promise_made"]))
        self.sought |= each(OF_PROMISES, {"promise": promises}) | {"customer_told": {"task": promises}}

    def parcels(self) -> None:
        """The orders of promises as they were placed, their parcels, and the quotes that they took."""
        of_orders = {"order": self.sought["promise_made"]["order"]}
        self.sought |= {"order_completed": of_orders, "order_shipped": of_orders}
        parcels = self.numbers({"promise_made": "CASE WHEN subject_kind = 'parcel' THEN subject END", "order_shipped": "parcel"})
        self.sought |= each(OF_PARCELS, of_orders | {"parcel": Among(parcels)})
        self.sought["quote_given"] = {"quote": Among(self.numbers({"order_completed": "quote"}))}

    def beginnings(self, orders: Sequence[int], cases: Sequence[int]) -> None:
        """Where cases and returns began that answers are about."""
        self.sought |= {"case_opened": {"case": Among(cases)}} | each(OF_RETURNS, {"order": Among(orders)})

    def stores(self, are_answered: bool) -> None:
        """What names the stores that answers are about and do not name themselves; of all times, for it may be said once only."""
        column = "CASE WHEN NOT touchpoint LIKE 'store/%' THEN store END"
        stores = self.numbers({"survey_answered": column}) if are_answered else ()
        self.sought |= each(NAMING_STORES, {"store": Among(stores)})

    def regions(self, log: Database, as_of: int) -> None:
        """What was ever known of those who were promised something that no order with a region is about."""
        moment = f"CAST('{datetime_of(as_of).isoformat()}' AS TIMESTAMPTZ)"
        placed = self.numbers({"order_completed": f"CASE WHEN region <> '' AND occurred_at <= {moment} THEN {ORDER} END"})
        bare = self.numbers({"order_completed": f"CASE WHEN region = '' THEN {ORDER} END"})
        self._connection.register("with_region", numbers_table(sorted({*placed} - {*bare})))
        customers = self.numbers({"promise_made": f"CASE WHEN NOT {ORDER} IN (SELECT number FROM with_region) THEN customer END"})
        self.sought["customer_identified"] = {"customer": Among(who_is_who(log, customers)["customer"].to_pylist())}

    def moments(self, relations: Iterable[str], moments: Sought) -> None:
        """Facts that the question itself counts by when they occurred, beside those that are sought already."""
        self.sought |= {name: {**self.sought.get(name, {}), **moments} for name in relations}
