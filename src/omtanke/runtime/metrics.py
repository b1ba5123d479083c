"""What a process counts of its own work, and how the store stands, in the form that Prometheus reads.

Nothing of a customer's is in a label, and every label has few values: roles, ways, outcomes, numbers of receivers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from omtanke import __version__
from omtanke.engine import ENGINE_VERSION
from omtanke.storage.database import FAILURES
from omtanke.storage.pages import Pages
from omtanke.storage.standing import Standing, standing
from omtanke.vocabulary.time import SECOND

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
COMMITS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
BATCHES = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
LATES = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3600)


class Meter:
    """What one process counts, and the page of it."""

    def __init__(self, role: str, data: Path, clock: Callable[[], int]) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.registry.register(StoreCollector(role, data, clock))

    def page(self) -> bytes:
        """Everything, as text."""
        return generate_latest(self.registry)


class DoorMeter(Meter):
    """What the door takes, refuses and writes."""

    def __init__(self, data: Path, clock: Callable[[], int]) -> None:
        super().__init__("door", data, clock)
        self._events = Counter("omtanke_events", "Events at the door, by what became of them.", ["outcome"], registry=self.registry)
        self.accepted, self.repeated, self.refused = (self._events.labels(outcome) for outcome in ("accepted", "repeated", "refused"))
        self.commits = Histogram("omtanke_inbox_commit_seconds", "How long making a group of events durable takes.", buckets=COMMITS, registry=self.registry)
        self.failed = Counter("omtanke_inbox_commit_failures", "Groups of events that could not be made durable.", registry=self.registry)


class WorkerMeter(Meter):
    """What the worker makes of it."""

    def __init__(self, data: Path, clock: Callable[[], int]) -> None:
        super().__init__("worker", data, clock)
        self.messages = Counter("omtanke_messages_consumed", "Messages of the inbox that have been consumed.", registry=self.registry)
        self.refused = Counter("omtanke_messages_quarantined", "Messages that could not be understood.", registry=self.registry)
        self.facts = Counter("omtanke_facts", "Facts written into the log.", registry=self.registry)
        self.wakes = Counter("omtanke_wakes", "Wakes that have entered the log.", registry=self.registry)
        self.late = Histogram("omtanke_wake_late_seconds", "How much later than it was due a wake has entered the log.", buckets=LATES, registry=self.registry)
        self.batches = Histogram("omtanke_batch_seconds", "How long a batch takes, from inbox to log.", buckets=BATCHES, registry=self.registry)


class DispatchMeter(Meter):
    """What leaves the house."""

    def __init__(self, data: Path, clock: Callable[[], int]) -> None:
        super().__init__("dispatch", data, clock)
        self.tries = Counter("omtanke_delivery_tries", "Tries to deliver, by way and outcome.", ["way", "outcome"], registry=self.registry)


class StoreCollector(Collector):
    """How the store stands when somebody asks; what cannot be read is left out, and `omtanke_store_readable` is 0."""

    def __init__(self, role: str, data: Path, clock: Callable[[], int]) -> None:
        self._role = role
        self._data = data
        self._clock = clock
        self._pages = Pages(data)

    def describe(self) -> Iterable[Metric]:
        """Nothing is read when the process starts."""
        return ()

    def collect(self) -> Iterator[Metric]:
        info = GaugeMetricFamily("omtanke_build_info", "The version that runs.", labels=["role", "version", "engine"])
        info.add_metric([self._role, __version__, str(ENGINE_VERSION)], 1)
        yield info
        now = self._clock()
        try:
            found = standing(self._data, self._pages, now)
        except FAILURES:
            yield gauge("omtanke_store_readable", "Whether the store can be read.", 0)
            return
        yield gauge("omtanke_store_readable", "Whether the store can be read.", 1)
        yield from gauges(found, now)


def gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(name, what, value=value)


def gauges(found: Standing, now: int) -> Iterator[Metric]:
    """The numbers of a store."""
    yield gauge("omtanke_inbox_waiting", "Messages that are durable and not yet facts.", found.waiting)
    yield gauge("omtanke_inbox_waiting_seconds", "How long the oldest of them has waited.", seconds(found.waiting_since, now))
    yield gauge("omtanke_log_position", "The place of the last fact.", found.position)
    yield gauge("omtanke_wakes_due", "Wakes that are due and have not entered the log.", found.due)
    yield gauge("omtanke_wakes_due_seconds", "How long the first of them has been due.", seconds(found.due_since, now))
    yield gauge("omtanke_erasures_waiting", "Erasures that are not done.", found.erasures)
    yield gauge("omtanke_erasures_waiting_seconds", "How long the first of them has waited.", seconds(found.erasures_since, now))
    yield gauge("omtanke_quarantined", "Messages in quarantine.", found.quarantined)
    yield gauge("omtanke_customers_set_aside", "Customers at whom we have failed.", found.aside.persons)
    yield gauge("omtanke_facts_held", "Facts that wait for those customers to come back.", found.aside.waiting)
    yield gauge("omtanke_dispatch_behind", "Facts that dispatch has not read yet.", max(0, found.position - found.followed) if found.followed else 0)
    outbox = GaugeMetricFamily("omtanke_outbox_waiting", "Deliveries that wait, by way and number of the receiver (0: staff).", labels=["way", "receiver"])
    for one in found.leaving:
        outbox.add_metric([one.way, str(one.receiver)], one.count)
    yield outbox
    yield gauge("omtanke_disk_free_bytes", "Free on the disk of the data folder.", found.free)


def seconds(since: int, now: int) -> float:
    """How long since a moment; 0 when there is none."""
    return max(0.0, (now - since) / SECOND) if since else 0.0
