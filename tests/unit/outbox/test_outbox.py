"""The outbox keeps each delivery once, and lets go of what it need not keep."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from omtanke.storage.outbox import Outbox
from omtanke.storage.outbox_choices import Alert, Choice
from omtanke.storage.outbox_deliveries import Attempt, Destination, NewDelivery, Settled
from omtanke.vocabulary.time import DAY, MINUTE

NOW = 1_795_000_000_000_000
MAIL = ("karin@butiken.example", "Hej", "text")


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Outbox]:
    made = Outbox(tmp_path, lambda: NOW)
    yield made
    made.close()


def settle(box: Outbox, delivery: int, state: str, at: int = NOW) -> None:
    stands = box.deliveries.destinations()[0]
    box.deliveries.settle(Attempt(delivery, 1, at, 1, 250, ""), Settled(state, 1, at, at), stands)


def test_only_its_owner_may_read_it(box: Outbox, tmp_path: Path) -> None:
    box.put_mail("one", *MAIL)
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {
        "outbox.db": 0o600,
        "outbox.db-wal": 0o600,
        "outbox.db-shm": 0o600,
    }


def test_same_key_is_one_mail(box: Outbox) -> None:
    assert [box.put_mail("one", *MAIL), box.put_mail("one", *MAIL), box.put_mail("two", *MAIL)] == [True, False, True]
    assert [one.key for one in box.deliveries.due("mail", NOW, 9)] == ["one", "two"]


def test_facts_followed_twice_are_told_once(box: Outbox) -> None:
    number = box.receivers.add("https://shop.example", ["promise_kept"], "shop", 0, "whsec_x", NOW)
    found = [NewDelivery(f"msg_{n}", f"receiver/{number}", number, "promise_kept", n) for n in (1, 2)]
    for last in (2, 2):
        with box.writing():
            box.deliveries.follow(last, found, NOW)
    assert ([one.key for one in box.deliveries.due(f"receiver/{number}", NOW, 9)], box.deliveries.meta("position")) == (["msg_1", "msg_2"], "2")


def test_cursor_and_deliveries_are_stored_together_or_not_at_all(box: Outbox) -> None:
    with pytest.raises(RuntimeError), box.writing():
        box.deliveries.follow(7, [NewDelivery("msg_1", "receiver/1", 1, "promise_kept", 7)], NOW)
        raise RuntimeError("killed")
    assert (box.deliveries.meta("position"), box.deliveries.listed(2**62, 9)) == ("", [])


def test_text_goes_when_the_mail_has_arrived(box: Outbox) -> None:
    box.put_mail("one", *MAIL)
    settle(box, 1, "delivered")
    assert box.deliveries.message(1) is None


def test_text_of_what_failed_goes_after_a_week(box: Outbox) -> None:
    box.put_mail("one", *MAIL)
    settle(box, 1, "failed", NOW - 7 * DAY)
    assert (box.deliveries.drop_texts(NOW - 7 * DAY), box.deliveries.drop_texts(NOW - 7 * DAY + 1)) == (0, 1)
    assert (box.deliveries.message(1), box.deliveries.resend(1, NOW)) == (None, False)


def test_letter_that_could_not_be_sent_in_time_is_no_news(box: Outbox) -> None:
    with box.writing():
        box.add_mail("letter/1", "letter", *MAIL, "", "sv")
    box.put_mail("account", *MAIL)
    assert box.deliveries.drop_old_news(NOW + 1, NOW + DAY) == 1
    assert [one.state for one in box.deliveries.listed(2**62, 9)] == ["waiting", "dropped"]


def test_what_ended_long_ago_leaves_with_its_tries(box: Outbox) -> None:
    box.put_mail("one", *MAIL)
    box.put_mail("two", *MAIL)
    settle(box, 1, "delivered", NOW - 31 * DAY)
    assert (box.deliveries.forget(NOW - 30 * DAY), [one.key for one in box.deliveries.listed(2**62, 9)]) == (1, ["two"])
    assert box.deliveries.attempts([1]) == {}


def test_what_is_sent_at_most_once_begins_once_and_is_looked_at_when_dispatch_starts(box: Outbox) -> None:
    box.deliveries.add(NewDelivery("message/1/0", "customer/mail", 0, "message_released", 7, "customer_mail"), NOW)
    box.deliveries.settle(Attempt(1, 1, NOW, 1, 0, "no answer"), Settled("waiting", 4, NOW + DAY, 0), Destination("customer/mail", 9, NOW + DAY))
    assert [box.deliveries.begin_handing(1, NOW), box.deliveries.begin_handing(1, NOW), box.deliveries.is_in_doubt(1)] == [True, False, True]
    assert (box.deliveries.hasten_doubtful(NOW), box.deliveries.destinations()) == (1, [Destination("customer/mail", 9, 0)])
    assert [one.key for one in box.deliveries.due("customer/mail", NOW, 9)] == ["message/1/0"]
    box.deliveries.not_handed(1)
    assert (box.deliveries.is_in_doubt(1), box.deliveries.hasten_doubtful(NOW)) == (False, 0)


def test_message_to_a_customer_is_never_given_up_untold(box: Outbox) -> None:
    box.deliveries.add(NewDelivery("message/1/0", "customer/mail", 0, "message_released", 7, "customer_mail"), NOW)
    assert box.deliveries.give_up(NOW + DAY, NOW + DAY) == 0


def test_resending_wakes_the_destination(box: Outbox) -> None:
    box.put_mail("one", *MAIL)
    box.deliveries.settle(Attempt(1, 1, NOW, 1, 0, "no answer"), Settled("waiting", 4, NOW + DAY, 0), Destination("mail", 9, NOW + DAY))
    assert box.deliveries.resend(1, NOW)
    assert (box.deliveries.due("mail", NOW, 9)[0].rung, box.deliveries.destinations()) == (0, [Destination("mail", 0, 0)])


def test_choice_comes_back_as_it_was_put(box: Outbox) -> None:
    mine = Choice(3, "en", ("mail", "chat"), 390, ("owed",), {"low_answer": ("chat",), "promise_broken": ()}, "https://chat.example/x", "2026-11-22")
    box.choices.put(mine)
    assert (box.choices.of(3), box.choices.all(), box.choices.of(4)) == (mine, [mine], None)


def test_alerts_of_a_kind_are_gathered_for_ten_minutes(box: Outbox) -> None:
    def happen(at: int, position: int) -> None:
        with box.writing():
            box.choices.happened("promise_broken", at, position)

    happen(NOW, 7)
    box.choices.make_alerts(NOW - 10 * MINUTE, NOW)
    happen(NOW + 1, 8)
    happen(NOW + 2, 9)
    assert box.choices.make_alerts(NOW - MINUTE, NOW + 9 * MINUTE) == 0
    box.choices.make_alerts(NOW, NOW + 10 * MINUTE)
    assert box.choices.unworded() == [
        Alert(1, "promise_broken", 1, NOW, 7, "", NOW),
        Alert(2, "promise_broken", 2, NOW + 1, 8, "", NOW + 10 * MINUTE),
    ]


def test_waiting_too_long_is_failing_but_not_for_mail_or_whoever_is_paused(box: Outbox) -> None:
    numbers = [box.receivers.add("https://shop.example", ["x"], "shop", 0, "whsec_x", NOW) for _ in range(2)]
    box.receivers.set_state(numbers[1], "paused")
    for number in numbers:
        box.deliveries.add(NewDelivery(f"msg_{number}", f"receiver/{number}", number, "x", 1), NOW)
    box.put_mail("one", *MAIL)
    assert box.deliveries.give_up(NOW + 1, NOW + 5 * DAY) == 1
    assert {one.key: one.state for one in box.deliveries.listed(2**62, 9)} == {"msg_1": "failed", "msg_2": "waiting", "one": "waiting"}
