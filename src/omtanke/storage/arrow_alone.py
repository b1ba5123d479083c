"""Arrow without what it loads beside itself where that is installed, and what only Arrow would need here."""

from __future__ import annotations

import sys

# NumPy with Arrow itself: eleven megabytes for as long as the process lives. Pandas with the first array: more time than a stretch of
# facts takes to be written, and more memory than their columns.
BESIDE = ("numpy", "pandas")


class Without:
    """Finds none of these modules."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name in self._names:
            raise ModuleNotFoundError(f"this process does without {name}", name=name)


def leave_alone(*names: str) -> None:
    """From now on this process does without NumPy and pandas, or those named; NumPy only if it is said before Arrow is loaded."""
    sys.meta_path.insert(0, Without(names or BESIDE))
