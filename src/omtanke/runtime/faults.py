"""Faults of ours, in words that say where and nothing of whom: what was raised may quote a customer, so only its kind is said."""

from __future__ import annotations

import traceback
from pathlib import Path

PACKAGE = "omtanke"


def described(error: BaseException) -> str:
    """The kind of what was raised, and the innermost place of ours that it passed: `KeyError in engine/surveys.py:88 (answered)`."""
    passed = places(traceback.extract_tb(error.__traceback__))
    return f"{type(error).__name__} in {passed[-1]}" if passed else type(error).__name__


def places(frames: traceback.StackSummary) -> list[str]:
    """The places of ours among the frames, outermost first."""
    return [f"{_inside(Path(frame.filename))}:{frame.lineno} ({frame.name})" for frame in frames if PACKAGE in Path(frame.filename).parts]


def _inside(path: Path) -> str:
    """A file of ours from the package on."""
    last = len(path.parts) - 1 - path.parts[::-1].index(PACKAGE)
    return "/".join(path.parts[last + 1 :])
