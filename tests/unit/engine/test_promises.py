"""Promises of any kind: literal stories, and what the engine makes of them."""

from __future__ import annotations

import pytest

from fakes.story import Story, at
from omtanke.engine import ENGINE_VERSION
from omtanke.engine.promises.ledger import BROKEN, EXCEEDED, KEPT, MADE, WITHDRAWN


def ordered(until: str = "2026-11-20", **promise: object) -> Story:
    """An order of shoes on a Tuesday, promised by Friday."""
    story = Story()
    story.tell("2026-11-17 18:04", "Order Completed", order_id="10482", promises=[{"kind": "delivery", "until": until, "words": "Hos dig fredag", **promise}])
    return story


def test_order_with_a_date_makes_a_promise_until_the_end_of_that_day() -> None:
    made = ordered().last("promise_made")
    assert (made.kind, made.subject_kind, made.until_at, made.zone) == ("delivery", "order", at("2026-11-21 00:00"), "Europe/Stockholm")


def test_delivery_in_the_window_keeps() -> None:
    story = ordered(**{"from": "2026-11-19"})
    assert story.tell("2026-11-19 09:00", "Shipment Delivered", order_id="10482") == ["promise_kept"]


def test_delivery_at_24_of_the_last_day_keeps_and_a_second_later_breaks() -> None:
    kept, broken = ordered(), ordered()
    kept.wait("2026-11-20 23:59")
    broken.wait("2026-11-20 23:59")
    assert kept.tell("2026-11-21 00:00", "Shipment Delivered", order_id="10482") == ["promise_kept"]
    assert broken.tell("2026-11-21 00:00:01", "Shipment Delivered", order_id="10482") == ["promise_fell_due", "promise_broken"]


def test_delivery_before_from_exceeds_and_at_an_attended_door_breaks() -> None:
    assert ordered(**{"from": "2026-11-19"}).tell("2026-11-18 12:00", "Shipment Delivered", order_id="10482") == ["promise_exceeded"]
    assert ordered(**{"from": "2026-11-19"}, attended=True).tell("2026-11-18 12:00", "Shipment Delivered", order_id="10482") == ["promise_broken"]


def test_delivery_a_day_early_exceeds_when_no_from_was_said() -> None:
    assert ordered().tell("2026-11-19 23:00", "Shipment Delivered", order_id="10482") == ["promise_exceeded"]
    assert ordered().tell("2026-11-20 01:00", "Shipment Delivered", order_id="10482") == ["promise_at_risk", "promise_kept"]


def test_silence_is_at_risk_then_due_then_broken_after_the_grace() -> None:
    story = ordered()
    assert story.wait("2026-11-20 00:00") == ["promise_at_risk"]
    assert story.wait("2026-11-21 00:00") == ["promise_fell_due"]
    assert story.wait("2026-11-21 11:59") == []
    assert story.wait("2026-11-21 12:00") == ["promise_broken"]
    assert story.last("promise_broken").owner == "logistics"


def test_late_scan_from_inside_the_window_corrects_the_ending() -> None:
    story = ordered()
    story.wait("2026-11-21 12:00")
    assert story.tell("2026-11-20 17:00", "Shipment Delivered", order_id="10482", known="2026-11-21 15:00") == ["promise_ending_corrected"]
    corrected = story.last("promise_ending_corrected")
    assert (corrected.was, corrected.ending, corrected.first_window_met) == ("broken", "kept", True)


def test_delivery_after_it_was_broken_is_met_late_and_stays_broken() -> None:
    story = ordered()
    story.wait("2026-11-21 12:00")
    assert story.tell("2026-11-23 10:00", "Shipment Delivered", order_id="10482") == ["promise_met_late"]
    assert story.statuses() == [BROKEN]


