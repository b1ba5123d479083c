"""Who waits for something that is told of once, for everybody: a product that is restocked."""

from __future__ import annotations

from omtanke.engine.promises.ledger import Promise
from omtanke.engine.state import State


def waits_for(promise: Promise, product: int) -> bool:
    """Whether somebody waits for the product by this promise; broken, it is still waited for."""
    return (promise.kind, promise.subject_kind, promise.subject) == ("restock", "product", product) and promise.is_unmet


def waiting_customer(state: State, person: int, product: int) -> int:
    """The customer of the person who waits for the product, as recorded; 0 when none does."""
    return next((promise.customer or person for promise in state.promises.promises.values() if waits_for(promise, product)), 0)
