"""Who may see what."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from omtanke.web.accounts.models import Role, Staff

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

MAY_SEE_QUARANTINED_VALUES = frozenset({Role.LEAD, Role.ANALYST})


def signed_in(view: View[P]) -> View[P]:
    """The view for those who are signed in; others are shown the door that leads back here. Never kept in a cache."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        response = view(request, *args, **kwargs)
        if isinstance(response, HttpResponse) and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response

    return guarded


def staff_of(request: HttpRequest) -> Staff:
    """Who is signed in; only behind `signed_in`."""
    assert isinstance(request.user, Staff)
    return request.user


def may_see_quarantined_values(staff: Staff) -> bool:
    """Values in quarantine are whatever a sender wrote: often personal."""
    return staff.role in MAY_SEE_QUARANTINED_VALUES
