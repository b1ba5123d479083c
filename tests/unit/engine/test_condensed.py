"""A state that was written once is read by every engine to come."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from omtanke.engine.condensed import by_names, from_names, matters_alike, part_of, read, settled, written
from omtanke.engine.families import FAMILIES
from omtanke.engine.promises.ledger import KEPT, Goods, Ledger, Parcel, Promise
from omtanke.engine.rights import Request, Rights
from omtanke.engine.situation import Cart, Order, Situation
from omtanke.engine.state import NOBODY, State
from omtanke.engine.surveys import Occasion, Surveys
from omtanke.engine.tasks import Task, Tasks
from omtanke.vocabulary.time import DAY

# As engine 3 wrote it on 26 November 2026. It must be readable for ever.
WRITTEN = bytes.fromhex(
    "85a870726f6d6973657386a870726f6d69736573939201de0012a770726f6d69736501a46b696e64a864656c6976657279ac7375626a6563745f6b69"
    "6e64a56f72646572a77375626a6563740ba56f726465720ba76d6164655f6174cf000000141dd76000aa66697273745f66726f6d00ab66697273745f"
    "756e74696ccf000000649534e000a766726f6d5f617400a8756e74696c5f6174cf000000649534e000a77269736b5f6174cf00000050775d8000a86c"
    "617073655f6174cf00000078b30c4000ae657863656564735f6265666f726500a8617474656e646564c2a56f776e6572a96c6f67697374696373a76d"
    "6164655f6279c4046d616465a977696e646f775f6174cf000000141dd76000a8637573746f6d6572079202de0012a770726f6d69736502a46b696e64"
    "a864656c6976657279ac7375626a6563745f6b696e64a56f72646572a77375626a6563740ca56f726465720ca76d6164655f6174cf000000141dd760"
    "00aa66697273745f66726f6d00ab66697273745f756e74696ccf000000649534e000a766726f6d5f617400a8756e74696c5f6174cf000000649534e0"
    "00a77269736b5f6174cf00000050775d8000a86c617073655f6174cf00000078b30c4000ae657863656564735f6265666f726500a8617474656e6465"
    "64c2a56f776e6572a96c6f67697374696373a76d6164655f6279c4046d616465a977696e646f775f6174cf000000141dd76000a8637573746f6d6572"
    "089203de0014a770726f6d69736503a46b696e64a864656c6976657279ac7375626a6563745f6b696e64a56f72646572a77375626a6563740da56f72"
    "6465720da76d6164655f6174cf000000141dd76000aa66697273745f66726f6d00ab66697273745f756e74696ccf000000649534e000a766726f6d5f"
    "617400a8756e74696c5f6174cf000000649534e000a77269736b5f6174cf00000050775d8000a86c617073655f6174cf00000078b30c4000ae657863"
    "656564735f6265666f726500a8617474656e646564c2a56f776e6572a96c6f67697374696373a76d6164655f6279c4046d616465a977696e646f775f"
    "6174cf000000141dd76000a673746174757303a8656e6465645f6174cf0000003c59862000a8637573746f6d657207a5676f6f647392920b84aa746f"
    "75636865645f6174cf000000141dd76000a56c696e6573920102a963616e63656c6c6564919201cf000000141dd76000a770617263656c7391920582"
    "a56c696e65739102ac64656c6976657265645f6174cf0000003c59862000920c81aa746f75636865645f6174cf000000283baec000a770617263656c"
    "739192050ba57369676e739192ac6d65743a6f726465723a313192cf000000141dd76000cf000000283baec000a677656967687407ab73746179735f"
    "756e74696ccf000000141dd76000a9736974756174696f6e83a5636172747391920085aa746f75636865645f6174cf000000141dd76000a670696563"
    "657302a5776f72746864a863757272656e6379a353454ba8637573746f6d657208a66f726465727391920b84a9706c616365645f6174cf000000141d"
    "d76000a870726f677265737302a5746f74616ccd01f4a863757272656e6379a353454bab73746179735f756e74696ccf000000141dd76000a5746173"
    "6b7382a57461736b7391920187a561626f7574a770726f6d697365a770726f6d69736501a673757276657900a4756e6974a96c6f67697374696373a8"
    "61737369676e656500ab61737369676e65645f6174cf00000078b30c4000a8637573746f6d657207a8666f6c6c6f7765649103a77375727665797385"
    "a861736b65645f6174cf000000a0eebb0000a96f63636173696f6e739185a561626f7574a864656c6976657279a26174cf000000b50c926000a26279"
    "c4026279a56f726465720ba8637573746f6d657207a777616974696e67919202cf00000078b30c4000a872657475726e6564910ba770617263656c73"
    "9192050ba672696768747381a8726571756573747391920485a57269676874a6616363657373aa726561636865645f6174cf000000141dd76000a875"
    "6e74696c5f6174cf0000026f9d14a000a96c61746573745f6174cf0000073ab9668000a47a6f6e65b04575726f70652f53746f636b686f6c6d"
)


def promise(number: int, customer: int, order: int, status: int = 0, ended_at: int = 0) -> Promise:
    return Promise(
        number,
        "delivery",
        "order",
        order,
        order,
        DAY,
        0,
        5 * DAY,
        0,
        5 * DAY,
        4 * DAY,
        6 * DAY,
        0,
        False,
        "logistics",
        b"made",
        DAY,
        status,
        ended_at,
        customer=customer,
    )


STATE = State(
    9 * DAY,
    40,
    Ledger(
        {1: promise(1, 7, 11), 2: promise(2, 8, 12), 3: promise(3, 7, 13, KEPT, 3 * DAY)},
        {11: Goods(DAY, (1, 2), {1: DAY}, parcels={5: Parcel((2,), 3 * DAY)}), 12: Goods(2 * DAY)},
        {5: 11},
        {},
        {"met:order:11": (DAY, 2 * DAY)},
        weight=7,
        stays_until=DAY,
    ),
    Situation({0: Cart(DAY, 2, 100, "SEK", customer=8)}, {11: Order(DAY, 2, 500, "SEK")}, DAY),
    Tasks({1: Task("promise", 1, 0, "logistics", 0, 6 * DAY, customer=7)}, (3,)),
    Surveys(8 * DAY, (Occasion("delivery", 9 * DAY, b"by", order=11, customer=7),), {2: 6 * DAY}, (11,), {5: 11}),
    rights=Rights({4: Request("access", DAY, 31 * DAY, 92 * DAY, "Europe/Stockholm")}),
)


def slices(state: State) -> dict[str, object]:
    return {family.name: getattr(state, family.name) for family in FAMILIES}


def test_what_was_written_is_read() -> None:
    assert slices(read(written(STATE))) == slices(STATE)


def test_what_an_earlier_engine_wrote_is_read() -> None:
    assert slices(read(WRITTEN)) == slices(STATE)


def test_nothing_is_written_of_nobody() -> None:
    assert msgspec.msgpack.decode(written(NOBODY)) == {}
    assert slices(read(written(NOBODY))) == slices(NOBODY)


class Before(Struct, frozen=True, array_like=True):
    gone: int
    stays: dict[tuple[str, int], int]
    maybe: Parcel | None = None


class Later(Struct, frozen=True, array_like=True):
    new: int
    newer: str = "-"
    stays: dict[tuple[str, int], int] = {}
    maybe: Parcel | None = None
    newest: tuple[int, ...] = ()


def test_fields_may_come_and_go() -> None:
    tree = by_names(Before(1, {("a", 2): 3}, Parcel((4,))))
    assert from_names(tree, Later) == Later(0, "-", {("a", 2): 3}, Parcel((4,)), ())
    assert from_names(by_names(Before(1, {})), Later) == Later(0)


def test_only_what_matters_after_the_edge_stays() -> None:
    kept = settled(STATE, 100 * DAY)
    assert set(kept.promises.promises) == {1, 2}
    assert kept.tasks.tasks and not kept.tasks.followed
    assert kept.surveys == Surveys(occasions=STATE.surveys.occasions)
    assert kept.situation.orders == {} and set(kept.situation.carts) == {0}
    assert set(kept.rights.requests) == {4}
    assert (kept.now, kept.facts) == (STATE.now, STATE.facts)
    assert matters_alike(STATE, kept, 100 * DAY)
    assert not matters_alike(STATE, NOBODY, 100 * DAY)


def test_each_customer_has_their_own_part() -> None:
    first, second = part_of(STATE, 7, True), part_of(STATE, 8, False)
    assert (set(first.promises.promises), set(second.promises.promises)) == ({1, 3}, {2})
    assert (set(first.situation.carts), set(second.situation.carts)) == (set(), {0})
    assert set(first.promises.goods) == {11, 12} and set(second.promises.goods) == {12}
    assert (set(first.tasks.tasks), set(second.tasks.tasks)) == ({1}, set())
    assert (len(first.surveys.occasions), len(second.surveys.occasions)) == (1, 0)
