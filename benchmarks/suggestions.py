"""How good the suggestions are: precision and recall on labelled data that the model has not seen, at the threshold shipped.

python -m benchmarks suggestions
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from benchmarks.labelled import Labelled, testing, training
from omtanke.learning.links.model import weights
from omtanke.learning.links.pairing import Pair, likely_pairs

LEAST_PRECISION, LEAST_RECALL = 0.999, 0.985


class Measured(Struct, frozen=True):
    """What came of it: right of found, and found of those there are."""

    right: int
    found: int
    there: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.there

    @property
    def text(self) -> str:
        return f"precision {self.precision:.4f} ({self.right:,} of {self.found:,})  recall {self.recall:.4f} (of {self.there:,})"


def measured(pairs: Iterable[Pair], labels: Labelled) -> Measured:
    found = {(pair.one, pair.two) for pair in pairs}
    return Measured(len(found & labels.one_person), len(found), len(labels.one_person))


def suggested(labels: Labelled) -> Measured:
    """At the threshold shipped."""
    return measured(likely_pairs(labels.people, lambda done, of: None), labels)


def without_numbers(labels: Labelled) -> Labelled:
    """As in a shop that asks for no number of a public register."""
    return Labelled(tuple(replace(one, number="") for one in labels.people), labels.one_person)


def run() -> None:
    shipped = weights()
    print(f"suggestions: weights of {shipped.trained_on}, threshold {shipped.threshold}")
    for name, labels in training().items():
        print(f"  {name} (seen in training): {suggested(labels).text}")
    test, began = testing(), time.perf_counter()
    on_test = suggested(test)
    print(f"  febrl4: {on_test.text}  in {time.perf_counter() - began:.1f} s")
    print(f"  febrl4 without a public number: {suggested(without_numbers(test)).text}")
    holds = on_test.precision >= LEAST_PRECISION and on_test.recall >= LEAST_RECALL
    print(f"  at least {LEAST_PRECISION} and {LEAST_RECALL}: {'holds' if holds else 'DOES NOT HOLD'}")
