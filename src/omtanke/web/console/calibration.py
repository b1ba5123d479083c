"""Whether windows are kept as often as we said, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from omtanke.web.words.voice import Voice


def calibrated(one: Mapping[str, Any], say: Voice) -> str:
    """Lovat 95,0 %, hållet 93,1 % (92,0–94,1) av 1 204."""
    return _("Promised %(promised)s, kept %(kept)s (%(interval)s) of %(n)s.") % {
        "promised": say.percent(one["promised"]),
        "kept": say.percent(one["kept_rate"]),
        "interval": say.interval(one["kept_rate_low"], one["kept_rate_high"]),
        "n": say.number(one["came_due"]),
    }
