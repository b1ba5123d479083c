"""Three years of a small shop, some tens of thousands of facts: each week customers order, wait, answer, ask for help and visit a store."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from fakes.story import Story, first_policy
from omtanke.storage.database import writing
from unit.insight.stored import Stored, answer, order

FIRST_WEEK = datetime(2023, 11, 20)
WEEKS, EACH_WEEK = 156, 24
REGIONS, CARRIERS = ("Skåne", "", "Uppsala"), ("Bring", "PostNord", "", "DHL")
CLOCK = "2026-11-16 12:00"


def written(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M}"


def years(folder: Path) -> tuple[Stored, list[Story]]:
    """The shop, and the story of each customer; the last four weeks lie in the log alone."""
    stored, stories, policy = Stored(folder), [], first_policy()
    for week in range(WEEKS):
        with writing(stored.log):
            for n in range(EACH_WEEK):
                customer = week * EACH_WEEK + n + 1
                story = Story(policy, number=customer)
                story._numbers = stored.numbers
                live_a_week(story, week, n)
                stories.append(story)
                stored.add(story.facts, customer, touchpoint=f"store/{n % 5}" if n % 3 else "checkout", days_later=received_day(week))
                stored.know(customer, person_of(customer))
        if week % 4 == 3 and week < WEEKS - 1:
            stored.lake.flush(stored.log)
    stored.set_clock(CLOCK)
    return stored, stories


def person_of(customer: int) -> int:
    """Whom a customer leads to: one in eight to the one before."""
    return customer - 1 if customer % 8 == 0 else customer


def received_day(week: int) -> int:
    """Facts of four weeks were received on one day, which is that of their last."""
    day = FIRST_WEEK + timedelta(weeks=week - week % 4 + 4)
    return (day - datetime(2026, 11, 20)).days


def live_a_week(story: Story, week: int, n: int) -> None:
    """One customer's order, what came of it, and what they said; every tenth comes back much later."""
    begins = FIRST_WEEK + timedelta(weeks=week, hours=7 * n)
    number = f"{week}-{n}"
    story.tell(written(begins), "Customer Identified", region=REGIONS[(n + 1) % 3] or "Gotland")
    until = begins + timedelta(days=2 + n % 5)
    placed = order(number, f"{until:%Y-%m-%d}", region=REGIONS[n % 3], carrier=CARRIERS[n % 4])
    story.tell(written(begins + timedelta(hours=1)), "Order Completed", **placed)
    story.tell(written(begins + timedelta(days=1)), "Order Shipped", order_id=number, shipment_id=f"p{number}", carrier=CARRIERS[(n + 1) % 4])
    came = begins + timedelta(days=2 + (n * 5) % 9)
    if n % 7 == 3:
        anew = {"kind": "delivery", "until": f"{until + timedelta(days=9):%Y-%m-%d}"}
        story.tell(written(begins + timedelta(days=1, hours=1)), "Promise Stated", order_id=number, **anew)
    if n % 13:
        story.tell(written(came), "Shipment Delivered", order_id=number)
    said = came + timedelta(days=1)
    story.tell(written(said), "Survey Sent", survey_id=f"survey of {number}", about="delivery", order_id=number)
    if n % 4:
        story.tell(written(said + timedelta(hours=3)), "Survey Answered", **answer(number, 1 + n % 5, question="delivery"))
    if n % 6 == 1:
        story.tell(written(said + timedelta(days=12)), "Survey Answered", **answer(number, 1 + (n + week) % 5, question="delivery"))
    if n % 5 == 0:
        visit = {"survey_id": f"visit {number}", "about": "store_visit", "store_id": f"s{n % 5}", "score": 1 + (n + week) % 5}
        story.tell(written(said + timedelta(hours=5)), "Survey Answered", **visit)
    if n % 10 == 9:
        later = said + timedelta(weeks=40)
        story.tell(written(later), "Promise Stated", kind="refund", until=f"{later + timedelta(days=3):%Y-%m-%d}", order_id=number)
        story.tell(written(later + timedelta(days=2)), "Survey Answered", survey_id=f"late {number}", about="return", order_id=number, score=2)
