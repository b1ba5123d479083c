"""Pages that renew themselves: a page that is asked for with the mark it has seen answers nothing when nothing has changed."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from hashlib import blake2b
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from msgspec import Struct

from omtanke.runtime.clock import is_live
from omtanke.web.shop import shop

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
SEEN = "X-Seen"


class Live(Struct, frozen=True):
    """How a page is kept up to date. `mark`: of what it shows. `every`: so many milliseconds pass before it looks again."""

    mark: str
    every: int


def live(mark: Callable[Concatenate[HttpRequest, P], object], every: int, beat: int, *, is_always: bool = False) -> Callable[[View[P]], View[P]]:
    """The view, kept up to date. `mark` says with one or a few quick statements what the page shows; what only time changes follows every `beat` seconds.

    A page of the log stands still once nothing more can come; one that is about something else is renewed all the same (`is_always`).
    """

    def renewing(view: View[P]) -> View[P]:
        @wraps(view)
        def seen(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            # Taken before the page is made: what comes meanwhile is seen the next time.
            now = f"{mark(request, *args, **kwargs)}:{int(time.monotonic() // beat)}"
            shown = blake2b(now.encode(), digest_size=8).hexdigest()
            if request.headers.get(SEEN) == shown:
                return HttpResponse(status=204)
            if is_always or is_live(shop().pages.sources()):  # what has ended does not change
                request.live = Live(shown, every)  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        return seen

    return renewing


def live_of(request: HttpRequest) -> Live | None:
    """How the page of this request is kept up to date; None when it is not."""
    return getattr(request, "live", None)
