"""The table of the family: what each fact leads to. Each rule in a line sees what the one before it has decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from omtanke.engine.draft import Draft
from omtanke.engine.policy import Policy
from omtanke.engine.promises.ledger import KEPT, Ledger
from omtanke.engine.promises.settling import settle_all, settle_first_window, settle_given, settle_kinds, settle_named, settle_open, settle_order, withdraw_open
from omtanke.engine.promises.stating import renegotiate, state_promises, take_quote
from omtanke.vocabulary.appointment import AppointmentBooked, AppointmentHeld, AppointmentMissed
from omtanke.vocabulary.case import (
    CallbackMade,
    CallbackRequested,
    CaseMessageSent,
    CaseOpened,
    LiveChatMessageSent,
    RefundIssued,
    RepairCompleted,
    ReturnReceived,
    ReturnRequested,
)
from omtanke.vocabulary.delivery import OrderShipped, PickupCollected, PickupReady, ShipmentDelayed, ShipmentDelivered
from omtanke.vocabulary.erasure import CustomerErased
from omtanke.vocabulary.fact import Body, Fact
from omtanke.vocabulary.identity import CustomersLinked
from omtanke.vocabulary.order import OrderCancelled, OrderCompleted, OrderLineRecorded, OrderRefunded, OrderUpdated
from omtanke.vocabulary.product import ProductRestocked
from omtanke.vocabulary.promise import (
    PromiseEndingCorrected,
    PromiseFirstWindowLearned,
    PromiseFulfilled,
    PromiseMade,
    PromiseRenegotiated,
    PromiseRetracted,
    PromiseStated,
)
from omtanke.vocabulary.rights import RightsAnswered
from omtanke.vocabulary.running import WakeReached
from omtanke.vocabulary.store import StoreClosed, StoreOpened
from omtanke.vocabulary.task import PromiseRenegotiationRequested

MOST_OPEN = 200
KIND_LASTING = {"made": 0, "at_risk": 1, "due": 2}

Decide = Callable[[Ledger, Fact, Policy, int], Iterable[Draft]]


DECIDES: dict[type[Body], tuple[Decide, ...]] = {
    OrderCompleted: (state_promises, take_quote, settle_order),
    OrderUpdated: (state_promises, settle_order),
    OrderLineRecorded: (settle_order,),
    OrderCancelled: (settle_order,),
    OrderShipped: (state_promises, settle_order),
    ShipmentDelivered: (settle_order,),
    ShipmentDelayed: (settle_order,),
    PickupReady: (settle_order,),
    PickupCollected: (settle_order,),
    OrderRefunded: (settle_kinds("refund"),),
    RefundIssued: (settle_kinds("refund"),),
    CallbackMade: (settle_kinds("call_back"),),
    CallbackRequested: (state_promises, settle_order),
    CaseOpened: (state_promises, settle_order),
    CaseMessageSent: (state_promises, settle_kinds("reply"), settle_order),
    LiveChatMessageSent: (settle_kinds("reply"),),
    RepairCompleted: (settle_kinds("repair"),),
    ReturnRequested: (state_promises, settle_order),
    ReturnReceived: (state_promises, settle_order),
    ProductRestocked: (settle_kinds("restock"),),
    AppointmentBooked: (state_promises, settle_order),
    AppointmentHeld: (settle_kinds("appointment"),),
    AppointmentMissed: (settle_kinds("appointment"),),
    StoreOpened: (settle_kinds("opening_hours"),),
    StoreClosed: (settle_kinds("opening_hours"),),
    PromiseStated: (state_promises, settle_order),
    PromiseRenegotiationRequested: (renegotiate,),
    RightsAnswered: (settle_named,),
    PromiseFulfilled: (settle_given,),
    PromiseRetracted: (settle_given,),
    PromiseMade: (settle_named,),
    PromiseRenegotiated: (settle_named,),
    PromiseFirstWindowLearned: (settle_first_window,),
    PromiseEndingCorrected: (settle_named,),
    WakeReached: (settle_open,),
    CustomersLinked: (settle_all,),
    CustomerErased: (withdraw_open,),
}


def next_wake(ledger: Ledger, policy: Policy) -> int | None:
    """The soonest moment at which an open promise changes by the clock alone."""
    soonest = 0
    for promise in ledger.promises.values():
        status = promise.status
        if status >= KEPT:
            continue
        at = promise.risk_at if status == 0 else promise.until_at if status == 1 else promise.lapse_at
        if not soonest or at < soonest:
            soonest = at
    return soonest or None
