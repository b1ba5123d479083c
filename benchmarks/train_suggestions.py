"""Trains the weights that are shipped, on labelled data, and chooses the threshold there.

    python -m benchmarks.train_suggestions > src/omtanke/learning/links/weights.json

The weights are those of febrl3, in which one person is told up to six times. The threshold is the highest that costs no more than a
thousandth of its recall, while the precision is at least .999 on all three training sets, with the public number and without it.
E-mail and telephone are not in those data, and neither are initials: what is said of them is stated here, not learnt.
"""

from __future__ import annotations

import sys

import duckdb
import msgspec
import pyarrow as pa
from splink import DuckDBAPI

from benchmarks.labelled import Labelled, training
from benchmarks.suggestions import LEAST_PRECISION, measured, without_numbers
from omtanke.learning.links.model import MISSING, Weights
from omtanke.learning.links.pairing import likely_pairs, linker_of, load

TRAINED_ON = "febrl3"
TOLD_TWICE = 0.1
# More pairs than there are: all of them are looked at, so that the same data give the same weights.
EVERY_PAIR = 20_000_000
THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999)
MOST_LOST = 0.001
LEAST_M, LEAST_U = 0.002, 2e-6
DIGITS = 6
# (m, u): people have several addresses and change telephones; a household may share one of either.
STATED = {
    ("emails", "same"): (0.6, 2e-6),
    ("emails", "differs"): (0.4, 1 - 2e-6),
    ("phones", "same"): (0.7, 5e-6),
    ("phones", "differs"): (0.3, 1 - 5e-6),
    ("first_name", "part"): (0.02, 1e-3),
}


def trained(labels: Labelled) -> dict[str, dict[str, tuple[float, float]]]:
    """m and u of each level. Pairs at random hold some that are one person; their share is taken out of u."""
    same = len(labels.one_person) / (len(labels.people) * (len(labels.people) - 1) / 2)
    with duckdb.connect() as db:
        count = load(db, labels.people)
        db.register("links", pa.table({"person_l": [one for one, _ in labels.one_person], "person_r": [two for _, two in labels.one_person]}))
        db.execute("CREATE TABLE labels AS SELECT * FROM links")
        linker = linker_of(DuckDBAPI(db), None, count)
        linker.training.estimate_u_using_random_sampling(max_pairs=EVERY_PAIR, seed=1)
        linker.training.estimate_m_from_pairwise_labels("labels")
        model = linker.misc.save_model_to_json()
    return {
        one["output_column_name"]: {
            level["label_for_charts"]: weight(
                one["output_column_name"], level["label_for_charts"], level.get("m_probability"), level.get("u_probability"), same
            )
            for level in one["comparison_levels"]
            if level["label_for_charts"] != MISSING
        }
        for one in model["comparisons"]
    }


def weight(field: str, level: str, m: float | None, u: float | None, same: float) -> tuple[float, float]:
    if (field, level) in STATED:
        return STATED[field, level]
    m = m or 0.0
    return round(max(m, LEAST_M), DIGITS), round(max(((u or 0.0) - same * m) / (1 - same), LEAST_U), 2 * DIGITS)


def chosen(sets: dict[str, Labelled], levels: dict[str, dict[str, tuple[float, float]]]) -> float:
    """The threshold."""
    best, threshold = 0.0, THRESHOLDS[0]
    for one in THRESHOLDS:
        known = Weights(TRAINED_ON, TOLD_TWICE, one, levels)
        found = {
            (name, is_whole): measured(likely_pairs((labels if is_whole else without_numbers(labels)).people, lambda done, of: None, known), labels)
            for name, labels in sets.items()
            for is_whole in (True, False)
        }
        recall = found[TRAINED_ON, True].recall
        best = max(best, recall)
        is_precise = all(each.precision >= LEAST_PRECISION for each in found.values())
        print(f"{one}: {found[TRAINED_ON, True].text}{'' if is_precise else '  (not precise everywhere)'}", file=sys.stderr)
        threshold = one if is_precise and recall >= best - MOST_LOST else threshold
    return threshold


def main() -> None:
    sets = training()
    levels = trained(sets[TRAINED_ON])
    known = Weights(TRAINED_ON, TOLD_TWICE, chosen(sets, levels), levels)
    print(msgspec.json.format(msgspec.json.encode(known), indent=1).decode())


if __name__ == "__main__":
    main()
