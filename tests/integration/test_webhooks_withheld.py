"""While a customer's data are left alone no receiver is told anything about them but that it is so."""

from __future__ import annotations

from pathlib import Path

from fakes.dispatching import order, post
from fakes.receiver import hook_server
from fakes.shop import CURRENCY, ZONE
from omtanke.runtime.own_sources import CONSOLE, OwnSource
from omtanke.vocabulary.rights import DetailsCorrected, ProcessingRestricted, RestrictionLifted


def test_nothing_leaves_about_a_restricted_customer_but_that_they_are(tmp_path: Path) -> None:
    with hook_server() as server, post(tmp_path, server.place) as here:
        here.receiver(server.url, "order_completed", "processing_restricted", "details_corrected", "restriction_lifted")
        console = OwnSource(here.shop.inbox, CONSOLE, ZONE, CURRENCY, lambda: here.shop.clock)
        here.hear(order("10"))
        console.put(ProcessingRestricted, "k1", 1, {"staff": 3, "why": "accuracy"})
        here.shop.work()
        here.hear(order("11"), order("12") | {"userId": "u2"})
        console.put(DetailsCorrected, "k2", 1, {"staff": 3, "corrected": ["name"], "name": "Ebba Åkesson"})
        here.shop.work()
        here.run(lambda: len(here.states()) == 5 and "waiting" not in here.states())
        told = sorted((heard.payload["type"], heard.payload["data"]["customer"]["user_id"]) for heard in server.heard)
        assert told == [("details.corrected", "u1"), ("order.completed", "u2"), ("processing.restricted", "u1")]
        withheld = [one for one in here.outbox.deliveries.listed(2**62, 99) if one.state == "dropped"]
        answers = {attempt.answer for tries in here.outbox.deliveries.attempts([one.delivery for one in withheld]).values() for attempt in tries}
        assert (len(withheld), answers) == (2, {"withheld: the customer's data are to be left alone"})
        assert here.outbox.deliveries.destinations()[0].failures == 0
        console.put(RestrictionLifted, "k3", 1, {"staff": 3})
        here.shop.work()
        here.hear(order("13"))
        here.run(lambda: len(here.states()) == 7 and "waiting" not in here.states())
        assert sorted(heard.payload["type"] for heard in server.heard[3:]) == ["order.completed", "restriction.lifted"]


def test_what_was_withheld_can_be_sent_when_it_is_lifted(tmp_path: Path) -> None:
    with hook_server() as server, post(tmp_path, server.place) as here:
        here.receiver(server.url, "order_completed")
        console = OwnSource(here.shop.inbox, CONSOLE, ZONE, CURRENCY, lambda: here.shop.clock)
        here.hear(order("10"))
        console.put(ProcessingRestricted, "k1", 1, {"staff": 3, "why": "claim"})
        here.shop.work()
        here.run(lambda: here.states() == ["dropped"])
        console.put(RestrictionLifted, "k2", 1, {"staff": 3})
        here.shop.work()
        (one,) = here.outbox.deliveries.listed(2**62, 9)
        assert here.outbox.deliveries.resend(one.delivery, here.clock())
        here.run(lambda: here.states() == ["delivered"])
        assert server.heard[0].payload["data"]["order_id"] == "10"
