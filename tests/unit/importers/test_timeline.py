"""Messages in the order in which things happened."""

from __future__ import annotations

from omtanke.intake.importers.timeline import Timeline, rank_of


def fill(timeline: Timeline) -> list[str]:
    for name, moment in [("Survey Sent", 5), ("Order Completed", 5), ("Order Shipped", 9), ("Customer Identified", 5), ("Order Completed", 1)]:
        timeline.add(rank_of(name), f"{name} {moment}", moment, {})
    return [message.message_id for message in timeline.in_order()]


IN_ORDER = ["Order Completed 1", "Customer Identified 5", "Order Completed 5", "Survey Sent 5", "Order Shipped 9"]


def test_timeline_by_moment_then_by_order_of_life() -> None:
    with Timeline() as timeline:
        assert fill(timeline) == IN_ORDER


def test_timeline_on_disk_gives_the_same_order() -> None:
    with Timeline(most_held=2) as timeline:
        assert fill(timeline) == IN_ORDER
        assert (timeline.first_at, timeline.last_at, timeline.count) == (1, 9, 5)


def test_unlisted_event_stands_between_delivery_and_survey() -> None:
    assert rank_of("Shipment Delivered") < rank_of("Case Opened") < rank_of("Survey Sent")
