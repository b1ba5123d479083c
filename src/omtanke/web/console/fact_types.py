"""The types of facts that a receiver may be told of, by group, as webhooks name them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from omtanke.channels.webhook.payload import webhook_type
from omtanke.vocabulary.catalogue import BODIES
from omtanke.vocabulary.fact import Decided, Observed
from omtanke.web.words.names import say

# By module of the vocabulary: what is most asked for first. Those without a name here are under the last.
GROUPS = {
    "promise": say("Promises"),
    "survey": say("Surveys"),
    "task": say("What staff do"),
    "caring": say("Care"),
    "order": say("Orders"),
    "delivery": say("Shipments"),
    "case": say("Service and returns"),
    "store": say("Stores"),
    "appointment": say("Appointments"),
    "cart": say("Carts"),
    "product": say("Products"),
    "page": say("Visits"),
    "browsing": say("Visits"),
    "form": say("Forms"),
    "identity": say("Customers"),
}
OTHERS = say("Other")
# What the runtime says to itself, and what has a name only in the part that stays with us.
NOT_TOLD = frozenset({"unknown_observed", "input_set_aside"})


@dataclass(frozen=True)
class TypeChoice:
    """A type of fact. value: in the log. name: in webhooks. is_chosen: whether the receiver is told of it."""

    value: str
    name: str
    is_chosen: bool


@dataclass(frozen=True)
class TypeGroup:
    """Types that belong together. label: what they are about. is_open: whether one of them is chosen. types: each of them."""

    label: str
    is_open: bool
    types: tuple[TypeChoice, ...]


def tellable() -> dict[str, str]:
    """Type: name of its group."""
    return {
        name: GROUPS.get(body.__module__.rpartition(".")[2], OTHERS)
        for name, body in BODIES.items()
        if issubclass(body, Observed | Decided) and name not in NOT_TOLD
    }


def type_groups(chosen: Collection[str]) -> tuple[TypeGroup, ...]:
    """Every type by group, those that are chosen marked; the first group is open."""
    by_group: dict[str, list[TypeChoice]] = {label: [] for label in (*dict.fromkeys(GROUPS.values()), OTHERS)}
    for value, label in sorted(tellable().items()):
        by_group[label].append(TypeChoice(value, webhook_type(value), value in chosen))
    return tuple(TypeGroup(_(label), n == 0 or any(one.is_chosen for one in types), tuple(types)) for n, (label, types) in enumerate(by_group.items()) if types)