def test_same_delivery_told_twice_changes_nothing() -> None:
    story = ordered()
    story.tell("2026-11-19 09:00", "Shipment Delivered", order_id="10482")
    assert story.tell("2026-11-19 09:00", "Shipment Delivered", order_id="10482") == []
    assert story.tell("2026-11-19 11:00", "Shipment Delivered", order_id="10482") == []


def test_delivery_told_before_the_order_ends_the_promise_when_it_is_made() -> None:
    story = Story()
    story.tell("2026-11-19 09:00", "Shipment Delivered", order_id="10482")
    decided = story.tell(
        "2026-11-17 18:04", "Order Completed", known="2026-11-19 10:00", order_id="10482", promises=[{"kind": "delivery", "until": "2026-11-20"}]
    )
    assert decided == ["promise_made", "promise_exceeded"]


def test_delivery_without_an_order_decides_nothing() -> None:
    assert Story().tell("2026-11-19 09:00", "Shipment Delivered", order_id="unknown") == []


def test_cancelling_in_time_withdraws_and_after_the_window_does_not() -> None:
    early, late = ordered(), ordered()
    assert early.tell("2026-11-18 09:00", "Order Cancelled", order_id="10482") == ["promise_withdrawn"]
    late.wait("2026-11-21 12:00")
    assert late.tell("2026-11-22 09:00", "Order Cancelled", order_id="10482") == []
    assert (early.statuses(), late.statuses()) == ([WITHDRAWN], [BROKEN])


def test_cancelling_what_was_delivered_leaves_it_kept() -> None:
    story = ordered()
    story.tell("2026-11-18 09:00", "Shipment Delivered", order_id="10482")
    assert story.tell("2026-11-18 10:00", "Order Cancelled", order_id="10482") == []
    assert story.statuses() == [EXCEEDED]


def with_lines() -> Story:
    story = Story()
    lines = [{"line_id": "1", "product_id": "shoes"}, {"line_id": "2", "product_id": "socks"}]
    story.tell("2026-11-17 18:04", "Order Completed", order_id="7", products=lines, promises=[{"kind": "delivery", "until": "2026-11-20"}])
    return story


def test_order_in_two_parcels_is_partly_met_and_then_kept() -> None:
    story = with_lines()
    story.tell("2026-11-18 09:00", "Order Shipped", order_id="7", parcel_id="A", products=[{"line_id": "1"}])
    story.tell("2026-11-18 09:00", "Order Shipped", order_id="7", parcel_id="B", products=[{"line_id": "2"}])
    assert story.tell("2026-11-19 09:00", "Shipment Delivered", parcel_id="A") == ["promise_partly_met"]
    assert story.tell("2026-11-20 09:00", "Shipment Delivered", parcel_id="B") == ["promise_at_risk", "promise_kept"]
    assert story.last("promise_kept").met_at == at("2026-11-20 09:00")


def test_order_with_one_line_cancelled_is_kept_by_the_other() -> None:
    story = with_lines()
    assert story.tell("2026-11-18 09:00", "Order Cancelled", order_id="7", products=[{"line_id": "2"}]) == []
    assert story.tell("2026-11-20 09:00", "Shipment Delivered", order_id="7", products=[{"line_id": "1"}]) == ["promise_at_risk", "promise_kept"]


def test_each_line_may_have_a_promise_of_its_own() -> None:
    story = Story()
    lines = [{"line_id": "1", "product_id": "shoes"}, {"line_id": "2", "product_id": "socks"}]
    promises = [{"kind": "delivery", "until": "2026-11-20", "line_id": "1"}, {"kind": "delivery", "until": "2026-11-27", "line_id": "2"}]
    story.tell("2026-11-17 18:04", "Order Completed", order_id="7", products=lines, promises=promises)
    story.tell("2026-11-20 09:00", "Shipment Delivered", order_id="7", products=[{"line_id": "1"}])
    assert story.statuses() == [KEPT, MADE]


def test_pickup_point_counts_as_delivered_when_it_is_ready_there() -> None:
    assert ordered().tell("2026-11-20 16:00", "Pickup Ready", order_id="10482") == ["promise_at_risk", "promise_kept"]


