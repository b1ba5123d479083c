"""What alerts are made of: counted as the log is followed, and told at most once in ten minutes for each kind."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from omtanke.insight.drift import Drift
from omtanke.storage.codec import decode_body
from omtanke.storage.outbox import Outbox
from omtanke.storage.outbox_facts import Followed
from omtanke.vocabulary.task import TaskAssigned
from omtanke.vocabulary.time import MINUTE

DRIFT = "promises_drift"
GROUPED_SPAN = 10 * MINUTE
BEHIND_SPAN = 2 * MINUTE
# Those who run the shop's systems are told of these even if nobody has chosen yet.
ALWAYS = frozenset({"receiver_off", "worker_behind", "customer_set_aside"})


class Watch:
    """Counts in the outbox. `is_subject`: whether a customer is a store's or product's own ledger; `burst`: promises at risk in ten minutes."""

    def __init__(self, outbox: Outbox, is_subject: Callable[[int], bool], burst: int) -> None:
        self._outbox = outbox
        self._is_subject = is_subject
        self._burst = burst
        self._at_risk: deque[tuple[int, int]] = deque()
        self._was_behind = False
        self._set_aside: int | None = None

    def chosen(self) -> frozenset[str]:
        """The kinds that somebody wants to be told."""
        return ALWAYS.union(kind for choice in self._outbox.choices.all() for kind, ways in choice.alerts.items() if ways)

    def see(self, facts: Iterable[Followed], now: int) -> list[tuple[str, int, int, int]]:
        """(kind, moment, position, times) of what is to be counted."""
        chosen = self.chosen()
        found = []
        for fact in facts:
            kind = self._kind(fact, now)
            if kind in chosen:
                times = self._burst if kind == "at_risk_burst" else 1
                found.append((kind, fact.occurred_at, fact.position, times))
        return found

    def _kind(self, fact: Followed, now: int) -> str:
        match fact.type:
            case "promise_broken":
                return "" if self._is_subject(fact.customer) else "promise_broken"
            case "task_assigned":
                body = decode_body(fact.type, fact.version, fact.body)
                return "low_answer" if isinstance(body, TaskAssigned) and body.about == "answer" else ""
            case "promise_at_risk":
                return "at_risk_burst" if self._is_burst(now, fact.position) else ""
        return ""

    def _is_burst(self, now: int, position: int) -> bool:
        """Whether this one makes it a burst; then counting begins anew."""
        self._at_risk.append((now, position))
        while self._at_risk[0][0] <= now - GROUPED_SPAN:
            self._at_risk.popleft()
        if len(self._at_risk) < self._burst:
            return False
        self._at_risk.clear()
        return True

    def worker_waits(self, since: int, waited: int) -> None:
        """The oldest message that is not yet a fact came in at `since` (0: none) and has waited so long by the wall clock.

        Counted when the worker falls behind, not for as long as it is.
        """
        is_behind = bool(since) and waited > BEHIND_SPAN
        if is_behind and not self._was_behind:
            with self._outbox.writing():
                self._outbox.choices.happened("worker_behind", since)
        self._was_behind = is_behind

    def customers_set_aside(self, count: int, since: int) -> None:
        """So many customers are set aside, the first since then. Counted when there are more than there were; at a start, when there are any."""
        more = count - (self._set_aside or 0)
        self._set_aside = count
        if more > 0:
            with self._outbox.writing():
                self._outbox.choices.happened("customer_set_aside", since, times=more)

    def drifts(self, found: Drift | None) -> None:
        """Windows are kept less often than was said, or (None) as often. Counted when it begins, also over a restart, and not for as long as it lasts."""
        was = self._outbox.deliveries.meta(DRIFT)
        if found and not was:
            with self._outbox.writing():
                self._outbox.choices.happened(DRIFT, found.at, detail=f"{found.promised:.4f} {found.held} {found.promises}")
        if bool(found) != bool(was):
            self._outbox.deliveries.set_meta(DRIFT, str(found.at) if found else "")

    def tell(self, now: int) -> int:
        """Make alerts of what has been counted; how many."""
        return self._outbox.choices.make_alerts(now - GROUPED_SPAN, now)
