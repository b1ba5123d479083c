"""The receipt of an erasure in words and as data. Nothing in it says who it was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from omtanke.storage.erasing import Erasure
from omtanke.vocabulary.time import datetime_of

STANDS = {
    "received": "received: it happens within seconds",
    "running": "running: the log has forgotten; the rest follows within minutes",
    "partly_done": "partly done: something remains that nobody can take out of facts",
    "done": "done",
}
# What went, in the order in which it is told.
WENT = {
    "parts": "facts lost their personal part",
    "identifiers": "identifiers find nobody any more",
    "numbers": "numbers of orders, parcels, cases … find nobody any more",
    "quarantined": "messages that had not been understood",
    "calls": "events in the door's record",
    "waiting": "rows of imports that waited",
    "letters": "letters and messages to staff that had not been sent",
    "sessions": "sign-ins of staff under way that named them",
    "exports": "files that had been made for them",
    "withdrawn": "open promises were withdrawn",
}
REMAINS = (
    "what was counted: facts without anything of who it was, and the numbers that stand for orders and products",
    "a message that had not been understood and names nobody, if there was one, cannot be known to be theirs",
)


def receipt_data(one: Erasure) -> dict[str, Any]:
    """For programs."""
    receipt = msgspec.to_builtins(one.receipt)
    backups = [{**backup, "made_at": moment(backup["made_at"]), "keep_until": moment(backup["keep_until"])} for backup in receipt.pop("backups", ())]
    moments = {name: moment(getattr(one, name)) for name in ("requested_at", "erased_at", "done_at")}
    return {"erasure": one.erasure, "customer": one.person, "status": one.status, **moments, "went": receipt, "backups": backups, "remains": list(remains(one))}


def receipt_text(one: Erasure) -> str:
    """For people."""
    receipt = one.receipt
    lines = [f"Erasure {one.erasure} of customer {one.person}: {STANDS[one.status]}.", f"  erased {moment(one.erased_at)}"]
    lines += [f"  {count:>7,} {words}" for name, words in WENT.items() if (count := getattr(receipt, name))]
    return "\n".join([*lines, "What remains:", *(f"  - {text}" for text in remains(one))])


def remains(one: Erasure) -> Iterator[str]:
    """What is still there, and until when."""
    yield from REMAINS
    if one.receipt.codes:
        yield f"{one.receipt.codes:,} facts in which a sender had written an identifier as a code, which is no place for one"
    for backup in one.receipt.backups:
        yield f"the back-up {backup.folder}, until {moment(backup.keep_until)}; whoever restores it, erases again"


def moment(at: int) -> str:
    """RFC 3339; empty for none."""
    return datetime_of(at).isoformat(timespec="seconds") if at else ""