def test_delivered_to_the_door_does_not_meet_a_pickup() -> None:
    story = ordered(kind="pickup")
    story.wait("2026-11-20 23:00")
    assert story.tell("2026-11-20 23:30", "Shipment Delivered", order_id="10482") == []
    assert story.tell("2026-11-20 23:40", "Pickup Ready", order_id="10482") == ["promise_kept"]


def test_another_window_in_time_renegotiates_and_both_are_held() -> None:
    story = ordered(promise_id="p1")
    assert story.tell("2026-11-19 10:00", "Promise Stated", promise_id="p1", kind="delivery", order_id="10482", until="2026-11-23") == ["promise_renegotiated"]
    story.tell("2026-11-23 10:00", "Shipment Delivered", order_id="10482")
    kept = story.last("promise_kept")
    assert (kept.met_at, kept.first_window_met) == (at("2026-11-23 10:00"), False)


def test_same_window_again_is_nothing_new() -> None:
    story = ordered()
    assert story.tell("2026-11-18 10:00", "Promise Stated", kind="delivery", order_id="10482", until="2026-11-20") == []


def test_another_window_after_it_was_broken_is_a_new_promise() -> None:
    story = ordered()
    story.wait("2026-11-21 12:00")
    assert story.tell("2026-11-21 13:00", "Promise Stated", kind="delivery", order_id="10482", until="2026-11-24") == ["promise_made"]
    assert (story.facts[-1].reason, story.last("promise_made").follows) == ("after_broken", story.last("promise_broken").promise)


def test_renegotiation_that_we_hear_of_late_takes_the_break_back() -> None:
    story = ordered()
    story.wait("2026-11-21 12:00")
    decided = story.tell("2026-11-20 10:00", "Promise Stated", known="2026-11-21 13:00", kind="delivery", order_id="10482", until="2026-11-24")
    assert decided == ["promise_renegotiated", "promise_ending_corrected"]
    assert (story.last("promise_ending_corrected").ending, story.statuses()) == ("open", [MADE])


def test_first_window_that_we_hear_of_late_is_what_the_headline_holds() -> None:
    story = Story()
    story.tell("2026-11-19 10:00", "Promise Stated", kind="delivery", order_id="7", until="2026-11-23")
    decided = story.tell("2026-11-17 10:00", "Promise Stated", known="2026-11-19 11:00", kind="delivery", order_id="7", until="2026-11-20")
    assert decided == ["promise_first_window_learned"]
    story.tell("2026-11-23 10:00", "Shipment Delivered", order_id="7")
    assert [fact.body.first_window_met for fact in story.facts if fact.type == "promise_kept"] == [False]


def test_word_of_delay_puts_it_at_risk_at_once() -> None:
    assert ordered().tell("2026-11-18 08:00", "Shipment Delayed", order_id="10482", expected="2026-11-24") == ["promise_at_risk"]
    assert ordered().tell("2026-11-18 08:00", "Shipment Delayed", order_id="10482", expected="2026-11-19") == []


def test_unexpired_quote_that_an_order_takes_becomes_its_promise() -> None:
    quote = {"quote_id": "q1", "from": "2026-11-19", "until": "2026-11-20", "valid_until": "2026-11-17T19:00:00+01:00"}
    taken, expired = Story(), Story()
    taken.tell("2026-11-17 18:00", "Quote Given", **quote)
    expired.tell("2026-11-17 18:00", "Quote Given", **quote)
    assert taken.tell("2026-11-17 18:30", "Order Completed", order_id="7", quote_id="q1") == ["promise_made"]
    assert expired.tell("2026-11-17 19:30", "Order Completed", order_id="7", quote_id="q1") == ["input_set_aside"]
    assert expired.facts[-1].reason == "quote_expired"
    order, promise = taken.facts[-2:]
    assert (promise.reason, promise.because) == ("quote_taken", (order.fact_id, taken.facts[0].fact_id))


