"""Who looks at a page, and whether they can act on it."""

from __future__ import annotations

from django.http import HttpRequest

from omtanke.web.accounts.access import May, is_allowed, staff_of
from omtanke.web.console.acting.offers import Desk
from omtanke.web.console.acting.saving import may_save
from omtanke.web.shop import Shop


def desk_of(request: HttpRequest, here: Shop) -> Desk | None:
    """The desk of who is signed in; None for those who may not act, and where the data have ended."""
    if not is_allowed(request, May.ACT) or not may_save(here):
        return None
    query = request.GET.copy()
    query.pop("saved", None)
    path = request.path + (f"?{query.urlencode()}" if query else "")
    return Desk(staff_of(request).pk, path, is_allowed(request, May.ANSWER_REQUESTS))
