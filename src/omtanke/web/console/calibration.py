"""Whether windows are kept as often as we said, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omtanke.insight.board import Board
from omtanke.web.words.voice import Voice


def drift_words(promised: float, held: int, promises: int, say: Voice) -> str:
    """Av de senaste 310 löftena, som vi var 95,1 % säkra på, höll vi 88,4 %."""
    count = ngettext(
        "Of the last %(n)s promise, of which we were %(promised)s sure, we kept %(kept)s.",
        "Of the last %(n)s promises, of which we were %(promised)s sure, we kept %(kept)s.",
        promises,
    )
    return count % {"n": say.number(promises), "promised": say.percent(promised), "kept": say.percent(held / promises)}


def drift_said(board: Board, say: Voice) -> str:
    """The same of what stands; empty when we keep what we said."""
    found = board.drift()
    return "" if found is None else _("We keep fewer promises than we said.") + " " + drift_words(found.promised, found.held, found.promises, say)


def calibrated(one: Mapping[str, Any], say: Voice) -> str:
    """Lovat 95,0 %, hållet 93,1 % (92,0–94,1) av 1 204."""
    return _("Promised %(promised)s, kept %(kept)s (%(interval)s) of %(n)s.") % {
        "promised": say.percent(one["promised"]),
        "kept": say.percent(one["kept_rate"]),
        "interval": say.interval(one["kept_rate_low"], one["kept_rate_high"]),
        "n": say.number(one["came_due"]),
    }