def test_promise_that_the_order_states_counts_before_the_quote_that_it_names() -> None:
    story = Story()
    story.tell("2026-11-17 18:00", "Quote Given", quote_id="q1", until="2026-11-20", valid_until="2026-11-17T19:00:00+01:00")
    stated = {"kind": "delivery", "until": "2026-11-25"}
    assert story.tell("2026-11-17 18:30", "Order Completed", order_id="7", quote_id="q1", promises=[stated]) == ["promise_made", "input_set_aside"]
    assert (story.why("promise_made"), story.why("input_set_aside"), len(story.statuses())) == (["stated"], ["promise_told"], 1)


def test_quote_is_taken_beside_a_promise_of_another_kind() -> None:
    story = Story()
    story.tell("2026-11-17 18:00", "Quote Given", quote_id="q1", until="2026-11-20", valid_until="2026-11-17T19:00:00+01:00")
    stated = {"kind": "benefit", "until": "2026-11-25"}
    story.tell("2026-11-17 18:30", "Order Completed", order_id="7", quote_id="q1", promises=[stated])
    assert story.why("promise_made") == ["stated", "quote_taken"]


@pytest.mark.parametrize(
    ("kind", "subject", "event", "properties"),
    [
        ("refund", {"order_id": "7"}, "Refund Issued", {"order_id": "7", "amount": 100}),
        ("refund", {"order_id": "7"}, "Order Refunded", {"order_id": "7"}),
        ("call_back", {"case_id": "c"}, "Callback Made", {"case_id": "c"}),
        ("call_back", {}, "Callback Made", {}),
        ("reply", {"case_id": "c"}, "Case Message Sent", {"case_id": "c"}),
        ("reply", {"case_id": "c"}, "Live Chat Message Sent", {"conversation_id": "c"}),
        ("repair", {"case_id": "c"}, "Repair Completed", {"case_id": "c"}),
        ("restock", {"product_id": "p"}, "Product Restocked", {"product_id": "p"}),
        ("appointment", {"appointment_id": "a"}, "Appointment Held", {"appointment_id": "a"}),
        ("benefit", {"promise_id": "x"}, "Promise Fulfilled", {"promise_id": "x"}),
    ],
)
def test_every_kind_is_ended_by_its_facts(kind: str, subject: dict[str, str], event: str, properties: dict[str, object]) -> None:
    story = Story()
    story.tell("2026-11-17 10:00", "Promise Stated", kind=kind, **{"from": "2026-11-17T10:00:00+01:00"}, until="2026-11-20", **subject)
    story.wait("2026-11-18 12:00")
    assert story.tell("2026-11-18 12:00", event, **properties)[-1] == "promise_kept"


def test_call_about_another_case_does_not_meet_the_promise() -> None:
    story = Story()
    story.tell("2026-11-17 10:00", "Promise Stated", kind="call_back", case_id="c", until="2026-11-17T13:00:00+01:00")
    assert story.tell("2026-11-17 11:00", "Callback Made", case_id="other") == []
    assert story.tell("2026-11-17 11:00", "Callback Made") == ["promise_exceeded"]


def test_answer_before_the_promise_does_not_meet_it() -> None:
    story = Story()
    story.tell("2026-11-17 09:00", "Case Message Sent", case_id="c")
    story.tell("2026-11-17 10:00", "Promise Stated", kind="reply", case_id="c", until="2026-11-18")
    assert story.statuses() == [MADE]


def test_appointment_missed_by_us_breaks_and_by_the_customer_withdraws() -> None:
    for by, ending in (("us", "promise_broken"), ("customer", "promise_withdrawn")):
        story = Story()
        story.tell("2026-11-17 10:00", "Appointment Booked", appointment_id="a", promises=[{"kind": "appointment", "until": "2026-11-18T10:00:00+01:00"}])
        assert story.tell("2026-11-17 12:00", "Appointment Missed", appointment_id="a", by=by) == [ending]


