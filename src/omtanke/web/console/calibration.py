"""Whether windows are kept as often as we said, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omtanke.insight.board import Board
from omtanke.vocabulary.time import local_date
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
    """The same of what stands, with its days, for it may have begun long ago; empty when we keep what we said."""
    found = board.drift()
    if found is None:
        return ""
    first, last = (local_date(at - 1, say.zone) for at in (found.since, found.at))
    return (
        _("We keep fewer promises than we said.")
        + " "
        + _("Of %(n)s (%(days)s), of which we were %(promised)s sure, we kept %(kept)s.")
        % {
            "n": say.number(found.promises),
            "days": say.dated(first) if first == last else f"{say.dated(first)} – {say.dated(last)}",
            "promised": say.percent(found.promised),
            "kept": say.percent(found.held / found.promises),
        }
    )


def calibrated(one: Mapping[str, Any], say: Voice) -> str:
    """Lovat 95,0 %, hållet 93,1 % (92,0–94,1) av 1 204."""
    return _("Promised %(promised)s, kept %(kept)s (%(interval)s) of %(n)s.") % {
        "promised": say.percent(one["promised"]),
        "kept": say.percent(one["kept_rate"]),
        "interval": say.interval(one["kept_rate_low"], one["kept_rate_high"]),
        "n": say.number(one["came_due"]),
    }
