"""What the shop means to keep of each kind of promise, as its policy says."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omtanke.folder import Folder
from omtanke.insight.board import Board, Filters
from omtanke.vocabulary.refusal import CannotDo
from omtanke.web.words.voice import Voice


def targets(data: Path) -> dict[str, int]:
    """Percent by kind; none while the policy cannot be read."""
    policy = data / "policy"
    return read_targets(data, tuple(path.stat().st_mtime_ns for path in (policy / "policy.toml", policy / "units.toml") if path.exists()))


@lru_cache(maxsize=4)
def read_targets(data: Path, written_at: tuple[int, ...]) -> dict[str, int]:
    """Read once for each time that it was written."""
    try:
        return {kind: rule.target for kind, rule in Folder(data).policy().promises.items()}
    except CannotDo:
        return {}


def is_met(held: int, came_due: int, target: int) -> bool:
    return held * 100 >= target * came_due


def met_words(held: int, came_due: int, target: int, say: Voice) -> str:
    """✓ 95 %, nått; – 97 %, inte nått."""
    percent = say.percent(target / 100, 0)
    return _("✓ %(target)s, met") % {"target": percent} if is_met(held, came_due, target) else _("✗ %(target)s, not met") % {"target": percent}


def kinds_met(board: Board, data: Path, due: Filters, say: Voice) -> str:
    """✓ every kind reaches its target; 4 of 6 kinds do."""
    wanted = targets(data)
    held = [(one["held"], one["came_due"], wanted[one["part"]]) for one in board.kept_by("kind", due).records if one["came_due"] and one["part"] in wanted]
    if not held:
        return ""
    met = sum(is_met(*one) for one in held)
    if met == len(held):
        return _("✓ every kind meets its target")
    said = ngettext("✗ %(met)s of %(n)s kind meets its target", "✗ %(met)s of %(n)s kinds meet their target", len(held))
    return said % {"met": say.number(met), "n": say.number(len(held))}
