"""What the log of the worker says of a batch, once it is stored: by number and id, and nothing of anybody."""

from __future__ import annotations

from omtanke.runtime.logs import note, takes
from omtanke.storage.ports import Batch

# Of a flood the first ones are named and the others counted.
MOST_NAMED = 20


def note_batch(batch: Batch) -> None:
    """Who was set aside or is back, what was not understood; and, at level debug, every fact."""
    failed = [one for one in batch.aside.values() if one is not None and not one.is_returning]
    for one in failed[:MOST_NAMED]:
        note("customer_set_aside", "error", person=one.person, on=one.type, fault=one.fault, tries=one.tries)
    if len(failed) > MOST_NAMED:
        note("more_set_aside", "error", customers=len(failed) - MOST_NAMED)
    back = [person for person, one in batch.aside.items() if one is None]
    for person in back[:MOST_NAMED]:
        note("customer_back", person=person)
    if len(back) > MOST_NAMED:
        note("more_back", customers=len(back) - MOST_NAMED)
    for refusal in batch.refusals[:MOST_NAMED]:
        note("message_quarantined", "warning", entry=refusal.entry.entry, fact_id=refusal.entry.fact_id, source=refusal.entry.source)
    if len(batch.refusals) > MOST_NAMED:
        note("more_quarantined", "warning", messages=len(batch.refusals) - MOST_NAMED)
    for erasing in batch.erasures:
        note("customer_erased", erasure=erasing.erasure, customers=len(erasing.customers))
    if takes("debug"):
        for logged in batch.facts:
            note("fact", "debug", position=logged.position, fact_id=logged.fact.fact_id, type=logged.fact.type, customer=logged.fact.customer)