def opening(story: Story, day: str) -> None:
    story.tell(
        f"{day} 00:01", "Promise Stated", promise_id=day, kind="opening_hours", store_id="s", **{"from": f"{day}T10:00:00+01:00"}, until=f"{day}T19:00:00+01:00"
    )


def test_door_that_closes_early_breaks_and_a_later_day_does_not_mend_it() -> None:
    story = Story()
    opening(story, "2026-11-17")
    story.tell("2026-11-17 09:55", "Store Opened", store_id="s")
    assert story.tell("2026-11-17 18:50", "Store Closed", store_id="s") == ["promise_broken"]
    for day in range(18, 30):
        opening(story, f"2026-11-{day}")
        assert story.tell(f"2026-11-{day} 09:55", "Store Opened", store_id="s") == []
        assert story.tell(f"2026-11-{day} 19:05", "Store Closed", store_id="s")[-1] == "promise_kept"
    assert story.statuses().count(BROKEN) == 1


def test_door_that_opens_late_breaks() -> None:
    story = Story()
    opening(story, "2026-11-17")
    assert story.tell("2026-11-17 10:10", "Store Opened", store_id="s") == ["promise_broken"]
    assert story.facts[-1].reason == "opened_late"


def test_retracting_withdraws_and_an_unknown_promise_is_set_aside() -> None:
    story = ordered(promise_id="p1")
    assert story.tell("2026-11-18 09:00", "Promise Retracted", promise_id="p1") == ["promise_withdrawn"]
    assert story.tell("2026-11-18 09:00", "Promise Retracted", promise_id="p2") == ["input_set_aside"]


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-20", 24)])
def test_day_on_which_clocks_change_ends_at_24(day: str, hours: int) -> None:
    story = Story()
    story.tell(f"{day} 00:00", "Order Completed", order_id="1", promises=[{"kind": "delivery", "from": day, "until": day}])
    made = story.last("promise_made")
    assert made.until_at - made.from_at == hours * 3_600_000_000


def test_every_decided_fact_says_why_and_on_what_it_rests() -> None:
    story = ordered()
    story.wait("2026-11-21 12:00")
    ids = {fact.fact_id for fact in story.facts}
    decided = [fact for fact in story.facts if fact.cause]
    assert all(fact.reason and set(fact.because) <= ids and fact.policy_version == 1 and fact.engine_version == ENGINE_VERSION for fact in decided)
    assert len(decided) == 4


def test_answer_that_names_the_order_ends_its_promise_once() -> None:
    story = Story()
    story.tell("2026-11-17 10:00", "Case Opened", case_id="c", order_id="7", promises=[{"kind": "reply", "until": "2026-11-18", "order_id": "7"}])
    assert story.tell("2026-11-17 12:00", "Case Message Sent", case_id="c", order_id="7") == ["promise_exceeded"]


def test_every_fact_has_an_id_of_its_own() -> None:
    story = with_lines()
    story.tell(
        "2026-11-18 09:00", "Case Message Sent", order_id="7", promises=[{"kind": "delivery", "until": "2026-11-27"}, {"kind": "refund", "until": "2026-11-27"}]
    )
    story.tell("2026-11-28 09:00", "Shipment Delivered", order_id="7")
    story.wait("2026-12-28 09:00")
    assert len({fact.fact_id for fact in story.facts}) == len(story.facts)


def test_line_may_be_promised_apart_from_its_order() -> None:
    story = with_lines()
    story.tell("2026-11-17 19:00", "Promise Stated", kind="delivery", order_id="7", line_id="2", until="2026-11-18")
    assert story.tell("2026-11-18 09:00", "Shipment Delivered", order_id="7", products=[{"line_id": "2"}]) == ["promise_partly_met", "promise_kept"]
    assert story.state.promises.promises[story.last("promise_kept").promise].subject_kind == "line"
