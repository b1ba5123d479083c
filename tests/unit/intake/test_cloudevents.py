"""Which event or call a CloudEvent's type names, and what tells two events apart."""

from __future__ import annotations

import pytest

from omtanke.intake.senders.cloudevents import id_of, name_of, told
from omtanke.vocabulary.reading import LONGEST_MESSAGE_ID
from omtanke.vocabulary.refusal import Refused

EVENT = {"specversion": "1.0", "type": "Cart Viewed", "source": "s", "id": "1"}


@pytest.mark.parametrize(
    ("type_", "name"),
    [
        ("Order Completed", "Order Completed"),
        ("order_completed", "Order Completed"),
        ("order.completed", "Order Completed"),
        ("com.shop.OrderCompleted.v1", "com.shop.OrderCompleted.v1"),
        ("com.shop.OrderCompleted", "Order Completed"),
        ("com.shop:order-completed", "Order Completed"),
        ("com.shop.identify", "identify"),
        ("com.shop.page_viewed", "page"),
        ("com.shop.something", "com.shop.something"),
        ("track", "track"),
    ],
)
def test_type_names_an_event_by_its_end(type_: str, name: str) -> None:
    assert name_of(type_) == name


def test_source_and_id_together_tell_an_event_from_all_others() -> None:
    assert id_of("/a", "1") == "/a|1"
    assert len({id_of("a" * 200, "1"), id_of("a" * 200, "2"), id_of("b" * 200, "1")}) == 3
    assert len(id_of("a" * 200, "1")) <= LONGEST_MESSAGE_ID


def test_data_may_come_in_base64() -> None:
    assert told(EVENT | {"data_base64": "eyJjYXJ0X2lkIjogImMifQ=="})["properties"] == {"cart_id": "c"}
    for wrong in ("%%", "dGV4dA==", 5):
        with pytest.raises(Refused, match="data"):
            told(EVENT | {"data_base64": wrong})


def test_group_and_alias_have_their_numbers_in_data() -> None:
    group = told(EVENT | {"type": "group", "data": {"groupId": "g", "name": "Ek"}, "userid": "u"})
    assert (group["groupId"], group["traits"], group["userId"]) == ("g", {"name": "Ek"}, "u")
    assert told(EVENT | {"type": "alias", "data": {"previousId": "d", "userId": "u"}})["previousId"] == "d"
